import type { Selection } from "../numbers/selection";
import type { Doubt } from "./record";
import type { PlanTerms } from "./terms";

/**
 * Claims and changes of plan of one organization that were sent from this machine, by whatever process: what keeps a SIM
 * from being charged twice when a process dies, a resource is renamed, replaced or split, or two of them run side by side.
 */
export interface ClaimJournal {
  /** Claims and changes of plan without a certain answer that may still be landing. */
  doubts(): readonly Doubt[];
  /** SIMs of claims that were sent after that time, bought or in doubt: an earlier claim did not activate them. */
  claimedSince(atMs: number): Selection;
  /**
   * Waits until no other claim to the organization is under way, writes down what is sent, sends it, and strikes out
   * what its answer settles. `readAtMs`: when the account was read; what others bought since is not sent again.
   */
  claim<T>(
    sims: Selection,
    readAtMs: number,
    send: (free: Selection) => Promise<Sent<T>>,
  ): Promise<ClaimTurn<T>>;
  /**
   * Writes down what gets no certain answer: a change of plan before it is sent, and what a record tells of, because another
   * machine may have sent it.
   */
  learn(doubts: readonly Doubt[]): void;
  /** These SIMs were found active, or certainly not claimed: no claim of theirs is landing any more. */
  settle(sims: Selection): void;
  /** These SIMs were found on that plan, or certainly not brought to it. */
  settlePlans(sims: Selection, to: PlanTerms): void;
  /** Ends the claims of this run to the organization, by whatever fleet or process; `reason` is said of what is left. */
  stop(reason: string): void;
  /** False: it cannot be written, so that no other process will know what this one does. */
  readonly isKept: boolean;
  /** What a user should know of it: it cannot be written, say. Told once. */
  remark(): string | undefined;
}

/** What an answer says of the SIMs that were sent; those in neither set were certainly not bought. */
export interface Sent<T> {
  readonly answer: T;
  readonly bought: Selection;
  /** Their claim may still be landing: they stay in the journal until they are settled, or too old. */
  readonly unsettled: Selection;
  /** Why this run claims nothing more from the organization, as a sentence: set where the answer is doubtful, say. */
  readonly stops?: string;
}

export type ClaimTurn<T> =
  | {
      readonly kind: "done";
      /** Absent where nothing was left to send. */
      readonly sent?: Sent<T>;
      /** Not sent: bought by another resource or process since the account was read. */
      readonly bought: Selection;
      /** Not sent: a claim that names them may still be landing. */
      readonly doubts: readonly Doubt[];
    }
  /** No fleet of this run claims from this organization any more. */
  | { readonly kind: "stopped"; readonly reason: string };

/** What one run (a command and all its provider processes) has set out to spend. */
export interface Spending {
  /** Adds `amount`, unless `refuse` says why the total may not be reached; that sentence is the answer. */
  spend(amount: Amount, refuse: (total: Amount) => string | undefined): string | undefined;
  /** What was set out for and certainly not spent. */
  giveBack(amount: Amount): void;
}

export interface Amount {
  readonly activations: number;
  /** US dollars. */
  readonly dueNow: number;
  readonly deactivations: number;
}
