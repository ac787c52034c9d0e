import { type Approval, approveNothing, type CurrentTerms, holdsFor, type Kind } from "../model/approval";
import { type Declaration, type HeldSim, iccidOf, type OnRelease } from "../model/declaration";
import { countOfSims, formatDollars, money } from "../model/money";
import type { FleetPlan } from "./plan";
import type { TermChange } from "./termChanges";

/** What is declared, and what happens to SIMs that leave, as the last `up` recorded it. */
export type DeclaredTerms = Pick<Declaration, "plan" | "zone"> & { readonly onRelease?: OnRelease };

/** What the preview of a plan tells, by name: who sees it approves exactly that. */
export function approvalOf(plan: FleetPlan, declared: DeclaredTerms): Approval {
  const names = (sims: readonly HeldSim[]): ReadonlySet<string> => new Set(sims.map(({ iccid }) => iccid));
  const changed = (changes: readonly TermChange[]): ReadonlySet<string> =>
    names(changes.map(({ sim }) => sim));
  return {
    ...approveNothing(currentTerms(plan, declared)),
    ...(declared.onRelease === undefined || plan.release.length === 0
      ? {}
      : { onRelease: declared.onRelease }),
    sims: {
      activate: new Set(plan.claim),
      adopt: names(plan.adopt),
      resume: names(plan.resume),
      changePlan: changed(plan.changePlan),
      changeLimits: changed(plan.changeLimits),
      release: names(plan.release),
    },
    ...(plan.claimUnnamed === undefined ? {} : { unnamed: plan.claimUnnamed }),
  };
}

function currentTerms(
  { price }: Pick<FleetPlan, "price">,
  { plan, zone, onRelease }: DeclaredTerms,
): CurrentTerms {
  return { plan, zone, price: price?.amount, onRelease };
}

/** A plan without what nobody approved. */
export interface Permitted {
  readonly plan: FleetPlan;
  /** Found and not done, because no preview told of it: one sentence each. */
  readonly leftAlone: readonly string[];
}

/**
 * **The rule of approval**, as a filter on a plan. `approval` is what the preview of these inputs told, joined with what
 * the record holds as open: told by an earlier preview and not done yet.
 *
 * | found to do | is done where the approval names the SIM under |
 * |---|---|
 * | activate it | `activate`, at no higher price; a SIM that nothing names: `unnamed`, as long as the count lasts |
 * | hold it without a claim, because it is active already | `adopt`; or `activate` or `unnamed`, where it is active on the declared terms: nobody can tell whose claim it was |
 * | resume it | `resume` |
 * | change its plan or zone | `changePlan`, at no higher price |
 * | change its limits | `changeLimits`, or `changePlan`, which sets them too |
 * | release it | `release`, in the same way: a pause that was told is no deactivation |
 *
 * For all but a release the approval must be of the plan and zone that are declared now. All else is left alone.
 */
export function permit(plan: FleetPlan, declared: DeclaredTerms, approval: Approval): Permitted {
  const now = currentTerms(plan, declared);
  const told =
    (kind: Kind): Test =>
    (iccid) =>
      approval.sims[kind].has(iccid) && holdsFor(approval, kind, now);
  const leftAlone: string[] = [];
  /** Those that may be done; the others are counted in a sentence. */
  const allowed = <T>(all: readonly T[], nameOf: (one: T) => string, may: Test, as: string): T[] => {
    const done = all.filter((one) => may(nameOf(one)));
    const count = all.length - done.length;
    if (count > 0) leftAlone.push(`${countOfSims(count)} ${as}, of which no preview told: left alone`);
    return done;
  };
  const unnamed = holdsFor(approval, "activate", now) ? approval.unnamed : undefined;
  let unnamedLeft = unnamed?.atMost ?? 0;
  const takeUnnamed = (iccid: string): boolean => {
    if (unnamedLeft <= 0 || !unnamed?.numbers.has(iccid)) return false;
    unnamedLeft--;
    return true;
  };

  const [mayActivate, mayAdopt, mayResume] = [told("activate"), told("adopt"), told("resume")];
  const [mayChangePlan, mayRelease] = [told("changePlan"), told("release")];
  const mayChangeLimits = either(told("changeLimits"), mayChangePlan);
  const otherTerms = new Set([...plan.changePlan, ...plan.changeLimits].map(({ sim }) => sim.iccid));
  const isAsDeclared = (iccid: string): boolean => !otherTerms.has(iccid);
  const mayHold = (iccid: string): boolean =>
    mayAdopt(iccid) || (isAsDeclared(iccid) && (mayActivate(iccid) || takeUnnamed(iccid)));

  const adopt = allowed(plan.adopt, iccidOf, mayHold, "active already");
  const claim = allowed(
    plan.claim,
    (iccid) => iccid,
    either(mayActivate, takeUnnamed),
    dearer(now, approval),
  );
  const held = new Set([...plan.keep, ...adopt].map(iccidOf));
  const isHeld = (iccid: string): boolean => held.has(iccid);
  const simOf = ({ sim }: TermChange): string => sim.iccid;
  const atMost = Math.min(plan.claimUnnamed?.atMost ?? 0, unnamedLeft);
  const { claimUnnamed, ...rest } = plan;
  return {
    plan: {
      ...rest,
      adopt,
      claim,
      ...(claimUnnamed === undefined || atMost === 0 ? {} : { claimUnnamed: { ...claimUnnamed, atMost } }),
      resume: allowed(
        plan.resume.filter((sim) => isHeld(sim.iccid)),
        iccidOf,
        mayResume,
        "paused by hand",
      ),
      changePlan: allowed(
        plan.changePlan.filter(({ sim }) => isHeld(sim.iccid)),
        simOf,
        mayChangePlan,
        "on another plan or in another zone",
      ),
      changeLimits: allowed(
        plan.changeLimits.filter(({ sim }) => isHeld(sim.iccid)),
        simOf,
        mayChangeLimits,
        "with other limits",
      ),
      tags: onlyOf(plan.tags, isHeld),
      release: allowed(plan.release, iccidOf, mayRelease, "declared no more"),
    },
    leftAlone,
  };
}

type Test = (iccid: string) => boolean;

function either(one: Test, other: Test): Test {
  return (iccid) => one(iccid) || other(iccid);
}

function onlyOf({ link, unlink }: FleetPlan["tags"], isHeld: Test): FleetPlan["tags"] {
  const held = (work: NonNullable<typeof link>) => ({
    tagId: work.tagId,
    sims: work.sims.filter(({ iccid }) => isHeld(iccid)),
  });
  return {
    ...(link === undefined ? {} : { link: held(link) }),
    ...(unlink === undefined ? {} : { unlink: held(unlink) }),
  };
}

/** Why SIMs that were approved are not activated: their price has risen, or they are declared on other terms by now. */
function dearer({ price }: CurrentTerms, { price: told }: Approval): string {
  if (told === undefined || price === undefined || price.lte(money(told))) return "not active";
  const prices = `${formatDollars(price.toNumber())} a SIM instead of ${formatDollars(Number(told))}`;
  return `not active, and dearer than was approved (${prices})`;
}
