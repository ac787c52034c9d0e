/** What a change of plan does to a SIM: it wipes the data limits, as Hologram's page says; the SMS limit stays. */
import { Big } from "big.js";
import { charge, dollars, type Occasion } from "./activation";
import type { Account } from "./emulatedAccount";
import type { SimRow } from "./pack";
import { Refusal } from "./refusal";

export interface NewTerms {
  readonly plan: number;
  readonly zone: string;
  readonly overageLimit: number;
  readonly threshold: number;
  /** Absent leaves the limit as it is. */
  readonly smsLimit: number | undefined;
}

export function putOnPlan(row: SimRow, terms: NewTerms): void {
  row.plan = terms.plan;
  row.zone = terms.zone;
  row.overageLimit = terms.overageLimit;
  row.threshold = terms.threshold;
  row.smsLimit = terms.smsLimit ?? row.smsLimit;
}

/** Fails where the balance does not cover a change of plan of so many SIMs. */
export function refusePlanChangeBeyondBalance(account: Account, orgId: number, count: number): void {
  const total = Big(account.behaviour.planChangeCost).times(count);
  if (!account.organization(orgId).balance.lt(total)) return;
  throw new Refusal(account.behaviour.balanceStatus, account.behaviour.balanceWords);
}

/** Charges the organization for SIMs that have changed their plan: once a device, however many profiles it has. */
export function payPlanChange(
  account: Account,
  orgId: number,
  rows: readonly SimRow[],
  occasion: Occasion,
): Big {
  const price = Big(account.behaviour.planChangeCost);
  const charged = [...new Map(rows.map((row) => [row.deviceId, row.profileOf ?? row])).values()];
  const total = price.times(charged.length);
  const organization = account.organization(orgId);
  organization.balance = organization.balance.minus(total);
  const at = account.clock.now();
  const amount = dollars(price);
  for (const row of charged) account.ledger.push(charge(row, { kind: "planchange", amount }, occasion, at));
  account.changed = true;
  return total;
}
