import * as pulumi from "@pulumi/pulumi";
import { Lookup } from "./lookup";
import type { InputsOf, LookupOptions, LookupOutputOptions } from "./options";

/** Prepaid money of an organization, in US dollars: as numbers, and as the decimal text that Hologram sent. */
export interface Balance {
  readonly orgId: number;
  readonly balance: number;
  readonly balanceText: string;
  /** Of promotions. Absent where Hologram does not say, like all below. */
  readonly promoBalance?: number;
  readonly promoBalanceText?: string;
  /** Least balance, below which Hologram tops up or pauses. */
  readonly minBalance?: number;
  readonly minBalanceText?: string;
}

/** Whose balance. */
export interface GetBalanceArgs {
  /** Default: `hologram:orgId`, else the key's only organization. Several and none named is an error that lists them. */
  readonly orgId?: number | undefined;
}

/**
 * The prepaid balance of an organization. **Undefined** where there is none to see: the key's user is not an Admin of
 * the organization (403), or the organization has no prepaid balance (404). It says nothing against activating: only
 * Hologram knows what an organization may owe. Fails with one sentence for what fails `getPlans`.
 *
 * Kept for the run: after activations, ask with `dependsOn`.
 *
 * @example
 * ```ts
 * const { balance } = (await hologram.getBalance()) ?? {};
 * if (balance !== undefined && balance < 100) pulumi.log.warn(`only $${balance} left`);
 * ```
 *
 * @see https://docs.hologram.io/api/1/organizations/orgid/balance/get
 */
export function getBalance(
  args: GetBalanceArgs = {},
  options: LookupOptions = {},
): Promise<Balance | undefined> {
  return balance.get(args, options);
}

/** As `getBalance`, with Outputs; not known while an argument or a dependency is not. */
export function getBalanceOutput(
  args: InputsOf<GetBalanceArgs> = {},
  options: LookupOutputOptions = {},
): pulumi.Output<Balance | undefined> {
  return balance.output(pulumi.output(args), options);
}

const balance = new Lookup<GetBalanceArgs, Balance | undefined>("getBalance", async () => {
  const { readBalance } = await import("./reads/balance.js");
  return readBalance;
});
