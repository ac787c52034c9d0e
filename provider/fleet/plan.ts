import type { Sim } from "../hologram/model";
import { type Declaration, differences, type Held, type HeldSim } from "./declaration";
import type { Refusal } from "./errors";
import { countOfSims } from "./money";
import { asHeld, type Observation } from "./observe";
import type { Price } from "./price";
import { ascendingUnique, compareNumbers, Selection } from "./selection";
import { isBilled, standingOf } from "./simState";

/** What has to be done so that the world is as declared. Made of what is missing in it, never of what was edited. */
export interface Plan {
  /** Held or declared before, and there. */
  readonly keep: readonly HeldSim[];
  /** Declared before and not there yet, as far as `check` can tell: work of an earlier run that goes on. */
  readonly continuing: number;
  /** Active in the organization and new to this fleet. */
  readonly adopt: readonly HeldSim[];
  /** Paused by a member of the team; to run again. `entering` ones are new to the fleet, `kept` ones are drift. */
  readonly resume: { readonly entering: readonly HeldSim[]; readonly kept: readonly HeldSim[] };
  /** ICCIDs to buy, ascending. */
  readonly claim: readonly string[];
  /** Numbers to buy as ranges, because nothing names their SIMs; `atMost` of them. */
  readonly claimUnnamed?: { readonly numbers: Selection; readonly atMost: number };
  /** No longer declared. */
  readonly release: readonly HeldSim[];
  /** Gone: deactivated, or moved to another organization. */
  readonly lost: readonly string[];
  /** Of what is kept or adopted: reported, not fought. */
  readonly pausedByHologram: readonly string[];
  readonly refusals: readonly Refusal[];
  readonly price: Price | undefined;
  /** Why this plan may not be the whole truth. */
  readonly unverified?: string;
}

/** Pure and total: the same declaration, record and reading give the same plan. */
export function plan(declaration: Declaration, held: Held, seen: Observation): Plan {
  const record = sortRecord(declaration, held, seen);
  const fresh = sortFresh(declaration, held, seen, record);
  const buy = purchases(declaration, seen, record, fresh);
  const known = record.keep.length + record.continuing + fresh.adopt.length + buy.claim.length;
  return {
    keep: record.keep,
    continuing: record.continuing,
    adopt: fresh.adopt,
    resume: { entering: fresh.paused, kept: record.paused },
    ...buy,
    release: record.release,
    lost: ascendingUnique(record.lost),
    pausedByHologram: [...record.keep, ...fresh.adopt]
      .map((sim) => sim.iccid)
      .filter(isPausedByHologram(seen)),
    refusals: [
      ...seen.refusals,
      ...fresh.refusals,
      ...nothingThere(held, seen, known, buy),
      ...miscount(declaration, seen, known + record.lost.length + fresh.dead.size, buy),
    ],
    price: seen.price,
  };
}

/** How many SIMs the plan buys, at most. */
export function activations(steps: Plan): number {
  return steps.claim.length + (steps.claimUnnamed?.atMost ?? 0);
}

/** How many SIMs the fleet holds when the plan is carried out. */
export function simCount(steps: Plan): number {
  return steps.keep.length + steps.continuing + steps.adopt.length + activations(steps);
}

function isPausedByHologram({ sims }: Observation): (iccid: string) => boolean {
  return (iccid) => {
    const sim = sims.get(iccid);
    return sim !== undefined && standingOf(sim) === "pausedByHologram";
  };
}

interface SortedRecord {
  readonly keep: HeldSim[];
  readonly paused: HeldSim[];
  readonly release: HeldSim[];
  readonly lost: string[];
  readonly continuing: number;
  /** ICCIDs that the record answers for: neither adopted nor claimed. */
  readonly answered: ReadonlySet<string>;
}

/** What is on record: still there, leaving, or gone. */
function sortRecord(declaration: Declaration, held: Held, seen: Observation): SortedRecord {
  const { selection } = declaration.sims;
  const sorted: Pick<SortedRecord, "keep" | "paused" | "release" | "lost"> = {
    keep: [],
    paused: [],
    release: [...seen.leaving],
    lost: [],
  };
  const answered = new Set<string>();
  const keep = (sim: HeldSim, shown: Sim): void => {
    sorted.keep.push(sim);
    answered.add(sim.iccid);
    if (standingOf(shown) === "pausedByUser") sorted.paused.push(sim);
  };
  /** The device on record is gone. The card may be active again as another one: then that is held. */
  const lose = (iccid: string, shown: Sim | undefined): void => {
    const back = shown !== undefined && isBilled(standingOf(shown)) ? asHeld(shown) : [];
    if (shown !== undefined) for (const sim of back) keep({ ...sim, iccid }, shown);
    if (back.length === 0) sorted.lost.push(iccid);
  };

  if (held.kind !== "listed") {
    const former = held.kind === "declared" ? held.former.selection : selection;
    for (const [iccid, sim] of seen.sims) {
      if (former.has(iccid) && isBilled(standingOf(sim))) for (const known of asHeld(sim)) keep(known, sim);
    }
    const continuing = held.kind === "declared" ? stillMissing(declaration, held.former.selection, seen) : 0;
    const onRecord = held.kind === "declared" ? [] : held.lost;
    const lost = onRecord.filter((iccid) => selection.has(iccid) && !answered.has(iccid));
    for (const iccid of lost) answered.add(iccid);
    return { ...sorted, lost, continuing, answered };
  }
  for (const sim of held.sims) {
    const shown = seen.sims.get(sim.iccid);
    if (!selection.has(sim.iccid)) sorted.release.push(sim);
    else if (shown?.deviceId === sim.deviceId && standingOf(shown) !== "dead") keep(sim, shown);
    else lose(sim.iccid, shown);
  }
  for (const iccid of held.lost) if (selection.has(iccid)) lose(iccid, seen.sims.get(iccid));
  for (const iccid of sorted.lost) answered.add(iccid);
  return { ...sorted, continuing: 0, answered };
}

