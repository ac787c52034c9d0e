import { Intervals } from "./intervals";
import { Numbers, SimNumber } from "./packedNumbers";
import { parseIntervals, printIntervals, printRange, type Range } from "./range";

/**
 * A set of SIM numbers (ICCIDs, or EIDs): sorted, disjoint, inclusive intervals. Numbers are text outside and
 * `Numbers` inside, because 19 and 20 digits do not fit a double. Immutable; every operation is linear in the intervals.
 *
 * **The width of a selection is not a count of SIMs.** Printed ICCIDs may end in a check digit, and then only one
 * number in ten is a card. Only the API knows how many SIMs a range holds.
 *
 * @example
 * const pack = Selection.ofRange("89445001021983048260", "89445001021983049259");
 * pack.minus(Selection.ofList(["89445001021983048270"])).intervals(); // two intervals
 */
export class Selection {
  static readonly empty = new Selection(new Numbers(0), new Numbers(0));

  readonly #firsts: Numbers;
  readonly #lasts: Numbers;

  private constructor(firsts: Numbers, lasts: Numbers) {
    this.#firsts = firsts;
    this.#lasts = lasts;
  }

  /** All numbers from `first` to `last`, both included. Throws a RangeError when they are reversed. */
  static ofRange(first: string, last: string): Selection {
    const [from, to] = [new SimNumber().parse(first), new SimNumber().parse(last)];
    if (from.compare(to) > 0)
      throw new RangeError(`the range ${printRange({ first, last })} ends before it begins`);
    return Selection.#ofOne(from, to);
  }

  /** Exactly these numbers, in any order; repeated ones count once. */
  static ofList(numbers: Iterable<string>): Selection {
    const given = Numbers.parse(Array.isArray(numbers) ? numbers : [...numbers]);
    // Single numbers in order, with gaps between them, as most lists are: one array serves for both ends.
    if (!touches(given)) return new Selection(given, given);
    const values = given.sorted();
    const joined = new Intervals(values.length);
    for (let i = 0; i < values.length; i++) joined.take(values, values, i);
    return Selection.#of(joined);
  }

  /** Reads what `toString` writes. */
  static parse(text: string): Selection {
    if (text === "") return Selection.empty;
    const intervals = parseIntervals(text);
    const single = intervals.filter(({ first, last }) => first === last);
    return intervals
      .filter(({ first, last }) => first !== last)
      .reduce(
        (all, { first, last }) => all.union(Selection.ofRange(first, last)),
        Selection.ofList(single.map(({ first }) => first)),
      );
  }

  get isEmpty(): boolean {
    return this.#firsts.length === 0;
  }

