/**
 * One card, several spellings: the last digit printed on a card may be a check digit (ITU-T E.118, by Luhn's rule), which
 * some systems leave out, and a number of 19 digits is stored with an F at its end (ETSI TS 102 221, EF ICCID). An answer in
 * another spelling than the question must not be taken for another card: it would be paid for and held by nobody.
 */

/** Turns an answered ICCID into the spelling of the question where there is no doubt which one is meant. */
export type Spelling = (iccid: string) => string;

export const asAnswered: Spelling = (iccid) => iccid;

/** The spelling of SIMs that were asked for by name. */
export function spellingOfList(asked: ReadonlySet<string> | readonly string[]): Spelling {
  const exact: ReadonlySet<string> = asked instanceof Set ? asked : new Set(asked);
  let lengths: ReadonlySet<number> | undefined;
  let withoutLast: ReadonlyMap<string, string | undefined> | undefined;
  return (iccid) => {
    if (exact.has(iccid)) return iccid;
    const shorter = iccid.slice(0, -1);
    if (exact.has(shorter) && endsInCheckDigit(iccid)) return shorter;
    // Only an answer that is one digit short needs the map, which takes a while for a long list.
    lengths ??= new Set([...exact].map(({ length }) => length));
    if (!lengths.has(iccid.length + 1)) return iccid;
    withoutLast ??= byAllButLast(exact);
    return withoutLast.get(iccid) ?? iccid;
  };
}

/** The spelling of a range, both of whose bounds have the same number of digits. */
export function spellingOfRange(first: string, last: string): Spelling {
  const { length } = first;
  if (length !== last.length) return asAnswered;
  return (iccid) => {
    if (iccid.length === length - 1) return iccid + checkDigitOf(iccid);
    return iccid.length === length + 1 && endsInCheckDigit(iccid) ? iccid.slice(0, -1) : iccid;
  };
}

/** An ICCID without the F that fills up its memory; undefined for anything but digits in text. */
export function asIccid(value: unknown): string | undefined {
  const digits = typeof value === "string" ? /^\s*(\d+)[fF]?\s*$/.exec(value)?.[1] : undefined;
  return digits;
}

/** By all but their last digit, where only one of them begins so. */
function byAllButLast(asked: ReadonlySet<string>): ReadonlyMap<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  for (const iccid of asked) {
    const short = iccid.slice(0, -1);
    found.set(short, found.has(short) ? undefined : iccid);
  }
  return found;
}

/** By Luhn's rule. Not all of Hologram's examples do. */
export function endsInCheckDigit(iccid: string): boolean {
  return iccid.endsWith(checkDigitOf(iccid.slice(0, -1)));
}

function checkDigitOf(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const weighed = i % 2 === 0 ? 2 * digit : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return String((10 - (sum % 10)) % 10);
}