/** Of the SIMs declared before, those that the listing or the list itself names and that are not active. */
function stillMissing(declaration: Declaration, former: Selection, seen: Observation): number {
  const { sims } = declaration;
  const missing = (iccid: string): boolean => {
    const shown = seen.sims.get(iccid);
    const standing = shown === undefined ? "unclaimed" : standingOf(shown);
    return former.has(iccid) && (standing === "unclaimed" || standing === "test");
  };
  const names = sims.form === "list" ? sims.iccids : [...seen.sims.keys()];
  return names.filter(missing).length;
}

interface SortedFresh {
  readonly adopt: HeldSim[];
  readonly paused: HeldSim[];
  readonly refusals: Refusal[];
  readonly dead: ReadonlySet<string>;
}

/** What the organization shows and the record does not know. */
function sortFresh(
  declaration: Declaration,
  held: Held,
  seen: Observation,
  record: SortedRecord,
): SortedFresh {
  const sorted: Omit<SortedFresh, "dead"> = { adopt: [], paused: [], refusals: [] };
  const dead = new Set<string>();
  const declaredBefore = held.kind === "declared" ? held.former.selection : Selection.empty;
  for (const [iccid, sim] of seen.sims) {
    if (record.answered.has(iccid) || !declaration.sims.selection.has(iccid)) continue;
    const standing = standingOf(sim);
    if (standing === "dead") {
      dead.add(iccid);
      const reason = "deactivated for good, it can never be activated again";
      if (!declaredBefore.has(iccid)) sorted.refusals.push({ iccid, reason });
    } else if (isBilled(standing)) {
      const found = differences(sim, declaration);
      if (found.length > 0)
        sorted.refusals.push({ iccid, reason: `already active with ${found.join(", ")}` });
      sorted.adopt.push(...asHeld(sim));
      if (standing === "pausedByUser") sorted.paused.push(...asHeld(sim));
    }
  }
  for (const [iccid, reason] of seen.claimable.refused) {
    sorted.refusals.push({
      iccid,
      reason: /already/i.test(reason) ? `${reason}, and not in this organization` : reason,
    });
  }
  sorted.adopt.sort(byIccid);
  return { ...sorted, dead };
}

type Purchases = Pick<Plan, "claim" | "claimUnnamed" | "unverified">;

/** What to buy: exactly the SIMs that are named, and of unnamed ones no more than the program expects. */
function purchases(
  declaration: Declaration,
  seen: Observation,
  record: SortedRecord,
  fresh: SortedFresh,
): Purchases {
  const taken = (iccid: string): boolean => record.answered.has(iccid) || fresh.dead.has(iccid);
  const adopted = new Set(fresh.adopt.map((sim) => sim.iccid));
  const named = seen.claimable.named.filter((iccid) => !taken(iccid) && !adopted.has(iccid));
  const { unnamed, unverified } = seen.claimable;
  const reason = unverified === undefined ? {} : { unverified };
  if (unnamed.isEmpty) return { claim: named, ...reason };
  if (declaration.expectedSims === undefined) {
    const because = unverified ?? "neither its preview nor its listing names them";
    return {
      claim: [],
      unverified: `Hologram does not say which SIMs the range holds (${because}): set expectedSims to activate them`,
    };
  }
  const gone = record.lost.length + fresh.dead.size + seen.claimable.refused.size;
  const there = record.keep.length + record.continuing + fresh.adopt.length;
  const atMost = declaration.expectedSims - there - named.length - gone;
  if (atMost <= 0) return { claim: named, ...reason };
  const numbers = unnamed.minus(Selection.ofList([...record.answered, ...adopted, ...named]));
  return { claim: named, claimUnnamed: { numbers, atMost }, ...reason };
}

/** A new fleet of no SIM at all is a mistake in the range, not a success. */
function nothingThere(held: Held, seen: Observation, known: number, buy: Purchases): Refusal[] {
  const isNew = held.kind === "listed" && held.sims.length + held.lost.length + held.unfinished === 0;
  const said = seen.refusals.length + seen.claimable.refused.size;
  if (!isNew || known > 0 || said > 0 || buy.claimUnnamed || buy.unverified !== undefined) return [];
  const advice = "check the numbers, and whether the cards are in this organization's inventory";
  return [{ reason: `Hologram knows no SIM of this selection that could be activated; ${advice}` }];
}

function miscount(declaration: Declaration, seen: Observation, known: number, buy: Purchases): Refusal[] {
  const expected = declaration.expectedSims;
  const total = known + (buy.claimUnnamed?.atMost ?? 0);
  if (expected === undefined || total === expected || seen.refusals.length > 0) return [];
  if (seen.claimable.refused.size > 0) return [];
  return [{ reason: `expectedSims is ${expected}, but the selection holds ${countOfSims(total)}` }];
}

const byIccid = (a: HeldSim, b: HeldSim): number => compareNumbers(a.iccid, b.iccid);
