/**
 * The one spelling of ranges, `first-last`: as programs write them, as state repeats them, as requests and messages
 * carry them. Bounds are text, because 19 digits do not fit a double.
 */
export interface Range {
  readonly first: string;
  /** Belongs to the range, as `first` does. */
  readonly last: string;
}

/**
 * Reads `first-last`; spaces around the bounds do not count. Undefined for anything but two bounds with one hyphen
 * between them. Whether the bounds are numbers of SIMs, and in order, is not looked at.
 *
 * @example
 * parseRange("89445001021983048260 - 89445001021983049259")?.first; // "89445001021983048260"
 */
export function parseRange(text: string): Range | undefined {
  const [first, last, ...others] = text.split("-").map((bound) => bound.trim());
  return first === undefined || last === undefined || others.length > 0 ? undefined : { first, last };
}

/** `first-last`, also where both are the same number: the form that Hologram takes. */
export function printRange({ first, last }: Range): string {
  return `${first}-${last}`;
}

/** Reads what `printIntervals` writes: ranges and single numbers, comma-separated. */
export function parseIntervals(text: string): Range[] {
  return text.split(",").map((part) => parseRange(part) ?? { first: part.trim(), last: part.trim() });
}

/** Ranges and single numbers for people and for state, comma-separated: `8944…0-8944…9,8944…15`. */
export function printIntervals(ranges: readonly Range[]): string {
  return ranges.map((range) => (range.first === range.last ? range.first : printRange(range))).join(",");
}
