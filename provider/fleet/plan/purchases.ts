import type { UnnamedSims } from "../model/approval";
import type { Declaration } from "../model/declaration";
import type { Refusal } from "../model/fleetErrors";
import { countOfSims } from "../model/money";
import { type FleetRecord, isNew } from "../model/record";
import { Selection } from "../numbers/selection";
import type { Observation } from "../observe/observe";
import type { NewSims } from "./newSims";
import type { RecordedSims } from "./recordedSims";

/** What a plan buys. */
export interface Purchases {
  /** ICCIDs to buy, ascending. */
  readonly claim: readonly string[];
  /** Numbers to buy as ranges, because nothing names their SIMs; `atMost` of them. */
  readonly claimUnnamed?: UnnamedPurchase;
  /** Why this may not be the whole truth. */
  readonly unverified?: string;
}

interface UnnamedPurchase extends UnnamedSims {
  /** Each part is to be counted before it is claimed. */
  readonly isUncounted?: true;
}

/** What to buy: exactly the SIMs that are named, and of unnamed ones no more than the program expects. */
export function purchases(
  { sims, expectedSims }: Declaration,
  seen: Observation,
  record: RecordedSims,
  news: NewSims,
): Purchases {
  const adopted = new Set(news.adopt.map((sim) => sim.iccid));
  const isTaken = (iccid: string): boolean =>
    record.answers(iccid, undefined) ||
    news.dead.has(iccid) ||
    news.differing.has(iccid) ||
    adopted.has(iccid);
  // By EID nobody but the account can tell which ICCIDs are declared.
  const isDeclared = (iccid: string): boolean => sims.form === "eids" || sims.selection.has(iccid);
  const named = seen.claimable.named.filter((iccid) => isDeclared(iccid) && !isTaken(iccid));
  const { unnamed, unnamedCount, isWholeCount, isUncounted, unverified } = seen.claimable;
  const reason = unverified === undefined ? {} : { unverified };
  if (unnamed.isEmpty) return { claim: named, ...reason };
  const because = unverified ?? "neither its preview nor its listing names them";
  if (sims.form === "eids") return { claim: named, unverified: unnamedEids(because) };
  const refused = [...seen.claimable.refused.keys()].filter((iccid) => !isTaken(iccid)).length;
  const buys = new Set(named);
  const inactive = record.inactive.filter((iccid) => !buys.has(iccid)).length;
  const gone = record.lost.length + inactive + news.dead.size + refused;
  const there = record.keep.length + adopted.size + news.differing.size;
  const others = there + named.length + gone;
  if (expectedSims === undefined) {
    const count = unnamedCount === undefined || !isWholeCount ? "" : ` ${countToSet(unnamedCount, others)}`;
    return {
      claim: [],
      unverified: `Hologram does not say which SIMs the range holds (${because}): set expectedSims${count} to activate them`,
    };
  }
  // The program may count the SIMs that are gone, or not: with Hologram's own count it is known which.
  const atMost = Math.max(
    expectedSims - others,
    Math.min(unnamedCount ?? 0, expectedSims - there - named.length),
  );
  if (atMost <= 0) return { claim: named, ...reason };
  const known = [
    ...record.keep.map((sim) => sim.iccid),
    ...record.lost,
    ...adopted,
    ...news.differing,
    ...named,
  ];
  return {
    claim: named,
    claimUnnamed: {
      numbers: unnamed.minus(Selection.ofList(known)),
      atMost,
      ...(isUncounted === undefined ? {} : { isUncounted }),
    },
    ...reason,
  };
}

/** How many SIMs are bought, at most. */
export function activations({ claim, claimUnnamed }: Purchases): number {
  return claim.length + (claimUnnamed?.atMost ?? 0);
}

/** A new fleet of no SIM at all is a mistake in the range, not a success. */
export function nothingThere(
  record: FleetRecord,
  seen: Observation,
  known: number,
  buy: Purchases,
): Refusal[] {
  const said = seen.refusals.length + seen.claimable.refused.size;
  if (!isNew(record) || known > 0 || said > 0 || buy.claimUnnamed || buy.unverified !== undefined) return [];
  const advice = "check the numbers, and whether the cards are in this organization's inventory";
  return [{ reason: `Hologram knows no SIM of this selection that could be activated; ${advice}` }];
}

/** SIMs of a selection that are not bought. */
export interface Counted {
  /** Held, or to be adopted or bought. */
  readonly known: number;
  readonly invisible: number;
  /** Of those that are not on record. */
  readonly refused: number;
}

/**
 * Refuses a number of SIMs other than the one the program expects. `invisible` SIMs belong to the fleet as far as anybody
 * knows, but cannot be seen right now (lost, or not listed); the program may or may not count them. An unverified range may
 * hold any number more, but if Hologram itself counts more SIMs than the program expects, nothing is bought.
 */
export function miscount(
  { expectedSims }: Declaration,
  seen: Observation,
  counted: Counted,
  buy: Purchases,
): Refusal[] {
  // A refusal of what the record answers for (it is active already, say) is none.
  if (expectedSims === undefined || seen.refusals.length + counted.refused > 0) return [];
  const unnamed = Math.max(buy.claimUnnamed?.atMost ?? 0, seen.claimable.unnamedCount ?? 0);
  const total = counted.known + unnamed;
  const most = buy.unverified === undefined ? total + counted.invisible : Number.POSITIVE_INFINITY;
  if (total <= expectedSims && expectedSims <= most) return [];
  return [{ reason: `expectedSims is ${expectedSims}, but the selection holds ${countOfSims(total)}` }];
}

/** The other numbers of such SIMs are not known, so that no read could tell what a claim by EID had bought. */
function unnamedEids(because: string): string {
  return (
    `Hologram does not say which SIMs these EIDs belong to (${because}), and without that they are not activated: ` +
    "declare them by ICCID"
  );
}

/** "to 10 (9 by Hologram's own count, and 1 known otherwise)": the number with which all SIMs of the range are bought. */
function countToSet(unnamed: number, others: number): string {
  if (others === 0) return `to ${unnamed}, Hologram's own count,`;
  return `to ${unnamed + others} (${unnamed} by Hologram's own count, and ${others} known otherwise)`;
}
