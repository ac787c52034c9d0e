import type { DataPlan, PlanZone } from "../../hologram/model";
import type { Account } from "../model/account";
import type { Refusal } from "../model/fleetErrors";
import { type Money, money } from "../model/money";
import { sameZone } from "../model/terms";

/** What one SIM costs on a plan and zone. */
export interface Price {
  readonly planId: number;
  readonly planName: string;
  readonly zone: string;
  /** The zone as the plan spells it: a request in another spelling may be refused. */
  readonly planZone: string;
  /** Switched off: no SIM may be activated on it any more. */
  readonly isOff?: true;
  /** Per SIM, charged at activation and then each billing period; absent where the API names no price. */
  readonly amount?: Money;
  /** In periods of 30 days, which this package calls a month. */
  readonly billingPeriod: number;
}

export type PriceFinding = { readonly price: Price } | { readonly refusal: Refusal };

/**
 * The organization's price of a plan in a zone, from `GET /plans`: that of its tier, where the plan says which one. Where
 * it shows several tiers all the same, or no price, from `GET /plans/pricing`, and of several prices there the highest: an
 * estimate may be too high, not too low.
 */
export async function findPrice(account: Account, planId: number, zone: string): Promise<PriceFinding> {
  const plan = await account.plan(planId);
  if (plan === undefined) return { refusal: { reason: await unknownPlan(account, planId) } };
  const inZone = offersFor(plan.zones, plan, zone);
  const [offer] = inZone;
  if (offer === undefined && plan.zones.length > 0) return { refusal: { reason: unknownZone(plan, zone) } };

  const single = inZone.length === 1 && offer?.amount !== undefined;
  const priced = single ? [] : offersFor(await account.pricing(planId), plan, zone);
  const offers = priced.length > 0 ? priced : inZone;
  const amount = offers
    .flatMap((each) => (each.amount === undefined ? [] : [money(each.amount)]))
    .reduce<Money | undefined>(
      (high, each) => (high === undefined || each.gt(high) ? each : high),
      undefined,
    );
  const spelled = [...inZone, ...priced].map((each) => each.zone);
  const price = {
    planId,
    planName: plan.name,
    zone,
    planZone: spelled.includes(zone) ? zone : (spelled[0] ?? zone),
    billingPeriod: plan.billingPeriod,
    ...(plan.isOff ? { isOff: plan.isOff } : {}),
  };
  return { price: amount === undefined ? price : { ...price, amount } };
}

/** `dueNow` of so many activations: an estimate before tax. */
export function dueNow(price: Price, activations: number): Money | undefined {
  return price.amount?.times(activations);
}

export function monthlyCost(price: Price, sims: number): Money | undefined {
  return price.amount?.times(sims).div(price.billingPeriod);
}

/** Those of a zone; of the organization's tier alone, where any is said to be. */
function offersFor(offers: readonly PlanZone[], { currentTier }: DataPlan, zone: string): PlanZone[] {
  const inZone = offers.filter((offer) => sameZone(offer.zone, zone));
  const own = inZone.filter(({ tier }) => tier !== undefined && tier === currentTier);
  return own.length > 0 ? own : inZone;
}

async function unknownPlan(account: Account, planId: number): Promise<string> {
  const plans = await account.plans();
  const known = plans.map(({ id, name }) => `${id} (${name})`).join(", ");
  return `plan: organization ${account.orgId} has no plan ${planId}. Its plans: ${known || "none"}`;
}

function unknownZone(plan: DataPlan, zone: string): string {
  const zones = [...new Set(plan.zones.map((offer) => offer.zone))].join(", ");
  return `zone: plan ${plan.id} (${plan.name}) has no zone ${JSON.stringify(zone)}. Its zones: ${zones}`;
}
