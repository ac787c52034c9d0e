import { z } from "zod";
import { defined } from "../../util/defined";
import type { DataPlan, Organization, PlanZone } from "../model";
import { id, list, money, number, requiredId, requiredMoney, requiredText, text } from "./readers";

/** Prepaid balance of an organization, in US dollars as decimal text. */
export interface Balance {
  readonly balance: string;
  readonly promoBalance?: string;
  readonly minBalance?: string;
  /** Charged afterwards: then the balance says nothing about what can be bought. */
  readonly isPostpaid?: true;
}

/** A device tag. */
export interface Tag {
  readonly id: number;
  readonly name: string;
  /** Absent where the answer does not list them. */
  readonly deviceIds?: readonly number[];
}

export const organizationSchema = z
  .object({ id: requiredId, name: text })
  .transform(({ id, name }): Organization => ({ id, name: name ?? "" }));

const zonesSchema = z
  .record(z.string(), z.object({ amount: money }).catch({}))
  .optional()
  .catch(undefined);

/** Zones stand under tiers (docs.hologram.io, plans/get); at the plan itself are those of the organization's tier. */
export const planSchema = z
  .object({
    id: requiredId,
    name: text,
    data: number,
    billingperiod: number,
    enabled: number,
    current_tier: text,
    zones: zonesSchema,
    tiers: z
      .record(z.string(), z.object({ zones: zonesSchema }).catch({ zones: undefined }))
      .optional()
      .catch(undefined),
  })
  .transform((plan): DataPlan => {
    const zones: PlanZone[] = [];
    for (const [tier, { zones: found }] of Object.entries(plan.tiers ?? {})) {
      for (const [zone, { amount }] of Object.entries(found ?? {})) zones.push(planZone(zone, tier, amount));
    }
    const currentTier = plan.current_tier;
    const isTold = zones.some(({ tier }) => currentTier === undefined || tier === currentTier);
    if (!isTold) {
      for (const [zone, { amount }] of Object.entries(plan.zones ?? {}))
        zones.push(planZone(zone, currentTier, amount));
    }
    const billingPeriod = plan.billingperiod !== undefined && plan.billingperiod > 0 ? plan.billingperiod : 1;
    return {
      id: plan.id,
      name: plan.name ?? "",
      billingPeriod,
      zones,
      ...defined({ data: plan.data, currentTier }),
      ...(plan.enabled === 0 ? { isOff: true } : {}),
    };
  });

/** One row of `/plans/pricing`, with the plan it belongs to where it says so. */
export const priceSchema = z
  .object({ plan_id: id, zone: requiredText, account_tier: text, amount: money })
  .transform((row) => ({ plan: row.plan_id, price: planZone(row.zone, row.account_tier, row.amount) }));

export const balanceSchema = z
  .object({ balance: requiredMoney, promobalance: money, minbalance: money, has_postpay: number })
  .transform(
    ({ balance, promobalance, minbalance, has_postpay }): Balance => ({
      balance,
      ...(has_postpay === 1 ? { isPostpaid: true } : {}),
      ...(promobalance === undefined ? {} : { promoBalance: promobalance }),
      ...(minbalance === undefined ? {} : { minBalance: minbalance }),
    }),
  );

export const tagSchema = z
  .object({ id: requiredId, name: requiredText, deviceids: list.optional() })
  .transform(({ id: tagId, name, deviceids }): Tag => {
    const tag = { id: tagId, name };
    if (deviceids === undefined) return tag;
    return {
      ...tag,
      deviceIds: deviceids.map((each) => id.parse(each)).filter((each) => each !== undefined),
    };
  });

function planZone(zone: string, tier: string | undefined, amount: string | undefined): PlanZone {
  return { zone, ...(tier === undefined ? {} : { tier }), ...(amount === undefined ? {} : { amount }) };
}
