/** Finds what a list shows, newest first, beginning after `startafter`, without walking over what it does not show. */
import type { Account } from "../account/account";
import type { Inventory } from "../account/inventory";
import type { SimRow } from "../account/pack";
import { readRange } from "./claimSelection";
import type { Call } from "./http";

type Test = (row: SimRow) => boolean;

/** SIMs for `GET /links/cellular`, by link id, descending. */
export function linkCandidates(account: Account, call: Call): Iterable<SimRow> {
  const { query } = call;
  const { inventory } = account;
  const after = query.integer("startafter") ?? Number.POSITIVE_INFINITY;
  const linkIds = both(query.integer("id"), query.integers("ids"));
  const iccids = both(query.text("sim"), query.texts("sims"))?.filter((iccid) => /^\d+$/.test(iccid));
  const deviceIds = both(query.integer("deviceid"), query.integers("deviceids"));
  const named = [
    linkIds?.map((linkId) => inventory.link(linkId)),
    iccids?.map((iccid) => inventory.find(iccid)),
    deviceIds?.map((deviceId) => inventory.device(deviceId)),
    tagged(account, call)?.map((deviceId) => inventory.device(deviceId)),
  ].filter((rows) => rows !== undefined);
  const range = query.has("simrange") ? readRange(query.text("simrange"), "simrange") : undefined;
  const tests: Test[] = [
    ...common(account, call),
    ...named.slice(1).map((rows) => among(rows)),
    ...claimedBetween(call),
    (row) => row.pack.listed || row.deviceId !== undefined,
    (row) => range === undefined || (BigInt(row.iccid) >= range[0] && BigInt(row.iccid) <= range[1]),
  ];
  const [first] = named;
  const rows =
    first === undefined ? walk(inventory, after, range) : descending(first, (row) => row.linkId, after);
  return pass(rows, tests);
}

/** SIMs for `GET /devices`, by device id, descending. It knows no list and no range of ICCIDs: those are not heeded. */
export function deviceCandidates(account: Account, call: Call): Iterable<SimRow> {
  const { query } = call;
  const { inventory } = account;
  const after = query.integer("startafter") ?? Number.POSITIVE_INFINITY;
  const deviceIds = both(query.integer("id"), query.integers("ids"));
  const linkId = query.integer("linkid");
  const iccid = query.text("sim");
  const named = [
    deviceIds?.map((deviceId) => inventory.device(deviceId)),
    linkId === undefined ? undefined : [inventory.link(linkId)],
    iccid === undefined ? undefined : [/^\d+$/.test(iccid) ? inventory.find(iccid) : undefined],
    tagged(account, call)?.map((deviceId) => inventory.device(deviceId)),
  ].filter((rows) => rows !== undefined);
  const name = query.text("name")?.toLowerCase();
  const tests: Test[] = [
    ...common(account, call),
    ...named.slice(1).map((rows) => among(rows)),
    (row) => row.deviceId !== undefined,
    (row) => name === undefined || (row.name ?? "").toLowerCase().includes(name),
  ];
  const [first] = named;
  const rows =
    first === undefined
      ? walkDevices(inventory, after)
      : descending(first, (row) => row.deviceId ?? 0, after);
  return pass(rows, tests);
}

/** Every link by id, newest first; of packs that are not listed only what somebody touched. */
function* walk(
  { packs, swapped }: Inventory,
  after: number,
  range: readonly [bigint, bigint] | undefined,
): Generator<SimRow> {
  // A swapped profile may be anywhere: then every row has to be looked at.
  const bounds = swapped.size === 0 ? range : undefined;
  for (const pack of packs.toReversed()) {
    if (pack.firstLinkId >= after) continue;
    const [from, to] = (bounds === undefined ? [0, pack.count - 1] : pack.span(...bounds)) ?? [0, -1];
    for (let index = Math.min(to, after - 1 - pack.firstLinkId); index >= from; index -= 1) {
      const row = pack.listed ? pack.row(index) : pack.touchedRow(index);
      if (row !== undefined) yield row;
    }
  }
}

function* walkDevices({ devices, nextDeviceId }: Inventory, after: number): Generator<SimRow> {
  const first = nextDeviceId - devices.length;
  for (let place = Math.min(devices.length - 1, after - 1 - first); place >= 0; place -= 1) {
    const row = devices[place];
    if (row !== undefined) yield row;
  }
}

function* pass(rows: Iterable<SimRow>, tests: readonly Test[]): Generator<SimRow> {
  for (const row of rows) if (tests.every((test) => test(row))) yield row;
}

function descending(
  rows: readonly (SimRow | undefined)[],
  key: (row: SimRow) => number,
  after: number,
): SimRow[] {
  const found = new Set(rows.filter((row) => row !== undefined));
  return [...found].filter((row) => key(row) < after).sort((a, b) => key(b) - key(a));
}

function common(account: Account, { key, query }: Call): Test[] {
  const organizations = new Set(account.visible(key, query.integer("orgid")));
  return [(row) => organizations.has(row.orgId)];
}

function among(rows: readonly (SimRow | undefined)[]): Test {
  const found = new Set(rows);
  return (row) => found.has(row);
}

/** Unix seconds. */
function claimedBetween({ query }: Call): Test[] {
  const after = query.integer("claimedafter");
  const before = query.integer("claimedbefore");
  const tests: Test[] = [];
  if (after !== undefined)
    tests.push(({ claimedAt }) => claimedAt !== undefined && claimedAt >= after * 1000);
  if (before !== undefined)
    tests.push(({ claimedAt }) => claimedAt !== undefined && claimedAt <= before * 1000);
  return tests;
}

function tagged(account: Account, { query }: Call): number[] | undefined {
  const tagId = query.integer("tagid");
  const name = query.text("tagname");
  if (tagId === undefined && name === undefined) return undefined;
  return [...account.tags.values()]
    .filter((tag) => (tagId === undefined || tag.id === tagId) && (name === undefined || tag.name === name))
    .flatMap((tag) => [...tag.deviceIds]);
}

function both<T>(one: T | undefined, many: readonly T[] | undefined): readonly T[] | undefined {
  if (one === undefined || many === undefined) return one === undefined ? many : [one];
  return many.filter((item) => item === one);
}
