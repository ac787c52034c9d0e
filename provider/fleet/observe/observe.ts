import type { Sim } from "../../hologram/model";
import type { Account } from "../model/account";
import {
  type Declaration,
  type DeclaredSims,
  declares,
  type Held,
  type HeldSim,
  heldCount,
  listOf,
  namedOnRecord,
  stillDeclares,
} from "../model/declaration";
import type { Refusal } from "../model/errors";
import { isBilled, standingOf } from "../model/standing";
import { Selection } from "../numbers/selection";
import { type Claimable, findClaimable, nothingClaimable } from "./claimable";
import { findPrice, type Price } from "./price";

/** A reading of the world, as far as one declaration is concerned. */
export interface Observation {
  /** Every declared or held SIM the organization shows, by the ICCID it is declared or held under. */
  readonly sims: ReadonlyMap<string, Sim>;
  readonly claimable: Claimable;
  /** SIMs known only by a former declaration that leave with this one, found active. */
  readonly leaving: readonly HeldSim[];
  readonly price: Price | undefined;
  readonly refusals: readonly Refusal[];
}

export interface ObserveOptions {
  /** In doubt, the claims of the last run may still be landing: then nothing is looked for that could be claimed. */
  readonly mayClaim: boolean;
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
  held: Held,
  { mayClaim }: ObserveOptions = { mayClaim: true },
): Promise<Observation> {
  const finding = await findPrice(account, declaration.plan, declaration.zone);
  const refusals = "refusal" in finding ? [finding.refusal] : [];
  const sims = await readDeclared(account, declaration.sims);
  await fileHeld(account, declaration.sims, held, sims);
  const scope = scopeOfClaims(declaration.sims, held);
  const claimable =
    mayClaim && refusals.length === 0
      ? await findClaimable(account, declaration.sims, scope, sims, expectedSims(declaration, held))
      : nothingClaimable;
  const leaving = await findLeaving(account, declaration.sims, held);
  return { sims, claimable, leaving, price: "price" in finding ? finding.price : undefined, refusals };
}

/** Every declared SIM the organization shows, in any state; several profiles of one eSIM count as one. */
export async function readDeclared(account: Account, declared: DeclaredSims): Promise<Map<string, Sim>> {
  const found = new Map<string, Sim>();
  for await (const sims of listing(account, declared)) {
    for (const sim of sims) {
      if (declares(declared, sim))
        keepBest(found, declared.form === "eids" ? (sim.eid ?? "") : sim.iccid, sim);
    }
  }
  if (declared.form !== "eids") return found;
  return new Map([...found.values()].map((sim) => [sim.iccid, sim]));
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

/** What is on record stands under the ICCID it was claimed by, whichever its device shows now. */
async function fileHeld(
  account: Account,
  declared: DeclaredSims,
  held: Held,
  sims: Map<string, Sim>,
): Promise<void> {
  if (held.kind !== "listed") return;
  const isThere = (sim: HeldSim): boolean => sims.get(sim.iccid)?.deviceId === sim.deviceId;
  const staying = held.sims.filter((sim) => stillDeclares(declared, sim.iccid, undefined));
  const missing = staying.filter((sim) => !isThere(sim));
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
    if (device !== undefined) sims.set(sim.iccid, device);
  }
}

/** What was declared before is never activated by a preview; what is held, or lost, is never claimed. */
function scopeOfClaims(declared: DeclaredSims, held: Held): Selection {
  if (held.kind === "declared") {
    return held.unapproved ? declared.selection : declared.selection.minus(held.former.selection);
  }
  if (declared.form !== "list") {
    const settled = held.unfinished === 0 && held.former?.form === declared.form;
    return settled && held.former ? declared.selection.minus(held.former.selection) : declared.selection;
  }
  return declared.selection.minus(Selection.ofList([...namedOnRecord(held), ...held.lost]));
}

/** How many SIMs the declaration holds: as it says, or as the last run of the same declaration found. */
function expectedSims({ sims, expectedSims: expected }: Declaration, held: Held): number | undefined {
  if (expected !== undefined || held.kind === "declared" || held.unfinished === 0) return expected;
  const same = held.former?.selection.equals(sims.selection) ?? false;
  return same ? heldCount(held) + held.unfinished : undefined;
}

/** SIMs that only a former declaration names, and that this one does not. */
async function findLeaving(account: Account, declared: DeclaredSims, held: Held): Promise<HeldSim[]> {
  const former = held.kind === "listed" ? undefined : held.former;
  const gone = former?.selection.minus(declared.selection) ?? Selection.empty;
  if (former === undefined || gone.isEmpty) return [];
  const found = new Map<string, Sim>();
  for (const part of leavingParts(former, gone)) {
    for (const [iccid, sim] of await readDeclared(account, part)) found.set(iccid, sim);
  }
  return [...found.values()].filter((sim) => isBilled(standingOf(sim))).flatMap(asHeld);
}

function leavingParts(former: DeclaredSims, gone: Selection): DeclaredSims[] {
  if (former.form === "list") return [listOf(former.iccids.filter((iccid) => gone.has(iccid)))];
  if (former.form === "eids") return [{ ...former, selection: gone }];
  return gone.spans().map((span) => ({ form: "range", ...span, selection: gone }));
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
