import type { Sim } from "../../hologram/model";
import type { Account } from "../model/account";
import type { DeclaredSims, HeldSim } from "../model/declaration";
import { type FleetRecord, heldSims } from "../model/record";
import { isBilled, standingOf } from "../model/standing";
import { asHeld, readByName, readDevices } from "./observe";

/** A record compared with the world, without a declaration. */
export interface RecordedReading {
  /** The SIMs that are there, ascending. */
  readonly sims: readonly HeldSim[];
  /** What the account shows of them, in the same order. */
  readonly shown: readonly Sim[];
  /** ICCIDs of SIMs that are on record and shown as deactivated: by EID those that are shown, else those on record. */
  readonly dead: readonly string[];
  /** ICCIDs that are on record and not shown: moved to another organization, as a rule. */
  readonly absent: readonly string[];
  /** Whether the declared range was listed, and shows exactly the SIMs on record, by the numbers on record. */
  readonly isAsListed: boolean;
  /** SIMs that were on record as lost and are there again. */
  readonly back: readonly HeldSim[];
}

/**
 * Reads what is on record, by device: on eSIMs the printed ICCID can vanish. They are looked for where they were claimed
 * first, which takes fewer requests. Lost SIMs are looked for too, by ICCID.
 */
export async function readRecorded(
  account: Account,
  record: FleetRecord,
  declared: DeclaredSims | undefined,
): Promise<RecordedReading> {
  const held = heldSims(record);
  const devices = new Map<number, Sim>();
  const buried = new Map<number, Sim>();
  const listed = new Set<string>();
  const take = (deviceId: number | undefined, sim: Sim): void => {
    if (deviceId === undefined) return;
    if (standingOf(sim) === "dead") buried.set(deviceId, sim);
    else devices.set(deviceId, sim);
  };
  for await (const page of pagesOf(account, held, declared)) {
    for (const sim of page) {
      take(sim.deviceId, sim);
      if (isBilled(standingOf(sim))) listed.add(sim.iccid);
    }
  }
  const unseen = held.filter((sim) => !devices.has(sim.deviceId));
  if (unseen.length > 0) {
    for (const [deviceId, sim] of await readDevices(account, unseen)) take(deviceId, sim);
  }
  const gone = held.filter((sim) => !devices.has(sim.deviceId));
  const there = held.flatMap((sim) => {
    const shown = devices.get(sim.deviceId);
    return shown === undefined ? [] : [{ sim, shown }];
  });
  return {
    sims: there.map(({ sim }) => sim),
    shown: there.map(({ shown }) => shown),
    dead: gone.flatMap(({ iccid, deviceId }) => {
      const shown = buried.get(deviceId);
      return shown === undefined ? [] : [nameOfLost(declared, iccid, shown)];
    }),
    absent: gone.filter((sim) => !buried.has(sim.deviceId)).map((sim) => sim.iccid),
    isAsListed:
      declared?.form === "range" &&
      listed.size === held.length &&
      held.every(({ iccid }) => listed.has(iccid)),
    back: await readBack(account, record.lost),
  };
}

/** By EID a SIM is looked for under the number that it shows, which may be another one than on record. */
export function nameOfLost(
  declared: Pick<DeclaredSims, "form"> | undefined,
  iccid: string,
  shown: Sim | undefined,
): string {
  return declared?.form === "eids" && shown !== undefined ? shown.iccid : iccid;
}

/** Those of the lost SIMs that are active again. */
async function readBack(account: Account, lost: readonly string[]): Promise<HeldSim[]> {
  if (lost.length === 0) return [];
  const shown = await readByName(account, lost, false);
  return [...shown.values()].filter((sim) => isBilled(standingOf(sim))).flatMap(asHeld);
}

function pagesOf(
  account: Account,
  held: readonly HeldSim[],
  declared: DeclaredSims | undefined,
): AsyncIterable<readonly Sim[]> | readonly [] {
  if (declared?.form === "range") return account.simsInRange(declared.first, declared.last);
  if (declared?.form === "eids" || held.length <= DEVICES_PER_REQUEST) return [];
  return account.simsByIccid(
    held.map((sim) => sim.iccid),
    (sim) => isBilled(standingOf(sim)),
  );
}

/** Up to this many SIMs fit in one request, by ICCID or by device id. */
const DEVICES_PER_REQUEST = 100;
