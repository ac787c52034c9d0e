import type { Declaration, Held } from "../model/declaration";
import type { Refusal } from "../model/errors";
import { countOfSims } from "../model/money";
import { Selection } from "../numbers/selection";
import type { Observation } from "../observe/observe";
import type { SortedFresh } from "./newSims";
import type { SortedRecord } from "./recordedSims";

/** What a plan buys. */
export interface Purchases {
  /** ICCIDs to buy, ascending. */
  readonly claim: readonly string[];
  /** Numbers to buy as ranges, because nothing names their SIMs; `atMost` of them. */
  readonly claimUnnamed?: { readonly numbers: Selection; readonly atMost: number };
  /** Why this may not be the whole truth. */
  readonly unverified?: string;
}

/** What to buy: exactly the SIMs that are named, and of unnamed ones no more than the program expects. */
export function purchases(
  { sims, expectedSims }: Declaration,
  seen: Observation,
  record: SortedRecord,
  fresh: SortedFresh,
): Purchases {
  const taken = (iccid: string): boolean =>
    record.answered.has(iccid) || fresh.dead.has(iccid) || fresh.differing.has(iccid);
  const adopted = new Set(fresh.adopt.map((sim) => sim.iccid));
  const named = seen.claimable.named.filter((iccid) => !taken(iccid) && !adopted.has(iccid));
  const { unnamed, unverified } = seen.claimable;
  const reason = unverified === undefined ? {} : { unverified };
  if (unnamed.isEmpty) return { claim: named, ...reason };
  const because = unverified ?? "neither its preview nor its listing names them";
  if (sims.form === "eids") return { claim: named, unverified: unnamedEids(because) };
  if (expectedSims === undefined) {
    return {
      claim: [],
      unverified: `Hologram does not say which SIMs the range holds (${because}): set expectedSims to activate them`,
    };
  }
  const refused = [...seen.claimable.refused.keys()].filter((iccid) => !taken(iccid));
  // A SIM that the record only counts may be one that is shown as dead.
  const unseen = Math.max(record.unseen, fresh.dead.size);
  const gone = record.lost.length + unseen + refused.length;
  const there = record.keep.length + record.continuing + fresh.adopt.length + fresh.differing.size;
  const atMost = expectedSims - there - named.length - gone;
  if (atMost <= 0) return { claim: named, ...reason };
  const numbers = unnamed.minus(
    Selection.ofList([...record.answered, ...adopted, ...fresh.differing, ...named]),
  );
  return { claim: named, claimUnnamed: { numbers, atMost }, ...reason };
}

/** How many SIMs are bought, at most. */
export function activations({ claim, claimUnnamed }: Purchases): number {
  return claim.length + (claimUnnamed?.atMost ?? 0);
}

/** A new fleet of no SIM at all is a mistake in the range, not a success. */
export function nothingThere(held: Held, seen: Observation, known: number, buy: Purchases): Refusal[] {
  const isNew = held.kind === "listed" && held.sims.length + held.lost.length + held.unfinished === 0;
  const said = seen.refusals.length + seen.claimable.refused.size;
  if (!isNew || known > 0 || said > 0 || buy.claimUnnamed || buy.unverified !== undefined) return [];
  const advice = "check the numbers, and whether the cards are in this organization's inventory";
  return [{ reason: `Hologram knows no SIM of this selection that could be activated; ${advice}` }];
}

/**
 * Another number than the program expects. `hidden` SIMs belong to the fleet as far as anybody knows and cannot be seen
 * just now: lost, not listed, or showing another ICCID. Whether the program counts them is its own affair. What is not
 * verified may hold any number more.
 */
export function miscount(
  { expectedSims }: Declaration,
  seen: Observation,
  counted: { readonly known: number; readonly hidden: number },
  buy: Purchases,
): Refusal[] {
  const total = counted.known + (buy.claimUnnamed?.atMost ?? 0);
  if (expectedSims === undefined || seen.refusals.length + seen.claimable.refused.size > 0) return [];
  const most = buy.unverified === undefined ? total + counted.hidden : Number.POSITIVE_INFINITY;
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
