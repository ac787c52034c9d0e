/** Named values of a query or a body, read as what they ought to be. */
import { Refusal } from "../account/refusal";

export class Fields {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  /** A body as it was parsed: anything but an object holds no fields. */
  static of(value: unknown): Fields {
    return new Fields(isRecord(value) ? value : {});
  }

  /** Names that were sent, with or without a value. */
  get names(): readonly string[] {
    return Object.keys(this.#values);
  }

  has(name: string): boolean {
    const value = this.#values[name];
    return value !== undefined && value !== null && value !== "";
  }

  text(name: string): string | undefined {
    const value = this.#single(name);
    if (typeof value === "string") return value;
    return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
  }

  /** A whole number, sent as a number or as text. */
  integer(name: string): number | undefined {
    return this.has(name) ? wholeNumber(name, this.#single(name)) : undefined;
  }

  required(name: string): number {
    const value = this.integer(name);
    if (value === undefined) throw new Refusal(400, `${name} is required`);
    return value;
  }

  /** A truth value that is absent, or is spelled in one of the ways clients spell it. */
  choice(name: string): boolean | undefined {
    if (!this.has(name)) return undefined;
    const value = String(this.#single(name)).toLowerCase();
    if (value === "true" || value === "1") return true;
    if (value === "false" || value === "0") return false;
    throw new Refusal(400, `${name} must be true or false`);
  }

  flag(name: string): boolean {
    return this.choice(name) ?? false;
  }

  /** A list of whole numbers: an array, or text with commas. */
  integers(name: string): number[] | undefined {
    return this.#list(name)?.map((item) => wholeNumber(name, item));
  }

  /** A list of texts: an array, or text with commas. Numbers are refused: a long ICCID does not survive as one. */
  texts(name: string): string[] | undefined {
    return this.#list(name)?.map((item) => {
      if (typeof item !== "string") throw new Refusal(400, `${name} must hold text`);
      return item.trim();
    });
  }

  /** Named values below a name. */
  fields(name: string): Fields | undefined {
    if (!this.has(name)) return undefined;
    const value = this.#values[name];
    if (!isRecord(value)) throw new Refusal(400, `${name} must be an object`);
    return new Fields(value);
  }

  #single(name: string): unknown {
    const value = this.#values[name];
    if (Array.isArray(value) || isRecord(value)) throw new Refusal(400, `${name} must be a single value`);
    return value;
  }

  #list(name: string): unknown[] | undefined {
    if (!this.has(name)) return undefined;
    const value = this.#values[name];
    if (Array.isArray(value)) return value;
    return typeof value === "string" ? value.split(",") : [value];
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Pairs of a form or a query as fields. A name that is repeated (`sims=a&sims=b`), has brackets (`sims[]=a`) or indexes
 * (`sims[0]=a`) is a list, in the order of its indexes.
 */
export function fieldsOfPairs(pairs: Iterable<readonly [string, string]>): Record<string, unknown> {
  const lists = new Map<string, { readonly place: number; readonly value: string }[]>();
  const isList = new Set<string>();
  for (const [spelled, value] of pairs) {
    const [, name = spelled, index] = /^(.+)\[(\d*)\]$/.exec(spelled) ?? [];
    if (index !== undefined) isList.add(name);
    const list = lists.get(name) ?? [];
    lists.set(name, list);
    list.push({ place: index === undefined || index === "" ? list.length : Number(index), value });
    if (list.length > 1) isList.add(name);
  }
  return Object.fromEntries(
    [...lists].map(([name, list]) => {
      const values = list.sort((a, b) => a.place - b.place).map(({ value }) => value);
      return [name, isList.has(name) ? values : (values[0] ?? "")];
    }),
  );
}

function wholeNumber(name: string, value: unknown): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isSafeInteger(number)) {
    throw new Refusal(400, `${name} must be a whole number`);
  }
  return number;
}
