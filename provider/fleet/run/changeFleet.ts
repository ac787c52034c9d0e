import { type ApplyContext, apply, nothingDone, type Outcome, type Undone } from "../apply/apply";
import { readLanded, warnOfGone, warnOfUnsure } from "../apply/landed";
import { type Approval, approveNothing, join, narrow, withoutLanded } from "../model/approval";
import { type HeldSim, iccidOf, type OnRelease, stillDeclares, uniqueByIccid } from "../model/declaration";
import { FleetError, summarizeReasons } from "../model/fleetErrors";
import type { Amount } from "../model/journal";
import { countOfSims } from "../model/money";
import { type Doubt, type FleetRecord, isNew, isSettling, openDoubts } from "../model/record";
import { isBilled, standingOf } from "../model/standing";
import { planDifferences } from "../model/terms";
import { ascendingUnique, Selection } from "../numbers/selection";
import { type Observation, observe, type Question } from "../observe/observe";
import { approvalOf, permit } from "../plan/approve";
import { type FleetPlan, plan } from "../plan/plan";
import { activations, type Purchases } from "../plan/purchases";
import { namesOf, recordAfter, unfinishedAfter } from "./afterwards";
import { beyondCaps, dueOf, noAmount } from "./caps";
import type { RunContext } from "./context";
import type { Changed, Decision, FleetChange } from "./decision";
import { reportOutcome } from "./report";
import { spareDeclared } from "./sparing";

/**
 * Brings the world to the declaration: observe, plan, leave out what nobody approved, apply, and write down what became
 * of each SIM. Before the first write everything that speaks against it is an error that says nothing was sent; after
 * it, everything learned is in the record.
 */
export async function changeFleet(context: RunContext, before: FleetChange): Promise<Changed> {
  const { change, unsure } = await landed(context, before);
  const changed = await changeLanded(context, change);
  const held = new Set(changed.record.sims.map(iccidOf));
  warnOfUnsure(
    context.report,
    unsure.filter(({ iccid }) => !held.has(iccid)),
  );
  return changed;
}

/** The same, once what has landed of the fleet's own claims is on record. */
async function changeLanded(context: RunContext, change: FleetChange): Promise<Changed> {
  const { record } = change;
  const reading = await readOnce(context, change);
  const { seen } = reading;
  const { declaration } = change;
  const now = context.account.clock.now();
  const wanted = plan(declaration, record, seen, isSettling(record, now, context.claimSettleSeconds));
  const doubts = remainingDoubts(context, change, { record, seen, wanted });
  if (doubts.length === 0 && openDoubts(record.doubts, now, context.claimSettleSeconds).length > 0) {
    // All that was in doubt is there, and the rest was not looked for: go on as if nothing had been.
    return changeLanded(context, { ...change, record: { ...record, doubts: [] } });
  }
  const approval = approvalFor(change, wanted);
  // As long as a claim may be landing there may be more SIMs than can be counted.
  const counts = doubts.length > 0 ? [] : wanted.countRefusals;
  refuse(change, { ...wanted, countRefusals: counts }, approval);
  const { account, journal } = context;
  // Without the journal another process may be claiming what leaves here.
  const program = journal.isKept ? context.program : { ...context.program, isWhole: () => false };
  const leaving = await spareDeclared(account, program, wanted.release, change.onRelease);
  const own = { ...wanted, release: [...leaving.release, ...leaving.deferred] };
  const { plan: permitted, leftAlone } = permit(
    own,
    { ...declaration, onRelease: change.onRelease },
    approval,
  );
  const renumbered = [...seen.sims].filter(([iccid, sim]) => iccid !== sim.iccid);
  const shownAs = new Map(renumbered.map(([iccid, sim]) => [iccid, sim.iccid]));
  const release = permitted.release.filter((sim) => leaving.release.includes(sim));
  const decision: Decision = {
    wanted,
    approval,
    permitted: { ...permitted, release },
    leaving,
    doubts,
    shownAs,
    declares: declaredNames(change),
  };

  const outcome = doubts.length > 0 ? holdOnly(decision) : await write(context, change, decision, reading);
  const after = recordAfter(context, { record, declaration }, decision, outcome);
  const unfinished = unfinishedAfter(context, decision, outcome, after);
  const { onRelease } = change;
  const retagged = record.tagId === after.tagId ? 0 : retaggedIn(decision, outcome);
  const missing = doubts.length > 0 ? [] : missingFrom(after, change, shownAs);
  const notTold = missing.length === 0 ? [] : [`${countOfSims(missing.length)} declared and not active`];
  const found = [...leftAlone, ...notTold.map((each) => `${each}, of which no preview told: left alone`)];
  reportOutcome(context, { decision, outcome, leftAlone: found, onRelease, retagged });
  return { record: after, outcome, unfinished: [...unfinished, ...shortage(change, after)] };
}

