/** What was charged for is in a record, or was named to the user; and in the end all is as declared. */
import type { Emulator } from "../../../provider/testing/emulator";
import { isBilled, isDead, nameOf, namesOf, ORG, printed, type Terms } from "../story/cards";
import { type AccountView, type Command, declares, type FleetRecord, type Values } from "./command";

export class Sight {
  /** Sentences. */
  readonly violations: string[] = [];
  readonly outOfSight = new Set<string>();
  /** SIMs that some record has named, or that a command has named to its user. */
  private readonly named = new Set<string>();
  /** Requests of commands whose processes died: nobody was left to tell of them. */
  private readonly orphaned = new Set<number>();

  constructor(private readonly emulator: Emulator) {}

  look(command: Command): void {
    const { requests, text, after, died } = command;
    const sims = [...command.began.sims.keys()];
    for (const iccid of sims) if (text.includes(iccid)) this.named.add(iccid);
    for (const record of after.values()) for (const iccid of namedIn(record)) this.named.add(iccid);
    for (const { n } of requests.update) {
      if (died) this.orphaned.add(n);
    }
    if (died) return;
    const isTruncated = [...after.values()].some(({ unfinished }) =>
      unfinished.some((line) => !/^\d{18,22}:/.test(line)),
    );
    if (!isTruncated) this.check(({ request }) => requests.update.some(({ n }) => n === request));
  }

  /** Whatever has landed until the end. */
  atTheEnd(): void {
    this.check(({ request }) => !this.orphaned.has(request));
  }

  private check(which: (entry: { readonly request: number }) => boolean): void {
    const unseen = this.emulator.ledger.filter(
      (entry) =>
        entry.kind === "activation" &&
        entry.by === "claim" &&
        which(entry) &&
        !this.named.has(printed(entry.iccid)),
    );
    const iccids = new Set(
      unseen.map(({ iccid }) => printed(iccid)).filter((iccid) => !this.outOfSight.has(iccid)),
    );
    for (const iccid of iccids) this.outOfSight.add(iccid);
    if (iccids.size > 0) this.violations.push(`charged, in no record, and never named: ${namesOf(iccids)}`);
  }
}

function namedIn({ iccids, lost, unfinished }: FleetRecord): string[] {
  return [...iccids, ...lost, ...unfinished.map((line) => /^(\d{18,22}):/.exec(line)?.[1] ?? "")];
}

/** What is wrong when faults and people rest, and everything is said to be done: sentences. */
export function atTheEnd(
  name: string,
  inputs: Values,
  record: FleetRecord | undefined,
  { sims }: AccountView,
  tagId: number | undefined,
): string[] {
  const isDeclared = declares(inputs, (iccid) => sims.get(iccid)?.eid);
  const there = [...sims].filter(([iccid, sim]) => isDeclared(iccid) && sim.orgId === ORG && !isDead(sim));
  const held = new Set(record?.iccids);
  const missing = there.filter(([iccid]) => !held.has(iccid)).map(([iccid]) => iccid);
  const alive = new Set(there.map(([iccid]) => iccid));
  const surplus = [...held].filter((iccid) => !alive.has(iccid));
  const terms: Terms = {
    plan: Number(inputs.plan),
    zone: String(inputs.zone),
    ...(typeof inputs.overageLimit === "number" ? { overageLimit: inputs.overageLimit } : {}),
  };
  const different = there.flatMap(([iccid, sim]) => {
    const limit = terms.overageLimit ?? sim.overageLimit;
    const is = [
      isBilled(sim) ? "" : "not active",
      sim.state.startsWith("PAUSED") ? "paused" : "",
      sim.plan === terms.plan && sim.zone === terms.zone ? "" : `on ${sim.plan} ${sim.zone}`,
      sim.overageLimit === limit ? "" : `limit ${sim.overageLimit}`,
      tagId === undefined || sim.tagIds.includes(tagId) ? "" : "not tagged",
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
