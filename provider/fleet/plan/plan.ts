import type { Declaration, Held, HeldSim } from "../model/declaration";
import type { Refusal } from "../model/errors";
import { standingOf } from "../model/standing";
import { ascendingUnique } from "../numbers/selection";
import type { Observation } from "../observe/observe";
import type { Price } from "../observe/price";
import { sortFresh } from "./newSims";
import { activations, miscount, nothingThere, type Purchases, purchases } from "./purchases";
import { sortRecord } from "./recordedSims";
import { limitsToChange, plansToChange, type Refit, type TagWork, tagsToChange } from "./termChanges";

/** What has to be done so that the world is as declared. Made of what is missing in it, never of what was edited. */
export interface Plan extends Purchases {
  /** Held or declared before, and there. */
  readonly keep: readonly HeldSim[];
  /** Declared before and not there yet, as far as `check` can tell: work of an earlier run that goes on. */
  readonly continuing: number;
  /** Active in the organization and new to this fleet. */
  readonly adopt: readonly HeldSim[];
  /** Of `adopt`: named by the former declaration too, so that no preview counted them. */
  readonly adoptKnown: number;
  /** Paused by a member of the team; to run again. */
  readonly resume: Work<HeldSim>;
  /** On another plan or in another zone. Their limits are set again, because a change of the plan wipes them. */
  readonly changePlan: Work<Refit>;
  /** Declared limits that differ, on the right plan. */
  readonly changeLimits: Work<Refit>;
  readonly tags: TagWork;
  /** Of `claim`: in Test Mode, with a plan and zone of their own that a claim may keep. */
  readonly tests: readonly string[];
  /** No longer declared. */
  readonly release: readonly HeldSim[];
  /** Gone: deactivated, or moved to another organization. */
  readonly lost: readonly string[];
  /** SIMs of the fleet that cannot be seen just now; perhaps some never were. */
  readonly hidden: number;
  /** Of what is kept or adopted: reported, not fought. */
  readonly pausedByHologram: readonly string[];
  readonly refusals: readonly Refusal[];
  /** Of `refusals`: active on other terms, which only `adopt: "always"` takes over. */
  readonly differing: number;
  readonly price: Price | undefined;
}

/** SIMs to change. `entering` ones are new to the fleet, `kept` ones are drift, or follow an edit. */
export interface Work<T> {
  readonly entering: readonly T[];
  readonly kept: readonly T[];
}

/** Pure and total: the same declaration, record and reading give the same plan. */
export function plan(declaration: Declaration, held: Held, seen: Observation): Plan {
  const record = sortRecord(declaration, held, seen);
  const fresh = sortFresh(declaration, held, seen, record);
  const buy = purchases(declaration, seen, record, fresh);
  const { keep, continuing, release } = record;
  const hidden = record.hidden + fresh.dead.size;
  const { adopt, adoptKnown } = fresh;
  const known = keep.length + continuing + adopt.length + fresh.differing.size + buy.claim.length;
  // Others are taken over as they are, or not at all.
  const toFit = declaration.adopt === "always" ? adopt : [];
  return {
    keep,
    continuing,
    adopt,
    adoptKnown,
    resume: { entering: fresh.paused, kept: record.paused },
    changePlan: {
      entering: plansToChange(toFit, declaration, seen),
      kept: plansToChange(keep, declaration, seen),
    },
    changeLimits: {
      entering: limitsToChange(toFit, declaration, seen),
      kept: limitsToChange(keep, declaration, seen),
    },
    tags: tagsToChange(declaration, held, keep, adopt),
    ...buy,
    tests: buy.claim.filter((iccid) => standingIn(seen, iccid) === "test"),
    release,
    lost: ascendingUnique(record.lost),
    hidden,
    pausedByHologram: [...keep, ...adopt]
      .map((sim) => sim.iccid)
      .filter((iccid) => standingIn(seen, iccid) === "pausedByHologram"),
    refusals: [
      ...seen.refusals,
      ...fresh.refusals,
      ...nothingThere(held, seen, known, buy),
      ...miscount(declaration, seen, { known, hidden }, buy),
    ],
    differing: fresh.differing.size,
    price: seen.price,
  };
}

/** Both kinds, new ones first. */
export function allOf<T>({ entering, kept }: Work<T>): T[] {
  return [...entering, ...kept];
}

/** How many SIMs the fleet holds when the plan is carried out. */
export function simCount(steps: Plan): number {
  return steps.keep.length + steps.continuing + steps.adopt.length + activations(steps);
}

function standingIn({ sims }: Observation, iccid: string) {
  const sim = sims.get(iccid);
  return sim && standingOf(sim);
}
