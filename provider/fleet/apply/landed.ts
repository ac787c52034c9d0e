import type { Sim } from "../../hologram/model";
import type { Account, Reporter } from "../model/account";
import type { HeldSim, OnRelease } from "../model/declaration";
import { nameSome } from "../model/fleetErrors";
import type { ClaimJournal } from "../model/journal";
import { countOfSims, isOrAre } from "../model/money";
import { claimsInDoubt, type Doubt, type FleetRecord } from "../model/record";
import { standingOf } from "../model/standing";
import { planDifferences } from "../model/terms";
import { ascendingUnique } from "../numbers/selection";
import { asHeld } from "../observe/observe";
import { findBought } from "./confirmClaims";

/** What is there of the SIMs that claims in doubt name, and not held yet. */
export interface Landed {
  /** What came of these claims. */
  readonly sims: readonly HeldSim[];
  /** What came of them too, was charged, and has been deactivated since. */
  readonly gone: readonly string[];
  /** Perhaps of these claims, perhaps activated by somebody else: never taken, and named to the user. */
  readonly unsure: readonly HeldSim[];
  /** The doubts, each owing no more than has not landed of it. */
  readonly doubts: readonly Doubt[];
}

export interface LandingContext {
  readonly claimSettleSeconds: number;
  readonly journal: Pick<ClaimJournal, "claimedSince">;
  /**
   * What is about to be done to them, and to nobody else's SIM, and when: then a choice among equals is none, and terms
   * alone are evidence enough for a pause, which can be undone, soon after the claim, and never for a deactivation.
   */
  readonly before?: { readonly change: Exclude<OnRelease, "keep">; readonly atMs: number };
}

/**
 * Of the SIMs shown as active or deactivated, those that can have come of these claims: activated when a claim could land, on its terms,
 * by no later claim of this machine, and no more of a range than it owes. Where the account tells no time, the terms decide.
 */
export function landedOf(
  { doubts, sims: held, open }: Pick<FleetRecord, "doubts" | "sims" | "open">,
  shown: Iterable<Sim>,
  { claimSettleSeconds, journal, before }: LandingContext,
): Landed {
  const known = new Set(held.map(({ iccid }) => iccid));
  const left = new Map([...shown].filter(({ iccid }) => !known.has(iccid)).map((sim) => [sim.iccid, sim]));
  const landed: Sim[] = [];
  const unsure = new Map<string, Sim>();
  const owing = doubts.map((doubt) => {
    if (doubt.kind !== undefined || left.size === 0) return doubt;
    const others = journal.claimedSince(doubt.sentAtMs);
    const possible = [...left.values()].filter(
      (sim) =>
        doubt.sims.has(sim.iccid) &&
        !others.has(sim.iccid) &&
        !isTooLate(sim, doubt, A_DAY_MS) &&
        !isOlderDeath(sim, doubt),
    );
    const fitting = possible
      .filter((sim) => !isTooLate(sim, doubt))
      .filter((sim) => doubt.to === undefined || planDifferences(sim, doubt.to).length === 0)
      .filter((sim) => before === undefined || isEvidence(sim, doubt, before))
      .sort((a, b) => distance(a, doubt) - distance(b, doubt));
    const owed = owedBy(doubt, open);
    const taken = before !== undefined && fitting.length > owed ? [] : fitting.slice(0, owed);
    landed.push(...taken);
    for (const { iccid } of taken) left.delete(iccid);
    for (const sim of possible) unsure.set(sim.iccid, sim);
    return doubt.atMost === undefined ? doubt : { ...doubt, atMost: doubt.atMost - taken.length };
  });
  return {
    sims: landed.filter((sim) => !isDead(sim)).flatMap(asHeld),
    gone: landed.filter(isDead).map(({ iccid }) => iccid),
    unsure: [...unsure.values()].filter((sim) => left.has(sim.iccid) && !isDead(sim)).flatMap(asHeld),
    doubts: owing,
  };

  /**
   * Activated when the claim could land no more. A time before it says nothing: the SIM was free when the claim was sent,
   * so the time is another clock's, or of another card's life. Clocks and time zones may differ by less than a day.
   */
  function isTooLate({ claimedAtMs = 0 }: Sim, doubt: Doubt, marginMs = 0): boolean {
    return claimedAtMs > lastLandingMs(doubt) + marginMs;
  }

  function isEvidence(
    { claimedAtMs }: Sim,
    doubt: Doubt,
    { change, atMs }: NonNullable<LandingContext["before"]>,
  ): boolean {
    if (claimedAtMs !== undefined) return claimedAtMs >= doubt.sentAtMs - EARLIEST_MS;
    const isSoon = atMs <= lastLandingMs(doubt) + USUAL_SETTLE_MS;
    return change === "pause" && isSoon && doubt.to !== undefined;
  }

  function lastLandingMs({ sentAtMs }: Doubt): number {
    // A setting that ends a doubt at once does not make a claim land earlier.
    return sentAtMs + Math.max(claimSettleSeconds * 1000, USUAL_SETTLE_MS);
  }
}

