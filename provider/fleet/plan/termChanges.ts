import type { Limits, Sim } from "../../hologram/model";
import type { Declaration, HeldSim } from "../model/declaration";
import type { FleetRecord, WipedLimits } from "../model/record";
import { isBilled, standingOf } from "../model/standing";
import {
  type Difference,
  describeDifferences,
  describeLimits,
  limitDifferences,
  limitsOf,
  missingLimits,
  planDifferences,
  sameZone,
  undeclaredLimits,
} from "../model/terms";
import type { Observation } from "../observe/observe";
import type { RecordedSims } from "./recordedSims";

/** A SIM of the fleet whose terms have to change. */
export interface TermChange {
  readonly sim: HeldSim;
  /** Limits to set with it where they are not declared: what a change of the plan would wipe, or has wiped before. */
  readonly now: Limits;
  /** "plan 75 instead of 2096" */
  readonly found: string;
}

/** Tags to put on SIMs, and to take off. */
export interface TagWork {
  readonly link?: { readonly tagId: number; readonly sims: readonly HeldSim[] };
  readonly unlink?: { readonly tagId: number; readonly sims: readonly HeldSim[] };
}

/** Those of the SIMs that are on another plan or in another zone. */
export function plansToChange(
  sims: readonly HeldSim[],
  declaration: Declaration,
  seen: Observation,
  wiped: readonly WipedLimits[] = [],
): TermChange[] {
  return termChanges(sims, seen, ({ iccid }, shown) => ({
    found: describeDifferences(planChange(shown, declaration)),
    now: { ...wipedFrom(iccid, wiped), ...limitsOf(shown) },
  }));
}

/**
 * Those whose declared limits differ, or that lack limits which a change of the plan wiped, and whose plan does not
 * differ: a change of the plan sets the limits again itself.
 */
export function limitsToChange(
  sims: readonly HeldSim[],
  declaration: Declaration,
  seen: Observation,
  wiped: readonly WipedLimits[] = [],
): TermChange[] {
  return termChanges(sims, seen, ({ iccid }, shown) => {
    if (planChange(shown, declaration).length > 0) return { found: "", now: {} };
    const now = undeclaredLimits(missingLimits(shown, wipedFrom(iccid, wiped)), declaration.limits);
    const differing = describeDifferences(limitDifferences(shown, declaration));
    const lacking = Object.keys(now).length === 0 ? "" : `${describeLimits(now)} wiped by a change of plan`;
    const found = [differing, lacking].filter((each) => each !== "").join(", ");
    return {
      found: found === "" && declaration.limitsUnknown ? "a limit that is not known yet" : found,
      now,
    };
  });
}

/**
 * Which SIM bears which tag is not told by the listing that is read, and putting a tag on twice does no harm. So a tag
 * goes on what is new to the fleet or back in it, and on everything when it has changed or the last run was not finished.
 */
export function tagsToChange(
  { tagId }: Pick<Declaration, "tagId">,
  { tagId: before, open, untagged = [] }: Pick<FleetRecord, "tagId" | "open" | "untagged">,
  { keep, back }: Pick<RecordedSims, "keep" | "back">,
  adopt: readonly HeldSim[],
): TagWork {
  const isOpen = before !== tagId || open !== undefined;
  const untaggedNames = new Set([...untagged, ...back]);
  const link = [...(isOpen ? keep : keep.filter(({ iccid }) => untaggedNames.has(iccid))), ...adopt];
  // What an unfinished run claimed bears the tag of that run.
  const tagged = open !== undefined ? [...keep, ...adopt] : keep;
  return {
    ...(tagId === undefined || link.length === 0 ? {} : { link: { tagId, sims: link } }),
    ...(before === undefined || before === tagId || tagged.length === 0
      ? {}
      : { unlink: { tagId: before, sims: tagged } }),
  };
}

/** An edited zone is another one, also where Hologram tells it as a number or not at all. */
function planChange(shown: Sim, declaration: Declaration): readonly Difference[] {
  const found = planDifferences(shown, declaration);
  const { zone, zoneWas = zone } = declaration;
  const isTold = shown.zone !== undefined && !/^\d+$/.test(shown.zone);
  if (found.length > 0 || isTold || sameZone(zone, zoneWas)) return found;
  return [{ field: "zone", actual: zoneWas, wanted: zone }];
}

function wipedFrom(iccid: string, wiped: readonly WipedLimits[]): Limits {
  const own = wiped.filter(({ sims }) => sims.has(iccid));
  return Object.assign({}, ...own.map(({ limits }) => limits));
}

/** `describe` tells what has to change about a SIM; nothing, as empty text. */
function termChanges(
  sims: readonly HeldSim[],
  { sims: shown }: Observation,
  describe: (sim: HeldSim, shown: Sim) => Omit<TermChange, "sim">,
): TermChange[] {
  return sims.flatMap((sim) => {
    const now = shown.get(sim.iccid);
    if (now === undefined || !isBilled(standingOf(now))) return [];
    const change = describe(sim, now);
    return change.found === "" ? [] : [{ sim, ...change }];
  });
}
