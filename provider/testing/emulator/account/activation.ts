/** What an activation does to a SIM and to the money, whoever asked for it. */
import { Big } from "big.js";
import type { LedgerEntry } from "../records";
import type { Account } from "./emulatedAccount";
import type { SimRow } from "./pack";
import { Refusal } from "./refusal";

export interface ActivationTerms {
  readonly orgId: number;
  readonly plan: number;
  readonly zone: string;
  readonly overageLimit: number;
  readonly threshold: number;
  readonly smsLimit: number;
  readonly tagId: number | undefined;
  /** Test Mode SIMs are claimed afresh, on the plan and zone of the request. */
  readonly replaceTestMode: boolean;
}

export interface Occasion {
  readonly by: "claim" | "hand";
  /** Number of the request; 0 by hand. */
  readonly request: number;
}

/** Charges and activates all the SIMs, or refuses all of them when the balance does not cover them. Tells the sum. */
export function activate(
  account: Account,
  rows: readonly SimRow[],
  terms: ActivationTerms,
  occasion: Occasion,
): Big {
  const organization = account.organization(terms.orgId);
  const prices = new PriceList(account);
  const charges = rows.map((row) => ({ row, ...chargedOn(row, terms) }));
  const total = charges.reduce((sum, { plan, zone }) => sum.plus(prices.of(plan, zone).price), Big(0));
  if (occasion.by === "claim" && organization.balance.lt(total)) {
    throw new Refusal(account.behaviour.balanceStatus, account.behaviour.balanceWords);
  }
  organization.balance = organization.balance.minus(total);
  const at = account.clock.now();
  for (const { row, plan, zone } of charges) {
    put(account, row, { ...terms, plan, zone }, { ...occasion, at });
    const { amount } = prices.of(plan, zone);
    account.ledger.push(charge(row, { kind: "activation", amount }, occasion, at));
  }
  account.changed = true;
  return total;
}

/** One entry for what a SIM was charged, on the plan it now has. */
export function charge(
  row: SimRow,
  { kind, amount }: Pick<LedgerEntry, "kind" | "amount">,
  { by, request }: Occasion,
  at: number,
): LedgerEntry {
  const { iccid, linkId, orgId, plan = 0, zone = "" } = row;
  return { iccid, linkId, orgId, plan, zone, amount, kind, by, at, request };
}

/** At least two decimals, and no digit is lost: `0.60`, `0.605`. */
export function dollars(amount: Big): string {
  const exact = amount.toFixed();
  return (exact.split(".")[1] ?? "").length > 2 ? exact : amount.toFixed(2);
}

/** What each plan and zone costs, worked out once for all the SIMs of a request. */
class PriceList {
  readonly #known = new Map<string, { readonly price: Big; readonly amount: string }>();

  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
  }

  of(plan: number, zone: string): { readonly price: Big; readonly amount: string } {
    const key = `${plan} ${zone}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const price = this.#account.price(plan, zone);
    const fresh = { price, amount: dollars(price) };
    this.#known.set(key, fresh);
    return fresh;
  }
}

/** A SIM that leaves Test Mode keeps its plan and zone, unless it is claimed afresh. */
function chargedOn(row: SimRow, terms: ActivationTerms) {
  const keeps = inTestMode(row) && !terms.replaceTestMode;
  return {
    plan: (keeps ? row.plan : undefined) ?? terms.plan,
    zone: (keeps ? row.zone : undefined) ?? terms.zone,
  };
}

function put(
  account: Account,
  row: SimRow,
  terms: ActivationTerms,
  { by, request, at }: Occasion & { readonly at: number },
): void {
  account.remember(row);
  const deviceId = account.inventory.createDevice(row, at);
  row.orgId = terms.orgId;
  row.plan = terms.plan;
  row.zone = terms.zone;
  row.overageLimit = terms.overageLimit;
  row.threshold = terms.threshold;
  row.smsLimit = terms.smsLimit;
  row.claimedAt = at;
  if (by === "claim") row.claimedBy ??= request;
  if (terms.tagId !== undefined) account.tags.get(terms.tagId)?.deviceIds.add(deviceId);
  if (by === "hand") {
    row.state = "LIVE";
    row.pending = undefined;
  } else {
    account.begin(row, "LIVE-PENDING", "LIVE");
  }
}

export function inTestMode(row: SimRow): boolean {
  return row.state.toUpperCase().startsWith("TEST-");
}

export function isDead(row: SimRow): boolean {
  return /^(DEAD|DEACTIVATE)/i.test(row.state);
}

/** Never live so far: as it left the factory, or tested and not activated. */
export function isInactive(row: SimRow): boolean {
  return /^(INACTIVE|FACTORY)/i.test(row.state);
}

/** Claimed, and neither dead nor in Test Mode. */
export function isActive(row: SimRow): boolean {
  return row.deviceId !== undefined && !isInactive(row) && !inTestMode(row) && !isDead(row);
}
