import type { Outcome } from "../fleet/apply";
import type { Bounds } from "../fleet/bounds";
import type { Refusal } from "../fleet/errors";
import { allOf, type Plan } from "../fleet/plan";
import { isVerified } from "../fleet/preview";
import { activations } from "../fleet/purchases";
import type { Change } from "./change";

/** SIMs that could not even be sent: refused beforehand, or approved and no longer named. They are not done. */
export function withUnclaimable(outcome: Outcome, steps: Plan, { preview }: Bounds): Outcome {
  const refused = steps.refusals.filter(({ iccid }) => iccid !== undefined);
  const approved = isVerified(preview) ? preview.activate : 0;
  const unnamed =
    steps.unverified === undefined ? 0 : Math.max(0, approved - activations(steps) - refused.length);
  if (refused.length + unnamed === 0) return outcome;
  const reason = steps.unverified ?? "not named by Hologram";
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
  const doubtful: Refusal[] = refits.map(({ sim: { iccid }, found }) => ({
    iccid,
    reason: `${found}: ${reason}`,
  }));
  if (declaration.sims.form === "list") {
    const known = new Set([...outcome.held.map((sim) => sim.iccid), ...outcome.lost]);
    for (const iccid of declaration.sims.iccids) if (!known.has(iccid)) doubtful.push({ iccid, reason });
  } else {
    const { preview, unfinished, continuing } = bounds;
    const said = isVerified(preview) ? preview : { activate: 0, adopt: 0 };
    const landed = Math.max(0, steps.adopt.length - said.adopt);
    const missing = Math.max(said.activate + continuing, unfinished - refits.length) - landed;
    for (let i = 0; i < missing; i++) doubtful.push({ reason });
  }
  if (doubtful.length === 0) return outcome;
  const counts = { ...outcome.counts, doubtful: doubtful.length };
  return { ...outcome, counts, unfinished: [...outcome.unfinished, ...doubtful], doubtfulUntil };
}
