import type { Account } from "../../../provider/fleet/model/account";
import type { Clock } from "../../../provider/util/clock";

/** Something that a provider process waits for. */
export type Moment = "claim" | "change" | "preview" | "read" | "sleep" | "return";

/** When a process dies: at the n-th such moment, before the request leaves or after the server has dealt with it. */
export interface Death {
  readonly moment: Moment | "any";
  readonly nth: number;
  readonly phase: "before" | "after";
}

/** How a call ends whose process has died: for the engine, not for the provider, which is gone. */
export class Died extends Error {
  override readonly name = "Died";

  constructor() {
    super("the provider process died");
  }
}

/**
 * One provider process. At every await it may die; from then on it does nothing more: what it waits for never comes,
 * its clock never wakes it, and what it returns reaches nobody.
 */
export class Life {
  /** Rejects when the process dies. */
  readonly died: Promise<never>;
  private over = false;
  private passed = 0;
  private turn: Promise<unknown> = Promise.resolve();
  private end: (error: Died) => void = () => undefined;

  constructor(
    private readonly death: Death | undefined,
    private readonly onDeath: () => void,
  ) {
    this.died = new Promise((_, reject) => {
      this.end = reject;
    });
    this.died.catch(() => undefined);
  }

  get isOver(): boolean {
    return this.over;
  }

  /** A moment has come; true when the process does not survive it. */
  endsAt(moment: Moment, phase: Death["phase"]): boolean {
    const { death } = this;
    if (!this.over && death?.phase === phase && (death.moment === "any" || death.moment === moment)) {
      if (++this.passed === death.nth) this.die();
    }
    return this.over;
  }

  /** The same for code that waits: a dead process waits for ever. */
  async survive(moment: Moment, phase: Death["phase"]): Promise<void> {
    // A promise of its own: one that all shared would keep everything alive that ever waited for it.
    if (this.endsAt(moment, phase)) await new Promise(() => undefined);
  }

  /** Requests go one after the other, so that the same story always goes the same way. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    const before = this.turn;
    const mine = before.then(work, work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private die(): void {
    this.over = true;
    this.onDeath();
    this.end(new Died());
  }
}

/** An account as a mortal process has it: every method of it is a moment. */
export function mortalAccount(account: Account, life: Life): Account {
  return new Proxy(account, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function" || typeof name !== "string") return value;
      const begin = (args: unknown[]): unknown => Reflect.apply(value, target, args);
      if (STREAMS.has(name)) return (...args: unknown[]) => mortalStream(life, () => begin(args));
      return (...args: unknown[]) => mortalCall(life, momentOf(name), async () => begin(args));
    },
  });
}

/** Sleeps that kill, or that a dead process is in, throw: the client underneath has to let go of what it holds. */
export function mortalClock(clock: Clock, life: Life): Clock {
  return {
    now: () => clock.now(),
    sleep: (milliseconds) => {
      if (life.endsAt("sleep", "before")) throw new Died();
      return clock.sleep(milliseconds).then(() => {
        if (life.endsAt("sleep", "after")) throw new Died();
      });
    },
  };
}

const STREAMS: ReadonlySet<string> = new Set(["simsInRange", "simsByIccid", "simsByDevice", "allSims"]);

function momentOf(method: string): Moment {
  if (method === "claim") return "claim";
  if (method === "previewClaim") return "preview";
  return /^(set|change|link|unlink)[A-Z]/.test(method) ? "change" : "read";
}

async function mortalCall<T>(life: Life, moment: Moment, work: () => Promise<T>): Promise<T> {
  await life.survive(moment, "before");
  try {
    return await life.exclusively(work);
  } finally {
    await life.survive(moment, "after");
  }
}

async function* mortalStream(life: Life, begin: () => unknown): AsyncGenerator<unknown> {
  const stream = begin();
  if (!isStream(stream)) throw new TypeError("no stream: STREAMS names a method that is none");
  const items = stream[Symbol.asyncIterator]();
  for (;;) {
    const item = await mortalCall(life, "read", () => items.next());
    if (item.done) return;
    yield item.value;
  }
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
