import type { Clock } from "./clock";

/** When to look again. */
export interface PollTimes {
  /** The pause after the first look, in milliseconds. Each pause is twice the one before. */
  readonly firstMs: number;
  /** No pause is longer, in milliseconds. Default: no limit but `untilMs`. */
  readonly longestMs?: number;
  /** When the last look is due, in milliseconds since the epoch. In the past: one look and no more. */
  readonly untilMs: number;
  /** Called before each pause, with its length: nothing was found yet, and there is time left. */
  readonly onPause?: (pauseMs: number) => void;
}

/**
 * Looks at once, and again after growing pauses, until `look` returns something other than undefined or time is up.
 * The last pause is cut short, so the last look is at `untilMs`. Returns undefined when time runs out. An error in
 * `look` ends the polling and is thrown; a `look` that may fail and be repeated catches its own errors.
 *
 * @example
 * const sim = await poll(clock, { firstMs: 1_000, longestMs: 30_000, untilMs: clock.now() + 120_000 }, findSim);
 */
export async function poll<Found>(
  clock: Clock,
  { firstMs, longestMs = Number.POSITIVE_INFINITY, untilMs, onPause }: PollTimes,
  look: () => Promise<Found | undefined>,
): Promise<Found | undefined> {
  for (let pauseMs = Math.min(firstMs, longestMs); ; pauseMs = Math.min(pauseMs * 2, longestMs)) {
    const found = await look();
    if (found !== undefined) return found;
    const remainingMs = untilMs - clock.now();
    if (remainingMs <= 0) return undefined;
    const nextMs = Math.min(pauseMs, remainingMs);
    onPause?.(nextMs);
    await clock.sleep(nextMs);
  }
}
