/** Writes the arguments of fleets, knowing the cards and what is on record at the moment. */
import type { SimSnapshot } from "../../../provider/testing/emulator";
import { declares, type FleetRecord, type Values } from "../judge/command";
import { agrees, iccidOf, isBilled, isDead, ORG } from "../story/cards";
import { type Fleet, means, placesOf, selectionOf, termsOf } from "../story/program";
import type { Story } from "../story/stories";

/** What the author sees. */
export interface View {
  readonly sims: ReadonlyMap<string, SimSnapshot>;
  readonly record: (name: string) => FleetRecord | undefined;
  /** The inputs that the engine keeps. */
  readonly inputs: (name: string) => Values | undefined;
}

/** How a SIM stands to the fleet that declares it: nobody has to say what is no card. */
type Standing = "there" | "hopeless" | "none";

export class Author {
  /** The account cannot always name the SIMs of a range: then the program has to count. */
  private readonly mustCount: boolean;
  /** Fleets that take over SIMs on any terms since `check` has advised it. */
  private readonly advised = new Set<string>();

  constructor({ ways, listed, cards }: Story) {
    // What only a list names, and no preview confirms, is not bought uncounted.
    const lists = listed && ways.linksEndpoint !== false && ways.previewAnswer !== "ignored";
    const nameable = (lists || ways.previewAnswer === "namesRest") && ways.limit === 2_500;
    this.mustCount = !nameable || cards.includes("test");
  }

  /**
   * An author with some care leaves out what cannot be fulfilled (instead of a range a list is written then, and EIDs only as far as
   * all is well), one with none does not. Undefined when nothing is left to declare.
   */
  argumentsOf(given: Fleet, view: View, care: "none" | "some" | "all"): Values | undefined {
    const careful = care !== "none";
    const fleet = careful ? this.advise(given, view) : given;
    const isMeant = means(fleet);
    const numbers = [...new Set([...placesOf(fleet).map(iccidOf), ...view.sims.keys()])].filter(isMeant);
    const standings = new Map(numbers.map((iccid) => [iccid, standing(fleet, iccid, view)]));
    const there = numbers.filter((iccid) => standings.get(iccid) === "there").sort();
    const hopeless = numbers.some((iccid) => standings.get(iccid) === "hopeless");
    // What lies between the cards of a range, came into it later, or cannot be counted, is told for certain by a list alone.
    const record = view.record(fleet.name);
    const isNew = (iccid: string): boolean =>
      !placesOf(fleet).map(iccidOf).includes(iccid) || (record !== undefined && !isOnRecord(record, iccid));
    const unclear = this.mustCount || there.some(isNew);
    const isRenumbered = there.some((iccid) => record?.others?.has(iccid));
    const spellsOut = careful && (hopeless || isRenumbered || (care === "all" && unclear));
    if (fleet.form === "list" || (fleet.form === "range" && spellsOut)) {
      const named = careful ? there : placesOf(fleet).map(iccidOf);
      if (named.length === 0) return undefined;
      const written = view.inputs(fleet.name)?.sims;
      // Nobody writes down the new number of a SIM that is deactivated, or of somebody else by now; what is there stays.
      const shown = (iccid: string): string => {
        const sim = view.sims.get(iccid);
        if (sim === undefined || !fleet.follows) return iccid;
        const isWritten = Array.isArray(written) && written.includes(sim.iccid);
        return isWritten || (sim.orgId === ORG && !isDead(sim)) ? sim.iccid : iccid;
      };
      return {
        ...this.rest(fleet),
        sims: named.map(shown),
        ...(fleet.counted ? { expectedSims: named.length } : {}),
      };
    }
    const bad = placesOf(fleet).find((n) => standings.get(iccidOf(n)) === "hopeless");
    const to = careful && bad !== undefined ? bad : fleet.to;
    const part = { ...fleet, to };
    const inPart = means(part);
    if (!there.some(inPart)) return undefined;
    const counted = numbers.filter((iccid) => inPart(iccid) && counts(fleet, iccid, view)).length;
    const says = fleet.counted || this.mustCount || (care === "all" && unclear);
    return {
      ...this.rest(fleet),
      ...selectionOf(part),
      ...(says ? { expectedSims: Math.max(1, counted) } : {}),
    };
  }

  private rest(fleet: Fleet): Values {
    const { onRelease, adopt, tagId } = fleet;
    return { ...termsOf(fleet), orgId: ORG, onRelease, adopt, ...(tagId === undefined ? {} : { tagId }) };
  }

  /**
   * What a fleet has come to hold by an update that ended part-way is foreign to the next `check`, and on other terms it
   * asks for `adopt: "always"`.
   */
  private advise(fleet: Fleet, view: View): Fleet {
    const isMeant = means(fleet);
    const before = view.inputs(fleet.name);
    const isForeign = [...view.sims].some(([iccid, sim]) => {
      if (!isMeant(iccid) || !isBilled(sim) || !isOnRecord(view.record(fleet.name), iccid)) return false;
      return !(before !== undefined && wasDeclared(before, iccid, view)) && !agrees(sim, termsOf(fleet));
    });
    if (isForeign) this.advised.add(fleet.name);
    return this.advised.has(fleet.name) ? { ...fleet, adopt: "always" } : fleet;
  }
}

/**
 * Whether the fleet can come to hold the card. What it holds already may come to any harm: then it is lost, which is no
 * mistake in the program, unless `check` cannot know that it was held.
 */
function standing(fleet: Fleet, iccid: string, view: View): Standing {
  const sim = view.sims.get(iccid);
  const isHeld = isOnRecord(view.record(fleet.name), iccid);
  const before = view.inputs(fleet.name);
  const isRenumbered = view.record(fleet.name)?.others?.has(iccid) === true;
  if (isRenumbered && !fleet.follows && fleet.form !== "eids") return "hopeless";
  if (isHeld && before !== undefined && wasDeclared(before, iccid, view)) return "there";
  if (sim === undefined) return isHeld ? "hopeless" : "none";
  // A card that nobody has claimed is known to its own organization only.
  if (sim.orgId !== ORG) return sim.deviceId === undefined ? "none" : "hopeless";
  if (isDead(sim)) return "hopeless";
  const isNamed = fleet.form === "eids" || (fleet.form === "list" && fleet.follows);
  if (sim.iccid !== iccid && !isHeld && !isNamed) return "hopeless";
  const takesOver = isHeld || fleet.adopt === "always";
  return takesOver || !isBilled(sim) || agrees(sim, termsOf(fleet)) ? "there" : "hopeless";
}

/** Whether the card counts among the SIMs of a range. */
function counts({ name }: Fleet, iccid: string, { sims, record }: View): boolean {
  return sims.get(iccid)?.orgId === ORG || isOnRecord(record(name), iccid);
}

function wasDeclared(inputs: Values, iccid: string, { sims }: View): boolean {
  return declares(inputs, (each) => sims.get(each)?.eid)(iccid);
}

function isOnRecord(record: FleetRecord | undefined, iccid: string): boolean {
  return record !== undefined && (record.iccids.includes(iccid) || record.lost.includes(iccid));
}