  /** How many numbers lie in the selection: an upper bound for SIMs, never a count of them. */
  get width(): bigint {
    if (this.#firsts === this.#lasts) return BigInt(this.#firsts.length);
    let [width, few] = [0n, 0];
    for (const { from, to } of this.#each()) {
      // Most intervals are single numbers, and a million additions of `BigInt` take seconds.
      if (from.compare(to) === 0) few++;
      else width += to.value - from.value + 1n;
    }
    return width + BigInt(few);
  }

  /** The intervals in ascending order, as text. */
  intervals(): Range[] {
    const intervals: Range[] = [];
    for (const { from, to } of this.#each()) intervals.push({ first: from.toString(), last: to.toString() });
    return intervals;
  }

  /**
   * What to list so that nothing of the selection is missed: each of a few intervals. A range of which single SIMs are
   * taken out has a gap at every one of them: then one listing from end to end takes fewer requests.
   */
  spans(): Range[] {
    if (this.#firsts.length <= MOST_SPANS) return this.intervals();
    const [first, last] = [new SimNumber(), new SimNumber()];
    this.#firsts.get(0, first);
    this.#lasts.get(this.#lasts.length - 1, last);
    return [{ first: first.toString(), last: last.toString() }];
  }

  /** One selection per interval, in ascending order. */
  parts(): Selection[] {
    const parts: Selection[] = [];
    for (const { from, to } of this.#each()) parts.push(Selection.#ofOne(from, to));
    return parts;
  }

  has(number: string): boolean {
    const value = new SimNumber().parse(number);
    const index = this.#firsts.lastUpTo(value);
    return index >= 0 && this.#lasts.compareTo(index, value) >= 0;
  }

  union(other: Selection): Selection {
    if (this.isEmpty) return other;
    if (other.isEmpty) return this;
    const united = new Intervals(this.#firsts.length + other.#firsts.length);
    for (let i = 0, j = 0; i < this.#firsts.length || j < other.#firsts.length; ) {
      const isMine =
        j === other.#firsts.length ||
        (i < this.#firsts.length && this.#firsts.compare(i, other.#firsts, j) <= 0);
      if (isMine) united.take(this.#firsts, this.#lasts, i++);
      else united.take(other.#firsts, other.#lasts, j++);
    }
    return Selection.#of(united);
  }

  intersect(other: Selection): Selection {
    const shared = new Intervals(Math.max(this.#firsts.length, other.#firsts.length));
    for (let i = 0, j = 0; i < this.#firsts.length && j < other.#firsts.length; ) {
      const beginsLater = this.#firsts.compare(i, other.#firsts, j) > 0;
      const endsEarlier = this.#lasts.compare(i, other.#lasts, j) < 0;
      const later = beginsLater ? this.#firsts : other.#firsts;
      const earlier = endsEarlier ? this.#lasts : other.#lasts;
      const [from, to] = [beginsLater ? i : j, endsEarlier ? i : j];
      if (later.compare(from, earlier, to) <= 0) shared.append(later, from, earlier, to);
      if (endsEarlier) i++;
      else j++;
    }
    return Selection.#of(shared);
  }

  minus(other: Selection): Selection {
    if (other.isEmpty) return this;
    const left = new Intervals(this.#firsts.length);
    const [from, to, taken] = [new SimNumber(), new SimNumber(), new SimNumber()];
    let j = 0;
    for (let i = 0; i < this.#firsts.length; i++) {
      this.#firsts.get(i, from);
      this.#lasts.get(i, to);
      while (j < other.#firsts.length && other.#lasts.get(j, taken).compare(from) < 0) j++;
      // Of the last one taken out, a part may lie in the next interval as well: `j` stays at it.
      for (let k = j; k < other.#firsts.length && other.#firsts.get(k, taken).compare(to) <= 0; k++) {
        if (taken.compare(from) > 0) left.push(from, taken.previous());
        other.#lasts.get(k, from).next();
        if (from.compare(to) > 0) break;
        j = k + 1;
      }
      if (from.compare(to) <= 0) left.push(from, to);
    }
    return Selection.#of(left);
  }

  overlaps(other: Selection): boolean {
    if (this.#isBelow(other) || other.#isBelow(this)) return false;
    const [few, many] = this.#firsts.length < other.#firsts.length ? [this, other] : [other, this];
    // Looking up a few intervals among many is faster than walking along both.
    if (few.#firsts.length * LOOKUP_COST > many.#firsts.length) return !few.intersect(many).isEmpty;
    for (const { from, to } of few.#each()) {
      const index = many.#firsts.lastUpTo(to);
      if (index >= 0 && many.#lasts.compareTo(index, from) >= 0) return true;
    }
    return false;
  }

  /** Every number is less than each of the other; so it is where one of them has none. */
  #isBelow(other: Selection): boolean {
    const last = this.#lasts.length - 1;
    return last < 0 || other.#firsts.length === 0 || this.#lasts.compare(last, other.#firsts, 0) < 0;
  }

  /** How many intervals it is made of: what work on it costs. */
  get intervalCount(): number {
    return this.#firsts.length;
  }

  /** True when every number of `other` lies in this selection. */
  covers(other: Selection): boolean {
    return other.minus(this).isEmpty;
  }

  equals(other: Selection): boolean {
    if (this.#firsts.length !== other.#firsts.length) return false;
    for (let i = 0; i < this.#firsts.length; i++)
      if (this.#firsts.compare(i, other.#firsts, i) !== 0) return false;
    if (this.#firsts === this.#lasts && other.#firsts === other.#lasts) return true;
    for (let i = 0; i < this.#lasts.length; i++)
      if (this.#lasts.compare(i, other.#lasts, i) !== 0) return false;
    return true;
  }

  /** The first `width` numbers, and the rest. */
  splitAfter(width: bigint): [Selection, Selection] {
    let left = width;
    for (const { from, to } of this.#each()) {
      const size = to.value - from.value + 1n;
      if (left < size) {
        if (left === 0n && from.compare(this.#firsts.get(0, new SimNumber())) === 0)
          return [Selection.empty, this];
        const end = new SimNumber().setValue(from.value + left - 1n);
        const head = Selection.#ofOne(this.#firsts.get(0, new SimNumber()), end);
        return [this.intersect(head), this.minus(head)];
      }
      left -= size;
    }
    return [this, Selection.empty];
  }

  /** `8944…0-8944…9`, or several such, comma-separated: the same text for the same set. */
  toString(): string {
    return printIntervals(this.intervals());
  }

  static #of(intervals: Intervals): Selection {
    const { firsts, lasts } = intervals.done();
    return firsts.length === 0 ? Selection.empty : new Selection(firsts, lasts);
  }

  static #ofOne(from: SimNumber, to: SimNumber): Selection {
    const [firsts, lasts] = [new Numbers(1), new Numbers(1)];
    firsts.push(from);
    lasts.push(to);
    return new Selection(firsts, lasts);
  }

  /** The intervals in ascending order. What is given is valid until the next one only. */
  *#each(): Generator<{ readonly from: SimNumber; readonly to: SimNumber }> {
    const interval = { from: new SimNumber(), to: new SimNumber() };
    for (let i = 0; i < this.#firsts.length; i++) {
      this.#firsts.get(i, interval.from);
      this.#lasts.get(i, interval.to);
      yield interval;
    }
  }
}

const MOST_SPANS = 3;
const LOOKUP_COST = 20;

/** Orders numbers as numbers: 19 digits come before 20. */
export function compareNumbers(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** Sorted by number, each once. */
export function ascendingUnique(numbers: Iterable<string>): string[] {
  return [...new Set(numbers)].sort(compareNumbers);
}

/** True when a number is not less, by two at least, than the one that stands after it. */
function touches(numbers: Numbers): boolean {
  for (let i = 1; i < numbers.length; i++) if (numbers.reaches(i - 1, numbers, i)) return true;
  return false;
}
