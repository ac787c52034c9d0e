/** How numbers, money, times and states are written on the page. */

/** `1,234`. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** `1 SIM`, `1,234 SIMs`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `$1,234.50`, from decimal text; no digit is lost. */
export function money(amount: string): string {
  const [, sign = "", whole = "0", rest = ""] = /^(-?)(\d+)(\.\d+)?$/.exec(amount) ?? [];
  const digits = rest.replace(/0+$/, "").padEnd(3, "0");
  return `${sign}$${BigInt(whole).toLocaleString("en-US")}${rest === "" ? ".00" : digits.replace(/^0/, ".")}`;
}

/** `500 kB`, `5 MB`; `none` for -1. */
export function bytes(value: number): string {
  if (value < 0) return "none";
  const [unit, size] = units.find(([, each]) => value >= each && value % (each / 10) === 0) ?? ["B", 1];
  return `${count(value / size)} ${unit}`;
}

/** `2026-01-31 09:30:05`, in UTC. */
export function dateAndTime(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace("T", " ");
}

/** `09:30:05`, in UTC. */
export function time(at: number): string {
  return dateAndTime(at).slice(11);
}

/** What a state amounts to; states are an open set, so that anything else is `other`. */
export type Standing = "live" | "pending" | "paused" | "test" | "inactive" | "dead" | "other";

export function standingOf(state: string): Standing {
  const known = state.toUpperCase();
  if (/^(DEAD|DEACTIVATE)/.test(known)) return "dead";
  if (known.startsWith("INACTIVE") || known === "FACTORY") return "inactive";
  if (known.includes("PENDING")) return "pending";
  if (known.startsWith("LIVE")) return "live";
  if (known.startsWith("PAUSED")) return "paused";
  return known.startsWith("TEST") ? "test" : "other";
}

/** `twice`, `3 times`. */
export function times(value: number): string {
  return ["never", "once", "twice"][value] ?? `${count(value)} times`;
}

const units = [
  ["GB", 1_000_000_000],
  ["MB", 1_000_000],
  ["kB", 1000],
] as const;
