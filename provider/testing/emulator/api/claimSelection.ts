/** Which SIMs a claim names, by list, by range of ICCIDs or of EIDs. */

import { isActive } from "../account/activation";
import type { Account } from "../account/emulatedAccount";
import type { Pack, SimRow } from "../account/pack";
import { Refusal } from "../account/refusal";
import type { Call } from "./http";

export interface Named {
  readonly rows: readonly SimRow[];
  /** ICCIDs that the account does not know. */
  readonly unknown: readonly string[];
}

export function namedByBody(account: Account, call: Call): Named {
  const given = ["sims", "simrange", "eidrange"].filter((name) => call.body.has(name));
  if (given.length !== 1) throw new Refusal(400, "Exactly one of sims, simrange and eidrange is required");
  switch (given[0]) {
    case "simrange":
      return inRange(account, call, "simrange", (pack, first, last) => pack.span(first, last));
    case "eidrange":
      return inRange(account, call, "eidrange", (pack, first, last) => pack.eidSpan(first, last));
    default:
      return inList(account, call, call.body.texts("sims") ?? []);
  }
}

/** The SIM of `/links/cellular/sim_{iccid}/claim`. */
export function namedByPath(account: Account, call: Call): Named {
  return inList(account, call, [(call.params.sim ?? "").slice("sim_".length)]);
}

/** Reads `first-last`; both ends have the same number of digits. */
export function readRange(text: string | undefined, name: string): readonly [bigint, bigint] {
  const [, first, last] = /^(\d+)-(\d+)$/.exec(text ?? "") ?? [];
  if (first === undefined || last === undefined || first.length !== last.length || first > last) {
    throw new Refusal(400, `${name} must be <first>-<last>`);
  }
  return [BigInt(first), BigInt(last)];
}

function inList(account: Account, call: Call, iccids: readonly string[]): Named {
  // The limit counts entries, before anything that is named twice is taken once.
  refuseAboveLimit(account, call, iccids.length);
  const rows: SimRow[] = [];
  const unknown: string[] = [];
  for (const iccid of new Set(iccids)) {
    if (!/^\d{18,22}$/.test(iccid)) throw new Refusal(400, `Invalid ICCID ${iccid}`);
    const row = account.inventory.find(iccid);
    if (row !== undefined && known(account, call, row)) rows.push(row);
    else unknown.push(iccid);
  }
  return { rows, unknown };
}

function inRange(
  account: Account,
  call: Call,
  name: "simrange" | "eidrange",
  span: (pack: Pack, first: bigint, last: bigint) => readonly [number, number] | undefined,
): Named {
  const [first, last] = readRange(call.body.text(name), name);
  const spans = account.inventory.packs.flatMap((pack) => {
    const found = span(pack, first, last);
    return found === undefined ? [] : [{ pack, from: found[0], to: found[1] }];
  });
  // Counted before any row is made: the range may hold a whole warehouse.
  refuseAboveLimit(
    account,
    call,
    spans.reduce((sum, { from, to }) => sum + to - from + 1, 0),
  );
  const rows = spans.flatMap(({ pack, from, to }) =>
    Array.from({ length: to - from + 1 }, (_, place) => pack.row(from + place)),
  );
  const found = currently(account, rows, name, [first, last]).filter((row) => known(account, call, row));
  if (found.length === 0) throw new Refusal(400, `No SIMs found in ${name}`);
  return { rows: found, unknown: [] };
}

/** A range of ICCIDs means the profiles in use; a SIM that swapped its profile has left the place of its card. */
function currently(
  { inventory }: Account,
  rows: readonly SimRow[],
  name: "simrange" | "eidrange",
  [first, last]: readonly [bigint, bigint],
): readonly SimRow[] {
  if (name === "eidrange" || inventory.swapped.size === 0) return rows;
  const candidates = new Set([...rows, ...inventory.swapped.values()]);
  return [...candidates].filter((row) => BigInt(row.iccid) >= first && BigInt(row.iccid) <= last);
}

/** A SIM that is active anywhere is known to be active; an inactive one is known to the key that sees its organization. */
function known(account: Account, { key }: Call, row: SimRow): boolean {
  account.stateOf(row);
  return key.orgIds.includes(row.orgId) || isActive(row);
}

function refuseAboveLimit(account: Account, call: Call, count: number): void {
  const { limit } = account.behaviour;
  if (count <= limit) return;
  account.judge.aboveLimit(call.n);
  throw new Refusal(400, `Too many SIMs: a request can hold at most ${limit}`);
}
