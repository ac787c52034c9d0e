import type { Sim } from "../../hologram/model";
import { poll } from "../../util/poll";
import type { Account } from "../model/account";
import { isBilled, type Standing, standingOf } from "../model/standing";
import { Selection } from "../numbers/selection";

/** What to look for after a claim whose outcome is not known. */
export type Lookup =
  | { readonly iccids: readonly string[]; readonly asRange: boolean }
  | { readonly numbers: Selection };

/** Which of these SIMs are active in the organization now, by ICCID. */
export function findActive(account: Account, lookup: Lookup): Promise<Map<string, Sim>> {
  return find(account, lookup, isBilled);
}

/** The same with those that have been active, and are deactivated by now. */
export function findBought(account: Account, lookup: Lookup): Promise<Map<string, Sim>> {
  return find(account, lookup, (standing) => isBilled(standing) || standing === "dead");
}

async function find(
  account: Account,
  lookup: Lookup,
  isMeant: (standing: Standing) => boolean,
): Promise<Map<string, Sim>> {
  const found = new Map<string, Sim>();
  const wanted = "numbers" in lookup ? lookup.numbers : Selection.ofList(lookup.iccids);
  for (const shown of listings(account, lookup)) {
    for await (const sims of shown) {
      for (const sim of sims) {
        if (isMeant(standingOf(sim)) && wanted.has(sim.iccid)) found.set(sim.iccid, sim);
      }
    }
  }
  return found;
}

/**
 * Looks again and again, at growing intervals, until all are active or `timeoutMs` have gone. Hologram's
 * own tool looks every 5 s for up to 120 s after a claim (its Python SDK, `hologram_activate.py`). A look that fails is
 * told to `onFailure` and tried again: what was found before it is not thrown away.
 */
export async function waitForActive(
  account: Account,
  lookup: Lookup,
  timeoutMs: number,
  onFailure: (error: unknown) => void,
): Promise<Map<string, Sim>> {
  const { clock } = account;
  const found = new Map<string, Sim>();
  const times = { firstMs: Math.min(FIRST_PAUSE_MS, timeoutMs / 4), untilMs: clock.now() + timeoutMs };
  await poll(clock, times, async () => {
    try {
      const more = await findActive(account, without(lookup, found));
      for (const [iccid, sim] of more) found.set(iccid, sim);
    } catch (error) {
      onFailure(error);
    }
    return isComplete(lookup, found) || undefined;
  });
  return found;
}

const FIRST_PAUSE_MS = 5_000;

/** How long one run waits for the outcome of a request to show: a fifth of what a claim may take to land, two minutes at most. */
export function readBackTimeoutMs(claimSettleSeconds: number): number {
  return Math.min(120_000, (claimSettleSeconds * 1000) / 5);
}

function* listings(account: Account, lookup: Lookup) {
  if ("numbers" in lookup) {
    for (const { first, last } of lookup.numbers.spans()) yield account.simsInRange(first, last);
    return;
  }
  const [first, last] = [lookup.iccids[0], lookup.iccids.at(-1)];
  if (lookup.asRange && first !== undefined && last !== undefined) yield account.simsInRange(first, last);
  else yield account.simsByIccid(lookup.iccids);
}

/** Ranges may hold SIMs that nobody named: they are complete only when time is up. */
function isComplete(lookup: Lookup, found: ReadonlyMap<string, Sim>): boolean {
  return "iccids" in lookup && lookup.iccids.every((iccid) => found.has(iccid));
}

function without(lookup: Lookup, found: ReadonlyMap<string, Sim>): Lookup {
  // Taking single SIMs out of a range would only make many ranges of one, each a request.
  if ("numbers" in lookup) return lookup;
  return { ...lookup, iccids: lookup.iccids.filter((iccid) => !found.has(iccid)) };
}
