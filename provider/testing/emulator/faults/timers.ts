/** Waits of the emulator. They go by the injected clock, and those of the machine's clock keep no process alive. */
import { type Clock, systemClock } from "../../../util/clock";

export class Timers {
  readonly #underWay = new Set<Promise<void>>();
  /** After this nothing is carried out any more. */
  closed = false;

  readonly #clock: Clock;
  /** Called after every piece of work. */
  readonly #worked: () => void;
  readonly #failed: (error: unknown) => void;

  constructor(clock: Clock, worked: () => void, failed: (error: unknown) => void) {
    this.#clock = clock;
    this.#worked = worked;
    this.#failed = failed;
  }

  sleep(milliseconds: number): Promise<void> {
    if (this.#clock !== systemClock) return this.#clock.sleep(milliseconds);
    return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
  }

  /** Does the work after this time, unless the emulator has been closed by then. */
  later(milliseconds: number, work: () => unknown): void {
    const done = this.sleep(milliseconds)
      .then(() => {
        if (this.closed) return;
        work();
        this.#worked();
      })
      .catch(this.#failed)
      .finally(() => this.#underWay.delete(done));
    this.#underWay.add(done);
  }

  /** Resolves when nothing is to be done later. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  close(): void {
    this.closed = true;
  }
}
