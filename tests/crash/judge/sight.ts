/** What was charged for is in a record, or was named to the user; and in the end all is as declared. */
import type { Emulator, LedgerEntry, SimSnapshot } from "../../../provider/testing/emulator";
import { isBilled, isDead, nameOf, namesOf, ORG, printed, type Terms } from "../story/cards";
import {
  type AccountView,
  type Command,
  declares,
  type FleetRecord,
  type Step,
  type Values,
} from "./command";

/** Whether what was charged for stays in sight. */
export class Sight {
  /** Sentences. */
  readonly violations: string[] = [];
  readonly outOfSight = new Set<string>();
  /** The fleets whose record has held a SIM, or called it lost. */
  private readonly holders = new Map<string, Set<string>>();
  /** When a command last named a SIM to its user, and whether a row that deletes did. */
  private readonly named = new Map<string, number>();
  private readonly commands: Command[] = [];

  constructor(
    private readonly emulator: Emulator,
    private readonly settleSeconds: number,
  ) {}

  look(command: Command): void {
    const { text, after, died, steps } = command;
    this.commands.push(command);
    const deletes = steps.some(({ op }) => op === "delete");
    for (const iccid of command.began.sims.keys()) {
      if (text.includes(iccid)) this.named.set(iccid, deletes ? Number.POSITIVE_INFINITY : command.to);
    }
    for (const [name, { iccids, lost }] of after) {
      for (const iccid of [...iccids, ...lost])
        this.holders.set(iccid, (this.holders.get(iccid) ?? new Set()).add(name));
    }
    if (died) return;
    const unfinished = [...after.values()].flatMap((record) => record.unfinished);
    if (unfinished.some(namesNoSim)) return;
    const seen = new Set(unfinished.map((line) => line.split(":")[0] ?? ""));
    const own = new Set(command.requests.update.map(({ n }) => n));
    this.check(
      ({ iccid, request }) => own.has(request) && !seen.has(iccid) && !text.includes(iccid),
      "charged, and neither on record nor named",
    );
  }

  /** Whatever has landed until the end. */
  atTheEnd(): void {
    this.check((entry) => !this.isExcused(entry), "charged, and in the end on no record");
  }

  /** What is wrong with a fleet when faults and people rest, and everything is said to be done: sentences. */
  judgeEnd(
    name: string,
    inputs: Values,
    record: FleetRecord | undefined,
    { sims }: AccountView,
    tagId: number | undefined,
  ): string[] {
    const isDeclared = declares(inputs, (iccid) => sims.get(iccid)?.eid);
    const there = [...sims].filter(([iccid, sim]) => isDeclared(iccid) && sim.orgId === ORG && !isDead(sim));
    const held = new Set(record?.iccids);
    // By ICCID, an eSIM that shows another one is known by its device alone, and so by a record that holds it.
    const isOutOfReach = (iccid: string, sim: SimSnapshot): boolean =>
      inputs.eidRange === undefined &&
      sim.iccid !== iccid &&
      (this.holders.get(iccid)?.has(name) !== true || record?.lost.includes(iccid) === true);
    const missing = there
      .filter(([iccid, sim]) => !held.has(iccid) && !isOutOfReach(iccid, sim))
      .map(([iccid]) => iccid);
    const alive = new Set(there.map(([iccid]) => iccid));
    const surplus = [...held].filter((iccid) => !alive.has(iccid));
    const terms: Terms = {
      plan: Number(inputs.plan),
      zone: String(inputs.zone),
      ...(typeof inputs.overageLimit === "number" ? { overageLimit: inputs.overageLimit } : {}),
    };
    const isTagged = (sim: SimSnapshot): boolean =>
      tagId === undefined || sim.tagIds.includes(tagId) || this.isUntaggedByOthers(name, sim, tagId);
    const different = there.flatMap(([iccid, sim]) => {
      if (isOutOfReach(iccid, sim)) return [];
      const limit = terms.overageLimit ?? sim.overageLimit;
      const is = [
        isBilled(sim) ? "" : "not active",
        sim.state.startsWith("PAUSED") ? "paused" : "",
        sim.plan === terms.plan && sim.zone === terms.zone ? "" : `on ${sim.plan} ${sim.zone}`,
        sim.overageLimit === limit ? "" : `limit ${sim.overageLimit}`,
        isTagged(sim) ? "" : "not tagged",
      ].filter((each) => each !== "");
      return is.length > 0 ? [`${nameOf(iccid)} ${is.join(", ")}`] : [];
    });
    return [
      ...(missing.length > 0 ? [`in the end ${name} does not hold ${namesOf(missing)}`] : []),
      ...(surplus.length > 0
        ? [`in the end ${name} holds ${namesOf(surplus)}, which it does not declare or which is gone`]
        : []),
      ...(different.length > 0 ? [`in the end not as ${name} declares: ${different.join("; ")}`] : []),
    ];
  }

