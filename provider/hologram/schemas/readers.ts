import { Big } from "big.js";
import { z } from "zod";

/*
 * The editions of the API disagree on types: ids as numbers or text, money as either, null or nothing for "none". The
 * readers here take what they can use and give undefined for the rest; only what a reader cannot do without fails.
 */

/** A finite number, also written as text. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  return typeof value === "string" && /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : undefined;
}

/** An id: a positive whole number. 0 stands for "none" (a link without a device). */
export function asId(value: unknown): number | undefined {
  const number = asNumber(value);
  return number !== undefined && Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

/** Text that is not empty, also sent as a number. */
export function asText(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : undefined;
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

/** An ICCID or EID: digits, always as text. A JSON number of that length has already lost its last digits. */
export function asDigits(value: unknown): string | undefined {
  return typeof value === "string" && /^\s*\d+\s*$/.test(value) ? value.trim() : undefined;
}

/** Money as decimal text, without an exponent. Text keeps the digits it came with. */
export function asMoney(value: unknown): string | undefined {
  if (typeof value === "string" && /^\s*-?\d+(\.\d+)?\s*$/.test(value)) return value.trim();
  return typeof value === "number" && Number.isFinite(value) ? new Big(value).toFixed() : undefined;
}

/** A time stamp of the API: UTC without a zone mark; all zeros mean "not set". */
export type Stamp = { readonly set: false } | { readonly set: true; readonly at: number };

export function asStamp(value: unknown): Stamp | undefined {
  if (typeof value !== "string" || value.trim() === "") return undefined;
  if (/^[0\s:T.Z-]*$/.test(value)) return { set: false };
  const at = Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(value) ? value : `${value.trim().replace(" ", "T")}Z`);
  return Number.isNaN(at) ? undefined : { set: true, at };
}

export const number = optional(asNumber);
export const id = optional(asId);
export const text = optional(asText);
export const money = optional(asMoney);

export const requiredId = required(asId);
export const requiredText = required(asText);
export const requiredMoney = required(asMoney);

/** The values of a list, or of an object keyed by id. */
export const list = z
  .union([
    z.array(z.unknown()),
    z.record(z.string(), z.unknown()).transform((record) => Object.values(record)),
  ])
  .catch([]);

function optional<T>(read: (value: unknown) => T | undefined) {
  return z.unknown().transform(read).optional();
}

function required<T>(read: (value: unknown) => T | undefined) {
  return z.unknown().transform((value, context): T => {
    const result = read(value);
    if (result !== undefined) return result;
    context.issues.push({ code: "custom", message: "is missing or unusable", input: undefined });
    return z.NEVER;
  });
}

/** The names of the fields that made a value unreadable, for people. Never their values. */
export function fieldsMissing(error: z.ZodError): string {
  const names = error.issues.map((issue) => issue.path.map(String).join(".")).filter((name) => name !== "");
  return names.length === 0 ? "it is not an object" : `no usable ${[...new Set(names)].join(", ")}`;
}
