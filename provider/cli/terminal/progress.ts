import type { Reporter } from "../../fleet/model/account";
import { type Clock, systemClock } from "../../util/clock";
import { printable } from "./table";

/** Where progress goes: standard error, or what stands in for it in a test. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number;
  write(text: string): unknown;
}

/** What takes no longer needs no word. */
const QUIET_MILLISECONDS = 1_000;
/** A terminal is drawn on at most this often. */
const REDRAW_MILLISECONDS = 100;

/**
 * One line on a terminal that says what is being done, once that has taken more than a second; it is wiped away before
 * anything else is written. Into a pipe or a file it writes no progress. Warnings and notes are lines that stay, in both.
 */
export class Progress implements Reporter {
  readonly #begun: number;
  #drawn = Number.NEGATIVE_INFINITY;
  #isShown = false;

  readonly #stream: ProgressStream;
  readonly #clock: Clock;

  constructor(stream: ProgressStream = process.stderr, clock: Clock = systemClock) {
    this.#stream = stream;
    this.#clock = clock;
    this.#begun = clock.now();
  }

  progress(message: string): void {
    const now = this.#clock.now();
    if (!this.#stream.isTTY || now - this.#begun < QUIET_MILLISECONDS) return;
    if (now - this.#drawn < REDRAW_MILLISECONDS) return;
    this.#drawn = now;
    this.#isShown = true;
    // A line that wraps could not be wiped away.
    this.#stream.write(`\r\x1b[K${printable(message).slice(0, (this.#stream.columns ?? 80) - 1)}`);
  }

  info(message: string): void {
    this.clear();
    this.#stream.write(`${message}\n`);
  }

  warn(message: string): void {
    this.info(message);
  }

  /** Wipes the line away: to be called before the answer is printed. */
  clear(): void {
    if (this.#isShown) this.#stream.write("\r\x1b[K");
    this.#isShown = false;
  }
}
