import type { Sim } from "../../hologram/model";
import { type Landed, readLanded, warnOfGone, warnOfUnsure } from "../apply/landed";
import { type Approval, narrow, withoutLanded } from "../model/approval";
import { type DeclaredSims, iccidOf, uniqueByIccid } from "../model/declaration";
import { countOfSims, isOrAre } from "../model/money";
import { doubtsWithout, type FleetRecord, isSettling, openDoubts, wipedOf } from "../model/record";
import { standingOf } from "../model/standing";
import { ascendingUnique, Selection } from "../numbers/selection";
import { readRecorded } from "../observe/readRecorded";
import type { RunContext } from "./context";
import { tellStanding } from "./report";

/** What a refresh is given, beside the fleet itself. */
export interface RefreshContext extends Pick<RunContext, "account" | "report" | "claimSettleSeconds"> {
  /** Opens the journal; asked only where something is in doubt. */
  journal(): Promise<Pick<RunContext["journal"], "learn" | "claimedSince">>;
}

export interface Refreshed {
  readonly record: FleetRecord;
  /** What the account shows of the SIMs held. */
  readonly shown: readonly Sim[];
  /** Whether a list of the declared range shows exactly those. */
  readonly isAsListed: boolean;
}

/**
 * The record as the account has it: SIMs that are gone become lost, lost ones that are back are held again, and what has
 * landed of a claim in doubt is held. Reads only.
 */
export async function refreshFleet(
  context: RefreshContext,
  record: FleetRecord,
  declared: DeclaredSims | undefined,
): Promise<Refreshed> {
  const { account, report, claimSettleSeconds } = context;
  const reading = await readRecorded(account, record, declared);
  const now = account.clock.now();
  const mayLag = isSettling(record, now, claimSettleSeconds);
  const absent = new Set(reading.absent);
  const kept = mayLag ? record.sims.filter(({ iccid }) => absent.has(iccid)) : [];
  const { sims: landed, gone: dead, unsure, doubts: owing } = await landedOn(context, record);
  const gone = mayLag ? reading.dead : [...reading.dead, ...reading.absent];
  warnOfUnsure(report, unsure);
  warnOfGone(report, dead);
  const sims = [...reading.sims, ...kept, ...reading.back, ...landed];
  const paused = reading.shown.filter((sim) => standingOf(sim) === "pausedByHologram");
  tellStanding(report, {
    lost: gone,
    back: reading.back.map(iccidOf),
    pausedByHologram: paused.map(iccidOf),
  });
  if (landed.length > 0)
    report.info(`${countOfSims(landed.length)} of a claim in doubt ${isOrAre(landed.length)} active`);
  const back = new Set(reading.back.map(iccidOf));
  const there = Selection.ofList(sims.map(({ iccid }) => iccid));
  const settled = there.union(Selection.ofList(dead));
  const doubts = doubtsWithout(openDoubts(owing, now, claimSettleSeconds), settled);
  if (doubts.length > 0) (await context.journal()).learn(doubts);
  const { open: _, wiped: before = [], ...others } = record;
  const wiped = wipedOf(before, there);
  const untagged = record.tagId === undefined ? [] : [...(record.untagged ?? []), ...back];
  const open = openWithout(record.open, [...landed.map(iccidOf), ...dead]);
  return {
    record: {
      ...others,
      ...(open === undefined ? {} : { open }),
      ...(wiped.length === 0 ? {} : { wiped }),
      sims: uniqueByIccid(sims),
      lost: ascendingUnique([...record.lost, ...gone, ...dead]).filter((iccid) => !back.has(iccid)),
      doubts,
      ...(untagged.length === 0 ? {} : { untagged: ascendingUnique(untagged) }),
    },
    shown: reading.shown,
    isAsListed: reading.isAsListed,
  };
}

async function landedOn(context: RefreshContext, record: FleetRecord): Promise<Landed> {
  if (record.doubts.length === 0) return { sims: [], gone: [], unsure: [], doubts: [] };
  const { account, claimSettleSeconds } = context;
  return readLanded(account, record, { claimSettleSeconds, journal: await context.journal() });
}

/** What has landed of a claim is open no more. SIMs of a range that nothing names are open by their number. */
function openWithout(open: Approval | undefined, landed: readonly string[]): Approval | undefined {
  if (open === undefined || landed.length === 0) return open;
  const there = new Set(landed);
  return narrow(
    withoutLanded(open, landed),
    (kind, iccid) => (kind !== "activate" && kind !== "adopt") || !there.has(iccid),
  );
}
