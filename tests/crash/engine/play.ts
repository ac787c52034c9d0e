/** Plays a story on an engine: whole programs, whose commands are cut off; then all rests, and all must be as declared. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Engine } from "../../../provider/testing/engine";
import { account, type FleetStack, type Operation, urnOf, withFleets } from "../../harness/engine/fleetStack";
import { leanSdk } from "../../harness/engine/realEngine";
import { PurchaseBook } from "../judge/book";
import type { AccountView, Command, Values } from "../judge/command";
import { PromiseKeeper } from "../judge/promise";
import { Sight } from "../judge/sight";
import { ELSEWHERE, isBetween, isDead, ORG, offers, simsByNumber } from "../story/cards";
import { type Deed, People } from "../story/people";
import { edits, type Fleets } from "../story/program";
import type { Verdict } from "../tally";
import { type Struck, strike } from "./death";
import { holding, ruleOf } from "./faults";
import { argumentsOf, beginning, declare, sizeOf } from "./programs";
import { checkedIn, recordsIn, stepsOf } from "./records";
import { type Death, type Round, type Story, tellDeath, tellKind } from "./story";

/** The run went well when `problems` is empty. */
export async function play(story: Story, engine: Engine): Promise<Verdict> {
  const env = {
    HOLOGRAM_CLAIM_SETTLE_SECONDS: `${story.settleSeconds}`,
    HOLOGRAM_MAX_DEACTIVATIONS: `${MANY}`,
    ...leanSdk,
  };
  const behaviour = { alreadyActive: "charge" } as const;
  let run: Run | undefined;
  try {
    await withFleets(engine, { account: world, sims: sizeOf(story), behaviour, env }, async (fleets) => {
      fleets.emulator.addOrganization({ id: ELSEWHERE });
      run = new Run(story, fleets);
      for (const round of story.rounds) await run.round(round);
      await run.recover();
      await run.judge();
    });
  } catch (error) {
    run?.problems.push(error instanceof Error ? error.message : String(error));
    if (run === undefined) throw error;
  }
  assert.ok(run);
  return run.verdict();
}

/** More than there are cards. */
const MANY = 1_000_000;
/** So many times `refresh` and `up` are repeated at most. */
const MOST_ROUNDS = 5;
/** No operation takes so many milliseconds, however busy the machine. */
const LONGEST_OPERATION = 180_000;
/** Milliseconds that a request takes to arrive. */
const ON_THE_WAY = 100;

/** The account of the engines' tests, with the zones that programs and people here choose among. */
const world = {
  ...account,
  plans: [
    { id: 2096, name: "Global Flat", zones: { global: "0.600000" } },
    { id: 75, name: "Pilot 1 MB", data: 1_000_000, zones: { global: "1.500000", us: "1.000000" } },
  ],
};

type Kind = "preview" | "up" | "refresh";

class Run {
  readonly problems: string[] = [];
  private readonly trace: string[] = [];
  private readonly deaths: string[] = [];
  private converged = true;
  private readonly total = {
    commands: 0,
    faults: 0,
    deeds: 0,
    crashes: 0,
    crashesInDoubt: 0,
  };
  private readonly promise = new PromiseKeeper(MANY);
  private readonly book: PurchaseBook;
  private readonly sight: Sight;
  private readonly people: People;
  private readonly began = Date.now();
  private readonly history: Fleets[];
  private records: Command["before"] = new Map();

  constructor(
    private readonly story: Story,
    private readonly fleets: FleetStack,
  ) {
    const { emulator } = fleets;
    this.book = new PurchaseBook(emulator, { settleSeconds: story.settleSeconds, onTheWay: ON_THE_WAY });
    this.sight = new Sight(emulator, story.settleSeconds);
    this.history = [beginning(story)];
    this.people = new People(emulator, true, {
      isBeingBought: (iccid) => this.book.isOpen(iccid),
      isOnRecord: (iccid) => [...this.records.values()].some(({ iccids }) => iccids.includes(iccid)),
    });
  }

  private get program(): Fleets {
    return this.history.at(-1) ?? [];
  }

  async round(round: Round): Promise<void> {
    if (this.violations.length > 0) return;
    const { edit, n, deeds, troubles, death, waits, hurries, refreshes, scope } = round;
    const { emulator, stack } = this.fleets;
    const next =
      edit === "revert" ? this.history.at(-2 - (n % 2)) : edits[edit](this.program, n, sizeOf(this.story));
    this.history.push(next ?? this.program);
    const args = scope === "planned" ? await this.savePlan() : this.scopeOf(round);
    for (const deed of deeds) this.deed(deed);
    if (args === undefined) return;
    if (death?.holds !== undefined && (death.at === "claim" || death.at === "request"))
      emulator.faults.add(holding(death.at, death.nth, death.holds === "before"));
    for (const trouble of troubles) emulator.faults.add(ruleOf(trouble));
    const struck = await this.operate("up", { ...round, args });
    if (struck !== undefined && death?.kind !== "once" && !hurries) await emulator.idle();
    // What ends at once may leave the stack locked; so may the second Ctrl-C on a busy machine.
    const locks = death?.kind === "all" || death?.kind === "engine" || death?.kind === "twice";
    if (struck !== undefined && locks) await stack.cancel();
    if (waits) await sleep((this.story.settleSeconds + 1) * 1_000);
    if (refreshes) await this.operate("refresh");
  }

