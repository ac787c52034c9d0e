import type { Sim } from "../../hologram/model";
import type { Account } from "../model/account";
import {
  type Declaration,
  type DeclaredSims,
  declares,
  type HeldSim,
  stillDeclares,
} from "../model/declaration";
import type { Refusal } from "../model/fleetErrors";
import { type FleetRecord, heldSims } from "../model/record";
import { isBilled, standingOf } from "../model/standing";
import { Selection } from "../numbers/selection";
import { type Approved, findApproved, findClaimable, nothingClaimable } from "./claimable";
import type { Claimable } from "./claimPreviews";
import { findPrice, type Price } from "./price";

/** A reading of the world, as far as one declaration and one record are concerned. */
export interface Observation {
  /** Every declared or held SIM the organization shows, by the ICCID it is declared or held under. */
  readonly sims: ReadonlyMap<string, Sim>;
  /** SIMs on record that are declared no more, by the ICCID on record. Empty where nobody asked. */
  readonly leaving: ReadonlyMap<string, Sim>;
  readonly claimable: Claimable;
  readonly price: Price | undefined;
  readonly refusals: readonly Refusal[];
}

/** What to look for beside the SIMs themselves. */
export interface Question {
  /**
   * Which SIMs could be bought: every one that is declared (a preview), those that were approved (a change), or none
   * (a claim may still be landing).
   */
  readonly claims: "all" | "none" | Approved;
  /** Whether to look at the SIMs that leave: a preview counts those that are active. */
  readonly leaving: boolean;
}

/**
 * Reads what the organization holds of a declaration, and what a claim could still buy. Only reads and previews.
 *
 * Held SIMs are looked for by device id when their ICCID is no longer shown: on eSIMs the printed ICCID can vanish
 * (Hologram's 1NCE migration guide), and taking that for a lost SIM would buy it again.
 */
export async function observe(
  account: Account,
  declaration: Declaration,
  record: FleetRecord,
  question: Question,
): Promise<Observation> {
  const finding = await findPrice(account, declaration.plan, declaration.zone);
  const refusals = "refusal" in finding ? [finding.refusal] : [];
  const { sims, others } = await readFleet(account, declaration.sims, record);
  await fileUnderRecord(account, declaration.sims, record, { sims, others });
  return {
    sims,
    leaving: question.leaving ? await readLeaving(account, declaration.sims, record, others) : others,
    claimable: refusals.length > 0 ? nothingClaimable : await claimable(),
    price: "price" in finding ? finding.price : undefined,
    refusals,
  };

  async function claimable(): Promise<Claimable> {
    const { claims } = question;
    if (claims === "none") return nothingClaimable;
    if (claims !== "all") return findApproved(account, sims, claims);
    const lost = Selection.ofList(record.lost);
    const isSeen = (iccid: string): boolean => {
      const sim = sims.get(iccid);
      return sim !== undefined && isBilled(standingOf(sim));
    };
    return findClaimable(account, declaration.sims, sims, {
      expectedSims: declaration.expectedSims,
      lost,
      unseen: record.sims.filter(
        ({ iccid }) => stillDeclares(declaration.sims, iccid, undefined) && !isSeen(iccid),
      ).length,
      isKnown: record.sims.length > 0,
    });
  }
}

/** Every declared SIM the organization shows, in any state; several profiles of one eSIM count as one. */
export async function readDeclared(account: Account, declared: DeclaredSims): Promise<Map<string, Sim>> {
  return (await readFleet(account, declared, { sims: [] })).sims;
}

interface FleetReading {
  readonly sims: Map<string, Sim>;
  /** On record and, by their EID, declared no more: the same listing shows them. */
  readonly others: Map<string, Sim>;
}

async function readFleet(
  account: Account,
  declared: DeclaredSims,
  record: Pick<FleetRecord, "sims">,
): Promise<FleetReading> {
  const isByEid = declared.form === "eids";
  const recorded = new Set(isByEid ? record.sims.map(({ iccid }) => iccid) : []);
  const sims = new Map<string, Sim>();
  const others = new Map<string, Sim>();
  for await (const page of listing(account, declared)) {
    for (const sim of page) {
      if (declares(declared, sim)) keepBest(sims, isByEid ? (sim.eid ?? "") : sim.iccid, sim);
      else if (recorded.has(sim.iccid)) keepBest(others, sim.iccid, sim);
    }
  }
  if (!isByEid) return { sims, others };
  return { sims: new Map([...sims.values()].map((sim) => [sim.iccid, sim])), others };
}

