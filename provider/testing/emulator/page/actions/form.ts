/** The fields of a form that came in. What cannot be read is a sentence for the person who filled it in. */
export class Form {
  readonly #fields: URLSearchParams;

  constructor(fields: URLSearchParams) {
    this.#fields = fields;
  }

  /** Without blanks around it; undefined where it is empty. */
  text(name: string): string | undefined {
    return this.#fields.get(name)?.trim() || undefined;
  }

  required(name: string, label: string): string {
    const text = this.text(name);
    if (text === undefined) throw new Error(`${label} is missing.`);
    return text;
  }

  /** A whole number, -1 included; undefined where it is empty. */
  integer(name: string, label: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!/^-?\d{1,15}$/.test(text)) throw new Error(`${label}: ${text} is not a whole number.`);
    return Number(text);
  }

  requiredInteger(name: string, label: string): number {
    const number = this.integer(name, label);
    if (number === undefined) throw new Error(`${label} is missing.`);
    return number;
  }

  /** Every value of a field that occurs several times. */
  all(name: string): string[] {
    return this.#fields.getAll(name);
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }
}
