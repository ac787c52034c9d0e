/** Finds what a list shows, newest first, beginning after `startafter`, without walking over what it does not show. */
import type { Account } from "../account/emulatedAccount";
import { type Inventory, lastAtMost } from "../account/inventory";
import type { SimRow } from "../account/pack";
import type { Fields } from "./bodyFields";
import { readRange } from "./claimSelection";
import { CARRIER, DEVICE_TYPE, imsiOf, msisdnOf } from "./editions";
import type { Call } from "./http";

/** Filters of `GET /links/cellular`; `showip` is no filter and `limit` is the page's. */
export const LINK_FILTERS = [
  "orgid",
  "orgids",
  "id",
  "ids",
  "sim",
  "sims",
  "simrange",
  "msisdn",
  "tunnelable",
  "imsi",
  "imsis",
  "deviceid",
  "deviceids",
  "claimedafter",
  "claimedbefore",
  "tagid",
  "tagids",
  "tagname",
  "carrierid",
];

/** Filters of `GET /devices` and of the lists beside it. */
export const DEVICE_FILTERS = [
  "orgid",
  "orgids",
  "tagid",
  "tagname",
  "sim",
  "id",
  "ids",
  "linkid",
  "phone",
  "tunnelable",
  "name",
  "type",
  "imei",
  "imei-sv",
];

type Asked = Pick<Call, "key" | "query">;
type Test = (row: SimRow) => boolean;

/** SIMs for `GET /links/cellular`, by link id, descending. */
export function linkCandidates(account: Account, asked: Asked): Iterable<SimRow> {
  const { query } = asked;
  const { inventory } = account;
  const after = query.integer("startafter") ?? Number.POSITIVE_INFINITY;
  const linkIds = both(query.integer("id"), query.integers("ids"));
  const iccids = both(query.text("sim"), query.texts("sims"))?.filter((iccid) => /^\d+$/.test(iccid));
  const deviceIds = both(query.integer("deviceid"), query.integers("deviceids"));
  const ofDevices = (ids: readonly number[]) => ids.flatMap((deviceId) => profilesOf(inventory, deviceId));
  const tags = tagged(account, query);
  const named = [
    linkIds?.map((linkId) => inventory.link(linkId)),
    iccids?.map((iccid) => inventory.find(iccid)),
    deviceIds === undefined ? undefined : ofDevices(deviceIds),
    tags === undefined ? undefined : ofDevices(tags),
  ].filter((rows) => rows !== undefined);
  const range = query.has("simrange") ? readRange(query.text("simrange"), "simrange") : undefined;
  const imsis = both(query.text("imsi"), query.texts("imsis"));
  const msisdn = query.text("msisdn");
  const carrier = query.integer("carrierid");
  const tests: Test[] = [
    ...common(account, asked),
    ...named.slice(1).map((rows) => among(rows)),
    ...claimedBetween(query),
    (row) => row.pack.listed || row.deviceId !== undefined,
  ];
  if (range !== undefined) {
    tests.push((row) => BigInt(row.iccid) >= range[0] && BigInt(row.iccid) <= range[1]);
  }
  if (imsis !== undefined) tests.push((row) => imsis.includes(String(imsiOf(row))));
  if (msisdn !== undefined) tests.push((row) => samePhone(msisdnOf(row), msisdn));
  if (carrier !== undefined) tests.push(() => carrier === CARRIER);
  const [first] = named;
  const rows =
    first === undefined ? walk(inventory, after, range) : descending(first, (row) => row.linkId, after);
  return pass(account, rows, tests);
}

/** SIMs for `GET /devices`, by device id, descending. It has no list and no range of ICCIDs. */
export function deviceCandidates(account: Account, asked: Asked): Iterable<SimRow> {
  const { query } = asked;
  const { inventory } = account;
  const after = query.integer("startafter") ?? Number.POSITIVE_INFINITY;
  const deviceIds = both(query.integer("id"), query.integers("ids"));
  const linkId = query.integer("linkid");
  const iccid = query.text("sim");
  const mainOf = (row: SimRow | undefined) => row?.profileOf ?? row;
  const named = [
    deviceIds?.map((deviceId) => inventory.device(deviceId)),
    linkId === undefined ? undefined : [mainOf(inventory.link(linkId))],
    iccid === undefined ? undefined : [/^\d+$/.test(iccid) ? mainOf(inventory.find(iccid)) : undefined],
    tagged(account, query)?.map((deviceId) => inventory.device(deviceId)),
  ].filter((rows) => rows !== undefined);
  const name = query.text("name")?.toLowerCase();
  const type = query.text("type")?.toLowerCase();
  const tests: Test[] = [
    ...common(account, asked),
    ...named.slice(1).map((rows) => among(rows)),
    (row) => row.deviceId !== undefined,
  ];
  if (name !== undefined) tests.push((row) => (row.name ?? "").toLowerCase().includes(name));
  if (type !== undefined) tests.push(() => type === DEVICE_TYPE.toLowerCase());
  // No device here has a phone number, or has ever been on a network with a modem that has an IMEI.
  if (["phone", "imei", "imei-sv"].some((filter) => query.has(filter))) tests.push(() => false);
  if (account.behaviour.devicesWithoutOrgId === "none" && !query.has("orgid") && !query.has("orgids")) {
    tests.push(() => false);
  }
  const [first] = named;
  const rows =
    first === undefined
      ? walkDevices(inventory, after)
      : descending(first, (row) => row.deviceId ?? 0, after);
  return pass(account, rows, tests);
}

