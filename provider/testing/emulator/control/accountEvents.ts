/** Says that something happened, to whoever shows the account while it runs. */
import type { Account } from "../account/emulatedAccount";
import type { LedgerEntry, SeenRequest } from "../records";

/** Something that happened to the emulated account, for whoever watches it. */
export type AccountEvent =
  /** A request has come in; its `status` is 0 so far. */
  | { readonly kind: "request"; readonly request: SeenRequest }
  /** It has been dealt with; `status` stays 0 where the connection was dropped. */
  | { readonly kind: "answer"; readonly request: SeenRequest }
  /** Something was charged. */
  | { readonly kind: "charges"; readonly entries: readonly LedgerEntry[] }
  /** SIMs, plans, organizations, keys, tags, faults or the behaviour are no longer what they were. */
  | { readonly kind: "account" };

/** Is called at once for each event, in order. */
export type AccountListener = (event: AccountEvent) => void;

export class AccountEvents {
  readonly #listeners = new Set<AccountListener>();
  #charges: number;

  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
    this.#charges = account.ledger.length;
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: AccountListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(event: AccountEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Tells what the last piece of work did to the account; call it after each. */
  tellChanges(): void {
    const account = this.#account;
    const entries = account.ledger.slice(this.#charges);
    this.#charges = account.ledger.length;
    if (entries.length > 0) this.tell({ kind: "charges", entries });
    if (account.changed || account.settled) this.tell({ kind: "account" });
    account.settled = false;
  }
}
