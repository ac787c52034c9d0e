/** What a test does to the account behind the API's back. */

import { activate, inTestMode, isDead } from "../account/activation";
import { type Account, usable } from "../account/emulatedAccount";
import { SimRow } from "../account/pack";
import type { AccountSetup, HandTerms, KeySetup, PackSetup, PlanSetup, ProfileSetup } from "../accountSetup";
import type { SimSnapshot } from "../records";

export const DEFAULT_KEY = "emulated-admin-key-7c1e5b90";

/** One organization, one admin, two plans, no SIMs. */
export const defaultAccount: AccountSetup = {
  organizations: [{ id: 12345, name: "Emulated", balance: "1000000.00" }],
  keys: [{ key: DEFAULT_KEY, role: "admin", orgIds: [12345] }],
  plans: [
    { id: 2096, name: "Global Flat", data: 0, zones: { global: "0.600000" } },
    { id: 75, name: "Pilot 1 MB", data: 1_000_000, zones: { global: "1.500000", us: "1.000000" } },
  ],
};

export function setUp(account: Account, setup: AccountSetup): void {
  addEach("organizations", setup.organizations, (organization) => account.addOrganization(organization));
  addEach("keys", setup.keys, (key) => addKey(account, key));
  addEach("plans", setup.plans, (plan) => addPlan(account, plan));
  addEach("packs", setup.packs, (pack) => addPack(account, pack));
}

/** A failure names the item: there may be many. */
function addEach<T>(section: string, items: readonly T[] = [], add: (item: T) => unknown): void {
  for (const [place, item] of items.entries()) {
    try {
      add(item);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new Error(`${section}[${place}]: ${message}`, { cause: error });
    }
  }
}

export function addKey(account: Account, setup: KeySetup): void {
  for (const orgId of setup.orgIds) account.organization(orgId);
  account.keys.set(setup.key, { ...setup, orgIds: [...setup.orgIds] });
  account.changed = true;
}

export function addPlan(account: Account, setup: PlanSetup): void {
  account.plans.set(setup.id, { ...setup });
  account.changed = true;
}

export function addPack(account: Account, setup: PackSetup): string[] {
  const { first, count, step = 1, listed = true, state = "INACTIVE" } = setup;
  if (!/^\d{18,22}$/.test(first)) throw new Error(`An ICCID has 18 to 22 digits: ${first}`);
  if (!Number.isSafeInteger(count) || count < 1)
    throw new Error(`A pack holds at least one SIM, not ${count}.`);
  if (!Number.isSafeInteger(step) || step < 1)
    throw new Error(`ICCIDs rise by at least one, not by ${step}.`);
  const orgId = setup.orgId ?? firstOrganization(account);
  account.organization(orgId);
  const { eids: firstEid, deviceId: firstDeviceId, linkId, simCardId } = setup;
  const shape = { first, count, step, orgId, listed, firstEid, firstDeviceId };
  const pack = account.inventory.addPack(shape, { linkId, simCardId });
  account.changed = true;
  if (state !== "INACTIVE") {
    for (let index = 0; index < count; index += 1) enter(account, pack.row(index), state, setup);
  }
  return Array.from({ length: count }, (_, index) => pack.iccidAt(index));
}

export function activateByHand(account: Account, iccids: readonly string[], terms: HandTerms): void {
  const orgId = terms.orgId ?? firstOrganization(account);
  const { plan, zone } = account.terms(terms.plan, terms.zone, orgId);
  const { overageLimit = -1, threshold = -1, smsLimit = -1, tagId } = terms;
  const rows = iccids.map((iccid) => find(account, iccid));
  const dead = rows.find(isDead);
  if (dead !== undefined) throw new Error(`SIM ${dead.iccid} is deactivated and cannot be activated again.`);
  activate(
    account,
    rows,
    { orgId, plan: plan.id, zone, overageLimit, threshold, smsLimit, tagId, replaceTestMode: true },
    { by: "hand", request: 0 },
  );
}

export function setState(account: Account, iccid: string, state: string): void {
  const row = find(account, iccid);
  row.pending = undefined;
  account.changed = true;
  if (state === "INACTIVE" || state === "FACTORY") row.state = state;
  else enter(account, row, state);
}

export function move(account: Account, iccid: string, orgId: number): void {
  account.organization(orgId);
  const found = find(account, iccid);
  const main = found.profileOf ?? found;
  account.untag(main);
  for (const row of [main, ...(main.profiles ?? [])]) {
    account.remember(row);
    row.orgId = orgId;
  }
  account.changed = true;
}

