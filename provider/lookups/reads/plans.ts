import { z } from "zod";
import { FleetError, nameSome } from "../../fleet/model/fleetErrors";
import type { DataPlan } from "../../hologram/model";
import type { Question } from "../lookup";
import type { Source } from "../source";
import type { GetPlanArgs, GetPlansArgs, Plan, PlanZone } from "../types";
import { checkArguments, orgId, type ShapeOf } from "./arguments";
import { Kept, openAccount } from "./openAccount";

const ofAll = z.object({ orgId } satisfies ShapeOf<GetPlansArgs>);
const ofOne = z.object({
  orgId,
  id: z.number("write the id as a number").optional(),
  name: z.string("write the name as text").optional(),
} satisfies ShapeOf<GetPlanArgs>);

/** The plans of the organization, by ascending id. One listing serves every look-up of plans. */
export async function readPlans({ args, source }: Question): Promise<readonly Plan[]> {
  return plansOf(source, checkArguments(ofAll, args).orgId);
}

/** The one plan that the arguments name. */
export async function readPlan({ args, source }: Question): Promise<Plan> {
  const { id, name, orgId } = checkArguments(ofOne, args);
  if ((id === undefined) === (name === undefined)) throw new FleetError("give either id or name");
  const plans = await plansOf(source, orgId);
  const wanted = name === undefined ? undefined : spelled(name);
  const found = plans.filter((plan) =>
    wanted === undefined ? plan.id === id : spelled(plan.name) === wanted,
  );
  const [plan] = found;
  if (plan !== undefined && found.length === 1) return plan;
  const what = name === undefined ? `the id ${id}` : `the name ${JSON.stringify(name.trim())}`;
  throw new FleetError(
    plan === undefined
      ? `no plan has ${what}. The plans are ${list(plans)}`
      : `${found.length} plans have ${what}: ${list(found)}. Give the id of one`,
  );
}

async function plansOf(source: Source, given: number | undefined): Promise<readonly Plan[]> {
  const { client, orgId, id } = await openAccount(source, given);
  return kept.once(source, [id], async () => {
    const plans = await client.plans(orgId);
    return plans.map(planOf).sort((a, b) => a.id - b.id);
  });
}

const kept = new Kept<readonly Plan[]>();

function planOf({ zones, ...plan }: DataPlan): Plan {
  return {
    ...plan,
    zones: zones.map(({ amount, ...zone }): PlanZone => {
      return amount === undefined ? zone : { ...zone, price: Number(amount), priceText: amount };
    }),
  };
}

function spelled(name: string): string {
  return name.trim().toLowerCase();
}

function list(plans: readonly Plan[]): string {
  const names = plans.map(({ id, name }) => `${id} (${name})`);
  return nameSome(names, MOST_NAMED) || "none";
}

/** An organization has few plans, and one of them is wanted. */
const MOST_NAMED = 50;
