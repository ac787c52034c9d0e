/** The state file: an account survives the process that held it, ledger and faults included. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { Big } from "big.js";
import type { Account } from "../account/emulatedAccount";
import type { Pack, SimRow } from "../account/pack";
import type { FaultScript, PlantedFault } from "../faults/faults";
import { type StoredPack, type StoredSim, stateFile } from "./stateFile";

/** Fills the account from the file; false when there is none. Fails when it is not an emulator's. */
export function loadAccount(path: string, account: Account, faults: FaultScript): boolean {
  if (!existsSync(path)) return false;
  const stored = parse(path);
  Object.assign(account.behaviour, stored.behaviour);
  for (const organization of stored.organizations) {
    account.organizations.set(organization.id, { ...organization, balance: Big(organization.balance) });
  }
  for (const key of stored.keys) account.keys.set(key.key, key);
  for (const plan of stored.plans) account.plans.set(plan.id, plan);
  for (const pack of stored.packs) restorePack(account, pack);
  for (const sim of stored.sims) restoreSim(account, sim);
  for (const tag of stored.tags) account.tags.set(tag.id, { ...tag, deviceIds: new Set(tag.deviceIds) });
  for (const entry of stored.ledger) account.ledger.push(entry);
  for (const refill of stored.refills) account.refills.push(refill);
  for (const job of stored.jobs) account.jobs.push(job);
  account.judge.load(stored.judge);
  account.requestCount = stored.requestCount;
  account.lastTagId = stored.lastTagId;
  faults.load(stored.faults);
  return true;
}

/** Writes the account beside the file and puts it in its place in one step. Only the owner may read it: it holds keys. */
export function saveAccount(path: string, account: Account, faults: FaultScript): void {
  const { inventory } = account;
  const stored = {
    version: 1,
    behaviour: { ...account.behaviour, settleReads: finite(account.behaviour.settleReads) },
    organizations: [...account.organizations.values()].map((each) => ({
      ...each,
      balance: each.balance.toFixed(),
    })),
    keys: [...account.keys.values()],
    plans: [...account.plans.values()],
    packs: inventory.packs.map(storePack),
    sims: [...touched(account)].map(storeSim),
    tags: [...account.tags.values()].map((tag) => ({ ...tag, deviceIds: [...tag.deviceIds] })),
    ledger: account.ledger,
    refills: account.refills,
    jobs: account.jobs,
    judge: account.judge.dump(),
    requestCount: account.requestCount,
    lastTagId: account.lastTagId,
    faults: faults.list().map(storeFault),
  };
  const beside = `${path}.${process.pid}.tmp`;
  writeFileSync(beside, JSON.stringify(stored), { mode: 0o600 });
  renameSync(beside, path);
}

function parse(path: string) {
  try {
    return stateFile.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${path} does not hold the state of an emulator: ${why}`);
  }
}

function* touched({ inventory }: Account): Generator<SimRow> {
  for (const pack of inventory.packs) {
    for (let index = 0; index < pack.count; index += 1) {
      const row = pack.touchedRow(index);
      if (row?.touched === true) yield row;
    }
  }
}

function storePack(pack: Pack): StoredPack {
  const { first, count, step, orgId, listed, firstEid, firstDeviceId, firstLinkId, firstSimCardId } = pack;
  const profileOf = pack.touchedRow(0)?.profileOf?.linkId;
  const ids = { linkId: firstLinkId, simCardId: firstSimCardId };
  return { first, count, step, orgId, listed, firstEid, firstDeviceId, ...ids, profileOf };
}

function restorePack({ inventory }: Account, stored: StoredPack): void {
  const { linkId, simCardId, profileOf, ...shape } = stored;
  const main = profileOf === undefined ? undefined : inventory.link(profileOf);
  if (main === undefined) inventory.addPack(shape, { linkId, simCardId });
  else inventory.addProfile(main, shape.first, linkId);
}

function storeSim(row: SimRow): StoredSim {
  const { pending } = row;
  return {
    l: row.linkId,
    s: row.state,
    o: row.orgId,
    d: row.deviceId,
    p: row.plan,
    z: row.zone,
    v: row.overageLimit,
    t: row.threshold,
    m: row.smsLimit,
    n: row.name,
    c: row.claimedAt,
    w: row.createdAt,
    f: row.testModeSince,
    r: row.claimedBy,
    g: pending === undefined ? undefined : { ...pending, readsLeft: finite(pending.readsLeft) },
    h: row.history,
    u: row.tunnelable ? undefined : false,
    q: row.profileState === "ENABLED" ? undefined : row.profileState,
    i: row.iccid === row.pack.iccidAt(row.index) ? undefined : row.iccid,
  };
}

function restoreSim({ inventory }: Account, stored: StoredSim): void {
  const row = inventory.link(stored.l);
  if (row === undefined) throw new Error(`The state file names link ${stored.l}, which is in no pack.`);
  if (row.profileOf !== undefined) row.deviceId = stored.d;
  else if (stored.d !== undefined) inventory.restoreDevice(row, stored.d);
  row.tunnelable = stored.u ?? true;
  row.profileState = stored.q ?? "ENABLED";
  row.state = stored.s;
  row.orgId = stored.o;
  row.plan = stored.p;
  row.zone = stored.z;
  row.overageLimit = stored.v;
  row.threshold = stored.t;
  row.smsLimit = stored.m;
  row.name = stored.n;
  row.claimedAt = stored.c;
  row.createdAt = stored.w;
  row.testModeSince = stored.f;
  row.claimedBy = stored.r;
  row.pending = stored.g;
  row.history = stored.h;
  if (stored.i !== undefined) inventory.swapProfile(row, stored.i);
}

function storeFault({ rule, matched, played }: PlantedFault) {
  const { path } = rule;
  const spelled = path instanceof RegExp ? { expression: path.source, flags: path.flags } : path;
  return { rule: { ...rule, path: spelled }, matched, played };
}

/** JSON knows no infinity. */
function finite(count: number): number {
  return Math.min(count, Number.MAX_SAFE_INTEGER);
}
