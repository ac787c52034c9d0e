/**
 * Stands in for numbers and names: the same for the same, everywhere in a report, and nothing can be read back from it.
 * What stays is what tells the form: lengths of numbers, signs, decimals, dates that are not set, flags.
 */
export class Pseudonyms {
  readonly #numbers = new Map<string, string>();
  /** How many numbers of a length there are. */
  readonly #counts = new Map<number, bigint>();
  readonly #names = new Map<string, string>();

  readonly #taken: ReadonlySet<string>;

  /** `taken`: runs of digits that must not stand for others, because they are somebody's. Short ones are nobody's. */
  constructor(taken: ReadonlySet<string> = new Set()) {
    this.#taken = taken;
  }

  /** -1, 0 and 1 are flags and "none" in this API. */
  number(value: number): number {
    if (!Number.isFinite(value) || value === 0 || Math.abs(value) === 1) return value;
    return Number(this.digits(`${value}`));
  }

  /** Replaces each run of digits in a text by as many others. */
  digits(text: string): string {
    return text.replace(/\d+/g, (run) => (/^0+$/.test(run) || run === "1" ? run : this.#numberFor(run)));
  }

  /** A name that says nothing. */
  name(text: string): string {
    const known = this.#names.get(text) ?? `name-${this.#names.size + 1}`;
    this.#names.set(text, known);
    return known;
  }

  /** Takes known names, addresses and digits out of a sentence of the server's. */
  words(text: string): string {
    const names = [...this.#names].sort(([a], [b]) => b.length - a.length);
    const plain = names.reduce(
      (all, [name, pseudonym]) => (name.length < 3 ? all : all.replaceAll(name, pseudonym)),
      text,
    );
    return this.digits(plain.replace(/\S+@\S+/g, "mail-address").replace(/\b[\w-]+(\.[\w-]+)+\b/g, "host"));
  }

  /** Of the same length, counting up from 10…0: as many as there are numbers of that length. */
  #numberFor(run: string): string {
    const known = this.#numbers.get(run);
    if (known !== undefined) return known;
    const [first, all] = [10n ** BigInt(run.length - 1), 10n ** BigInt(run.length)];
    for (let count = this.#counts.get(run.length) ?? 0n; ; count++) {
      const pseudonym = `${(2n * first + count) % all}`.padStart(run.length, "0");
      const isTaken = run.length < SHORT ? pseudonym === run : this.#taken.has(pseudonym);
      if (isTaken && count < all) continue;
      this.#counts.set(run.length, count + 1n);
      this.#numbers.set(run, pseudonym);
      return pseudonym;
    }
  }
}

/** There are not enough numbers of fewer digits to choose from, and they tell nothing. */
const SHORT = 4;
