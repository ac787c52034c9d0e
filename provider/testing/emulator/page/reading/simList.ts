/** Which SIMs a page of the list shows. Nothing is walked that no filter asks for, and a card nobody touched stays untouched. */
import type { Account } from "../../account/emulatedAccount";
import { type Pack, SimRow } from "../../account/pack";

/** What is looked for; absent is all. */
export interface SimFilter {
  /** A whole ICCID or EID, a range `first-last`, or a part of an ICCID, a device's name, or an id of device or link. */
  readonly q?: string;
  readonly state?: string;
  readonly plan?: number;
  readonly org?: number;
  readonly tag?: number;
}

export interface SimPage {
  readonly rows: readonly SimRow[];
  /** How many SIMs match. */
  readonly total: number;
  /** From 1; the last one where there are fewer. */
  readonly page: number;
  readonly pages: number;
}

const SIMS_ON_A_PAGE = 50;

export function listSims(account: Account, filter: SimFilter, page: number): SimPage {
  const test = testOf(account, filter);
  const count = test === undefined ? cardsOf(account) : countMatches(account, test);
  const pages = Math.max(1, Math.ceil(count / SIMS_ON_A_PAGE));
  const shown = Math.min(Math.max(1, page), pages);
  const skip = (shown - 1) * SIMS_ON_A_PAGE;
  const rows = test === undefined ? cardsFrom(account, skip) : matchesFrom(account, test, skip);
  return { rows, total: count, page: shown, pages };
}

/** Every SIM that matches, as its ICCID. */
export function matchingIccids(account: Account, filter: SimFilter): string[] {
  const test = testOf(account, filter) ?? (() => true);
  return [...matches(account, test)].map((row) => row.iccid);
}

/** The card at this place: as it is, or as it came out of the box. */
function cardAt(pack: Pack, index: number): SimRow {
  return pack.touchedRow(index) ?? new SimRow(pack, index);
}

type Test = (row: SimRow) => boolean;

function testOf(account: Account, { q = "", state, plan, org, tag }: SimFilter): Test | undefined {
  const tests: Test[] = [];
  if (state !== undefined) tests.push((row) => account.stateOf(row) === state);
  if (plan !== undefined) tests.push((row) => row.plan === plan);
  if (org !== undefined) tests.push((row) => row.orgId === org);
  if (tag !== undefined) {
    const devices = account.tags.get(tag)?.deviceIds ?? new Set();
    tests.push(({ deviceId }) => deviceId !== undefined && devices.has(deviceId));
  }
  if (q !== "") tests.push(textTest(q));
  return tests.length === 0 ? undefined : (row) => tests.every((test) => test(row));
}

function textTest(q: string): Test {
  const [, first, last] = /^(\d{18,32})\s*[-–]\s*(\d{18,32})$/.exec(q) ?? [];
  if (first !== undefined && last !== undefined) {
    const [low, high] = [BigInt(first), BigInt(last)];
    return ({ iccid, eid }) => {
      const number = BigInt(first.length > 22 ? (eid ?? -1) : iccid);
      return number >= low && number <= high;
    };
  }
  const words = q.toLowerCase();
  return ({ iccid, eid, name, deviceId, linkId }) =>
    iccid.includes(words) ||
    eid?.includes(words) === true ||
    name?.toLowerCase().includes(words) === true ||
    String(deviceId) === words ||
    String(linkId) === words;
}

function cardsOf({ inventory }: Account): number {
  return inventory.packs.reduce((sum, pack) => sum + pack.count, 0);
}

/** One page of cards, found by arithmetic. */
function cardsFrom({ inventory }: Account, skip: number): SimRow[] {
  const rows: SimRow[] = [];
  let before = 0;
  for (const pack of inventory.packs) {
    for (let index = Math.max(0, skip - before); index < pack.count; index += 1) {
      if (rows.length === SIMS_ON_A_PAGE) return rows;
      rows.push(cardAt(pack, index));
    }
    before += pack.count;
  }
  return rows;
}

function* matches({ inventory }: Account, test: Test): Generator<SimRow> {
  for (const pack of inventory.packs) {
    for (let index = 0; index < pack.count; index += 1) {
      const row = cardAt(pack, index);
      if (test(row)) yield row;
    }
  }
}

function countMatches(account: Account, test: Test): number {
  let count = 0;
  for (const _row of matches(account, test)) count += 1;
  return count;
}

function matchesFrom(account: Account, test: Test, skip: number): SimRow[] {
  return [...matches(account, test).drop(skip).take(SIMS_ON_A_PAGE)];
}
