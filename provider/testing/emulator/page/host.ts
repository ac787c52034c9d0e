/** What the page is given of the account that it shows. */
import type { Account } from "../account/account";
import type { Emulator } from "../contract";

export interface PageHost {
  readonly emulator: Emulator;
  /** For reading alone: a list of 100,000 SIMs is not to be copied for every look at it. Changes go through `emulator`. */
  readonly account: Account;
}
