/**
 * Values as they cross the engine's boundary. What a provider returns becomes a protobuf Struct: `undefined`, a bigint
 * or a Date in it fails the operation after the money is spent (pulumi/pulumi #2205, #7576), so everything returned
 * goes through `plain` first.
 */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };
export type PlainObject = { readonly [key: string]: Plain };

/** What the engine hands in: nothing is known of it yet. */
export type Props = Readonly<Record<string, unknown>>;

/** Only what JSON can say; keys without a value are left out. */
export function plain(value: object): PlainObject {
  const kept = Object.entries(value).map(([key, item]) => [key, plainValue(item)] as const);
  return Object.fromEntries(kept.flatMap(([key, item]) => (item === undefined ? [] : [[key, item]])));
}

function plainValue(value: unknown): Plain | undefined {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "object") return undefined;
  return Array.isArray(value) ? value.map((item) => plainValue(item) ?? null) : plain(value);
}

/** How the engine spells a value that is not known yet in a preview (pulumi: sdk/nodejs/runtime/rpc.ts, pkg/resource/plugin/rpc.go). */
const unknownValues: ReadonlySet<unknown> = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** True when the value, or an element of it, is not known yet. */
export function isUnknown(value: unknown): boolean {
  return unknownValues.has(value) || (Array.isArray(value) && value.some((item) => unknownValues.has(item)));
}

/** A value as it may appear in a message: short, on one line. */
export function quote(value: unknown): string {
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 40)}… (${text.length} characters)` : text;
}