/** The SIMs of these devices, by device id; of several profiles the one under the given link. */
export async function readDevices(account: Account, held: readonly HeldSim[]): Promise<Map<number, Sim>> {
  const links = new Set(held.map((sim) => sim.linkId));
  const found = new Map<number, Sim>();
  for await (const sims of account.simsByDevice(held.map((each) => each.deviceId))) {
    for (const sim of sims) {
      if (sim.deviceId === undefined) continue;
      if (links.has(sim.linkId) || !found.has(sim.deviceId)) found.set(sim.deviceId, sim);
    }
  }
  return found;
}

function listing(account: Account, declared: DeclaredSims): AsyncIterable<readonly Sim[]> {
  switch (declared.form) {
    case "range":
      return account.simsInRange(declared.first, declared.last);
    case "list":
      return account.simsByIccid(declared.iccids, (sim) => isBilled(standingOf(sim)));
    case "eids":
      return account.allSims();
  }
}

/** What is on record is filed under the ICCID it was claimed by, whichever its device shows now. */
async function fileUnderRecord(
  account: Account,
  declared: DeclaredSims,
  record: FleetRecord,
  { sims, others }: FleetReading,
): Promise<void> {
  const isThere = (sim: HeldSim): boolean => sims.get(sim.iccid)?.deviceId === sim.deviceId;
  const missing = heldSims(record)
    .filter((sim) => stillDeclares(declared, sim.iccid, undefined) && !others.has(sim.iccid))
    .filter((sim) => !isThere(sim));
  if (missing.length === 0) return;
  const byDevice = new Map([...sims].map(([iccid, sim]) => [sim.deviceId, iccid]));
  for (const { iccid, deviceId } of missing) {
    const shownAs = byDevice.get(deviceId);
    const sim = shownAs === undefined ? undefined : sims.get(shownAs);
    if (shownAs === undefined || sim === undefined) continue;
    sims.delete(shownAs);
    sims.set(iccid, sim);
  }
  const unseen = missing.filter((sim) => !isThere(sim));
  if (unseen.length === 0) return;
  const devices = await readDevices(account, unseen);
  for (const sim of unseen) {
    const device = devices.get(sim.deviceId);
    if (device === undefined) continue;
    (stillDeclares(declared, sim.iccid, device) ? sims : others).set(sim.iccid, device);
  }
}

/** SIMs on record that the declaration names no more. By EID, the listing has shown them already. */
async function readLeaving(
  account: Account,
  declared: DeclaredSims,
  { sims }: FleetRecord,
  others: ReadonlyMap<string, Sim>,
): Promise<ReadonlyMap<string, Sim>> {
  if (declared.form === "eids") return others;
  const leaving = sims.map(({ iccid }) => iccid).filter((iccid) => !declared.selection.has(iccid));
  return leaving.length === 0 ? others : readByName(account, leaving, declared.form === "range");
}

/** SIMs by ICCID. `asRange`: they are neighbours in a pack, which a listing of the range tells in fewer requests. */
export async function readByName(
  account: Account,
  iccids: readonly string[],
  asRange: boolean,
): Promise<Map<string, Sim>> {
  const wanted = new Set(iccids);
  const found = new Map<string, Sim>();
  const pages =
    asRange && iccids.length > ICCIDS_PER_REQUEST
      ? spansOf(iccids).map(({ first, last }) => account.simsInRange(first, last))
      : [account.simsByIccid(iccids, (sim) => isBilled(standingOf(sim)))];
  for (const each of pages) {
    for await (const sims of each) {
      for (const sim of sims) if (wanted.has(sim.iccid)) keepBest(found, sim.iccid, sim);
    }
  }
  return found;
}

/** SIMs that one look-up by ICCID names (docs.hologram.io, links/cellular). */
const ICCIDS_PER_REQUEST = 100;

function spansOf(iccids: readonly string[]) {
  const [first, last] = [iccids[0], iccids.at(-1)];
  return first === undefined || last === undefined ? [] : [{ first, last }];
}

/** A SIM with a device, as it is kept on record. */
export function asHeld(sim: Sim): HeldSim[] {
  if (sim.deviceId === undefined) return [];
  const eid = sim.eid === undefined ? {} : { eid: sim.eid };
  return [{ iccid: sim.iccid, deviceId: sim.deviceId, linkId: sim.linkId, ...eid }];
}

/** One ICCID can be listed twice (a dead link beside a new one): the living one counts. */
function keepBest(found: Map<string, Sim>, iccid: string, sim: Sim): void {
  const before = found.get(iccid);
  if (before === undefined || rank(sim) > rank(before)) found.set(iccid, sim);
}

function rank(sim: Sim): number {
  const standing = standingOf(sim);
  return isBilled(standing) ? 3 : standing === "test" ? 2 : standing === "unclaimed" ? 1 : 0;
}
