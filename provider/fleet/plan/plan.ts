import type { Declaration, HeldSim } from "../model/declaration";
import type { Refusal } from "../model/fleetErrors";
import type { FleetRecord } from "../model/record";
import { standingOf } from "../model/standing";
import { ascendingUnique } from "../numbers/selection";
import type { Observation } from "../observe/observe";
import type { Price } from "../observe/price";
import { classifyNew } from "./newSims";
import { miscount, nothingThere, type Purchases, purchases } from "./purchases";
import { classifyRecorded } from "./recordedSims";
import { limitsToChange, plansToChange, type TagWork, type TermChange, tagsToChange } from "./termChanges";

/** What has to be done to make the world as declared. It comes from what is missing in the world, never from an edit. */
export interface FleetPlan extends Purchases {
  /** On record, declared, and there. */
  readonly keep: readonly HeldSim[];
  /** The part of `keep` that was recorded as lost, or under another device id, and is there again. */
  readonly back: readonly string[];
  /** Active in the organization and new to this fleet. */
  readonly adopt: readonly HeldSim[];
  /** Paused by a member of the team; to run again. */
  readonly resume: readonly HeldSim[];
  /** On another plan or in another zone. Their limits are set again, because a change of the plan wipes them. */
  readonly changePlan: readonly TermChange[];
  /** Declared limits that differ, or others that a change of the plan wiped, on the right plan. */
  readonly changeLimits: readonly TermChange[];
  readonly tags: TagWork;
  /** Of `claim`: in Test Mode, with a plan and zone of their own that a claim may keep. */
  readonly tests: readonly string[];
  /** On record and declared no more. */
  readonly release: readonly HeldSim[];
  /** Gone: deactivated, or moved to another organization. */
  readonly lost: readonly string[];
  /** Declared before, not active, and not for sale as far as a preview can see. */
  readonly inactive: readonly string[];
  /** Kept or adopted SIMs that Hologram has paused: reported, but not resumed. */
  readonly pausedByHologram: readonly string[];
  readonly refusals: readonly Refusal[];
  /**
   * Why the number of SIMs is not the declared one. Known only after reading everything that is declared: an operation that
   * asks only about approved SIMs does not see the others.
   */
  readonly countRefusals: readonly Refusal[];
  /** Of `refusals`: active on other terms, which only `adopt: "always"` takes over. */
  readonly differing: number;
  readonly price: Price | undefined;
}

/**
 * Pure and total: the same declaration, record and reading give the same plan. `isSettling`: a claim was sent so recently
 * that a list may not show its SIMs yet.
 */
export function plan(
  declaration: Declaration,
  record: FleetRecord,
  seen: Observation,
  isSettling = false,
): FleetPlan {
  const recorded = classifyRecorded(declaration, record, seen, isSettling);
  const news = classifyNew(declaration, seen, recorded);
  const buy = purchases(declaration, seen, recorded, news);
  const { keep, back } = recorded;
  const { adopt } = news;
  const inactive = new Set(recorded.inactive);
  for (const iccid of buy.claim) inactive.delete(iccid);
  const known = keep.length + adopt.length + news.differing.size + buy.claim.length;
  // While a claim may be landing, nobody is asked what is for sale, so fewer SIMs are seen than there are.
  const isLanding = record.doubts.some(({ kind }) => kind === undefined);
  const unseen = recorded.lost.length + inactive.size + news.dead.size;
  const invisible = isLanding ? Number.POSITIVE_INFINITY : unseen;
  // What is adopted with "matching" is as declared already, or refused.
  const fitted = declaration.adopt === "always" ? [...keep, ...adopt] : keep;
  const isPaused = ({ iccid }: HeldSim): boolean => standingIn(seen, iccid) === "pausedByUser";
  return {
    keep,
    back,
    adopt,
    resume: [...keep, ...adopt].filter(isPaused),
    changePlan: plansToChange(fitted, declaration, seen, record.wiped),
    changeLimits: limitsToChange(fitted, declaration, seen, record.wiped),
    tags: tagsToChange(declaration, record, recorded, adopt),
    ...buy,
    tests: buy.claim.filter((iccid) => standingIn(seen, iccid) === "test"),
    release: recorded.leaving,
    lost: ascendingUnique(recorded.lost),
    inactive: [...inactive],
    pausedByHologram: [...keep, ...adopt]
      .map((sim) => sim.iccid)
      .filter((iccid) => standingIn(seen, iccid) === "pausedByHologram"),
    refusals: [...seen.refusals, ...news.refusals],
    countRefusals: [
      ...nothingThere(record, seen, known, buy),
      ...miscount(declaration, seen, { known, invisible, refused: news.refusals.length }, buy),
    ],
    differing: news.differing.size,
    price: seen.price,
  };
}

function standingIn({ sims }: Observation, iccid: string) {
  const sim = sims.get(iccid);
  return sim && standingOf(sim);
}
