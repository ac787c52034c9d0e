import { readState } from "../../../provider/dynamic/wire/state";
import type { SimSnapshot } from "../../../provider/testing/emulator";
import type { Program } from "../../harness/provider/providerHarness";
import { agrees, isBilled, numberOf, ORG, snapshotByEid, snapshotOf } from "./cards";
import type { MortalHarness } from "./harness";
import {
  argumentsOf,
  declaredBy,
  declaredTerms,
  type Fleet,
  type Fleets,
  type Standing,
  type View,
} from "./programs";
import type { Story } from "./story";

/** Writes programs, knowing the cards and what the fleets hold at the moment. */
export class Author {
  private readonly view: View;
  /** Fleets that take over SIMs on any terms since `check` has advised it. */
  private readonly advised = new Set<string>();

  constructor(
    { ways, listed, cards }: Story,
    private readonly harness: MortalHarness,
  ) {
    const lists = listed && ways.linksEndpoint !== false;
    const nameable = (lists || ways.previewAnswer === "namesRest") && ways.limit === 2_500;
    this.view = {
      standing: (fleet, n) => this.standing(fleet, n),
      mustCount: !nameable || cards.includes("test"),
      counts: (fleet, n) => this.sim(fleet, n)?.orgId === ORG || this.isOnRecord(fleet, n),
    };
  }

  program(fleets: Fleets, careful: boolean): Program {
    const advised = careful ? fleets.map((fleet) => this.follow(fleet)) : fleets;
    const declared = advised.map((fleet) => [fleet.name, argumentsOf(fleet, this.view, careful)] as const);
    return Object.fromEntries(
      declared.flatMap(([name, inputs]) => (inputs === undefined ? [] : [[name, inputs]])),
    );
  }

  /** The SIMs of a fleet that it should hold when all is well, each with the place of its card. */
  obtainable(fleet: Fleet): [n: number, sim: SimSnapshot][] {
    const all = Array.from({ length: fleet.to - fleet.from }, (_, i) => fleet.from + i);
    return all.flatMap((n): [number, SimSnapshot][] => {
      const sim = this.sim(fleet, n);
      const isAlive = sim?.orgId === ORG && !/^DEAD/.test(sim.state);
      return isAlive && this.standing(fleet, n) === "there" ? [[n, sim]] : [];
    });
  }

  /**
   * An update that ended part-way leaves the old inputs, and `check` sees no outputs: what the fleet has come to hold
   * by it is foreign to the next `check`, and on other terms it asks for `adopt: "always"`.
   */
  private follow(fleet: Fleet): Fleet {
    const all = Array.from({ length: fleet.to - fleet.from }, (_, i) => fleet.from + i);
    const isForeign = all.some((n) => {
      const sim = this.sim(fleet, n);
      const isHeld = sim !== undefined && isBilled(sim) && this.isOnRecord(fleet, n);
      return isHeld && !this.wasDeclared(fleet, n) && !agrees(sim, declaredTerms(fleet));
    });
    if (isForeign) this.advised.add(fleet.name);
    return this.advised.has(fleet.name) ? { ...fleet, adopt: "always" } : fleet;
  }

  /**
   * Whether the fleet can come to hold the card. What it holds already may come to any harm: then it is lost, which is
   * no mistake in the program, unless `check` cannot know that it was held.
   */
  private standing(fleet: Fleet, n: number): Standing {
    const sim = this.sim(fleet, n);
    const isHeld = this.isOnRecord(fleet, n);
    if (isHeld && this.wasDeclared(fleet, n)) return "there";
    if (sim === undefined) return isHeld ? "hopeless" : "none";
    // A card that nobody has claimed is known to its own organization only.
    if (sim.orgId !== ORG) return sim.deviceId === undefined ? "none" : "hopeless";
    if (/^DEAD/.test(sim.state)) return "hopeless";
    const takesOver = isHeld || fleet.adopt === "always" || this.advised.has(fleet.name);
    return takesOver || !isBilled(sim) || agrees(sim, declaredTerms(fleet)) ? "there" : "hopeless";
  }

  /** By the inputs that the engine keeps. */
  private wasDeclared({ name }: Fleet, n: number): boolean {
    const inputs = this.harness.find(name)?.inputs;
    return inputs !== undefined && declaredBy(inputs)(numberOf(n));
  }

  private sim({ form }: Fleet, n: number): SimSnapshot | undefined {
    return (form === "eids" ? snapshotByEid : snapshotOf)(this.harness.emulator, n);
  }

  private isOnRecord({ name }: Fleet, n: number): boolean {
    const outputs = this.harness.find(name)?.outputs;
    const held = outputs && readState(outputs)?.held;
    if (held === undefined) return false;
    const iccid = numberOf(n);
    if (held.kind === "counted")
      return held.lost.includes(iccid) || this.harness.hidden.get(name)?.has(iccid) === true;
    return held.lost.includes(iccid) || held.sims.some((sim) => sim.iccid === iccid);
  }
}
