import { Numbers, type SimNumber } from "./packedNumbers";

/**
 * Collects intervals, in the order of their first numbers, and joins what touches or overlaps. As long as all of them
 * are single numbers, `lasts` is `firsts`: half of the room, and most of the work.
 */
export class Intervals {
  readonly #firsts: Numbers;
  #lasts: Numbers;

  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#firsts = new Numbers(capacity);
    this.#lasts = this.#firsts;
  }

  /** The interval at `index`: joined to the last one, where it touches or overlaps that. */
  take(firsts: Numbers, lasts: Numbers, index: number): void {
    const top = this.#lasts.length - 1;
    if (top < 0 || !this.#lasts.reaches(top, firsts, index)) this.append(firsts, index, lasts, index);
    else if (this.#lasts.compare(top, lasts, index) < 0) {
      this.#part();
      this.#lasts.removeLast();
      this.#lasts.pushFrom(lasts, index);
    }
  }

  /** An interval that lies apart from the last one. */
  append(firsts: Numbers, first: number, lasts: Numbers, last: number): void {
    const isSingle = (firsts === lasts && first === last) || firsts.compare(first, lasts, last) === 0;
    if (!isSingle) this.#part();
    this.#firsts.pushFrom(firsts, first);
    if (this.#lasts !== this.#firsts) this.#lasts.pushFrom(lasts, last);
  }

  /** The same, of ends that stand alone. */
  push(from: SimNumber, to: SimNumber): void {
    if (from.compare(to) !== 0) this.#part();
    this.#firsts.push(from);
    if (this.#lasts !== this.#firsts) this.#lasts.push(to);
  }

  /** What was collected, in no more room than it takes. */
  done(): { readonly firsts: Numbers; readonly lasts: Numbers } {
    return { firsts: this.#firsts.trimmed(), lasts: this.#lasts.trimmed() };
  }

  /** From now on the ends have numbers of their own. */
  #part(): void {
    if (this.#lasts === this.#firsts) this.#lasts = this.#firsts.copy(this.#capacity);
  }
}