/** Every link by id, newest first; of packs that are not listed only what somebody touched. */
function* walk(
  inventory: Inventory,
  after: number,
  range: readonly [bigint, bigint] | undefined,
): Generator<SimRow> {
  // A swapped profile may be anywhere: then every row has to be looked at.
  const bounds = inventory.swapped.size === 0 ? range : undefined;
  for (const pack of inventory.packsByLink()) {
    if (pack.firstLinkId >= after) continue;
    const [from, to] = (bounds === undefined ? [0, pack.count - 1] : pack.span(...bounds)) ?? [0, -1];
    for (let index = Math.min(to, after - 1 - pack.firstLinkId); index >= from; index -= 1) {
      const row = pack.listed ? pack.row(index) : pack.touchedRow(index);
      if (row !== undefined) yield row;
    }
  }
}

function* walkDevices(inventory: Inventory, after: number): Generator<SimRow> {
  const devices = inventory.devicesById();
  for (let place = lastAtMost(devices, (row) => (row.deviceId ?? 0) < after); place >= 0; place -= 1) {
    const row = devices[place];
    if (row !== undefined) yield row;
  }
}

function* pass(account: Account, rows: Iterable<SimRow>, tests: readonly Test[]): Generator<SimRow> {
  for (const row of rows) {
    const listed = account.listed(row);
    if (tests.every((test) => test(listed))) yield listed;
  }
}

function descending(
  rows: readonly (SimRow | undefined)[],
  key: (row: SimRow) => number,
  after: number,
): SimRow[] {
  const found = new Set(rows.filter((row) => row !== undefined));
  return [...found].filter((row) => key(row) < after).sort((a, b) => key(b) - key(a));
}

function common(account: Account, { key, query }: Asked): Test[] {
  const organizations = new Set(account.visible(key, query.integer("orgid"), query.integers("orgids")));
  const tunnelable = query.choice("tunnelable");
  return [
    (row) => organizations.has(row.orgId),
    ...(tunnelable === undefined ? [] : [(row: SimRow) => row.tunnelable === tunnelable]),
  ];
}

/** A SIM that a list lags behind is another object than the row it was copied from: the link tells them together. */
function among(rows: readonly (SimRow | undefined)[]): Test {
  const found = new Set(rows.map((row) => row?.linkId));
  return (row) => found.has(row.linkId);
}

/** Unix seconds. */
function claimedBetween(query: Fields): Test[] {
  const after = query.integer("claimedafter");
  const before = query.integer("claimedbefore");
  const tests: Test[] = [];
  if (after !== undefined)
    tests.push(({ claimedAt }) => claimedAt !== undefined && claimedAt >= after * 1000);
  if (before !== undefined)
    tests.push(({ claimedAt }) => claimedAt !== undefined && claimedAt <= before * 1000);
  return tests;
}

function tagged(account: Account, query: Fields): number[] | undefined {
  const tagIds = both(query.integer("tagid"), query.integers("tagids"));
  const name = query.text("tagname");
  if (tagIds === undefined && name === undefined) return undefined;
  return [...account.tags.values()]
    .filter((tag) => (tagIds?.includes(tag.id) ?? true) && (name === undefined || tag.name === name))
    .flatMap((tag) => [...tag.deviceIds]);
}

function profilesOf(inventory: Inventory, deviceId: number): readonly SimRow[] {
  const row = inventory.device(deviceId);
  return row === undefined ? [] : [row, ...(row.profiles ?? [])];
}

/** With or without a plus sign. */
function samePhone(a: string, b: string): boolean {
  return a.replace(/^\+/, "") === b.replace(/^\+/, "").trim();
}

function both<T>(one: T | undefined, many: readonly T[] | undefined): readonly T[] | undefined {
  if (one === undefined || many === undefined) return one === undefined ? many : [one];
  return many.filter((item) => item === one);
}
