/** What handlers are given, and what they give back. No handler knows the web server. */
import type { KeySetup } from "../accountSetup";
import type { Fields } from "./bodyFields";

export interface Answer {
  readonly status: number;
  /** Sent as JSON; text is sent as it is. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One authenticated request. */
export interface Call {
  readonly n: number;
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Fields;
  readonly body: Fields;
  readonly key: KeySetup;
  /** SIMs that a fault refuses, with the reason. */
  readonly refusals: ReadonlyMap<string, string>;
}

/** read: editor and higher; write: manager and higher; admin: admin alone. */
export type Need = "read" | "write" | "admin";

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** In Hono's notation, below the base path. */
  readonly path: string;
  readonly need: Need;
  handle(call: Call): Answer;
}

export function ok(data: unknown, more: Readonly<Record<string, unknown>> = {}): Answer {
  return { status: 200, body: { success: true, data, ...more } };
}

/** Both spellings of the flag are taken; anything else is a request that acts. */
export function asksForPreview(query: Fields): boolean {
  const flag = query.text("preview");
  return flag === "true" || flag === "1";
}
