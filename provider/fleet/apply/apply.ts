import type { Kind } from "../model/approval";
import { type Declaration, type HeldSim, type OnRelease, uniqueByIccid } from "../model/declaration";
import { type Refusal, reasonOf } from "../model/fleetErrors";
import { countOfSims, type Money, money, zero } from "../model/money";
import type { Doubt, WipedLimits } from "../model/record";
import { describeDifferences, planDifferences } from "../model/terms";
import { Selection } from "../numbers/selection";
import { readDevices } from "../observe/observe";
import type { FleetPlan } from "../plan/plan";
import { type ChangeContext, type ChangeOutcome, nothingChanged } from "./changeDevices";
import { changeLimits, changePlans, changeTags, type TermOutcome } from "./changeTerms";
import { type ClaimContext, type ClaimsOutcome, claimAll } from "./claims";
import { readBackTimeoutMs } from "./confirmClaims";
import { waitUntilLive } from "./liveness";
import { changeState, release } from "./simStates";

/** What became of a plan. Everything that is certain is in it, however the operation ended. */
export interface Outcome {
  /** Every SIM the fleet holds now, ascending: what it could not release is still held. */
  readonly sims: readonly HeldSim[];
  readonly lost: readonly string[];
  /** What was to be done and is not, SIM by SIM. */
  readonly undone: readonly Undone[];
  /** How many SIMs each kind of work was done to. */
  readonly done: Readonly<Record<Kind, number>>;
  readonly doubts: readonly Doubt[];
  /** Limits that nobody declares, and that a change of plan wiped or may yet wipe. */
  readonly wiped: readonly WipedLimits[];
  /** Activations that are charged, or may be: in doubt, or come about in another organization. */
  readonly spent: number;
  /** Claims that were sent. */
  readonly requests: number;
  readonly order: OrderTotal | undefined;
  readonly remarks: readonly string[];
  /** What to do about what was refused, as a sentence. */
  readonly advice?: string;
}

/** One SIM that is not as it is to be, and why. Without `iccid`: one of a range, that nothing names. */
export interface Undone extends Refusal {
  readonly kind: Kind | "tag";
  /** `refused` and `untouched` are certain; `doubtful` may still come about by itself. */
  readonly fate: "refused" | "untouched" | "doubtful";
}

/** Summed over the claims of one change. */
export interface OrderTotal {
  readonly salesTax: Money;
  readonly shippingCost: Money;
  readonly totalCost?: Money;
}

export interface ApplyContext extends ClaimContext {
  /** As recorded in state: what the last `up` said about SIMs that leave. */
  readonly onRelease: OnRelease;
}

/**
 * Carries out a plan: claims, changes of plans, limits and tags, resumes, and then releases; a release only when
 * everything before it is done, and a change that may cost money only when no claim was stopped. The caller has made
 * sure that all of it was approved.
 */
export async function apply(context: ApplyContext, plan: FleetPlan): Promise<Outcome> {
  const { account, declaration, report, journal } = context;
  const change: ChangeContext = { account, report, timeoutMs: readBackTimeoutMs(context.claimSettleSeconds) };
  // Servers may know a zone in the plan's own spelling only.
  const zone = plan.price?.planZone ?? declaration.zone;
  const claims = await claimAll({ ...context, declaration: { ...declaration, zone } }, plan);
  const { stopped } = claims;
  // An upgrade is charged: not after a claim that was refused as a whole, or whose outcome is not known.
  const plans: TermOutcome =
    stopped === undefined && claims.doubts.length === 0
      ? await changePlans({ ...change, journal, zone }, plan.changePlan, declaration)
      : {
          ...nothingChanged,
          failed: notSent(plan.changePlan, stopped ?? LANDING),
          doubted: Selection.empty,
          wiped: [],
        };
  const isInDoubt = claims.doubts.length > 0 || plans.inDoubt;
  const { limits, tags, resumed, fate } = isInDoubt
    ? leaveFree(plan, plans.inDoubt ? "a change of plan got no answer" : LANDING)
    : await changeFree();
  const undone: Undone[] = [
    ...undoneBy("activate", claims.refused),
    ...undoneBy("activate", claims.doubtful, "doubtful"),
    ...undoneBy("activate", claims.untouched, "untouched"),
    ...undoneBy(
      "activate",
      claims.elsewhere.map((iccid) => ({ iccid, reason: ELSEWHERE })),
    ),
    ...(await onOtherTerms(context, plan, claims)),
    ...undoneBy("changePlan", plans.failed, plans.inDoubt ? "doubtful" : "refused"),
    ...undoneBy("changeLimits", limits.failed, fate),
    ...undoneBy("tag", tags.failed, fate),
    ...undoneBy("resume", resumed.failed, fate),
  ];
  const released =
    undone.length === 0 ? await release(change, plan.release, context.onRelease) : notYet(plan.release);
  const entering = [...claims.claimed, ...plan.adopt, ...resumed.done];
  await waitUntilLive(account, entering, declaration.waitForLiveSeconds, report);

  const gone = new Set(released.done);
  const staying = plan.release.filter((sim) => !gone.has(sim));
  return {
    sims: uniqueByIccid([...plan.keep, ...plan.adopt, ...claims.claimed, ...staying]),
    lost: [...plan.lost, ...claims.elsewhere],
    undone: [...undone, ...undoneBy("release", released.failed)],
    done: {
      activate: claims.claimed.length,
      adopt: plan.adopt.length,
      resume: resumed.done.length,
      changePlan: plans.done.length,
      changeLimits: limits.done.length,
      release: released.done.length,
    },
    doubts: [...claims.doubts, ...doubtOf(plans, declaration, account.clock.now())],
    wiped: [...plans.wiped, ...limits.wiped],
    spent: claims.claimed.length + claims.doubtful.length + claims.elsewhere.length,
    requests: claims.requests,
    order: totalOf(claims),
    remarks: claims.remarks,
    ...(claims.advice === undefined ? {} : { advice: claims.advice }),
  };

  /** Free changes. */
  async function changeFree(): Promise<FreeChanges> {
    return {
      limits: await changeLimits(change, plan.changeLimits, declaration),
      tags: await changeTags(change, plan.tags),
      resumed: await changeState(change, plan.resume, "live"),
      fate: "refused",
    };
  }
}

