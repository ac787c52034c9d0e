/**
 * A set of SIM numbers (ICCIDs, or EIDs): sorted, disjoint, inclusive intervals. Numbers are text outside and BigInt
 * inside, because 19 and 20 digits do not fit a double. Immutable; every operation is linear in the intervals.
 *
 * **The width of a selection is not a count of SIMs.** Printed ICCIDs may end in a check digit, and then only one
 * number in ten is a card. Only the API knows how many SIMs a range holds.
 *
 * @example
 * const pack = Selection.ofRange("89445001021983048260", "89445001021983049259");
 * pack.minus(Selection.ofList(["89445001021983048270"])).intervals(); // two intervals
 */
export class Selection {
  static readonly empty = new Selection([], []);

  private constructor(
    private readonly firsts: readonly bigint[],
    private readonly lasts: readonly bigint[],
  ) {}

  /** All numbers from `first` to `last`, both included. Throws a RangeError when they are reversed. */
  static ofRange(first: string, last: string): Selection {
    const [from, to] = [BigInt(first), BigInt(last)];
    if (from > to) throw new RangeError(`the range ${first}-${last} ends before it begins`);
    return new Selection([from], [to]);
  }

  /** Exactly these numbers, in any order; repeated ones count once. */
  static ofList(numbers: Iterable<string>): Selection {
    return Selection.ofValues(Array.from(numbers, BigInt));
  }

  get isEmpty(): boolean {
    return this.firsts.length === 0;
  }

  /** How many numbers lie in the selection: an upper bound for SIMs, never a count of them. */
  get width(): bigint {
    let width = 0n;
    for (let i = 0; i < this.firsts.length; i++) width += at(this.lasts, i) - at(this.firsts, i) + 1n;
    return width;
  }

  /** The intervals in ascending order, as text. */
  intervals(): Interval[] {
    return this.firsts.map((first, i) => ({ first: first.toString(), last: at(this.lasts, i).toString() }));
  }

  /**
   * What to list so that nothing of the selection is missed: each of a few intervals. A range of which single SIMs are
   * taken out has a gap at every one of them: then one listing from end to end takes fewer requests.
   */
  spans(): Interval[] {
    const parts = this.intervals();
    const [first, last] = [parts[0]?.first, parts.at(-1)?.last];
    if (parts.length <= MOST_SPANS || first === undefined || last === undefined) return parts;
    return [{ first, last }];
  }

  /** One selection per interval, in ascending order. */
  parts(): Selection[] {
    return this.firsts.map((first, i) => new Selection([first], [at(this.lasts, i)]));
  }

  has(number: string): boolean {
    return this.hasValue(BigInt(number));
  }

  union(other: Selection): Selection {
    if (this.isEmpty) return other;
    if (other.isEmpty) return this;
    return normalized(merge(this.firsts, other.firsts), merge(this.lasts, other.lasts));
  }

  intersect(other: Selection): Selection {
    const firsts: bigint[] = [];
    const lasts: bigint[] = [];
    for (let i = 0, j = 0; i < this.firsts.length && j < other.firsts.length; ) {
      const from = max(at(this.firsts, i), at(other.firsts, j));
      const to = min(at(this.lasts, i), at(other.lasts, j));
      if (from <= to) {
        firsts.push(from);
        lasts.push(to);
      }
      if (at(this.lasts, i) < at(other.lasts, j)) i++;
      else j++;
    }
    return new Selection(firsts, lasts);
  }

  minus(other: Selection): Selection {
    const firsts: bigint[] = [];
    const lasts: bigint[] = [];
    let j = 0;
    for (let i = 0; i < this.firsts.length; i++) {
      let from = at(this.firsts, i);
      const to = at(this.lasts, i);
      while (j < other.firsts.length && at(other.lasts, j) < from) j++;
      for (let k = j; k < other.firsts.length && at(other.firsts, k) <= to; k++) {
        if (at(other.firsts, k) > from) {
          firsts.push(from);
          lasts.push(at(other.firsts, k) - 1n);
        }
        from = at(other.lasts, k) + 1n;
        if (from > to) break;
        j = k + 1;
      }
      if (from <= to) {
        firsts.push(from);
        lasts.push(to);
      }
    }
    return new Selection(firsts, lasts);
  }