/** SIMs that the declaration comes to and that are neither held, nor lost, nor open: nobody has told of them. */
function missingFrom(
  { sims, lost, open }: FleetRecord,
  { roll = [] }: FleetChange,
  shownAs: ReadonlyMap<string, string>,
): string[] {
  const known = namesOf(sims, shownAs);
  for (const iccid of lost) known.add(iccid);
  const isOpen = (iccid: string): boolean =>
    open !== undefined && (open.sims.activate.has(iccid) || open.sims.adopt.has(iccid));
  return roll.filter((iccid) => !known.has(iccid) && !isOpen(iccid));
}

/** By EID a program can expect SIMs that nothing names: then they cannot be activated, and that is no success. */
function shortage({ declaration: { sims, expectedSims = 0 } }: FleetChange, after: FleetRecord): Undone[] {
  if (sims.form !== "eids" || after.open !== undefined || after.doubts.length > 0) return [];
  const count = expectedSims - after.sims.length - after.lost.length;
  const reason =
    "Hologram does not say which SIMs these EIDs belong to, and without that they are not activated: declare them by ICCID";
  return Array.from({ length: Math.max(0, count) }, () => ({ kind: "activate", reason, fate: "untouched" }));
}

/** SIMs on record whose tag was changed; a claim brings the tag along. */
function retaggedIn({ permitted: { keep, tags } }: Decision, { undone }: Outcome): number {
  const failed = new Set(undone.filter(({ kind }) => kind === "tag").map(({ iccid }) => iccid));
  const work = new Set([...(tags.link?.sims ?? []), ...(tags.unlink?.sims ?? [])].map(({ iccid }) => iccid));
  return keep.filter(({ iccid }) => work.has(iccid) && !failed.has(iccid)).length;
}

/** A reading of the account, and when it began. */
interface Reading {
  readonly seen: Observation;
  readonly readAtMs: number;
}

/**
 * A reading that took long, because the rate was limited, is old before it ends: an earlier claim may have landed
 * meanwhile. Then everything is read once more.
 */
async function readOnce(
  { account, claimSettleSeconds }: RunContext,
  { declaration, told, roll, record }: FleetChange,
): Promise<Reading> {
  const { clock } = account;
  const isDoubtful = openDoubts(record.doubts, clock.now(), claimSettleSeconds).length > 0;
  const claims = isDoubtful ? "none" : approvedClaims({ declaration, told, roll }, record.open);
  for (let isSecond = false; ; isSecond = true) {
    const readAtMs = clock.now();
    const seen = await observe(account, declaration, record, { claims, leaving: false });
    if (isSecond || clock.now() - readAtMs <= OLDEST_READING_MS) return { seen, readAtMs };
  }
}

const OLDEST_READING_MS = 30_000;

/** ICCIDs that the declaration comes to; which EIDs are which only a preview can tell. */
function declaredNames({ declaration: { sims }, roll }: Pick<FleetChange, "declaration" | "roll">) {
  const comesTo = sims.form === "eids" && roll !== undefined ? new Set(roll) : undefined;
  return (iccid: string): boolean => comesTo?.has(iccid) ?? stillDeclares(sims, iccid, undefined);
}

/** What was approved and is declared no more is not asked for: the program was taken back meanwhile. */
function approvedClaims(
  { declaration, told, roll }: Pick<FleetChange, "declaration" | "told" | "roll">,
  open: Approval | undefined,
): Question["claims"] {
  if ("unverified" in told) return "all";
  const { sims, unnamed } = join(told, open);
  const activate = new Set([...sims.activate].filter(declaredNames({ declaration, roll })));
  return { activate, ...(unnamed === undefined ? {} : { unnamed }) };
}

