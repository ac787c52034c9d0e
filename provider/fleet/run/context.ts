import type { Account, Reporter } from "../model/account";
import type { ClaimJournal, Spending } from "../model/journal";
import type { CapHints, Caps } from "./caps";
import type { Program } from "./declaredSims";

/** What an operation on a fleet is given, beside the fleet itself. */
export interface RunContext {
  readonly account: Account;
  readonly report: Reporter;
  /** How long a claim without an answer may still be landing, in seconds. */
  readonly claimSettleSeconds: number;
  readonly journal: ClaimJournal;
  readonly spending: Spending;
  readonly caps: Caps;
  readonly program: Program;
  readonly hints: Hints;
}

/** What to do next, in the words of the tool that the user works with; the core knows none. Each is part of a sentence. */
export interface Hints extends CapHints {
  /** Looks at the account, so the next preview can tell everything. */
  readonly lookAgain: string;
  /** Goes on with what is approved. */
  readonly goOn: string;
  /** Goes on once a doubt has ended, at an ISO time. */
  goOnAfter(time: string): string;
  /** Ends a doubt by hand, before a destroy. */
  readonly endDoubt: string;
  /** What a full run would know that this one does not. */
  readonly runWhole: string;
}
