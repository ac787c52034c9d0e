import { readState } from "../../../provider/dynamic/wire/state";
import type { SimSnapshot } from "../../../provider/testing/emulator";
import type { Program } from "../../harness/provider/providerHarness";
import type { Report, Values } from "../../harness/provider/providerReport";
import type { Author } from "./author";
import { agrees, isBilled, numberOf, ORG, printed } from "./cards";
import type { MortalHarness } from "./harness";
import { declaredBy, declaredTerms, type Fleet, type Fleets } from "./programs";
import type { Step } from "./story";

/** What an operation was about: a commit of its requests may land long after it. */
interface Occasion {
  /** Number of its last request. */
  readonly last: number;
  /** Whether its program declares a SIM. */
  readonly declares: (iccid: string) => boolean;
  /** Whether a record says of a SIM that it is paused when it leaves. */
  readonly mayPause: (iccid: string) => boolean;
}

/** Whether everything that was paid for stays in sight, and nothing is taken out of service that nobody gave away. */
export class Sight {
  readonly outOfSight = new Set<string>();
  private readonly occasions: Occasion[] = [];
  private mayPause: Occasion["mayPause"] = () => false;
  /** Sentences: more was bought than the preview of the same run had said. */
  readonly beyondPreview: string[] = [];
  /** What the record of each resource named, and how much it left unfinished, after the operation before. */
  private readonly known = new Map<
    string,
    { readonly sims: ReadonlySet<string>; readonly unfinished: number }
  >();
  private ledger = 0;

  constructor(private readonly harness: MortalHarness) {}

  /** Before each operation. */
  begin(): void {
    this.ledger = this.harness.emulator.ledger.length;
    const held = this.harness.resources
      .filter(({ outputs }) => outputs.onRelease === "pause")
      .map(({ name, inputs }) => ({
        sims: new Set(this.record(name)?.sims ?? this.harness.hidden.get(name)),
        declares: declaredBy(inputs),
      }));
    this.mayPause = (iccid) => held.some(({ sims, declares }) => sims.has(iccid) || declares(iccid));
  }

  /** After each operation. */
  look(operation: Step["operation"], program: Program, report: Report): void {
    const { resources, emulator } = this.harness;
    const inputs = operation === "refresh" ? resources.map((each) => each.inputs) : Object.values(program);
    const declared = inputs.map(declaredBy);
    const declares = (iccid: string): boolean => declared.some((each) => each(iccid));
    this.occasions.push({ last: emulator.requests.length, declares, mayPause: this.mayPause });
    const before = this.occasions.at(-2)?.last ?? 0;
    for (const [name, given] of Object.entries(program)) this.checkPreview(name, given, report, before);
    for (const { name, op } of report.steps) {
      const given = program[name];
      // What died or was refused altogether is not on record; what came back, in whole or in part, has to tell all.
      const cameBack = op === "create" || op === "update" || op === "replace";
      const isOver = operation === "up" && report.errors.length === 0;
      if (given !== undefined && cameBack && isOver) this.check(name, given);
    }
    this.remember();
  }

  /** What is wrong at the end, when all is on record, as sentences. `refreshed`: what was done by hand was looked for. */
  atTheEnd(fleets: Fleets, author: Author, refreshed: boolean): string[] {
    const program = author.program(fleets, true);
    for (const [name, inputs] of Object.entries(program)) this.check(name, inputs);
    return fleets.flatMap((fleet) => {
      const inputs = program[fleet.name];
      if (inputs === undefined) return [];
      const declared = declaredBy(inputs);
      const held = new Set(this.record(fleet.name)?.devices);
      const obtainable = author.obtainable(fleet).filter(([n]) => declared(numberOf(n)));
      const missing = obtainable.flatMap(([n, { deviceId }]) => (held.has(deviceId ?? 0) ? [] : [n]));
      const different = obtainable.flatMap(([n, sim]) => (!refreshed || isAsDeclared(fleet, sim) ? [] : [n]));
      return [
        ...(missing.length > 0 ? [`declared, to be had, and not held: #${missing.join(", #")}`] : []),
        ...(different.length > 0 ? [`not as declared in the end: #${different.join(", #")}`] : []),
      ];
    });
  }

