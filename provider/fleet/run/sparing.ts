import type { Account } from "../model/account";
import type { HeldSim, OnRelease } from "../model/declaration";
import type { Program } from "./declaredSims";

/** SIMs that leave a fleet, by what becomes of them. */
export interface Leaving {
  /** To be released now. */
  readonly release: readonly HeldSim[];
  /** Declared by another fleet of the program: nothing is done to them, and this fleet lets go of them. */
  readonly handedOver: readonly HeldSim[];
  /** Paused or deactivated only when the whole program is known: released by the next run. */
  readonly deferred: readonly HeldSim[];
}

/**
 * Spares what the program declares, by number and by device: an eSIM may show another ICCID than the one it was
 * claimed by, and be declared under that. A SIM that is only let go of needs no look.
 */
export async function spareDeclared(
  account: Account,
  program: Program,
  sims: readonly HeldSim[],
  onRelease: OnRelease,
): Promise<Leaving> {
  if (sims.length === 0) return { release: [], handedOver: [], deferred: [] };
  const numbers =
    onRelease === "keep" || program.isAlone ? new Map<number, Set<string>>() : await numbersOf(account, sims);
  const isDeclared = ({ iccid, deviceId, eid }: HeldSim): boolean =>
    [iccid, ...(eid === undefined ? [] : [eid]), ...(numbers.get(deviceId) ?? [])].some((number) =>
      program.declares(number),
    );
  const handedOver = sims.filter(isDeclared);
  const others = sims.filter((sim) => !isDeclared(sim));
  const isDeferred = onRelease !== "keep" && !program.isWhole();
  return isDeferred
    ? { release: [], handedOver, deferred: others }
    : { release: others, handedOver, deferred: [] };
}

/** Every ICCID and EID that the devices show now. */
async function numbersOf(account: Account, sims: readonly HeldSim[]): Promise<Map<number, Set<string>>> {
  const numbers = new Map<number, Set<string>>();
  for await (const page of account.simsByDevice(sims.map(({ deviceId }) => deviceId))) {
    for (const { deviceId, iccid, eid } of page) {
      if (deviceId === undefined) continue;
      const known = numbers.get(deviceId) ?? new Set();
      known.add(iccid);
      if (eid !== undefined) known.add(eid);
      numbers.set(deviceId, known);
    }
  }
  return numbers;
}
