import type { Outcome, Undone } from "../apply/apply";
import { type Approval, type Kind, narrow } from "../model/approval";
import { type Declaration, iccidOf, uniqueByIccid } from "../model/declaration";
import { doubtEndsAtMs, type FleetRecord, type WipedLimits, wipedOf } from "../model/record";
import { ascendingUnique, Selection } from "../numbers/selection";
import type { FleetPlan } from "../plan/plan";
import type { RunContext } from "./context";
import type { Decision, FleetChange } from "./decision";

/** What is on record after a change: every SIM with what became of it, and what is still open. */
export function recordAfter(
  { account }: RunContext,
  { record: before, declaration }: Pick<FleetChange, "record" | "declaration">,
  decision: Decision,
  outcome: Outcome,
): FleetRecord {
  const { wanted, leaving, permitted, doubts } = decision;
  const isReadOnly = doubts.length > 0;
  // What leaves and was neither released nor handed over stays on record, whether its release was approved or not.
  const gone = new Set([...leaving.handedOver, ...(isReadOnly ? [] : permitted.release)].map(iccidOf));
  const staying = wanted.release.filter((sim) => !gone.has(sim.iccid));
  const sims = staying.length === 0 ? outcome.sims : uniqueByIccid([...outcome.sims, ...staying]);
  const { lost } = outcome;
  const wiped = wipedAfter(before, decision, outcome, sims);
  const open = openAfter(decision, outcome, { before, sims, lost, wiped, declaration });
  const isTagged = !isReadOnly && !outcome.undone.some(({ kind }) => kind === "tag");
  const tagId = isTagged ? declaration.tagId : before.tagId;
  const untagged = isTagged || tagId === undefined ? [] : [...(before.untagged ?? []), ...wanted.back];
  const claimedAtMs = outcome.requests > 0 ? account.clock.now() : before.claimedAtMs;
  return {
    sims,
    lost,
    // What another fleet has claimed is not this one's, whatever becomes of it.
    doubts: outcome.doubts.filter(({ isForeign }) => isForeign !== true),
    ...(open === undefined ? {} : { open }),
    ...(wiped.length === 0 ? {} : { wiped }),
    ...(tagId === undefined ? {} : { tagId }),
    ...(untagged.length === 0 ? {} : { untagged: ascendingUnique(untagged) }),
    ...(claimedAtMs === undefined ? {} : { claimedAtMs }),
  };
}

/**
 * Approved and not done, with the reason. SIMs that leave and wait for a run that knows the whole program are not among
 * them: nothing failed, and their release goes on by itself.
 */
export function unfinishedAfter(
  context: RunContext,
  decision: Decision,
  outcome: Outcome,
  { open }: FleetRecord,
): Undone[] {
  const told = new Set(outcome.undone.map(keyOf));
  const reason = reasons(context, decision);
  const left = KINDS_OF_THE_DECLARED.flatMap((kind) =>
    [...(open?.sims[kind] ?? [])]
      .filter((iccid) => !told.has(keyOf({ kind, iccid })))
      .map((iccid) => ({
        kind,
        iccid,
        ...reason(kind, iccid),
      })),
  );
  const unnamedTold = outcome.undone.filter(({ iccid }) => iccid === undefined).length;
  const unnamed = Math.max(0, (open?.unnamed?.atMost ?? 0) - unnamedTold);
  const others = Array.from({ length: unnamed }, () => ({
    kind: "activate" as const,
    ...reason("activate"),
  }));
  return [...outcome.undone, ...left, ...others];
}

const KINDS_OF_THE_DECLARED = ["activate", "adopt", "resume", "changePlan", "changeLimits"] as const;

/** Limits that are still to be set again: until it is certain that a SIM has them, or does not lack them any more. */
function wipedAfter(
  { wiped: before = [] }: FleetRecord,
  { wanted, permitted, doubts }: Decision,
  { wiped, undone }: Outcome,
  sims: FleetRecord["sims"],
): WipedLimits[] {
  const held = Selection.ofList(sims.map(iccidOf));
  const changed = ({ changePlan, changeLimits }: FleetPlan): Selection =>
    Selection.ofList([...changePlan, ...changeLimits].map(({ sim }) => sim.iccid));
  const failed = Selection.ofList(undone.flatMap(({ iccid }) => iccid ?? []));
  const tried = changed(permitted).minus(failed);
  const left = doubts.length > 0 ? held : changed(wanted).minus(tried).intersect(held);
  return [...wipedOf(before, left), ...wipedOf(wiped, held)].reduce<WipedLimits[]>(addWiped, []);
}

/** SIMs of the same limits together; what was found later holds. */
function addWiped(all: readonly WipedLimits[], { sims, limits }: WipedLimits): WipedLimits[] {
  const text = JSON.stringify(limits);
  const others = all
    .map((each) => ({ ...each, sims: each.sims.minus(sims) }))
    .filter((each) => !each.sims.isEmpty);
  const same = others.find((each) => JSON.stringify(each.limits) === text);
  const rest = others.filter((each) => each !== same);
  return [...rest, { sims: same === undefined ? sims : same.sims.union(sims), limits }];
}

