import type { Account, Reporter } from "../model/account";
import type { Declaration, HeldSim, OnRelease } from "../model/declaration";
import { messageOf, type Refusal } from "../model/errors";
import { countOfSims, type Money, money, zero } from "../model/money";
import { planDifferences } from "../model/terms";
import { compareNumbers } from "../numbers/selection";
import { readDevices } from "../observe/observe";
import { allOf, type Plan } from "../plan/plan";
import { type ChangeOutcome, nothingChanged } from "./changeDevices";
import { changeLimits, changePlans, changeTags } from "./changeTerms";
import { type ClaimOptions, type ClaimsOutcome, claimAll } from "./claims";
import { waitUntilLive } from "./liveness";
import { doubtEnds, patienceOf } from "./settling";
import { changeState, release } from "./simStates";

/** What became of a plan. Everything that is certain is in it, however the operation ended. */
export interface Outcome {
  /** Every SIM the fleet holds now, ascending: what it could not release is still held. */
  readonly held: readonly HeldSim[];
  readonly lost: readonly string[];
  /** Declared and not done, or to be released and not released. Empty: the world is as declared. */
  readonly unfinished: readonly Refusal[];
  readonly counts: OutcomeCounts;
  readonly order: OrderTotal | undefined;
  /** Until then a claim may still be landing (milliseconds since the epoch). */
  readonly doubtfulUntil?: number;
  readonly remarks: readonly string[];
  /** What to do about what was refused, as a sentence. */
  readonly advice?: string;
}

export interface OutcomeCounts {
  readonly claimed: number;
  readonly requests: number;
  readonly refused: number;
  readonly doubtful: number;
  readonly untouched: number;
  /** Not looked for, because a request of an earlier run may still be landing. */
  readonly waiting: number;
  readonly adopted: number;
  readonly planChanged: number;
  readonly limitsChanged: number;
  readonly resumed: number;
  readonly released: number;
}

/** The outcome of a plan that holds nothing to do. */
export const nothingDone: Outcome = {
  held: [],
  lost: [],
  unfinished: [],
  counts: {
    claimed: 0,
    requests: 0,
    refused: 0,
    doubtful: 0,
    untouched: 0,
    waiting: 0,
    adopted: 0,
    planChanged: 0,
    limitsChanged: 0,
    resumed: 0,
    released: 0,
  },
  order: undefined,
  remarks: [],
};

/** Summed over the claims of one change. */
export interface OrderTotal {
  readonly salesTax: Money;
  readonly shippingCost: Money;
  readonly totalCost?: Money;
}

export interface ApplyOptions extends ClaimOptions {
  /** As recorded in state: what the last `up` said about SIMs that leave. */
  readonly onRelease: OnRelease;
}

/**
 * Carries out a plan: claims, changes of plans, limits and tags, resumes, and then releases; a release only when
 * everything before it is done, and a change that may cost money only when no claim was stopped. The caller has made
 * sure that the plan is within its bounds.
 */
