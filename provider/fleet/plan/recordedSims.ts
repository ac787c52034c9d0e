import type { Sim } from "../../hologram/model";
import {
  type Declaration,
  declares,
  type Held,
  type HeldSim,
  namedOnRecord,
  stillDeclares,
} from "../model/declaration";
import { isBilled, standingOf } from "../model/standing";
import type { Selection } from "../numbers/selection";
import { asHeld, type Observation } from "../observe/observe";

/** What is on record, held against what the account shows. */
export interface SortedRecord {
  readonly keep: readonly HeldSim[];
  /** Of `keep`: paused by a member of the team. */
  readonly paused: readonly HeldSim[];
  readonly release: readonly HeldSim[];
  readonly lost: readonly string[];
  /** Declared before and not there yet, as far as `check` can tell. */
  readonly continuing: number;
  /** SIMs of the fleet that cannot be seen: lost, or known by a number alone. Some may never have been there. */
  readonly hidden: number;
  /** Of `hidden`: not known to be lost, and there once for certain. */
  readonly unseen: number;
  /** ICCIDs and devices that the record answers for: neither adopted nor claimed. */
  readonly answers: (iccid: string, shown: Sim | undefined) => boolean;
  readonly answered: ReadonlySet<string>;
}

/** What is on record: still there, leaving, or gone. */
export function sortRecord(declaration: Declaration, held: Held, seen: Observation): SortedRecord {
  const sorted = new Sorting(seen);
  if (held.kind === "listed") sorted.listed(declaration, held);
  else sorted.byFormer(declaration, held);
  if (held.kind === "listed") return sorted.result(0, 0);
  if (held.kind === "counted") return sorted.result(0, namedOnRecord(held).length > 0 ? 0 : held.count);
  const continuing = held.unapproved ? 0 : stillMissing(declaration, held.former.selection, seen);
  return sorted.result(continuing, held.count, held.most);
}

class Sorting {
  private readonly keep: HeldSim[] = [];
  private readonly paused: HeldSim[] = [];
  private readonly release: HeldSim[];
  private readonly lost: string[] = [];
  private readonly answered = new Set<string>();
  private readonly devices = new Set<number>();
  /** Of `lost`: among those that the record counts. */
  private buried = 0;

  constructor(private readonly seen: Observation) {
    this.release = [...seen.leaving];
  }

  /** Every SIM is on record by its device. */
  listed({ sims }: Declaration, held: Extract<Held, { kind: "listed" }>): void {
    for (const sim of held.sims) {
      const shown = this.seen.sims.get(sim.iccid);
      if (!stillDeclares(sims, sim.iccid, shown)) this.leave(sim);
      else if (shown?.deviceId === sim.deviceId && standingOf(shown) !== "dead") this.stay(sim, shown);
      else this.lose(sim.iccid, shown);
    }
    for (const iccid of held.lost) {
      const shown = this.seen.sims.get(iccid);
      if (stillDeclares(sims, iccid, shown)) this.lose(iccid, shown);
    }
  }

  /** Only the former declaration is known, if that: what it named and is billed was held. */
  byFormer({ sims }: Declaration, held: Exclude<Held, { kind: "listed" }>): void {
    const { former = sims } = held;
    for (const [iccid, shown] of this.seen.sims) {
      if (!declares(former, { ...shown, iccid })) continue;
      const standing = standingOf(shown);
      if (isBilled(standing)) for (const sim of asHeld(shown)) this.stay(sim, shown);
      // No dead SIM can be declared anew, so that it was held.
      if (standing === "dead" && held.kind === "counted" && held.former !== undefined) this.bury(iccid);
    }
    const onRecord = held.kind === "declared" ? [] : [...namedOnRecord(held), ...held.lost];
    for (const iccid of onRecord) {
      if (stillDeclares(sims, iccid, undefined) && !this.answered.has(iccid)) this.gone(iccid);
    }
  }

  result(continuing: number, count: number, most = count): SortedRecord {
    const { keep, paused, release, lost, answered, devices } = this;
    const known = keep.length + continuing + release.length + this.buried;
    const [hidden, unseen] = [lost.length + Math.max(0, most - known), Math.max(0, count - known)];
    const answers = (iccid: string, shown: Sim | undefined): boolean =>
      answered.has(iccid) || (shown?.deviceId !== undefined && devices.has(shown.deviceId));
    return { keep, paused, release, lost, continuing, hidden, unseen, answers, answered };
  }

  private stay(sim: HeldSim, shown: Sim): void {
    this.keep.push(sim);
    this.answered.add(sim.iccid);
    this.devices.add(sim.deviceId);
    if (standingOf(shown) === "pausedByUser") this.paused.push(sim);
  }

  private leave(sim: HeldSim): void {
    this.release.push(sim);
    this.devices.add(sim.deviceId);
  }

  /** The device on record is gone. The card may be active again as another one: then that is held. */
  private lose(iccid: string, shown: Sim | undefined): void {
    const [back] = shown !== undefined && isBilled(standingOf(shown)) ? asHeld(shown) : [];
    if (shown !== undefined && back !== undefined) this.stay({ ...back, iccid }, shown);
    else this.gone(iccid);
  }

  private bury(iccid: string): void {
    this.buried++;
    this.gone(iccid);
  }

  private gone(iccid: string): void {
    this.lost.push(iccid);
    this.answered.add(iccid);
  }
}

/** Of the SIMs declared before, those that the listing or the list itself names and that are not active. */
function stillMissing({ sims }: Declaration, former: Selection, { sims: shown }: Observation): number {
  const isMissing = (sim: Sim | undefined): boolean => {
    const standing = sim === undefined ? "unclaimed" : standingOf(sim);
    return standing === "unclaimed" || standing === "test";
  };
  if (sims.form === "list") {
    return sims.iccids.filter((iccid) => former.has(iccid) && isMissing(shown.get(iccid))).length;
  }
  const before = { ...sims, selection: former };
  return [...shown].filter(([iccid, sim]) => declares(before, { ...sim, iccid }) && isMissing(sim)).length;
}