/**
 * The change with what has landed of the fleet's claims in doubt on record: it was paid for, whatever is declared by now,
 * and is bought no more. On other terms than that it waits for a preview to tell, and declared no more it leaves like any
 * other SIM.
 */
async function landed(
  context: RunContext,
  change: FleetChange,
): Promise<{ readonly change: FleetChange; readonly unsure: readonly HeldSim[] }> {
  const { record, told } = change;
  const { sims, gone, unsure, doubts } = await readLanded(context.account, record, context);
  warnOfGone(context.report, gone);
  const came = [...sims.map(iccidOf), ...gone];
  if (came.length === 0) return { change, unsure };
  const open = record.open === undefined ? {} : { open: withoutLanded(record.open, came) };
  const known = {
    ...record,
    ...open,
    sims: uniqueByIccid([...record.sims, ...sims]),
    lost: ascendingUnique([...record.lost, ...gone]),
    doubts,
  };
  const left = "unverified" in told ? told : withoutLanded(told, came);
  return { change: { ...change, told: left, record: known }, unsure };
}

/** The fleet's own doubts, and those of others about its SIMs, without what is as it should be by now. */
function remainingDoubts(
  { account, claimSettleSeconds, journal }: RunContext,
  { declaration: { sims }, told, roll = [] }: FleetChange,
  { record, seen, wanted }: { record: FleetRecord; seen: Observation; wanted: FleetPlan },
): Doubt[] {
  const own = openDoubts(record.doubts, account.clock.now(), claimSettleSeconds);
  journal.learn(own);
  const active = [...seen.sims].flatMap(([iccid, sim]) => (isBilled(standingOf(sim)) ? [iccid] : []));
  const there = Selection.ofList([...active, ...record.sims.map(({ iccid }) => iccid)]);
  const onOtherPlans = Selection.ofList(wanted.changePlan.map(({ sim }) => sim.iccid));
  // Whatever is declared by now: the change is through where the SIM shows the plan that was sent.
  const notThrough = ({ sims, to }: Doubt): Selection => {
    if (to === undefined) return sims.intersect(onOtherPlans);
    const through = [...seen.sims].filter(([, sim]) => planDifferences(sim, to).length === 0);
    const settled = Selection.ofList(through.map(([iccid]) => iccid)).intersect(sims);
    journal.settlePlans(settled, to);
    return sims.minus(settled);
  };
  const left = own.map((doubt) => ({
    ...doubt,
    sims: doubt.kind === "changePlan" ? notThrough(doubt) : doubt.sims.minus(there),
  }));
  // Which SIMs EIDs are is told by the account, and was told by its preview.
  const names = "unverified" in told ? [] : [...told.sims.activate, ...(record.open?.sims.activate ?? [])];
  const declared =
    sims.form === "eids" ? Selection.ofList([...seen.claimable.named, ...names, ...roll]) : sims.selection;
  const ofOthers = journal.doubts().map((doubt) => {
    const claimed = doubt.sims.intersect(declared).minus(there);
    const landing = doubt.kind === "changePlan" ? notThrough(doubt).intersect(there) : claimed;
    return { ...doubt, isForeign: true as const, sims: landing };
  });
  journal.settle(there);
  return [...left, ...ofOthers].filter((doubt) => !doubt.sims.isEmpty);
}

/**
 * Where the preview could tell nothing, the declaration itself says what is wanted, as long as it counts: a list does,
 * a range with `expectedSims` does; and the SIMs of before change their plan or limits where those were edited. What leaves,
 * what was paused and what others have put on other terms is told by a preview or stays as it is.
 */
