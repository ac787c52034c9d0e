import { compareNumbers } from "../../fleet/numbers/selection";
import type { DataPlan } from "../../hologram/model";
import { LIMITS, type Limits } from "../../hologram/model";
import type { Tag } from "../../hologram/schemas/organizationSchemas";
import type { ActiveSim, ActiveSims } from "./activeSims";
import { type Run, runsOf } from "./runs";

/** SIMs of one organization on the same terms and with the same tags. */
export interface Group {
  readonly plan: number;
  readonly planName: string | undefined;
  readonly zone: string;
  /** The zone is a guess: Hologram told a number. */
  readonly zoneIsGuess: boolean;
  readonly limits: Limits;
  readonly tags: readonly Tag[];
  /** One fleet each, ascending. */
  readonly selections: readonly FleetSelection[];
}

/** Which SIMs a fleet declares. */
export type FleetSelection =
  | { readonly form: "range"; readonly run: Run }
  | { readonly form: "list"; readonly iccids: readonly string[] };

/** Shorter runs read better in a list: a fleet costs requests of its own, and a reader's attention. */
const SHORTEST_RANGE = 10;

/** Groups SIMs by what a fleet has in common, in an order that follows from the account alone. */
export function groupSims({ sims, listed }: ActiveSims, plans: readonly DataPlan[]): Group[] {
  const known = new Map(plans.map((plan) => [plan.id, plan]));
  const groups = Map.groupBy(sims, (sim) => keyOf(sim, known.get(sim.plan)));
  return [...groups.values()]
    .flatMap((members) => {
      const [first] = members;
      return first === undefined ? [] : [groupOf(first, members, listed, known.get(first.plan))];
    })
    .sort(inOrder);
}

export function countOf(selection: FleetSelection): number {
  return iccidsOf(selection).length;
}

export function firstOf(selection: FleetSelection): string {
  return iccidsOf(selection)[0] ?? "";
}

function iccidsOf(selection: FleetSelection): readonly string[] {
  return selection.form === "range" ? selection.run.iccids : selection.iccids;
}

function groupOf(
  first: ActiveSim,
  members: readonly ActiveSim[],
  listed: readonly string[],
  plan: DataPlan | undefined,
): Group {
  const iccids = members.map(({ iccid }) => iccid);
  return {
    plan: first.plan,
    planName: plan?.name,
    zone: zoneOf(first, plan),
    zoneIsGuess: first.zone === undefined,
    limits: first.limits,
    tags: first.tags,
    selections: select(iccids, listed),
  };
}

/** Long runs as ranges, what is left as one list; a single run as a range, however short. */
function select(iccids: readonly string[], listed: readonly string[]): FleetSelection[] {
  const runs = runsOf(iccids, listed);
  const shortest = runs.length === 1 ? 2 : SHORTEST_RANGE;
  const [ranges, rest] = [
    runs.filter((run) => run.iccids.length >= shortest),
    runs.filter((run) => run.iccids.length < shortest),
  ];
  const selections: FleetSelection[] = ranges.map((run) => ({ form: "range", run }));
  const listedOnes = rest.flatMap((run) => run.iccids);
  return listedOnes.length === 0 ? selections : [...selections, { form: "list", iccids: listedOnes }];
}

/** As the plan spells it: answers about SIMs have it with and without a capital. */
function zoneOf({ zone }: ActiveSim, plan: DataPlan | undefined): string {
  const offered = plan?.zones.map((each) => each.zone) ?? [];
  const wanted = (zone ?? "global").toLowerCase();
  const found = offered.find((each) => each.toLowerCase() === wanted);
  return found ?? (zone === undefined ? (offered[0] ?? "global") : zone);
}

function keyOf(sim: ActiveSim, plan: DataPlan | undefined): string {
  const { overageLimit, threshold, smsLimit } = sim.limits;
  const tags = sim.tags.map(({ id }) => id);
  const zone = zoneOf(sim, plan).toLowerCase();
  return JSON.stringify([sim.plan, zone, sim.zone === undefined, overageLimit, threshold, smsLimit, tags]);
}

/** By plan, zone, tags and limits, as a reader would look for them. */
function inOrder(a: Group, b: Group): number {
  const [tagsA, tagsB] = [a, b].map(({ tags }) => tags.map(({ name }) => name).join("\n"));
  return (
    a.plan - b.plan ||
    compareTexts(a.zone.toLowerCase(), b.zone.toLowerCase()) ||
    compareTexts(tagsA ?? "", tagsB ?? "") ||
    compareLimits(a.limits, b.limits) ||
    compareNumbers(firstIn(a), firstIn(b))
  );
}

function firstIn({ selections }: Group): string {
  return selections.map(firstOf).sort(compareNumbers)[0] ?? "";
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareLimits(a: Limits, b: Limits): number {
  return LIMITS.reduce((order, name) => order || (a[name] ?? -1) - (b[name] ?? -1), 0);
}