/** What of the approval is still to be done. */
function openAfter(
  { approval, wanted, permitted, doubts, shownAs, declares }: Decision,
  { undone }: Outcome,
  now: { readonly before: FleetRecord; readonly declaration: Declaration } & Pick<
    FleetRecord,
    "sims" | "lost" | "wiped"
  >,
): Approval | undefined {
  const held = namesOf(now.sims, shownAs);
  const lost = new Set(now.lost);
  const leaves = new Set(wanted.release.map(iccidOf));
  const failed = new Set(undone.map(keyOf));
  const [lacking, tried] = [namesByKind(wanted), doubts.length > 0 ? undefined : namesByKind(permitted)];
  const open = narrow(approval, (kind, iccid) => {
    if (kind === "release") return held.has(iccid) && leaves.has(iccid);
    if (lost.has(iccid) || !declares(iccid)) return false;
    if (kind === "activate" || kind === "adopt") return !held.has(iccid);
    if (!held.has(iccid) || failed.has(keyOf({ kind, iccid }))) return true;
    // What sets its limits again is the change of plan that was told.
    if (kind === "changePlan" && now.wiped?.some(({ sims }) => sims.has(iccid))) return true;
    return lacking[kind].has(iccid) && !tried?.[kind].has(iccid);
  });
  if (open?.unnamed === undefined) return open;
  const known = new Set(now.before.sims.map(iccidOf));
  const { sims: declared, expectedSims = Number.POSITIVE_INFINITY } = now.declaration;
  const { atMost } = open.unnamed;
  const numbers =
    declared.form === "eids" ? open.unnamed.numbers : open.unnamed.numbers.intersect(declared.selection);
  const came = now.sims.filter(({ iccid }) => !known.has(iccid) && numbers.has(iccid)).length;
  const { unnamed: _, ...named } = open;
  // No more than the program still expects; and a list names its SIMs, so what nothing named is named by now.
  const left = Math.min(atMost - came, expectedSims - now.sims.length - lost.size + leaves.size);
  return left > 0 && !numbers.isEmpty && declared.form !== "list"
    ? { ...named, unnamed: { numbers, atMost: left } }
    : narrow(named, () => true);
}

/** On an eSIM a device may show another ICCID than it is held under, and be approved under that. */
export function namesOf(sims: FleetRecord["sims"], shownAs: ReadonlyMap<string, string>): Set<string> {
  const names = new Set(sims.map(iccidOf));
  for (const [iccid, shown] of shownAs) if (names.has(iccid)) names.add(shown);
  return names;
}

function namesByKind({ resume, changePlan, changeLimits }: FleetPlan) {
  return {
    resume: new Set(resume.map(iccidOf)),
    changePlan: new Set(changePlan.map(({ sim }) => sim.iccid)),
    changeLimits: new Set(changeLimits.map(({ sim }) => sim.iccid)),
  };
}

/** The reason for a SIM that was not done and that apply did not mention. */
function reasons({ account, claimSettleSeconds, hints }: RunContext, { wanted, doubts }: Decision) {
  const now = account.clock.now();
  const refused = new Map(wanted.refusals.map(({ iccid, reason }) => [iccid, reason]));
  const forSale = new Set(wanted.claim);
  return (kind: Kind, iccid?: string): Pick<Undone, "reason" | "fate"> => {
    const own = doubts.find(({ sims }) => iccid === undefined || sims.has(iccid));
    const [doubt = own] = doubts;
    if (doubt !== undefined) {
      const time = new Date(doubtEndsAtMs(own ?? doubt, now, claimSettleSeconds)).toISOString();
      if (own !== undefined && kind === (own.kind ?? "activate")) {
        const what = own.kind === undefined ? "claim" : "change of plan";
        return { reason: `doubtful until ${time}: an earlier ${what} got no answer`, fate: "doubtful" };
      }
      return {
        reason: `waits until ${time}: other SIMs of the fleet may still be landing`,
        fate: "untouched",
      };
    }
    const refusal = refused.get(iccid);
    if (refusal !== undefined) return { reason: refusal, fate: "refused" };
    if (kind === "activate" && (iccid === undefined || forSale.has(iccid))) {
      const reason = `not on the terms that were approved (plan, zone or price); ${hints.lookAgain}`;
      return { reason, fate: "untouched" };
    }
    const reason = kind === "activate" ? "neither active nor for sale" : "not as the preview found it";
    return { reason: `${reason}; ${hints.lookAgain}`, fate: "untouched" };
  };
}

function keyOf({ kind, iccid }: Pick<Undone, "kind" | "iccid">): string {
  return `${kind} ${iccid}`;
}
