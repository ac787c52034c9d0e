/** Counts the steps under way and stops new ones: after the first failure, and when the user cancels. */

import { Limit } from "../../../util/concurrency";
import type { Victim } from "../engineContract";
import { ProtectedError, Stopped } from "./stepErrors";

/** How what was announced ends: some of it is killed, or, after a second Ctrl-C, nobody waits for it any more. */
export type End = Victim | "unawaited";

export class Gate {
  readonly #limit: Limit;
  readonly #running = new Set<Promise<unknown>>();
  readonly #ends: ((end: End) => Promise<boolean>)[] = [];
  /** Resolves when no new step may start any more. */
  readonly closed: Promise<void>;
  #resolveClosed: () => void = () => undefined;
  isClosed = false;
  /** True once the user asked for the end. */
  isCancelled = false;
  /** How the engine itself ended, if not in order. */
  ended: Exclude<End, "provider"> | undefined;
  /** True once a step failed. */
  hasFailed = false;

  constructor(parallel: number) {
    this.#limit = new Limit(parallel);
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
  }

  /** Lets no new step start. */
  close(): void {
    this.isClosed = true;
    this.#resolveClosed();
  }

  /** The first Ctrl-C. */
  cancel(): void {
    this.isCancelled = true;
    this.close();
  }

  /** Ends what was announced; false when it was about nothing of it. */
  async end(end: End): Promise<boolean> {
    if (end !== "provider") {
      this.ended = end;
      this.cancel();
    }
    const ended = await Promise.all(this.#ends.map((each) => each(end)));
    return ended.includes(true);
  }

  /** Announces something that `end` is about; ends it at once when that has happened already. */
  onEnd(each: (end: End) => Promise<boolean>): void {
    this.#ends.push(each);
    if (this.ended !== undefined) {
      each(this.ended).catch(() => undefined);
    }
  }

  /** Runs a step when there is room. A failed one closes the gate, unless `goOn`. */
  run<T>(step: () => Promise<T>, goOn = false): Promise<T> {
    const work = this.#limit.run(async () => {
      if (this.isClosed) {
        throw new Stopped("the operation was stopped");
      }
      try {
        return await step();
      } catch (error) {
        this.hasFailed = true;
        if (!goOn && !(error instanceof ProtectedError)) {
          this.close();
        }
        throw error;
      }
    });
    const settled = work
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => this.#running.delete(settled));
    this.#running.add(settled);
    return work;
  }

  /** Resolves when no step is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) {
      await Promise.all(this.#running);
    }
  }
}