/** An outcome of nothing at all. */
export const nothingDone: Outcome = {
  sims: [],
  lost: [],
  undone: [],
  done: { activate: 0, adopt: 0, resume: 0, changePlan: 0, changeLimits: 0, release: 0 },
  doubts: [],
  wiped: [],
  spent: 0,
  requests: 0,
  order: undefined,
  remarks: [],
};

/** Changes that cost nothing, and what failed of them. */
interface FreeChanges {
  readonly limits: Omit<TermOutcome, "doubted">;
  readonly tags: ChangeOutcome;
  readonly resumed: ChangeOutcome;
  readonly fate: Undone["fate"];
}

/** In doubt an operation only reads: all of them are left to the next one. */
function leaveFree({ changeLimits, tags, resume }: FleetPlan, why: string): FreeChanges {
  const left = (sims: readonly HeldSim[]): ChangeOutcome => ({
    ...nothingChanged,
    failed: sims.map(({ iccid }) => ({
      iccid,
      reason: `waits: ${why}`,
    })),
  });
  return {
    limits: { ...left(changeLimits.map(({ sim }) => sim)), wiped: [] },
    tags: left([...(tags.link?.sims ?? []), ...(tags.unlink?.sims ?? [])]),
    resumed: left(resume),
    fate: "untouched",
  };
}

function notSent(changes: FleetPlan["changePlan"], why: string): Refusal[] {
  return changes.map(({ sim: { iccid }, found }) => ({ iccid, reason: `${found}: ${why}` }));
}

const LANDING = "other SIMs of the fleet may still be landing";
const ELSEWHERE = "activated in another organization; it is charged there, and never claimed again";

function undoneBy(
  kind: Undone["kind"],
  failed: readonly Refusal[],
  fate: Undone["fate"] = "refused",
): Undone[] {
  return failed.map((each) => ({ ...each, kind, fate }));
}

function doubtOf({ doubted }: TermOutcome, { plan, zone }: Declaration, sentAtMs: number): Doubt[] {
  return doubted.isEmpty ? [] : [{ kind: "changePlan", to: { plan, zone }, sims: doubted, sentAtMs }];
}

/**
 * A Test Mode SIM has a plan and a zone of its own, and the documentation does not say that a claim replaces them
 * (docs.hologram.io, links/cellular/bulkclaim). What differs is changed once a preview has told it.
 */
async function onOtherTerms(
  { account, declaration, report }: ApplyContext,
  { tests }: FleetPlan,
  { claimed }: ClaimsOutcome,
): Promise<Undone[]> {
  const tested = new Set(tests);
  const sims = claimed.filter(({ iccid }) => tested.has(iccid));
  if (sims.length === 0) return [];
  try {
    const shown = await readDevices(account, sims);
    return sims.flatMap(({ iccid, deviceId }) => {
      const sim = shown.get(deviceId);
      const found = sim === undefined ? [] : planDifferences(sim, declaration);
      const reason = `activated from Test Mode with ${describeDifferences(found)}`;
      return found.length === 0 ? [] : [{ iccid, reason, kind: "changePlan", fate: "untouched" }];
    });
  } catch (error) {
    const what = `the plan and zone of ${countOfSims(sims.length)} that left Test Mode could not be read`;
    report.warn(`${what} (${reasonOf(error)}); a refresh tells whether they are as declared`);
    return [];
  }
}

function notYet(sims: readonly HeldSim[]): Pick<ChangeOutcome, "done" | "failed"> {
  const reason = "not released yet: the rest of the change comes first";
  return { done: [], failed: sims.map(({ iccid }) => ({ iccid, reason })) };
}

function totalOf({ orders }: ClaimsOutcome): OrderTotal | undefined {
  if (orders.length === 0) return undefined;
  const sum = (amounts: readonly string[]): Money =>
    amounts.reduce((total, each) => total.plus(money(each)), zero);
  const totals = orders.flatMap((order) => order.totalCost ?? []);
  const order = {
    salesTax: sum(orders.map((o) => o.salesTax)),
    shippingCost: sum(orders.map((o) => o.shippingCost)),
  };
  return totals.length === 0 ? order : { ...order, totalCost: sum(totals) };
}
