import type { Account, Reporter } from "./account";
import { type ClaimOptions, type ClaimsOutcome, claimAll } from "./claims";
import type { Declaration, HeldSim, OnRelease } from "./declaration";
import type { Refusal } from "./errors";
import { type Money, money, zero } from "./money";
import type { Plan } from "./plan";
import { compareNumbers } from "./selection";
import { patienceOf } from "./settling";
import { changeState, release } from "./states";

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
  readonly adopted: number;
  readonly resumed: number;
  readonly released: number;
}

/** Summed over the claims of one change. */
export interface OrderTotal {
  readonly salesTax: Money;
  readonly shippingCost: Money;
  readonly totalCost?: Money;
}

export interface ApplyOptions extends ClaimOptions {
  /** As recorded in state: what the last `up` said about SIMs that leave. */
  readonly onRelease: OnRelease;
  /** How many SIMs that are held and were paused by hand the preview counted. */
  readonly resumeKept: boolean;
}

/**
 * Carries out a plan: claims, then resumes, then releases; a release only when everything before it is done. The
 * caller has made sure that the plan is within its bounds.
 */
export async function apply(
  account: Account,
  declaration: Declaration,
  steps: Plan,
  options: ApplyOptions,
  report: Reporter,
): Promise<Outcome> {
  const claims = await claimAll(account, declaration, steps, options, report);
  const toResume = [...steps.resume.entering, ...(options.resumeKept ? steps.resume.kept : [])];
  const patience = patienceOf(options);
  const resumed = await changeState(account, toResume, "live", report, patience);
  const undone = [...claims.refused, ...claims.doubtful, ...claims.untouched, ...resumed.failed];
  const released =
    undone.length === 0
      ? await release(account, steps.release, options.onRelease, report, patience)
      : notYet(steps);

  const gone = new Set(released.done);
  const staying = steps.release.filter((sim) => !gone.has(sim));
  const held = uniqueByIccid([...steps.keep, ...steps.adopt, ...claims.claimed, ...staying]);
  return {
    held,
    lost: steps.lost,
    unfinished: [...undone, ...released.failed],
    counts: {
      claimed: claims.claimed.length,
      requests: claims.requests,
      refused: claims.refused.length,
      doubtful: claims.doubtful.length,
      untouched: claims.untouched.length,
      adopted: steps.adopt.length,
      resumed: resumed.done.length,
      released: released.done.length,
    },
    order: totalOf(claims),
    remarks: claims.remarks,
    ...(claims.advice === undefined ? {} : { advice: claims.advice }),
    ...(claims.doubtfulUntil === undefined ? {} : { doubtfulUntil: claims.doubtfulUntil }),
  };
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
