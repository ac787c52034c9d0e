import type { Clock } from "../../../provider/util/clock";

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * Time that tests control, seen from two sides. Where the provider sleeps, time moves on at once; where the emulator
 * sleeps, it waits until time has come that far. So a claim that lands late lands exactly while the provider waits.
 */
export class Timeline {
  private time = Date.UTC(2026, 0, 1);
  private sleepers: Sleeper[] = [];
  /** How long the provider slept, each time, in milliseconds. */
  readonly sleeps: number[] = [];

  readonly provider: Clock = {
    now: () => this.time,
    sleep: async (milliseconds) => {
      this.sleeps.push(milliseconds);
      await this.advance(milliseconds);
    },
  };

  readonly emulator: Clock = {
    now: () => this.time,
    sleep: (milliseconds) =>
      new Promise((wake) => void this.sleepers.push({ at: this.time + milliseconds, wake })),
  };

  get now(): number {
    return this.time;
  }

  /** Lets time go by, and whoever waited for it do its work at its time. */
  async advance(milliseconds: number): Promise<void> {
    let left = milliseconds;
    for (;;) {
      const next = Math.min(...this.sleepers.map(({ at }) => at));
      const step = Math.min(left, Math.max(0, next - this.time));
      this.time += step;
      left -= step;
      const due = this.sleepers.filter(({ at }) => at <= this.time);
      this.sleepers = this.sleepers.filter(({ at }) => at > this.time);
      for (const { wake } of due) wake();
      await new Promise(setImmediate);
      if (left <= 0) return;
    }
  }
}
