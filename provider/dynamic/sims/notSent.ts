import type { Outcome } from "../../fleet/apply/apply";
import type { Declaration } from "../../fleet/model/declaration";
import type { Refusal } from "../../fleet/model/errors";
import { allOf, type Plan, simCount } from "../../fleet/plan/plan";
import { isVerified } from "../../fleet/plan/preview";
import type { Bounds } from "../../fleet/run/bounds";
import type { Change } from "./change";
import type { Doubt } from "./doubts";

/** SIMs that could not even be sent: refused beforehand, or counted by the preview and no longer named. They are not done. */
export function withUnclaimable(
  outcome: Outcome,
  steps: Plan,
  { preview }: Bounds,
  { expectedSims }: Declaration,
): Outcome {
  const held = new Set(outcome.held.map((sim) => sim.iccid));
  const refused = steps.refusals.flatMap(({ iccid, reason }) => {
    if (iccid === undefined) return [];
    if (!held.has(iccid)) return [{ iccid, reason }];
    // Refused beforehand and bought by a range all the same: then a SIM that nobody can name is missing in its place.
    return steps.claimUnnamed === undefined
      ? []
      : [{ reason: "a SIM of the range that Hologram does not name" }];
  });
  const { unverified } = steps;
  const isCounted = unverified !== undefined && expectedSims !== undefined;
  const told = simCount(steps) + steps.lost.length + refused.length;
  const most = isVerified(preview) ? preview.activate + preview.adopt : 0;
  const missing = isVerified(preview) ? Math.min(most, preview.simCount - told) : 0;
  const unnamed = Math.max(0, isCounted ? expectedSims - told : missing);
  if (refused.length + unnamed === 0) return outcome;
  const reason = unverified ?? "counted by the preview, and no longer named by Hologram";
  const untouched = Array.from({ length: unnamed }, () => ({ reason }));
  const { counts } = outcome;
  return {
    ...outcome,
    counts: {
      ...counts,
      refused: counts.refused + refused.length,
      untouched: counts.untouched + unnamed,
    },
    unfinished: [...outcome.unfinished, ...refused, ...untouched],
  };
}

/** A plan as long as an earlier request may still be landing: nothing that is charged. */
export function withoutCost(steps: Plan): Plan {
  return { ...steps, claim: [], changePlan: { entering: [], kept: [] } };
}

/** What was not sent because an earlier request may still be landing: declared, and not seen done. */
export function stillInDoubt(
  outcome: Outcome,
  steps: Plan,
  { declaration, bounds, doubtfulUntil }: Pick<Change, "declaration" | "bounds" | "doubtfulUntil">,
): Outcome {
  if (doubtfulUntil === undefined) return outcome;
  const reason = `doubtful until ${new Date(doubtfulUntil).toISOString()}`;
  const refits = allOf(steps.changePlan);
  const waiting: Refusal[] = refits.map(({ sim: { iccid }, found }) => ({
    iccid,
    reason: `${found}: ${reason}`,
  }));
  if (declaration.sims.form === "list") {
    const known = new Set([...outcome.held.map((sim) => sim.iccid), ...outcome.lost]);
    for (const iccid of declaration.sims.iccids) if (!known.has(iccid)) waiting.push({ iccid, reason });
  } else {
    const { preview, unfinished, missing: before = unfinished, continuing } = bounds;
    const { keep, adopt } = steps;
    const open = Math.max(continuing, before);
    // A preview leaves out what was declared before and no list shows.
    const { expectedSims } = declaration;
    const missing =
      expectedSims !== undefined
        ? expectedSims - keep.length - adopt.length - steps.lost.length
        : isVerified(preview) && preview.unverified === undefined
          ? Math.max(preview.simCount - keep.length, preview.activate + preview.adopt + open) - adopt.length
          : open - adopt.length;
    for (let i = 0; i < missing; i++) waiting.push({ reason });
  }
  if (waiting.length === 0) return outcome;
  const counts = { ...outcome.counts, waiting: waiting.length };
  return { ...outcome, counts, unfinished: [...outcome.unfinished, ...waiting], doubtfulUntil };
}

/** What another resource of this program may have claimed a moment ago is not claimed by this one. */
export function leaveDoubted(steps: Plan, doubts: readonly Doubt[]): { steps: Plan; left: readonly Left[] } {
  const doubtOf = (iccid: string): Doubt | undefined => doubts.find(({ selection }) => selection.has(iccid));
  const left = steps.claim.flatMap((iccid): Left[] => {
    const until = doubtOf(iccid)?.until;
    return until === undefined ? [] : [{ iccid, until }];
  });
  if (doubts.length === 0) return { steps, left };
  const claim = steps.claim.filter((iccid) => doubtOf(iccid) === undefined);
  const { claimUnnamed } = steps;
  if (claimUnnamed === undefined) return { steps: { ...steps, claim }, left };
  const numbers = doubts.reduce((all, { selection }) => all.minus(selection), claimUnnamed.numbers);
  if (numbers.isEmpty) {
    const until = Math.max(...doubts.map((each) => each.until));
    const { claimUnnamed: _, ...named } = steps;
    const unnamed = Array.from({ length: claimUnnamed.atMost }, () => ({ until }));
    return { steps: { ...named, claim }, left: [...left, ...unnamed] };
  }
  return { steps: { ...steps, claim, claimUnnamed: { ...claimUnnamed, numbers } }, left };
}

/** A SIM that waits for the doubt of another resource to end. */
export interface Left {
  /** Absent: one of a range, that nothing names. */
  readonly iccid?: string;
  readonly until: number;
}

export function withLeft(outcome: Outcome, left: readonly Left[]): Outcome {
  if (left.length === 0) return outcome;
  const unfinished = left.map(({ iccid, until }) => {
    const time = new Date(until).toISOString();
    const reason = `doubtful until ${time}: another resource of this program claimed it and got no answer`;
    return iccid === undefined ? { reason } : { iccid, reason };
  });
  const until = Math.max(outcome.doubtfulUntil ?? 0, ...left.map((each) => each.until));
  const counts = { ...outcome.counts, doubtful: outcome.counts.doubtful + left.length };
  return { ...outcome, counts, unfinished: [...outcome.unfinished, ...unfinished], doubtfulUntil: until };
}