  /** No faults any more, and nobody meddles. */
  async recover(): Promise<void> {
    const { fleets, people, story } = this;
    if (this.violations.length > 0) return;
    await fleets.emulator.idle();
    await sleep((story.settleSeconds + 1) * 1_000);
    people.letGo();
    for (let round = 1; ; round++) {
      await this.operate("refresh");
      const refreshed = this.last?.ok;
      await this.operate("up");
      const { ok, requests = [], steps = [], text } = this.last ?? {};
      const changes = steps.filter(({ op, type }) => op !== "same" && type.includes("hologram:"));
      if (refreshed && ok && requests.length === 0 && changes.length === 0) return;
      if (this.violations.length > 0) return;
      if (round === MOST_ROUNDS) {
        const why = ok ? `${requests.length} requests are still sent` : text;
        return this.notConverged(`not quiet after ${MOST_ROUNDS} rounds of refresh and up: ${why}`);
      }
    }
  }

  async judge(): Promise<void> {
    this.book.judge();
    this.sight.atTheEnd();
    if (this.violations.length > 0) return;
    // Cards that came into a range after its last look wait for the next: unchanged inputs send no request.
    const all = this.look();
    const sims = new Map(
      [...all.sims].filter(([iccid, { deviceId }]) => !isBetween(iccid) || deviceId !== undefined),
    );
    const view = { ...all, sims };
    const wrong = [...this.declared].flatMap(([name, inputs]) =>
      this.sight.judgeEnd(name, inputs, this.records.get(name), view, undefined),
    );
    if (wrong.length > 0) this.notConverged(wrong.join("; "));
  }

  verdict(): Verdict {
    const { total, deaths, converged, trace, promise, book, sight } = this;
    return {
      ...total,
      deaths,
      converged,
      untold: promise.violations.length,
      doubleClaims: book.doubleClaims.size,
      doubleCharges: book.doubleCharges.size,
      outOfSight: sight.outOfSight.size,
      landedLate: book.landedLate,
      problems: [...this.violations, ...book.violations],
      trace,
    };
  }

  private last: Operation | undefined;
  /** The arguments of the program that ran last. */
  private declared: ReadonlyMap<string, Values> = new Map();

  private get violations(): readonly string[] {
    return [...this.promise.violations, ...this.sight.violations, ...this.problems];
  }

  private deed(deed: Deed): void {
    this.total.deeds++;
    this.people.do(deed);
  }

  private scopeOf({ scope, n }: Round): readonly string[] {
    const { name = "" } = this.program[n % Math.max(1, this.program.length)] ?? {};
    return scope === "target" ? ["--target", urnOf(name)] : [];
  }

  /** Undefined where the preview fails: then there is no plan. */
  private async savePlan(): Promise<readonly string[] | undefined> {
    const file = join(this.fleets.directory, "..", "plan.json");
    await this.operate("preview", { args: ["--save-plan", file] });
    return this.last?.ok ? ["--plan", file] : undefined;
  }

  private async operate(
    kind: Kind,
    round: Partial<Round> & { readonly args?: readonly string[] } = {},
  ): Promise<Struck> {
    const { fleets, program } = this;
    const { emulator } = fleets;
    const { death, args = [], replaces = false, n = 0 } = round;
    // A saved plan is of the program as it was.
    const inputs = round.scope === "planned" ? this.declared : this.argumentsByName();
    this.declared = inputs;
    declare(fleets, program, inputs);
    this.total.commands++;
    const [from, told, before] = [Date.now(), this.look(), this.records];
    const replaced = program[n % Math.max(1, program.length)]?.name ?? "";
    const options = {
      preview: kind === "up",
      ...(args.length > 0 ? { args } : {}),
      ...(replaces && kind === "up" ? { replace: [urnOf(replaced)] } : {}),
    };
    const running =
      kind === "refresh" ? fleets.refresh() : kind === "up" ? fleets.up(options) : fleets.preview(options);
    const struck = death && (await strike(fleets, death, running));
    if (death !== undefined && struck !== undefined) {
      this.total.crashes++;
      this.deaths.push(tellKind[death.kind]);
      if (struck.inDoubt) this.total.crashesInDoubt++;
    }
    this.endFaults();
    const result = await within(LONGEST_OPERATION, running);
    this.last = result;
    const state = await fleets.stack.export();
    this.records = recordsIn(state);
    const died = struck !== undefined && death?.kind !== "once";
    const checked =
      kind === "refresh" ? new Map<string, Values>() : checkedIn(state, inputs, died, result.ok);
    const command: Command = {
      kind,
      stack: 0,
      machine: 0,
      program: kind === "refresh" ? new Map() : inputs,
      shown: checked,
      checked,
      told,
      began: told,
      ended: this.look(),
      requests: { preview: [], update: [...emulator.requests] },
      before,
      after: this.records,
      steps: stepsOf(result, state, died, replaces ? [replaced] : []),
      text: result.text,
      died,
      from,
      to: Date.now(),
    };
    this.promise.look(command);
    this.book.look(command);
    this.sight.look(command);
    // An engine that lives on may start the provider process that its update needs.
    if (died && death?.kind !== "provider") this.judgeOrphans(struck.at);
    this.tell(command, death, struck);
    return struck;
  }

