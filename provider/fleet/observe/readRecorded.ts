import type { Sim } from "../../hologram/model";
import type { Account } from "../model/account";
import type { DeclaredSims, Held, HeldSim } from "../model/declaration";
import { isBilled, standingOf } from "../model/standing";
import { compareNumbers } from "../numbers/selection";
import { asHeld, readDeclared, readDevices } from "./observe";

/** A record held against the world, without a declaration. */
export interface Recalled {
  /** The SIMs that are there, ascending. */
  readonly sims: readonly HeldSim[];
  /** What the account shows of them, in the same order. */
  readonly shown: readonly Sim[];
  /** ICCIDs that are on record and gone: deactivated, or moved to another organization. */
  readonly gone: readonly string[];
}

type Record = Exclude<Held, { kind: "declared" }>;

/** Reads what is on record. Undefined where it tells neither the SIMs nor a range in which to look for them. */
export async function recall(account: Account, held: Record): Promise<Recalled | undefined> {
  return held.kind === "listed" ? recallListed(account, held) : recallFormer(account, held);
}

/** By device; the SIMs are looked for where they were claimed first, which takes fewer requests. */
async function recallListed(
  account: Account,
  { sims: held, former }: Extract<Record, { kind: "listed" }>,
): Promise<Recalled> {
  const devices = new Map<number, Sim>();
  for await (const sims of shownOf(account, held, former)) {
    for (const sim of sims) {
      if (sim.deviceId !== undefined && standingOf(sim) !== "dead") devices.set(sim.deviceId, sim);
    }
  }
  const unseen = held.filter((sim) => !devices.has(sim.deviceId));
  if (unseen.length > 0) {
    for (const [deviceId, sim] of await readDevices(account, unseen)) {
      if (standingOf(sim) !== "dead") devices.set(deviceId, sim);
    }
  }
  const there = held.flatMap((sim) => {
    const shown = devices.get(sim.deviceId);
    return shown === undefined ? [] : [{ sim, shown }];
  });
  const gone = held.filter((sim) => !devices.has(sim.deviceId)).map((sim) => sim.iccid);
  return { sims: there.map(({ sim }) => sim), shown: there.map(({ shown }) => shown), gone };
}

function shownOf(
  account: Account,
  held: readonly HeldSim[],
  former: DeclaredSims | undefined,
): AsyncIterable<readonly Sim[]> | readonly [] {
  if (former?.form === "range") return account.simsInRange(former.first, former.last);
  if (former?.form === "eids" || held.length <= FEW) return [];
  return account.simsByIccid(
    held.map((sim) => sim.iccid),
    (sim) => isBilled(standingOf(sim)),
  );
}

/** So many are one request, by whichever number. */
const FEW = 100;

/** After a failure too large for its report: whatever is billed in the range that was declared. */
async function recallFormer(
  account: Account,
  { former }: Extract<Record, { kind: "counted" }>,
): Promise<Recalled | undefined> {
  if (former === undefined) return undefined;
  const shown = [...(await readDeclared(account, former)).values()]
    .filter((sim) => isBilled(standingOf(sim)) && sim.deviceId !== undefined)
    .sort((a, b) => compareNumbers(a.iccid, b.iccid));
  return { sims: shown.flatMap(asHeld), shown, gone: [] };
}
