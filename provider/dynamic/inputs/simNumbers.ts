import { parseRange, printRange } from "../../fleet/numbers/range";
import { quote } from "../wire/values";
import { areRounded, causeOf, causeOfNoRange, withVisibleCharacters } from "./spreadsheets";

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
  if (range === undefined) {
    const cause = causeOfNoRange(text);
    const why = cause === undefined ? "" : `: ${cause}`;
    return [`${shown(text)} is not a range${why}; write "first-last", both ${name}s included`];
  }
  const { first, last } = range;
  const bad = [first, last].filter((bound) => !pattern.test(bound));
  if (bad.length > 0)
    return bad.map((bound) => `${shown(bound)} is not an ${name}: ${causeOf(bound) ?? hint}`);
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
    const why = typeof sim === "number" ? "a number loses digits of an ICCID; write it as text" : undefined;
    const cause = typeof sim === "string" ? causeOf(sim) : why;
    return `element ${index + 1}, ${shown(sim)}, is not an ICCID: ${cause ?? ICCID.hint}`;
  });
  const more = bad.length - named.length;
  const are = more === 1 ? "element is no ICCID" : "elements are not ICCIDs";
  return more > 0 ? [...named, `and ${more} more ${are}`] : named;
}

/** Why numbers that are valid one by one are not to be trusted together; undefined where nothing speaks against them. */
export function roundingProblem(name: string, numbers: readonly string[]): string | undefined {
  if (!areRounded(numbers)) return undefined;
  const [example] = numbers;
  return (
    `${name}: every number ends in zeros after its first 15 digits (${example}), as spreadsheets write numbers that they ` +
    "have rounded. Format the column as text and import the numbers again; if they are right, say so by expectedSims"
  );
}

function shown(value: unknown): string {
  return withVisibleCharacters(quote(value));
}
