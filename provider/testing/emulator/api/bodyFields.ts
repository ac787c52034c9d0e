/** Named values of a query or a body, read as what they ought to be. */
import { Refusal } from "../account/refusal";

export class Fields {
  constructor(private readonly values: Readonly<Record<string, unknown>>) {}

  /** A body as it was parsed: anything but an object holds no fields. */
  static of(value: unknown): Fields {
    return new Fields(isRecord(value) ? value : {});
  }

  has(name: string): boolean {
    const value = this.values[name];
    return value !== undefined && value !== null && value !== "";
  }

  text(name: string): string | undefined {
    const value = this.values[name];
    if (typeof value === "string") return value;
    return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
  }

  /** A whole number, sent as a number or as text. */
  integer(name: string): number | undefined {
    return this.has(name) ? wholeNumber(name, this.values[name]) : undefined;
  }

  required(name: string): number {
    const value = this.integer(name);
    if (value === undefined) throw new Refusal(400, `${name} is required`);
    return value;
  }

  flag(name: string): boolean {
    const value = this.values[name];
    return value === true || value === 1 || value === "true" || value === "1";
  }

  /** A list of whole numbers: an array, or text with commas. */
  integers(name: string): number[] | undefined {
    return this.list(name)?.map((item) => wholeNumber(name, item));
  }

  /** A list of texts: an array, or text with commas. Numbers are refused: a long ICCID does not survive as one. */
  texts(name: string): string[] | undefined {
    return this.list(name)?.map((item) => {
      if (typeof item !== "string") throw new Refusal(400, `${name} must hold text`);
      return item.trim();
    });
  }

  private list(name: string): unknown[] | undefined {
    if (!this.has(name)) return undefined;
    const value = this.values[name];
    if (Array.isArray(value)) return value;
    return typeof value === "string" ? value.split(",") : [value];
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wholeNumber(name: string, value: unknown): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isSafeInteger(number)) {
    throw new Refusal(400, `${name} must be a whole number`);
  }
  return number;
}
