/** What the page is given of the account that it shows, and what its buttons do with it. */
import type { Account } from "../account/emulatedAccount";
import type { Emulator } from "../contract";
import type { Form } from "./actions/form";

export interface PageHost {
  readonly emulator: Emulator;
  /**
   * For reading alone: a list of 100,000 SIMs is not to be copied for every look at it. What is changed is changed
   * through `emulator`, which writes it down and tells it.
   */
  readonly account: Account;
}

/**
 * A button of the page: does what the form says, and tells what was done.
 *
 * Throws a sentence for the person where it cannot be done; then nothing was.
 */
export type Action = (host: PageHost, form: Form) => string;