export function swapProfile(account: Account, iccid: string, newIccid: string): void {
  if (!/^\d{18,22}$/.test(newIccid)) throw new Error(`An ICCID has 18 to 22 digits: ${newIccid}`);
  const row = find(account, iccid);
  if (row.deviceId === undefined) throw new Error(`SIM ${iccid} has no device yet.`);
  account.inventory.swapProfile(row, newIccid);
  account.changed = true;
}

/** Another profile on the device of a SIM: a link of its own, on the same terms. */
export function addProfile(account: Account, iccid: string, setup: ProfileSetup): void {
  if (!/^\d{18,22}$/.test(setup.iccid)) throw new Error(`An ICCID has 18 to 22 digits: ${setup.iccid}`);
  const found = find(account, iccid);
  const main = found.profileOf ?? found;
  if (main.deviceId === undefined) throw new Error(`SIM ${iccid} has no device yet.`);
  const row = account.inventory.addProfile(main, setup.iccid);
  const { orgId, deviceId, plan, zone, overageLimit, threshold, smsLimit, name, claimedAt, createdAt } = main;
  Object.assign(row, {
    orgId,
    deviceId,
    plan,
    zone,
    overageLimit,
    threshold,
    smsLimit,
    name,
    claimedAt,
    createdAt,
  });
  row.state = setup.state ?? "LIVE";
  row.profileState = setup.profileState ?? "DISABLED";
  account.changed = true;
}

export function snapshot(account: Account, row: SimRow, tagIds = account.tagIds(row)): SimSnapshot {
  const { eid, deviceId, plan, zone, name } = row;
  return {
    iccid: row.iccid,
    ...(eid === undefined ? {} : { eid }),
    linkId: row.linkId,
    simCardId: row.simCardId,
    ...(deviceId === undefined ? {} : { deviceId }),
    orgId: row.orgId,
    state: account.stateOf(row),
    ...(plan === undefined ? {} : { plan }),
    ...(zone === undefined ? {} : { zone }),
    overageLimit: row.overageLimit,
    threshold: row.threshold,
    smsLimit: row.smsLimitShown,
    ...(name === undefined ? {} : { deviceName: name }),
    tagIds,
    testMode: inTestMode(row),
    profileState: row.profileState,
    ...(row.profileOf === undefined ? {} : { profileOf: row.profileOf.iccid }),
  };
}

/** Every SIM, without making a row for each card that nobody has touched. */
export function* eachSim(account: Account): Generator<SimSnapshot> {
  const tagIds = new Map<number, number[]>();
  for (const tag of account.tags.values()) {
    for (const deviceId of tag.deviceIds) {
      const known = tagIds.get(deviceId);
      if (known === undefined) tagIds.set(deviceId, [tag.id]);
      else known.push(tag.id);
    }
  }
  for (const pack of account.inventory.packs) {
    for (let index = 0; index < pack.count; index += 1) {
      const row = pack.touchedRow(index) ?? new SimRow(pack, index);
      yield snapshot(account, row, tagIds.get(row.deviceId ?? 0) ?? []);
    }
  }
}

export function knows(account: Account, iccid: string): boolean {
  return /^\d+$/.test(iccid) && account.inventory.find(iccid) !== undefined;
}

export function find(account: Account, iccid: string): SimRow {
  const row = knows(account, iccid) ? account.inventory.find(iccid) : undefined;
  if (row === undefined) throw new Error(`The account has no SIM ${iccid}.`);
  return row;
}

export function firstOrganization(account: Account): number {
  const [first] = account.organizations.keys();
  if (first === undefined) throw new Error("The account has no organization.");
  return first;
}

/** Puts a SIM into a state; what a SIM with a device needs to have, it gets. */
function enter(
  account: Account,
  row: SimRow,
  state: string,
  { plan, zone }: Pick<PackSetup, "plan" | "zone"> = {},
): void {
  const at = account.clock.now();
  account.inventory.createDevice(row, at);
  row.state = state;
  const preset = [...account.plans.values()].find((each) => usable(each, row.orgId));
  row.plan ??= plan ?? preset?.id;
  const zones = account.plans.get(row.plan ?? 0)?.zones ?? {};
  row.zone ??= zone ?? Object.keys(zones)[0];
  if (inTestMode(row)) row.testModeSince ??= at;
  else row.claimedAt ??= at;
}
