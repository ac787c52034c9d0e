import { findBought, readBackTimeoutMs, waitForActive } from "../apply/confirmClaims";
import { type Landed, landedOf, warnOfGone, warnOfUnsure } from "../apply/landed";
import { release, releaseSentence } from "../apply/simStates";
import { type DeclaredSims, type HeldSim, type OnRelease, uniqueByIccid } from "../model/declaration";
import { FleetError, nameSome, reasonOf, summarizeReasons } from "../model/fleetErrors";
import { countOfSims } from "../model/money";
import {
  claimsInDoubt,
  doubtEndsAtMs,
  doubtsWithout,
  type FleetRecord,
  heldSims,
  isSettling,
  openDoubts,
} from "../model/record";
import { printIntervals } from "../numbers/range";
import { Selection } from "../numbers/selection";
import { readRecorded } from "../observe/readRecorded";
import { beyondCaps, noAmount } from "./caps";
import type { RunContext } from "./context";
import type { Program } from "./declaredSims";
import { spareDeclared } from "./sparing";

export interface Fleet {
  readonly record: FleetRecord;
  /** The SIMs as they were declared last: where to look for them. */
  readonly declared: DeclaredSims | undefined;
  /** As the last `up` recorded it. */
  readonly onRelease: OnRelease;
}

/**
 * Releases every SIM of a fleet that is declared no more. `keep`, the default, sends nothing, and asks for no account
 * as long as nothing is in doubt. SIMs that another fleet of the program declares are spared. Idempotent: SIMs that
 * are gone already count as released, and a release that failed half-way is simply asked for again.
 */
export async function releaseFleet(
  { record, onRelease, declared }: Fleet,
  program: Program,
  report: RunContext["report"],
  open: () => Promise<RunContext>,
): Promise<void> {
  if (onRelease === "keep" && claimsInDoubt(record.doubts).isEmpty) {
    const staying = record.sims.filter(({ iccid }) => !program.declares(iccid)).length;
    if (staying > 0) report.info(releaseSentence(staying, "keep"));
    return;
  }
  const context = await open();
  context.journal.learn(record.doubts);
  const landed = await awaitLanding(context, record, onRelease);
  const there = onRelease === "keep" ? heldSims(record) : await findThere(context, { record, declared });
  warnOfGone(context.report, landed.gone);
  const sims = uniqueByIccid([...there, ...landed.sims]);
  const known = new Set(sims.map(({ iccid }) => iccid));
  warnOfUnsure(
    context.report,
    landed.unsure.filter(({ iccid }) => !known.has(iccid) && !program.declares(iccid)),
  );
  const leaving = await spareDeclared(context.account, program, sims, onRelease);
  if (leaving.deferred.length > 0) {
    throw new FleetError(
      `SIMs are not ${onRelease === "pause" ? "paused" : "deactivated"} while only a part of the program is known: ` +
        `${countOfSims(leaving.deferred.length)} of this fleet may be declared by another one. Nothing was sent; ` +
        `${context.hints.runWhole}`,
    );
  }
  await send(context, leaving.release, onRelease);
}

async function send(context: RunContext, sims: readonly HeldSim[], onRelease: OnRelease): Promise<void> {
  const { account, report, spending, caps, hints } = context;
  if (sims.length === 0) return;
  if (onRelease === "deactivate") {
    const amount = { ...noAmount, deactivations: sims.length };
    const refusal = spending.spend(amount, (total) => beyondCaps(total, caps, hints, true));
    if (refusal !== undefined) throw new FleetError(`nothing was sent: ${refusal}`);
  }
  const change = { account, report, timeoutMs: readBackTimeoutMs(context.claimSettleSeconds) };
  const { done, failed } = await release(change, sims, onRelease);
  if (done.length > 0) report.info(releaseSentence(done.length, onRelease));
  if (failed.length === 0) return;
  throw new FleetError(
    `${countOfSims(failed.length)} of ${sims.length} could not be released (onRelease: ${onRelease}): ` +
      `${summarizeReasons(failed).join("; ")}. ${done.length > 0 ? "The others are done; run" : "Run"} the command again to go on.`,
  );
}

/**
 * What is still landing would be billed and in no record, whatever `onRelease` says. So it is waited for; what does not
 * show keeps the fleet on record, until it can no longer be landing. What somebody else may have activated is not released.
 */
async function awaitLanding(
  context: RunContext,
  record: FleetRecord,
  onRelease: OnRelease,
): Promise<Pick<Landed, "sims" | "gone" | "unsure">> {
  const { account, report, claimSettleSeconds, hints, journal } = context;
  const all = claimsInDoubt(record.doubts);
  if (all.isEmpty) return { sims: [], gone: [], unsure: [] };
  const open = openDoubts(record.doubts, account.clock.now(), claimSettleSeconds);
  const onFailure = (error: unknown): void => report.warn(`reading back failed: ${reasonOf(error)}`);
  const lookup = lookupOf(all);
  const found =
    open.length === 0
      ? await findBought(account, lookup)
      : await waitForActive(account, lookup, readBackTimeoutMs(context.claimSettleSeconds), onFailure);
  const there = Selection.ofList(found.keys());
  journal.settle(there);
  const now = account.clock.now();
  const claims = openDoubts(record.doubts, now, claimSettleSeconds).filter(({ kind }) => kind === undefined);
  const left = doubtsWithout(claims, there);
  if (left.length > 0) {
    const ends = left.map((doubt) => doubtEndsAtMs(doubt, now, claimSettleSeconds));
    const time = new Date(Math.max(...ends)).toISOString();
    const some = nameSome(
      left.flatMap(({ sims }) => sims.intervals().map((range) => printIntervals([range]))),
    );
    throw new FleetError(
      `a claim that got no answer may still be landing until ${time}: ${some}. Nothing was released. ` +
        `Run the command again after that; to go on at once, look at these SIMs in the dashboard, then ${hints.endDoubt}.`,
    );
  }
  const landing = onRelease === "keep" ? context : { ...context, before: { change: onRelease, atMs: now } };
  return landedOf(record, found.values(), landing);
}

/** Single numbers are looked for by name: then it is known when all of them are there. */
function lookupOf(sims: Selection) {
  const intervals = sims.intervals();
  const isListed = intervals.every(({ first, last }) => first === last);
  return isListed ? { iccids: intervals.map(({ first }) => first), asRange: false } : { numbers: sims };
}

/**
 * The SIMs that are still the organization's. One that was moved away is another's by now, and is left alone and named;
 * one that was moved away and back is the fleet's own. Absence right after a claim is no loss: a list may lag.
 */
async function findThere(
  context: RunContext,
  { record, declared }: Omit<Fleet, "onRelease">,
): Promise<HeldSim[]> {
  const { account, report } = context;
  const { sims, absent, back } = await readRecorded(account, record, declared);
  const missing = new Set(absent);
  const lagging = isSettling(record, account.clock.now(), context.claimSettleSeconds)
    ? heldSims(record).filter(({ iccid }) => missing.has(iccid))
    : [];
  const found = new Set(back.map(({ iccid }) => iccid));
  const away = [...record.lost, ...(lagging.length > 0 ? [] : absent)].filter((iccid) => !found.has(iccid));
  if (away.length > 0) {
    report.warn(`${countOfSims(away.length)} lost, not found and not released: ${nameSome(away)}`);
  }
  return [...sims, ...lagging, ...back];
}
