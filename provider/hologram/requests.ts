import type { Clock } from "../util/clock";
import { isRateLimit } from "./envelope";
import type { AccountPace } from "./pacing";
import { type Outcome, type RequestKind, waitBeforeRetry } from "./retry";
import type { Answer, Call, Reply, Transport } from "./transport";

/** A wait between two tries of one request. */
export interface Wait {
  readonly seconds: number;
  /** Why, e.g. "rate limited"; a line for people reads `${what}, next try in ${seconds} s`. */
  readonly what: string;
}

export interface RequestsOptions {
  readonly transport: Transport;
  readonly pace: AccountPace;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onWait: (wait: Wait) => void;
  readonly beforeWrite: () => Promise<void>;
}

/** The mechanism of sending: each try at the account's pace, tries as `retry.ts` says. */
export class Requests {
  readonly #options: RequestsOptions;
  #aheadMs = 0;

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  /** How far the server's clock is ahead of this machine's, in milliseconds, as far as an answer has told it. */
  get aheadMs(): number {
    return this.#aheadMs;
  }

  /** The server's time, as far as an answer has told it. */
  serverNow(): number {
    return this.#options.clock.now() + this.#aheadMs;
  }

  /**
   * Sends until there is an outcome that another try would not change, and returns the last one. `settles` names
   * answers that are final although their status says otherwise. Never throws for anything the server did.
   */
  async run(
    kind: RequestKind,
    call: Call,
    settles: (answer: Answer) => boolean = () => false,
  ): Promise<Reply> {
    const { transport, pace, clock, random, onWait, beforeWrite } = this.#options;
    const now = () => clock.now();
    const counts = { rateLimited: 0, failed: 0 };
    let entered = pace.enter();
    let started: number | undefined;
    for (;;) {
      await entered;
      started ??= now();
      try {
        if (kind !== "read") await beforeWrite();
        const reply = await transport.send(call, now);
        if (reply.kind === "answer" && reply.serverTime !== undefined)
          this.#noteTime(reply.serverTime, now());
        const outcome = outcomeOf(reply, settles);
        const count = outcome === "rateLimited" ? ++counts.rateLimited : ++counts.failed;
        const retryAfterMs = reply.kind === "answer" ? reply.retryAfterMs : undefined;
        const attempt = { kind, outcome, count, retryAfterMs, elapsedMs: now() - started, random: random() };
        const wait = waitBeforeRetry(attempt);
        if (wait === undefined) return reply;
        onWait({ seconds: seconds(wait), what: reasonFor(reply, outcome) });
        const over = clock.sleep(wait);
        if (outcome === "rateLimited") {
          // Held before this try leaves, so that nothing else of the account slips in; and first when it opens.
          pace.hold(over);
          entered = pace.enter(true);
        } else {
          entered = over.then(() => pace.enter());
        }
      } finally {
        pace.leave();
      }
    }
  }

  #noteTime(serverTime: number, now: number): void {
    const aheadMs = serverTime - now;
    this.#aheadMs = Math.abs(aheadMs) > LARGEST_AGREEMENT_MS ? aheadMs : 0;
  }
}

/** `Date` counts whole seconds, and an answer takes a while: within so much the clocks agree. */
const LARGEST_AGREEMENT_MS = 5_000;

function outcomeOf(reply: Reply, settles: (answer: Answer) => boolean): Outcome {
  if (reply.kind !== "answer") return "transport";
  if (isRateLimit(reply)) return "rateLimited";
  if (settles(reply)) return "final";
  return reply.status >= 500 ? "serverError" : "final";
}

function reasonFor(reply: Reply, outcome: Outcome): string {
  if (outcome === "rateLimited") return "rate limited";
  return reply.kind === "answer"
    ? `Hologram answered ${reply.status}`
    : `no answer from Hologram (${reply.code})`;
}

function seconds(milliseconds: number): number {
  return milliseconds < 1_000 ? Math.round(milliseconds / 100) / 10 : Math.round(milliseconds / 1_000);
}
