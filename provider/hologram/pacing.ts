import { createHash } from "node:crypto";

/**
 * The pace of this process, however many clients it has: at most four requests at a time for each account, and none while
 * one of them waits after a 429. The journal makes sure that claims go one at a time, because it also knows of other
 * processes.
 */
const REQUESTS_AT_ONCE = 4;

const accounts = new Map<string, AccountPace>();

/** The pace of the account that this key opens at this address, shared by the whole process. */
export function paceOf(baseUrl: string, apiKey: string): AccountPace {
  const id = `${baseUrl} ${createHash("sha256").update(apiKey).digest("hex")}`;
  const pace = accounts.get(id) ?? new AccountPace();
  accounts.set(id, pace);
  return pace;
}

/** Which listing an account answers; see `SimListing`. */
export type Listing = "links" | "devices";

/** Lets requests of one account in, a few at a time, and none while the account is held. */
export class AccountPace {
  /** What this account was found to serve, so that later listings do not ask again for what is gone. */
  listing: Listing = "links";
  #running = 0;
  #holds = 0;
  readonly #waiting: (() => void)[] = [];

  /** Waits for a place. Whoever enters must `leave`. `first` goes before all who wait already. */
  enter(first = false): Promise<void> {
    const turn = new Promise<void>((resolve) => {
      if (first) this.#waiting.unshift(resolve);
      else this.#waiting.push(resolve);
    });
    this.#admit();
    return turn;
  }

  leave(): void {
    this.#running--;
    this.#admit();
  }

  /**
   * Lets nobody in until `wait` is over, however it ends. Takes effect at once, so that a request which holds the
   * account before it leaves can be sure that no other slips in between.
   */
  hold(wait: Promise<void>): void {
    this.#holds++;
    const open = () => {
      this.#holds--;
      this.#admit();
    };
    wait.then(open, open);
  }

  #admit(): void {
    while (this.#holds === 0 && this.#running < REQUESTS_AT_ONCE) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#running++;
      next();
    }
  }
}