  /** Two stacks that declare one SIM and one tag: whoever lets go of the tag takes it off, and no listing may show it. */
  private isUntaggedByOthers(name: string, { deviceId }: SimSnapshot, tagId: number): boolean {
    const isOwn = ({ before, after }: Command): boolean => before.has(name) || after.has(name);
    const asked = this.commands.flatMap((command) =>
      command.requests.update
        .filter(({ path }) => path.startsWith(`/devices/tags/${tagId}/`))
        .filter(({ body }) => isAbout(body, deviceId))
        .map(({ path }) => ({ isOwn: isOwn(command), isOff: path.endsWith("/unlink") })),
    );
    const last = asked.at(-1);
    return last?.isOff === true && !last.isOwn;
  }

  private isExcused({ iccid, request, at }: Charge): boolean {
    const command = this.commands.find(({ requests }) => requests.update.some(({ n }) => n === request));
    if (command === undefined || command.died) return true;
    const sentAt = command.requests.update.find(({ n }) => n === request)?.at ?? at;
    if (at >= sentAt + this.settleSeconds * 1_000) return true;
    if ((this.named.get(iccid) ?? 0) >= at) return true;
    const buyers = [...command.checked].flatMap(([name, inputs]) =>
      declares(inputs, (each) => command.began.sims.get(each)?.eid)(iccid) ? [name] : [],
    );
    return this.commands.some(
      (later) =>
        later.stack === command.stack &&
        later.to >= at &&
        later.steps.some((step) => buyers.includes(step.name) && isReleasedBy(step, later, iccid)),
    );
  }

  private check(which: (charge: Charge) => boolean, what: string): void {
    const charges = this.emulator.ledger.filter(({ kind, by }) => kind === "activation" && by === "claim");
    const unseen = charges
      .map((charge) => ({ ...charge, iccid: printed(charge.iccid) }))
      .filter(
        (charge) => !this.holders.has(charge.iccid) && !this.outOfSight.has(charge.iccid) && which(charge),
      );
    const iccids = new Set(unseen.map(({ iccid }) => iccid));
    for (const iccid of iccids) this.outOfSight.add(iccid);
    if (iccids.size > 0) this.violations.push(`${what}: ${namesOf(iccids)}`);
  }
}

/** A step that ended after the SIM had landed: a delete releases all of its record, an update what its row told. */
function isReleasedBy({ name, op, end }: Step, { before, after, checked }: Command, iccid: string): boolean {
  if (end !== "done") return false;
  if (op === "delete") return true;
  const preview = checked.get(name)?.preview;
  const told =
    typeof preview === "object" && preview !== null && "release" in preview ? Number(preview.release) : 0;
  const names = (line: string): boolean => line.startsWith(`${iccid}:`);
  const wasOpen = before.get(name)?.unfinished.some((line) => names(line) || namesNoSim(line)) === true;
  return told > 0 && wasOpen && after.get(name)?.unfinished.some(names) !== true;
}

/** "and 7 more", or the SIMs of a range: it stands for any of them. */
function namesNoSim(line: string): boolean {
  return !/^\d{18,22}:/.test(line);
}

function isAbout(body: unknown, deviceId: number | undefined): boolean {
  const ids: unknown = typeof body === "object" && body !== null && "deviceids" in body ? body.deviceids : [];
  return Array.isArray(ids) && ids.map(Number).includes(deviceId ?? Number.NaN);
}

type Charge = Pick<LedgerEntry, "iccid" | "request" | "at">;