  private argumentsByName(): ReadonlyMap<string, Values> {
    const sims = simsByNumber(this.fleets.emulator);
    return new Map(
      this.program.flatMap((fleet) => {
        const { iccids = [], lost = [] } = this.records.get(fleet.name) ?? {};
        const known = new Set([...iccids, ...lost]);
        // A SIM that is deactivated, moved away, or shown under another number cannot come to a fleet that never held it.
        const inputs = argumentsOf(fleet, (iccid) => {
          const sim = sims.get(iccid);
          if (sim === undefined || known.has(iccid)) return false;
          return isDead(sim) || sim.orgId !== ORG || sim.iccid !== iccid;
        });
        return inputs === undefined ? [] : [[fleet.name, inputs] as const];
      }),
    );
  }

  /** A provider whose engine is dead has nobody to tell what it buys. */
  private judgeOrphans(deadSince: number): void {
    const late = this.fleets.emulator
      .writes()
      .filter(({ at, path }) => at > deadSince && path.endsWith("claim"));
    if (late.length > 0)
      this.problems.push(`${late.length} claims were sent by a provider whose engine was dead`);
  }

  private look(): AccountView {
    const prices = new Map(
      offers.map(({ plan, zone }) => [`${plan} ${zone}`, this.people.priceOf(plan, zone)]),
    );
    const priceOf = (plan: number, zone: string): number => prices.get(`${plan} ${zone}`) ?? 0;
    return { sims: simsByNumber(this.fleets.emulator), priceOf };
  }

  private endFaults(): void {
    const { faults } = this.fleets.emulator;
    this.total.faults += faults.list().reduce((sum, { played }) => sum + played, 0);
    faults.clear();
    faults.release();
  }

  private notConverged(what: string): void {
    this.converged = false;
    this.problems.push(what);
  }

  /** Times are from the beginning of the run: they show whether the machine was so slow that the story went another way. */
  private tell(command: Command, death: Death | undefined, struck: Struck): void {
    const seconds = (from: number, to: number): string => `${((to - from) / 1_000).toFixed(2)} s`;
    const { kind, from, to, requests, after, steps } = command;
    const { ok = false, errors = [] } = this.last ?? {};
    const rows = steps.filter(({ op }) => op !== "same").map(({ op, name, end }) => `${op} ${name}: ${end}`);
    const claims = requests.update.filter(
      ({ path, query }) => path.endsWith("claim") && query.preview === undefined,
    );
    const writes = requests.update.filter(
      ({ method, query }) => method !== "GET" && query.preview === undefined,
    );
    const previews = [...command.shown].map(([name, { preview }]) => `${name}: ${JSON.stringify(preview)}`);
    const lines = [
      `${kind} at ${seconds(this.began, from)}, for ${seconds(from, to)}: ${ok ? "went well" : "failed"}; ${rows.join(", ")}`,
      ...previews,
      ...(death === undefined
        ? []
        : [
            `${tellDeath(death)}: ${struck === undefined ? "it was over before" : `over at ${seconds(from, struck.at)}`}`,
          ]),
      `${requests.update.length} requests, of which ${claims.length} claims; ${writes.map(({ n, at, path, status }) => `${n} ${path} at ${seconds(from, at)} -> ${status}`).join(", ")}`,
      `on record: ${[...after].map(([name, { iccids }]) => `${name} ${iccids.length}`).join(", ")}`,
      ...errors.map((error) => `! ${error.slice(0, 400)}`),
    ];
    this.trace.push(lines.join("\n     "));
  }
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const tooLong = sleep(milliseconds, undefined, { signal: timer.signal }).then(() =>
    assert.fail(`an operation has not ended after ${milliseconds / 1_000} s`),
  );
  tooLong.catch(() => undefined);
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    timer.abort();
  }
}