export async function apply(
  account: Account,
  declaration: Declaration,
  steps: Plan,
  options: ApplyOptions,
  report: Reporter,
): Promise<Outcome> {
  const patience = patienceOf(options);
  const claims = await claimAll(account, declaration, steps, options, report);
  const plans = await changePlansUnless(claims.stopped);
  const settled = doubtEnds(account.clock.now(), options);
  const limits = await changeLimits(account, allOf(steps.changeLimits), declaration, report, patience);
  const tags = await changeTags(account, steps.tags, report, patience);
  const resumed = await changeState(account, allOf(steps.resume), "live", report, patience);
  const undone = eachOnce([
    ...claims.refused,
    ...claims.doubtful,
    ...claims.untouched,
    ...(await onOtherTerms(account, declaration, steps, claims, report)),
    ...[plans, limits, tags, resumed].flatMap(({ failed }) => failed),
  ]);
  const released =
    undone.length === 0
      ? await release(account, steps.release, options.onRelease, report, patience)
      : notYet(steps);
  const entering = uniqueByIccid([...claims.claimed, ...steps.adopt, ...resumed.done]);
  await waitUntilLive(account, entering, declaration.waitForLiveSeconds, report);

  const gone = new Set(released.done);
  const staying = steps.release.filter((sim) => !gone.has(sim));
  const doubtfulUntil = claims.doubtfulUntil ?? (plans.inDoubt ? settled : undefined);
  return {
    held: uniqueByIccid([...steps.keep, ...steps.adopt, ...claims.claimed, ...staying]),
    lost: steps.lost,
    unfinished: [...undone, ...released.failed],
    counts: {
      claimed: claims.claimed.length,
      requests: claims.requests,
      refused: claims.refused.length,
      doubtful: claims.doubtful.length,
      untouched: claims.untouched.length,
      waiting: 0,
      adopted: steps.adopt.length,
      planChanged: plans.done.length,
      limitsChanged: limits.done.length,
      resumed: resumed.done.length,
      released: released.done.length,
    },
    order: totalOf(claims),
    remarks: claims.remarks,
    ...(claims.advice === undefined ? {} : { advice: claims.advice }),
    ...(doubtfulUntil === undefined ? {} : { doubtfulUntil }),
  };

  /** An upgrade is charged: not after a claim that was refused as a whole, or whose outcome is not known. */
  async function changePlansUnless(stopped: string | undefined): Promise<ChangeOutcome> {
    const refits = allOf(steps.changePlan);
    if (stopped === undefined) return changePlans(account, refits, declaration, report, patience);
    const failed = refits.map(({ sim: { iccid }, found }) => ({ iccid, reason: `${found}: ${stopped}` }));
    return { ...nothingChanged, failed };
  }
}

/**
 * A Test Mode SIM has a plan and a zone of its own, and the documentation does not say that a claim replaces them
 * (docs.hologram.io, links/cellular/bulkclaim). What differs is changed by the next run, whose preview counts it.
 */
async function onOtherTerms(
  account: Account,
  declaration: Declaration,
  { tests }: Plan,
  { claimed }: ClaimsOutcome,
  report: Reporter,
): Promise<Refusal[]> {
  const tested = new Set(tests);
  const sims = claimed.filter(({ iccid }) => tested.has(iccid));
  if (sims.length === 0) return [];
  try {
    const shown = await readDevices(account, sims);
    return sims.flatMap(({ iccid, deviceId }) => {
      const sim = shown.get(deviceId);
      const found = sim === undefined ? [] : planDifferences(sim, declaration);
      return found.length === 0
        ? []
        : [{ iccid, reason: `activated from Test Mode with ${found.join(", ")}` }];
    });
  } catch (error) {
    const what = `the plan and zone of ${countOfSims(sims.length)} that left Test Mode could not be read`;
    report.warn(`${what} (${messageOf(error)}); \`pulumi refresh\` tells whether they are as declared`);
    return [];
  }
}

/** A SIM that several things were not done to is one SIM that is not done. */
function eachOnce(undone: readonly Refusal[]): Refusal[] {
  return [...Map.groupBy(undone, ({ iccid }) => iccid)].flatMap(([iccid, refusals]) => {
    if (iccid === undefined) return refusals;
    return { iccid, reason: [...new Set(refusals.map(({ reason }) => reason))].join("; ") };
  });
}

function notYet(steps: Plan): { done: readonly HeldSim[]; failed: Refusal[] } {
  const reason = "not released yet: the rest of the change comes first";
  return { done: [], failed: steps.release.map(({ iccid }) => ({ iccid, reason })) };
}

function uniqueByIccid(sims: readonly HeldSim[]): HeldSim[] {
  return [...new Map(sims.map((sim) => [sim.iccid, sim])).values()].sort((a, b) =>
    compareNumbers(a.iccid, b.iccid),
  );
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
