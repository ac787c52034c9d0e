/**
 * Whether and when a request is sent again. Pure arithmetic: time and chance are given, nothing is sent or awaited.
 *
 * A claim that may still be landing must never be sent again (it would charge twice), and a change whose fate is
 * unknown is for the caller to read back; so both are repeated after a 429 only, which was certainly not processed.
 * Hologram's published advice on 429 is to stop for 5 to 10 seconds and then retry (its API blueprint, "Rate
 * Limiting"); no `Retry-After` is documented, but one is honoured.
 */
export type RequestKind = "read" | "write" | "claim";

/** What a try came to, as far as retrying is concerned. `final` is every answer that another try would not change. */
export type Outcome = "rateLimited" | "serverError" | "transport" | "final";

export interface Try {
  readonly kind: RequestKind;
  readonly outcome: Outcome;
  /** How many tries of this request were rate limited (for a 429) or failed (else), this one included. */
  readonly count: number;
  /** Milliseconds the server asked to wait, where it did. */
  readonly retryAfterMs?: number | undefined;
  /** Milliseconds since the first try was sent. */
  readonly elapsedMs: number;
  /** Chance, from 0 up to 1. */
  readonly random: number;
}

/** No try starts later than this after the first one, in milliseconds. */
export const LONGEST_REQUEST_MS = 300_000;
/** Tries of a read that meets server errors or dropped connections. */
export const MOST_TRIES = 4;

const RATE_LIMIT_FIRST_MS = 5_000;
const RATE_LIMIT_LONGEST_MS = 60_000;
const FAILURE_FIRST_MS = 500;
const FAILURE_LONGEST_MS = 8_000;
/** Waits grow by up to this share at random, so that several processes do not come back together. */
const JITTER = 0.25;

/** Milliseconds to wait before the next try, or undefined to give up. */
export function waitBeforeRetry(attempt: Try): number | undefined {
  const wait = wanted(attempt);
  if (wait === undefined) return undefined;
  const left = LONGEST_REQUEST_MS - attempt.elapsedMs;
  return left > 0 ? Math.min(wait, left) : undefined;
}

function wanted({ kind, outcome, count, retryAfterMs, random }: Try): number | undefined {
  switch (outcome) {
    case "final":
      return undefined;
    case "rateLimited": {
      if (retryAfterMs === undefined)
        return jittered(doubled(RATE_LIMIT_FIRST_MS, count, RATE_LIMIT_LONGEST_MS), random);
      // A server that asks for no wait at all, again and again, is still given some.
      return Math.max(retryAfterMs, doubled(FAILURE_FIRST_MS, count, RATE_LIMIT_LONGEST_MS));
    }
    case "serverError":
    case "transport": {
      if (kind !== "read" || count >= MOST_TRIES) return undefined;
      return Math.max(
        retryAfterMs ?? 0,
        jittered(doubled(FAILURE_FIRST_MS, count, FAILURE_LONGEST_MS), random),
      );
    }
  }
}

function doubled(first: number, count: number, longest: number): number {
  return Math.min(first * 2 ** (count - 1), longest);
}

function jittered(wait: number, random: number): number {
  return wait * (1 + JITTER * random);
}

/** Milliseconds that a `Retry-After` header asks for: seconds or an HTTP date. Undefined where it says nothing usable. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim();
  if (text === undefined || text === "") return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000;
  // `Date.parse` would take "-5" for a year.
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
