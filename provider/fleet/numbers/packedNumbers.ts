/**
 * Many large numbers in little room: SIM numbers have up to 32 digits (EIDs), which a double does not hold, and a
 * `BigInt` takes forty bytes, and as many again in every operation. Here one takes sixteen: its upper and its lower 16
 * digits, a double each. Doubles are exact to 9.0e15 on either side of zero, so each half is kept less 5e15.
 */
export class Numbers {
  length = 0;
  /** What the last look-up found. */
  #found = 0;
  #upper: Float64Array;
  #lower: Float64Array;

  constructor(capacity: number) {
    this.#upper = new Float64Array(capacity);
    this.#lower = new Float64Array(capacity);
  }

  /** In the order given. Throws a RangeError for what is no number of up to 32 digits. */
  static parse(texts: readonly string[]): Numbers {
    const parsed = new Numbers(texts.length);
    const one = new SimNumber();
    for (const text of texts) parsed.push(one.parse(text));
    return parsed;
  }

  /** The number at `index`, put into `target`. */
  get(index: number, target: SimNumber): SimNumber {
    target.upper = at(this.#upper, index);
    target.lower = at(this.#lower, index);
    return target;
  }

  push({ upper, lower }: SimNumber): void {
    if (this.length === this.#upper.length) this.#resize(Math.max(4, 2 * this.length));
    this.#upper[this.length] = upper;
    this.#lower[this.length++] = lower;
  }

  /** The number at `index` of another list; much faster than by way of a `SimNumber`. */
  pushFrom(other: Numbers, index: number): void {
    if (this.length === this.#upper.length) this.#resize(Math.max(4, 2 * this.length));
    this.#upper[this.length] = at(other.#upper, index);
    this.#lower[this.length++] = at(other.#lower, index);
  }

  removeLast(): void {
    this.length--;
  }

  /** Less than zero, zero or more, as the number at `index` is less than, equal to or more than that of `other`. */
  compare(index: number, other: Numbers, otherIndex: number): number {
    const upper = at(this.#upper, index) - at(other.#upper, otherIndex);
    return upper === 0 ? at(this.#lower, index) - at(other.#lower, otherIndex) : upper;
  }

  /** The same for the number at `index` and one that stands alone. */
  compareTo(index: number, { upper, lower }: SimNumber): number {
    const mine = at(this.#upper, index);
    return mine === upper ? at(this.#lower, index) - lower : mine - upper;
  }

  /** True when the number at `index` is that of `other`, more, or the one before it. */
  reaches(index: number, other: Numbers, otherIndex: number): boolean {
    const [upper, lower] = [at(other.#upper, otherIndex), at(other.#lower, otherIndex)];
    const [mine, low] = [at(this.#upper, index), at(this.#lower, index)];
    if (mine === upper) return low >= lower - 1;
    return mine > upper || (mine === upper - 1 && low === SHIFT - 1 && lower === -SHIFT);
  }

  /** Of ascending numbers, the index of the last that is `value` or less; -1 where all are more. */
  lastUpTo(value: SimNumber): number {
    // Look-ups come in order as a rule: then the answer is the last one, or stands beside it.
    let [low, high] = [Math.max(0, this.#found - 1), Math.min(this.length - 1, this.#found + 2)];
    if (low > 0 && this.compareTo(low, value) > 0) low = 0;
    if (high < this.length - 1 && this.compareTo(high, value) <= 0) high = this.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (this.compareTo(middle, value) > 0) high = middle - 1;
      else low = middle + 1;
    }
    this.#found = high;
    return high;
  }

  /** The same numbers in ascending order. */
  sorted(): Numbers {
    let isSorted = true;
    for (let i = 1; i < this.length && isSorted; i++) isSorted = this.compare(i - 1, this, i) <= 0;
    // Most lists come sorted, and a million of them takes a while to sort.
    if (isSorted) return this;
    const order = Uint32Array.from({ length: this.length }, (_, i) => i);
    order.sort((a, b) => this.compare(a, this, b));
    const sorted = new Numbers(this.length);
    const one = new SimNumber();
    for (const index of order) sorted.push(this.get(index, one));
    return sorted;
  }

  copy(capacity: number): Numbers {
    const copied = new Numbers(Math.max(capacity, this.length));
    copied.#upper.set(this.#upper.subarray(0, this.length));
    copied.#lower.set(this.#lower.subarray(0, this.length));
    copied.length = this.length;
    return copied;
  }

  /** Gives back the room that is not used. */
  trimmed(): this {
    if (this.length < this.#upper.length) this.#resize(this.length);
    return this;
  }

  #resize(capacity: number): void {
    const { length } = this;
    const upper = this.#upper;
    const lower = this.#lower;
    this.#upper = new Float64Array(capacity);
    this.#lower = new Float64Array(capacity);
    this.#upper.set(upper.subarray(0, length));
    this.#lower.set(lower.subarray(0, length));
  }
}

/** One such number. It is changed in place: an object for each step of a million would be as large as a `BigInt`. */
export class SimNumber {
  upper = -SHIFT;
  lower = -SHIFT;

  parse(text: string): this {
    const digits = text.length > DIGITS ? text.replace(/^0+/, "") : text;
    if (digits.length > DIGITS) throw new RangeError(`${text} is no number of up to ${DIGITS} digits`);
    this.upper = halfOf(digits, digits.length - DIGITS, digits.length - HALF);
    this.lower = halfOf(digits, digits.length - HALF, digits.length);
    return this;
  }

  setValue(value: bigint): this {
    return this.parse(value.toString());
  }

  /** Less than zero, zero or more, as this is less than, equal to or more than `other`. */
  compare(other: SimNumber): number {
    return this.upper === other.upper ? this.lower - other.lower : this.upper - other.upper;
  }

  /** The next number. */
  next(): this {
    if (++this.lower === SHIFT) {
      this.lower = -SHIFT;
      this.upper++;
    }
    return this;
  }

  /** The number before, of one that is not zero. */
  previous(): this {
    if (--this.lower < -SHIFT) {
      this.lower = SHIFT - 1;
      this.upper--;
    }
    return this;
  }

  get value(): bigint {
    return (BigInt(this.upper) + BigInt(SHIFT)) * 10n ** BigInt(HALF) + BigInt(this.lower) + BigInt(SHIFT);
  }

  /** Not by way of `value`: a `BigInt` for each of 100,000 numbers takes as long as all else that is done with them. */
  toString(): string {
    const lower = digitsOf(this.lower);
    return this.upper === -SHIFT ? lower : digitsOf(this.upper) + lower.padStart(HALF, "0");
  }

  /** How much more this is than `other`: a `bigint` only where a double does not hold it for certain. */
  minus(other: SimNumber): number | bigint {
    const difference = this.lower - other.lower;
    const isExact = this.upper === other.upper && Number.isSafeInteger(difference);
    return isExact ? difference : this.value - other.value;
  }
}

const DIGITS = 32;
const HALF = DIGITS / 2;
const SHIFT = 5e15;
const EIGHT_DIGITS = 1e8;

/** The digits from `start` to `end`, 16 at most, less the shift. Taken in two parts: 16 digits would be rounded. */
function halfOf(digits: string, start: number, end: number): number {
  const middle = end - HALF / 2;
  return (part(digits, start, middle) - SHIFT / EIGHT_DIGITS) * EIGHT_DIGITS + part(digits, middle, end);
}

/** The other way round, without zeros in front. The highest tenth is more than a double holds exactly: in two parts. */
function digitsOf(half: number): string {
  if (half <= Number.MAX_SAFE_INTEGER - SHIFT) return String(half + SHIFT);
  const above = Math.floor(half / EIGHT_DIGITS);
  const upper = String(above + SHIFT / EIGHT_DIGITS);
  return upper + String(half - above * EIGHT_DIGITS).padStart(HALF / 2, "0");
}

/** Digit by digit: a text cut out of each of a million numbers would be garbage a million times. */
function part(digits: string, start: number, end: number): number {
  let value = 0;
  for (let i = Math.max(0, start); i < end; i++) {
    const digit = digits.charCodeAt(i) - ZERO;
    if (digit >>> 0 > 9) throw new RangeError(`${digits} is no number of up to ${DIGITS} digits`);
    value = 10 * value + digit;
  }
  return value;
}

const ZERO = "0".charCodeAt(0);

function at(values: Float64Array, index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError(`no number ${index}`);
  return value;
}
