import type { Sim } from "../../hologram/model";
import { type Declaration, type HeldSim, stillDeclares } from "../model/declaration";
import type { FleetRecord, RecordedSim } from "../model/record";
import { isBilled, standingOf } from "../model/standing";
import { asHeld, type Observation } from "../observe/observe";
import { nameOfLost } from "../observe/readRecorded";

/** The SIMs on record, compared with what the account shows. Each is in exactly one of the lists. */
export interface RecordedSims {
  /** Declared and there. */
  readonly keep: readonly HeldSim[];
  /** Declared no more. */
  readonly leaving: readonly HeldSim[];
  /** Declared and gone: deactivated, or moved to another organization. */
  readonly lost: readonly string[];
  /** Declared before, and not active as far as `check` can see, which knows no devices. */
  readonly inactive: readonly string[];
  /** The part of `keep` that was recorded as lost, or under another device id, and is there again. */
  readonly back: readonly string[];
  /** Whether the record has the SIM, by ICCID or by device: then it is neither adopted nor claimed. */
  readonly answers: (iccid: string, shown: Sim | undefined) => boolean;
}

/** `isSettling`: a claim was sent so recently that a list may not show its SIMs yet, so absence is no loss. */
export function classifyRecorded(
  { sims: declared }: Pick<Declaration, "sims">,
  record: FleetRecord,
  seen: Pick<Observation, "sims" | "leaving">,
  isSettling: boolean,
): RecordedSims {
  const keep: HeldSim[] = [];
  const leaving: HeldSim[] = [];
  const lost: string[] = [];
  const inactive: string[] = [];
  const back: string[] = [];
  const answered = new Set<string>();
  const devices = new Set<number>();
  let shownByDevice: ReadonlyMap<number, readonly Sim[]> | undefined;
  for (const sim of record.sims) classify(sim);
  for (const iccid of record.lost) heal(iccid);
  const answers = (iccid: string, shown: Sim | undefined): boolean =>
    answered.has(iccid) || (shown?.deviceId !== undefined && devices.has(shown.deviceId));
  return { keep, leaving, lost, inactive, back, answers };

  function classify(sim: RecordedSim): void {
    const shown = seen.sims.get(sim.iccid) ?? seen.leaving.get(sim.iccid);
    const there = heldAs(sim, shown);
    const isDead = shown !== undefined && standingOf(shown) === "dead";
    if (!stillDeclares(declared, sim.iccid, shown)) leave(sim, shown);
    else if (there !== undefined) stay(there);
    else if (sim.deviceId !== undefined && isSettling && shown === undefined) stay(sim);
    else if (sim.deviceId !== undefined || isDead) loseOrHeal(sim.iccid, shown);
    else inactive.push(sim.iccid);
  }

  function stay(sim: HeldSim): void {
    keep.push(sim);
    answered.add(sim.iccid);
    devices.add(sim.deviceId);
  }

  /** One device may show another ICCID than before, and be declared under that: then it does not leave. */
  function leave(sim: RecordedSim, shown: Sim | undefined): void {
    if (sim.deviceId !== undefined) {
      const [renamed] = byDevice().get(sim.deviceId) ?? [];
      if (renamed === undefined) leaving.push(sim);
      else stay({ ...sim, iccid: renamed.iccid, linkId: renamed.linkId });
    } else if (shown !== undefined && isBilled(standingOf(shown))) leaving.push(...asHeld(shown));
  }

  /** The device on record is gone. The card may be active again as another device: then that is held. */
  function loseOrHeal(iccid: string, shown: Sim | undefined): void {
    const [again] = shown !== undefined && isBilled(standingOf(shown)) ? asHeld(shown) : [];
    if (again !== undefined) {
      stay({ ...again, iccid });
      back.push(iccid);
    } else {
      lost.push(nameOfLost(declared, iccid, shown));
      answered.add(iccid);
    }
  }

  function heal(iccid: string): void {
    const shown = seen.sims.get(iccid);
    if (!answered.has(iccid) && stillDeclares(declared, iccid, shown)) loseOrHeal(iccid, shown);
  }

  /** Declared SIMs by device, made only where a device on record leaves. */
  function byDevice(): ReadonlyMap<number, readonly Sim[]> {
    shownByDevice ??= Map.groupBy(
      [...seen.sims].map(([iccid, sim]) => ({ ...sim, iccid })).filter((sim) => isBilled(standingOf(sim))),
      (sim) => sim.deviceId ?? 0,
    );
    return shownByDevice;
  }
}

/** The SIM as it is held: what is not on record of it (in `check`) comes from the account. */
function heldAs(sim: RecordedSim, shown: Sim | undefined): HeldSim | undefined {
  if (shown === undefined) return undefined;
  if (sim.deviceId === undefined) {
    const [held] = isBilled(standingOf(shown)) ? asHeld(shown) : [];
    return held === undefined ? undefined : { ...held, iccid: sim.iccid };
  }
  return shown.deviceId === sim.deviceId && standingOf(shown) !== "dead" ? sim : undefined;
}