/** What has landed of its claims in doubt, which may be over by now. */
export async function readLanded(
  account: Account,
  record: FleetRecord,
  context: LandingContext,
): Promise<Landed> {
  const numbers = claimsInDoubt(record.doubts);
  if (numbers.isEmpty) return { sims: [], gone: [], unsure: [], doubts: record.doubts };
  return landedOf(record, (await findBought(account, { numbers })).values(), context);
}

/** Names what is active and not taken: should it be of the claim, it is billed and in no record. */
export function warnOfUnsure(report: Reporter, unsure: readonly HeldSim[]): void {
  if (unsure.length === 0) return;
  const names = nameSome(ascendingUnique(unsure.map(({ iccid }) => iccid)), MOST_NAMED);
  report.warn(
    `${countOfSims(unsure.length)} ${isOrAre(unsure.length)} active and billed, perhaps by the claim that got no answer, perhaps by ` +
      `somebody else: left as found, and not on record. Look at them in the dashboard, and pause or deactivate there ` +
      `what nobody needs: ${names}`,
  );
}

function isDead(sim: Sim): boolean {
  return standingOf(sim) === "dead";
}

/** Deactivated in an earlier life: only a time that fits the claim says that it came of it. */
function isOlderDeath(sim: Sim, { sentAtMs }: Doubt): boolean {
  return isDead(sim) && (sim.claimedAtMs ?? 0) < sentAtMs - EARLIEST_MS;
}

/** Names what was charged and is worth nothing any more. A record holds it as lost only while it is declared. */
export function warnOfGone(report: Reporter, gone: readonly string[]): void {
  if (gone.length === 0) return;
  report.warn(
    `${countOfSims(gone.length)} of a claim that got no answer: activated, charged and deactivated since: ` +
      nameSome(ascendingUnique(gone), MOST_NAMED),
  );
}

const USUAL_SETTLE_MS = 600_000;
const A_DAY_MS = 86_400_000;
/** A doubt is dated by the end of its claim: a large range takes many requests, each may wait for its answer, and clocks differ. */
const EARLIEST_MS = 900_000;
/** No record will name them. */
const MOST_NAMED = 100;

/** How far from the claim it was activated; farthest where nobody tells. */
function distance({ claimedAtMs = Number.POSITIVE_INFINITY }: Sim, { sentAtMs }: Doubt): number {
  return Math.min(Math.abs(claimedAtMs - sentAtMs), Number.MAX_VALUE);
}

/** How many SIMs may still land of a claim. Doubts of an older form do not tell, but what is open does. */
function owedBy({ sims, atMost }: Doubt, open: FleetRecord["open"]): number {
  if (atMost !== undefined) return atMost;
  if (open?.unnamed === undefined || !open.unnamed.numbers.overlaps(sims)) return Number.POSITIVE_INFINITY;
  return open.unnamed.atMost + [...open.sims.activate].filter((iccid) => sims.has(iccid)).length;
}
