import type { Sim } from "../../hologram/model";
import type { Declaration, Held, HeldSim, Limits } from "../model/declaration";
import { isBilled, standingOf } from "../model/standing";
import { limitDifferences, limitsOf, planDifferences, sameZone } from "../model/terms";
import type { Observation } from "../observe/observe";

/** A SIM of the fleet whose terms have to change. */
export interface Refit {
  readonly sim: HeldSim;
  /** What it is limited to now: a change of the plan would wipe that. */
  readonly now: Limits;
  /** "plan 75 instead of 2096" */
  readonly found: string;
  /** It shows another ICCID than it was claimed by, so that `check`, which knows no device, cannot see it. */
  readonly hidden?: true;
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
): Refit[] {
  return refits(sims, seen, (shown) => plansOf(shown, declaration));
}

/** Those whose declared limits differ, and whose plan does not: a change of the plan sets the limits again itself. */
export function limitsToChange(
  sims: readonly HeldSim[],
  declaration: Declaration,
  seen: Observation,
): Refit[] {
  const unknown = declaration.limitsUnknown ? ["a limit that is not known yet"] : [];
  return refits(sims, seen, (shown) =>
    plansOf(shown, declaration).length > 0 ? [] : [...limitDifferences(shown, declaration), ...unknown],
  );
}

/**
 * Which SIM bears which tag is not told by the listing that is read, and putting a tag on twice does no harm. So a tag
 * goes on what is new to the fleet, and on everything when it has changed or the last run was not finished.
 */
export function tagsToChange(
  { tagId }: Pick<Declaration, "tagId">,
  held: Held,
  keep: readonly HeldSim[],
  adopt: readonly HeldSim[],
): TagWork {
  if (held.kind === "declared") return {};
  const before = held.tagId;
  const isOpen = before !== tagId || held.unfinished > 0;
  const link = isOpen ? [...keep, ...adopt] : adopt;
  // What an unfinished run claimed bears the tag of that run.
  const tagged = held.unfinished > 0 ? [...keep, ...adopt] : keep;
  return {
    ...(tagId === undefined || link.length === 0 ? {} : { link: { tagId, sims: link } }),
    ...(before === undefined || before === tagId || tagged.length === 0
      ? {}
      : { unlink: { tagId: before, sims: tagged } }),
  };
}

/** An edited zone is another one, also where Hologram tells it as a number or not at all. */
function plansOf(shown: Sim, declaration: Declaration): readonly string[] {
  const found = planDifferences(shown, declaration);
  const { zone, zoneWas = zone } = declaration;
  const isTold = shown.zone !== undefined && !/^\d+$/.test(shown.zone);
  if (found.length > 0 || isTold || sameZone(zone, zoneWas)) return found;
  return [`zone ${zoneWas} instead of ${zone}`];
}

function refits(
  sims: readonly HeldSim[],
  { sims: shown }: Observation,
  differ: (shown: Sim) => readonly string[],
): Refit[] {
  return sims.flatMap((sim) => {
    const now = shown.get(sim.iccid);
    if (now === undefined || !isBilled(standingOf(now))) return [];
    const found = differ(now);
    const hidden = now.iccid === sim.iccid ? {} : ({ hidden: true } as const);
    return found.length === 0 ? [] : [{ sim, now: limitsOf(now), found: found.join(", "), ...hidden }];
  });
}
