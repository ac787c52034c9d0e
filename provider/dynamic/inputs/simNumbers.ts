import { parseRange, printRange } from "../../fleet/numbers/range";
import { quote } from "../wire/values";

/** One kind of number that names a SIM. */
export interface SimNumberKind {
  readonly name: string;
  readonly pattern: RegExp;
  readonly hint: string;
}

export const ICCID: SimNumberKind = {
  name: "ICCID",
  pattern: /^[1-9]\d{17,21}$/,
  hint: "18 to 22 digits, as text, without a leading zero",
};

/** GSMA SGP.02: an EID has 32 digits. Hologram's pages give the layout of a range and no example. */
export const EID: SimNumberKind = { name: "EID", pattern: /^[1-9]\d{31}$/, hint: "32 digits, as text" };

/** Every reason why a text is no range of such numbers; none where it is one. */
export function rangeProblems(text: string, { name, pattern, hint }: SimNumberKind): string[] {
  const range = parseRange(text);
  if (range === undefined)
    return [`${quote(text)} is not a range: write "first-last", both ${name}s included`];
  const { first, last } = range;
  const bad = [first, last].filter((bound) => !pattern.test(bound));
  if (bad.length > 0) return bad.map((bound) => `${quote(bound)} is not an ${name}: ${hint}`);
  if (first.length !== last.length) {
    return [
      `the bounds ${first} and ${last} have ${first.length} and ${last.length} digits; both must have the same number of digits`,
    ];
  }
  return first > last ? [`the range ends before it begins: ${first} is greater than ${last}`] : [];
}

/** The range in its one spelling, without the spaces that a program may write around the bounds. */
export function spelledRange(text: string): string {
  const range = parseRange(text);
  return range === undefined ? text : printRange(range);
}

/** Names the first three elements that are no ICCIDs, and counts the others. */
export function listProblems(sims: readonly unknown[]): string[] {
  const bad = sims.flatMap((sim, index) =>
    typeof sim === "string" && ICCID.pattern.test(sim) ? [] : [{ sim, index }],
  );
  const named = bad.slice(0, 3).map(({ sim, index }) => {
    const why = typeof sim === "number" ? "a number loses digits of an ICCID; write it as text" : ICCID.hint;
    return `element ${index + 1}, ${quote(sim)}, is not an ICCID: ${why}`;
  });
  return bad.length > 3 ? [...named, `and ${bad.length - 3} more elements are not ICCIDs`] : named;
}
