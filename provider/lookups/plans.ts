import * as pulumi from "@pulumi/pulumi";
import { Lookup } from "./lookup";
import type { InputsOf, LookupOptions, LookupOutputOptions } from "./options";

/** A data plan that an organization may use. */
export interface Plan {
  /** For `SimActivation`. */
  readonly id: number;
  readonly name: string;
  /** Bytes included in a billing period; 0 is pay as you go. Absent where Hologram does not say. */
  readonly data?: number;
  /** Length of a billing period, in periods of 30 days, which this package calls a month. */
  readonly billingPeriod: number;
  /** Zones of the plan, once for each account tier that Hologram lists. */
  readonly zones: readonly PlanZone[];
}

/** What a plan costs in one zone. */
export interface PlanZone {
  /** As Hologram spells it; `SimActivation` compares without regard to case. */
  readonly zone: string;
  /** Account tier, such as `BASE`. */
  readonly tier?: string;
  /** Fee per SIM and billing period, in US dollars, not rounded. Absent where Hologram names none. */
  readonly price?: number;
  /** The same as decimal text, with the digits that Hologram sent. */
  readonly priceText?: string;
}

/** Whose plans. */
export interface GetPlansArgs {
  /** Default: `hologram:orgId`, else the key's only organization. Several and none named is an error that lists them. */
  readonly orgId?: number | undefined;
}

/** Exactly one of `id` and `name`. */
export interface GetPlanArgs extends GetPlansArgs {
  readonly id?: number | undefined;
  /** The whole name, without regard to case or spaces around it. */
  readonly name?: string | undefined;
}

/**
 * The data plans that an organization may use, by ascending id. Asked for once in a run of the program, however often
 * it is called. Fails with one sentence: no key, a key that is refused or may not read (it takes the role Editor), an
 * organization that the key does not see, no network.
 *
 * @example
 * ```ts
 * const plans = await hologram.getPlans();
 * export const names = plans.map(({ id, name }) => `${id} ${name}`);
 * ```
 *
 * @see https://docs.hologram.io/api/1/plans/get
 */
export function getPlans(args: GetPlansArgs = {}, options: LookupOptions = {}): Promise<readonly Plan[]> {
  return plans.get(args, options);
}

/** As `getPlans`, with Outputs; not known while an argument is not. */
export function getPlansOutput(
  args: InputsOf<GetPlansArgs> = {},
  options: LookupOutputOptions = {},
): pulumi.Output<readonly Plan[]> {
  return plans.output(pulumi.output(args), options);
}

/**
 * One data plan, by id or by name. Fails like `getPlans`, and where not exactly one plan matches: then it lists the
 * plans there are.
 *
 * @example The id of a plan, by its name
 * ```ts
 * const plan = hologram.getPlanOutput({ name: "Global Flat" });
 * new hologram.SimActivation("cold-chain", { simRange: "…-…", plan: plan.id });
 * ```
 *
 * @see https://docs.hologram.io/api/1/plans/get
 */
export function getPlan(args: GetPlanArgs, options: LookupOptions = {}): Promise<Plan> {
  return plan.get(args, options);
}

/** As `getPlan`, with Outputs; not known while an argument is not. */
export function getPlanOutput(
  args: InputsOf<GetPlanArgs>,
  options: LookupOutputOptions = {},
): pulumi.Output<Plan> {
  return plan.output(pulumi.output(args), options);
}

const plans = new Lookup<GetPlansArgs, readonly Plan[]>("getPlans", async () => {
  const { readPlans } = await import("./reads/plans.js");
  return readPlans;
});

const plan = new Lookup<GetPlanArgs, Plan>("getPlan", async () => {
  const { readPlan } = await import("./reads/plans.js");
  return readPlan;
});