function approvalFor({ declaration, told, record }: FleetChange, wanted: FleetPlan): Approval {
  if (!("unverified" in told)) return join(told, record.open);
  const { sims, expectedSims } = declaration;
  const { claim, claimUnnamed, ...others } = wanted;
  const steps = {
    ...others,
    ...atMost(told.activate ?? Number.POSITIVE_INFINITY, wanted, record.open),
    release: [],
    resume: [],
    changePlan: wanted.changePlan.filter(({ sim }) => told.changePlan?.has(sim.iccid) ?? false),
    changeLimits: wanted.changeLimits.filter(({ sim }) => told.changeLimits?.has(sim.iccid) ?? false),
  };
  const { price } = told;
  const own = { ...approvalOf(steps, declaration), ...(price === undefined ? {} : { price }) };
  if (sims.form === "list" || expectedSims !== undefined) return join(own, record.open);
  if (own.sims.activate.size + own.sims.adopt.size > 0) {
    throw new FleetError(
      `nothing was sent: the preview could not be verified (${told.unverified}), and a range without expectedSims ` +
        "is then not activated",
    );
  }
  const changed = narrow(own, (kind) => kind === "changePlan" || kind === "changeLimits");
  return join(changed ?? approveNothing({ plan: declaration.plan, zone: declaration.zone }), record.open);
}

/** So many of the SIMs to buy, those first that no earlier preview told. */
function atMost(
  most: number,
  { claim, claimUnnamed }: Purchases,
  open: Approval | undefined,
): Pick<Purchases, "claim" | "claimUnnamed"> {
  const isOpen = (iccid: string): boolean => open?.sims.activate.has(iccid) ?? false;
  const named = [...claim.filter((each) => !isOpen(each)), ...claim.filter(isOpen)].slice(0, most);
  const left = Math.min(claimUnnamed?.atMost ?? 0, most - named.length);
  return claimUnnamed === undefined || left === 0
    ? { claim: named }
    : { claim: named, claimUnnamed: { ...claimUnnamed, atMost: left } };
}

/**
 * What concerns the whole fleet stops every change. What concerns single SIMs stops a new fleet, where nothing is
 * spent yet; a fleet that goes on does the rest and reports them. SIMs of which no preview told concern nobody.
 */
function refuse({ record, told }: FleetChange, wanted: FleetPlan, { sims }: Approval): void {
  const stopping = wanted.refusals.filter(({ iccid }) => {
    return iccid === undefined || (isNew(record) && (sims.activate.has(iccid) || sims.adopt.has(iccid)));
  });
  // A range is claimed whole: should it hold more SIMs by now than were approved, it is not claimed at all.
  const isCounted = "unverified" in told || wanted.claimUnnamed !== undefined;
  const refusals = isCounted ? [...stopping, ...wanted.countRefusals] : stopping;
  if (refusals.length === 0) return;
  throw new FleetError(`nothing was sent: ${summarizeReasons(refusals).join("; ")}`);
}

/** As long as a claim may be landing, the fleet only takes note of what is there. */
function holdOnly({ wanted, permitted, doubts }: Decision): Outcome {
  const sims = uniqueByIccid([...wanted.keep, ...permitted.adopt]);
  const done = { ...nothingDone.done, adopt: permitted.adopt.length };
  return { ...nothingDone, sims, lost: wanted.lost, done, doubts };
}

async function write(
  context: RunContext,
  { declaration, onRelease }: FleetChange,
  { permitted }: Decision,
  { readAtMs }: Reading,
): Promise<Outcome> {
  const amount = reserve(context, permitted, onRelease);
  const { account, journal, report, claimSettleSeconds } = context;
  const applying: ApplyContext = {
    account,
    declaration,
    journal,
    report,
    claimSettleSeconds,
    readAtMs,
    onRelease,
  };
  const outcome = await apply(applying, permitted);
  context.spending.giveBack({
    activations: Math.max(0, amount.activations - outcome.spent),
    dueNow: Math.max(0, amount.dueNow - dueOf(permitted.price, outcome.spent)),
    deactivations: amount.deactivations - (onRelease === "deactivate" ? outcome.done.release : 0),
  });
  return outcome;
}

/** Counts the plan against the caps of this run, in one step: operations run side by side. */
function reserve({ spending, caps, hints }: RunContext, steps: FleetPlan, onRelease: OnRelease): Amount {
  const count = activations(steps);
  const amount: Amount = {
    activations: count,
    dueNow: dueOf(steps.price, count),
    deactivations: onRelease === "deactivate" ? steps.release.length : 0,
  };
  if (amount.activations + amount.deactivations === 0) return noAmount;
  const isPriced = steps.price?.amount !== undefined;
  const refusal = spending.spend(amount, (total) => beyondCaps(total, caps, hints, isPriced));
  if (refusal !== undefined) throw new FleetError(`nothing was sent: ${refusal}`);
  return amount;
}
