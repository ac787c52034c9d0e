import type { Limits } from "../../hologram/model";
import { Selection } from "../numbers/selection";
import type { Approval } from "./approval";
import type { HeldSim } from "./declaration";
import type { PlanTerms } from "./terms";

/** What is known of a fleet between two operations, SIM by SIM. */
export interface FleetRecord {
  /** The SIMs held, ascending, those that are declared no more included: they leave when a preview has told it. */
  readonly sims: readonly RecordedSim[];
  /** ICCIDs of SIMs that are gone: never claimed again, held again where they are back. */
  readonly lost: readonly string[];
  /** Approved and not done yet. */
  readonly open?: Approval;
  /** Claims and changes of plan that got no certain answer. */
  readonly doubts: readonly Doubt[];
  /** Limits that nobody declares, and that a change of plan wiped or may yet wipe: to be set again. */
  readonly wiped?: readonly WipedLimits[];
  /** The tag that the last operation put on its SIMs. */
  readonly tagId?: number;
  /** SIMs held that may bear it no more, because they were lost and are back: a transfer drops tags. */
  readonly untagged?: readonly string[];
  /** When the newest claim was sent, in milliseconds since the epoch: a list may lag behind it for a while. */
  readonly claimedAtMs?: number;
}

/** A SIM on record. `check` is given inputs and no outputs, so it knows the ICCID alone. */
export type RecordedSim = HeldSim | { readonly iccid: string; readonly deviceId?: undefined };

/** SIMs, or numbers of a range, whose claim or change of plan may still be landing. */
export interface Doubt {
  readonly sims: Selection;
  /** Sent by another fleet or stack: this fleet does not claim these SIMs, but does not own them either. Never recorded. */
  readonly isForeign?: true;
  /** Absent: a claim. A change of plan may be charged too, so it is not sent twice either. */
  readonly kind?: "changePlan";
  /** What was sent. Absent in records of an older form, and where SIMs may keep the terms that they had in Test Mode. */
  readonly to?: PlanTerms;
  /** Of numbers whose SIMs nothing names: how many of them may still land. */
  readonly atMost?: number;
  /** When it was sent, in milliseconds since the epoch. How long to wait comes from the settings of the day. */
  readonly sentAtMs: number;
}

/** What SIMs were limited to before a change of their plan. Nothing but the record remembers it. */
export interface WipedLimits {
  readonly sims: Selection;
  readonly limits: Limits;
}

export const emptyRecord: FleetRecord = { sims: [], lost: [], doubts: [] };

/** Whether nothing has been bought, or tried, so far. */
export function isNew({ sims, lost, doubts, open }: FleetRecord): boolean {
  return sims.length + lost.length + doubts.length === 0 && open === undefined;
}

/** The SIMs that have a device on record: held for certain. The others are read again before anything is written. */
export function heldSims({ sims }: Pick<FleetRecord, "sims">): HeldSim[] {
  return sims.filter((sim) => sim.deviceId !== undefined);
}

/** The SIMs, or numbers of ranges, that a claim without a certain answer names. */
export function claimsInDoubt(doubts: readonly Doubt[]): Selection {
  return doubts
    .filter(({ kind }) => kind === undefined)
    .reduce((all, { sims }) => all.union(sims), Selection.empty);
}

/** Doubts that have not ended. A time in the future (a clock that was set back) counts as just sent. */
export function openDoubts(doubts: readonly Doubt[], nowMs: number, settleSeconds: number): Doubt[] {
  return doubts.filter(({ sentAtMs }) => doubtEndsAtMs({ sentAtMs }, nowMs, settleSeconds) > nowMs);
}

/** Doubts about other SIMs than these, which are there. A change of plan is in doubt though its SIM is there. */
export function doubtsWithout(doubts: readonly Doubt[], there: Selection): Doubt[] {
  return doubts
    .map((doubt) => (doubt.kind === undefined ? { ...doubt, sims: doubt.sims.minus(there) } : doubt))
    .filter(({ sims }) => !sims.isEmpty);
}

/** The part of it that is about these SIMs. */
export function wipedOf(wiped: readonly WipedLimits[], sims: Selection): WipedLimits[] {
  return wiped
    .map(({ sims: names, limits }) => ({ sims: names.intersect(sims), limits }))
    .filter((each) => !each.sims.isEmpty);
}

/** When a claim can no longer be landing, in milliseconds since the epoch. */
export function doubtEndsAtMs(
  { sentAtMs }: Pick<Doubt, "sentAtMs">,
  nowMs: number,
  settleSeconds: number,
): number {
  return Math.min(sentAtMs, nowMs) + settleSeconds * 1000;
}

/** A list may lag behind a claim that was sent just now: a SIM that it does not show is not lost then. */
export function isSettling(
  { claimedAtMs }: Pick<FleetRecord, "claimedAtMs">,
  nowMs: number,
  settleSeconds: number,
): boolean {
  return claimedAtMs !== undefined && doubtEndsAtMs({ sentAtMs: claimedAtMs }, nowMs, settleSeconds) > nowMs;
}