  overlaps(other: Selection): boolean {
    return !this.intersect(other).isEmpty;
  }

  /** True when every number of `other` lies in this selection. */
  covers(other: Selection): boolean {
    return other.minus(this).isEmpty;
  }

  equals(other: Selection): boolean {
    return (
      this.firsts.length === other.firsts.length &&
      this.firsts.every((first, i) => first === other.firsts[i] && this.lasts[i] === other.lasts[i])
    );
  }

  /** The first `width` numbers, and the rest. */
  splitAfter(width: bigint): [Selection, Selection] {
    const first = this.firsts[0];
    if (first === undefined) return [Selection.empty, Selection.empty];
    let left = width;
    for (let i = 0; i < this.firsts.length; i++) {
      const size = at(this.lasts, i) - at(this.firsts, i) + 1n;
      if (left < size) {
        const head = new Selection([first], [at(this.firsts, i) + left - 1n]);
        return left === 0n && i === 0 ? [Selection.empty, this] : [this.intersect(head), this.minus(head)];
      }
      left -= size;
    }
    return [this, Selection.empty];
  }

  /** `8944…0-8944…9`, or several such, comma-separated: the same text for the same set. */
  toString(): string {
    return this.intervals()
      .map(({ first, last }) => (first === last ? first : `${first}-${last}`))
      .join(",");
  }

  private static ofValues(values: bigint[]): Selection {
    // Most lists come sorted, and a million of them takes a while to sort.
    if (values.some((value, i) => i > 0 && value < at(values, i - 1))) values.sort(ascending);
    return normalized(values, values);
  }

  private hasValue(value: bigint): boolean {
    let [low, high] = [0, this.firsts.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (value < at(this.firsts, middle)) high = middle - 1;
      else if (value > at(this.lasts, middle)) low = middle + 1;
      else return true;
    }
    return false;
  }

  /** Joins what touches or overlaps. `firsts` and `lasts` are ascending, each by itself. */
  static fromSorted(firsts: readonly bigint[], lasts: readonly bigint[]): Selection {
    // Single numbers with gaps between them, as most lists are: one array serves for both ends.
    if (firsts === lasts && !touches(firsts)) return new Selection(firsts, lasts);
    const [outFirsts, outLasts]: [bigint[], bigint[]] = [[], []];
    for (let i = 0; i < firsts.length; i++) {
      const top = outLasts.length - 1;
      if (top >= 0 && at(firsts, i) <= at(outLasts, top) + 1n) {
        outLasts[top] = max(at(outLasts, top), at(lasts, i));
      } else {
        outFirsts.push(at(firsts, i));
        outLasts.push(at(lasts, i));
      }
    }
    return new Selection(outFirsts, outLasts);
  }
}

const MOST_SPANS = 3;

/** Both ends belong to it. */
export interface Interval {
  readonly first: string;
  readonly last: string;
}

/** Orders numbers as numbers: 19 digits come before 20. */
export function compareNumbers(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** Sorted by number, each once. */
export function ascendingUnique(numbers: Iterable<string>): string[] {
  return [...new Set(numbers)].sort(compareNumbers);
}

const normalized = Selection.fromSorted;
const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);

function at(values: readonly bigint[], index: number): bigint {
  const value = values[index];
  if (value === undefined) throw new RangeError(`no interval ${index}`);
  return value;
}

/** True when two neighbours are equal or follow each other. */
function touches(ascending: readonly bigint[]): boolean {
  return ascending.some((value, i) => i > 0 && value - at(ascending, i - 1) <= 1n);
}

function merge(a: readonly bigint[], b: readonly bigint[]): bigint[] {
  const merged: bigint[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) merged.push(at(a, i) <= at(b, j) ? at(a, i++) : at(b, j++));
  while (i < a.length) merged.push(at(a, i++));
  while (j < b.length) merged.push(at(b, j++));
  return merged;
}
