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
  /** What a fault makes of this one claim, in place of what the behaviour says. */
  readonly claim: ClaimOverrides;
}

/** How one claim goes against the behaviour of the account. */
interface ClaimOverrides {
  readonly failureStatus?: 200 | 400;
  readonly partialClaims?: "allOrNothing" | "rest";
  /** The organization the claim lands in, whatever it names. */
  readonly orgId?: number;
}

/** read: editor and higher; write: manager and higher; admin: admin alone. */
export type Need = "read" | "write" | "admin";

/**
 * One endpoint. It names every query parameter and every body field that it heeds; a request with any other is refused
 * aloud, because a filter that is ignored gives other people's SIMs, and a misspelt limit is no limit.
 */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** In Hono's notation, below the base path. */
  readonly path: string;
  readonly need: Need;
  /** Query parameters it heeds besides `orgid`. */
  readonly query: readonly string[];
  /** Fields of the body it heeds. */
  readonly body: readonly string[];
  /** Documented parameters and fields that this emulator does not play: a request with one of them is answered 501. */
  readonly notPlayed?: readonly string[];
  /** Takes whatever it is sent, because it does nothing with it. */
  readonly isOpen?: boolean;
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