  /** Deactivations, and pauses that no program asked for, or of SIMs that the program of the time declares. */
  get unwanted(): ReadonlySet<string> {
    const { pauses, deactivations } = this.harness.emulator.judgement();
    const unasked = pauses.filter(({ iccid, request }) => {
      const occasion = this.occasions.find(({ last }) => request <= last);
      return !occasion?.mayPause(printed(iccid)) || occasion.declares(printed(iccid));
    });
    return new Set([...unasked, ...deactivations].map(({ iccid }) => iccid));
  }

  /** Charged for and declared, and neither held nor unfinished nor lost. */
  private check(name: string, inputs: Values): void {
    const record = this.record(name);
    // A line that names no SIM, or stands for more, may mean any of them.
    if (record === undefined || record.unfinished.includes(undefined)) return;
    const seen = new Set([...record.sims, ...record.lost, ...record.unfinished]);
    const declared = declaredBy(inputs);
    for (const { iccid, by, kind } of this.harness.emulator.ledger) {
      if (by !== "claim" || kind !== "activation" || !declared(iccid) || seen.has(iccid)) continue;
      if (this.isThere(iccid) || this.known.get(name)?.sims.has(iccid)) this.outOfSight.add(iccid);
    }
  }

  /** Not more than the preview of this run says, and what earlier ones said and did not do. */
  private checkPreview(name: string, inputs: Values, report: Report, before: number): void {
    const preview = report.checked[name]?.preview;
    if (typeof preview !== "object" || preview === null) return;
    const { sims, expectedSims } = inputs;
    const counted = Array.isArray(sims) ? sims.length : typeof expectedSims === "number" ? expectedSims : 0;
    const said = "activate" in preview ? Number(preview.activate) : counted;
    const declares = declaredBy(inputs);
    const bought = this.harness.emulator.ledger
      .slice(this.ledger)
      .filter(({ kind, iccid, request }) => kind === "activation" && request > before && declares(iccid));
    const most = said + (this.known.get(name)?.unfinished ?? 0);
    if (bought.length > most)
      this.beyondPreview.push(`${bought.length} SIMs bought, and ${most} were previewed`);
  }

  /** What was taken away by hand before it came on record can be known to nobody. */
  private isThere(iccid: string): boolean {
    const { emulator } = this.harness;
    return emulator.knows(iccid) && emulator.sim(iccid).orgId === ORG;
  }

  private remember(): void {
    const names = this.harness.resources.map(({ name }) => name);
    this.known.clear();
    for (const name of names) {
      const record = this.record(name);
      const outputs = this.harness.find(name)?.outputs;
      const { unfinished = 0, missing = 0 } = (outputs && readState(outputs)?.held) ?? {};
      this.known.set(name, {
        sims: new Set([...(record?.sims ?? []), ...(record?.lost ?? [])]),
        unfinished: Math.max(unfinished, missing),
      });
    }
  }

  /** Undefined where the record lists no SIMs. */
  private record(name: string) {
    const outputs = this.harness.find(name)?.outputs;
    const held = outputs && readState(outputs)?.held;
    if (held?.kind !== "listed") return undefined;
    const lines = Array.isArray(outputs?.unfinished) ? outputs.unfinished.map(String) : [];
    const unfinished = lines.map((line) => /^(\d{18,22}):/.exec(line)?.[1]);
    const [sims, devices] = [held.sims.map((sim) => sim.iccid), held.sims.map((sim) => sim.deviceId)];
    return { sims, devices, lost: held.lost, unfinished };
  }
}

function isAsDeclared(fleet: Fleet, sim: SimSnapshot): boolean {
  const tagged = fleet.tagId === undefined || sim.tagIds.includes(fleet.tagId);
  return tagged && isBilled(sim) && !sim.state.startsWith("PAUSED") && agrees(sim, declaredTerms(fleet));
}
