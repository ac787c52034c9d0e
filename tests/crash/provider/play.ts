/** Plays a story to its end, lets faults and people rest, and asks whether all is as declared. */
import type { SeenRequest } from "../../../provider/testing/emulator";
import { PurchaseBook } from "../judge/book";
import { type AccountView, type Command, recordOf, recordsByName } from "../judge/command";
import { PromiseKeeper } from "../judge/promise";
import { Sight } from "../judge/sight";
import { layOut, nameOf, offers, simsByNumber } from "../story/cards";
import { type Death, ruleOf, ruleOfDeath, ruleOfMeddling, SETTLE, type Trouble } from "../story/faults";
import { type Deed, People } from "../story/people";
import { edits, type Fleet, type Fleets, TAG_IDS } from "../story/program";
import { beginning, isReturned, type Step, type Story } from "../story/stories";
import type { Verdict } from "../tally";
import { Author, type View } from "./author";
import type { ListeningEngine } from "./listeningEngine";
import { Died, Life, World } from "./machine";
import { type Mutation, mutated } from "./mutations";
import { type Declared, type Options, Phase, type Processes, Stack } from "./stack";
import { describe } from "./trace";

/** The run went well when `problems` is empty. */
export async function play(story: Story, engine: ListeningEngine, mutation?: Mutation): Promise<Verdict> {
  const { random } = Math;
  const settings = { HOLOGRAM_MAX_DEACTIVATIONS: String(story.mostDeactivations) };
  const world = await World.begin(story.ways, settings);
  try {
    // The jitter of waits: the same story has to go the same way each time.
    Math.random = () => 0.5;
    const { overageLimit } = story.begin[0] ?? {};
    const limit = overageLimit === undefined ? {} : { overageLimit };
    layOut(world.emulator, story.cards, story.listed, { ...offers[0], ...limit });
    const run = new Run(story, world, engine);
    return await mutated(mutation, () => run.whole());
  } finally {
    Math.random = random;
    await world.close();
  }
}

/** So many times `refresh` and `up` are repeated at most. */
const MOST_ROUNDS = 5;

/** What a command is to do, and what befalls it. */
interface Order {
  readonly kind: Command["kind"];
  readonly stack: number;
  readonly machine: number;
  readonly options: Options;
  readonly care: "none" | "some" | "all";
  readonly skipsPreview: boolean;
  readonly saved: boolean;
  readonly between: readonly Deed[];
  readonly during: Step["during"];
  readonly troubles: readonly Trouble[];
  readonly death: Death | undefined;
}

const CALM = {
  machine: 0,
  options: {},
  care: "all",
  skipsPreview: false,
  saved: false,
  between: [],
  during: undefined,
  troubles: [],
  death: undefined,
} as const;

class Run {
  private readonly stacks: readonly {
    readonly stack: Stack;
    readonly history: Fleets[];
    readonly author: Author;
  }[];
  private readonly promise: PromiseKeeper;
  private readonly book: PurchaseBook;
  private readonly sight: Sight;
  private readonly people: People;
  private readonly problems: string[] = [];
  private readonly trace: string[] = [];
  private readonly total = { commands: 0, faults: 0, deeds: 0, crashes: 0 };
  private settings: Readonly<Record<string, string>> = {};

  constructor(
    private readonly story: Story,
    private readonly world: World,
    private readonly engine: ListeningEngine,
  ) {
    const { emulator } = world;
    this.stacks = [0, 1].map((n) => ({
      stack: new Stack(),
      history: [beginning(story, n)],
      author: new Author(story),
    }));
    this.promise = new PromiseKeeper(story.mostDeactivations);
    this.book = new PurchaseBook(emulator, { settleSeconds: SETTLE });
    this.sight = new Sight(emulator, SETTLE);
    this.people = new People(emulator, story.listed, {
      isBeingBought: (iccid) => this.book.isOpen(iccid) || this.isClaimed(iccid),
      isOnRecord: (iccid) => this.records.some(({ iccids }) => iccids.includes(iccid)),
    });
  }

  async whole(): Promise<Verdict> {
    if (this.story.steps.some(({ edit }) => edit === "tag")) this.makeTags();
    for (const step of this.story.steps) {
      await this.step(step);
      // The first thing that goes wrong is what a person has to look at.
      if (this.violations.length > 0) break;
    }
    const converged = this.violations.length > 0 || (await this.settle());
    this.book.judge();
    this.sight.atTheEnd();
    const { promise, book, sight, total, trace } = this;
    return {
      ...total,
      doubleClaims: book.doubleClaims.size,
      doubleCharges: book.doubleCharges.size,
      untold: promise.violations.length,
      outOfSight: sight.outOfSight.size,
      landedLate: book.landedLate,
      converged,
      problems: [...this.violations, ...book.violations],
      trace,
    };
  }

  private makeTags(): void {
    for (const id of TAG_IDS) this.world.emulator.dashboard.tag([], `tag ${id}`);
  }

  private get violations(): readonly string[] {
    return [...this.promise.violations, ...this.sight.violations, ...this.problems];
  }

  private get records() {
    const all = this.stacks.flatMap(({ stack }) => [...stack.resources, ...stack.condemned]);
    return all.map(({ outputs }) => recordOf(outputs));
  }

  private async step(step: Step): Promise<void> {
    const { cards } = this.story;
    const { stack, edit, n, before, command, careful, skipsPreview, between, during, machine, death } = step;
    const history = this.stacks[stack]?.history ?? [];
    const fleets = history.at(-1) ?? [];
    const changed = edit === "revert" ? (history.at(-1 - (1 + (n % 2))) ?? history[0]) : undefined;
    const next = changed ?? (edit === "revert" ? fleets : edits[edit](fleets, n, cards.length));
    history.push(next);
    for (const deed of before) this.deed(deed);
    const chosen = next[n % Math.max(1, next.length)]?.name ?? "";
    const options = {
      refreshes: step.refreshes,
      parallel: step.parallel && death === undefined,
      ...(step.replaces ? { replaces: [chosen] } : {}),
      ...(step.targets ? { targets: [chosen] } : {}),
    };
    const { isWell } = await this.command({
      kind: command === "planned" ? "up" : command,
      stack,
      machine,
      options: command === "up" || command === "planned" ? options : {},
      care: careful ? "some" : "none",
      skipsPreview: skipsPreview && command === "up",
      saved: command === "planned",
      between,
      during,
      troubles: step.troubles.filter((trouble) => !this.isLie(trouble)),
      death,
    });
    if (!isWell && step.again !== undefined && this.violations.length === 0) {
      await this.world.timeline.advance(1_000);
      await this.command({ ...CALM, care: "some", kind: step.again, stack, machine });
    }
    await this.world.timeline.advance(step.pause * 1_000);
  }

  /** No faults any more, every claim has landed that ever will, and nobody meddles. */
  private async settle(): Promise<boolean> {
    const { world, people, stacks } = this;
    await world.timeline.advance(4 * SETTLE * 1_000);
    people.letGo();
    const used = new Set([0, ...this.story.steps.map(({ stack }) => stack)]);
    if (isReturned(this.story)) {
      for (const stack of used) await this.command({ ...CALM, kind: "refresh", stack });
      people.moveBack();
    }
    this.settings = { HOLOGRAM_MAX_DEACTIVATIONS: "1000" };
    this.promise.mostDeactivations = 1_000;
    for (const { history } of stacks) {
      history.push(
        (history.at(-1) ?? []).map((fleet) => ({ ...fleet, adopt: "always" as const, waits: false })),
      );
    }
    for (const stack of used) {
      const why = await this.untilQuiet(stack);
      if (why === undefined) this.checkTheEnd(stack);
      else this.problems.push(`not quiet after ${MOST_ROUNDS} rounds of refresh and up: ${why}`);
    }
    return this.problems.length === 0;
  }

  /** Quiet: nothing fails, nothing changes, nothing is sent. Undefined when it is, else why not. */
  private async untilQuiet(stack: number): Promise<string | undefined> {
    for (let round = 1; ; round++) {
      const refreshed = await this.command({ ...CALM, kind: "refresh", stack });
      const { requests, steps, text, isWell } = await this.command({ ...CALM, kind: "up", stack });
      await this.world.timeline.advance(2 * SETTLE * 1_000);
      const sent = requests.update.length + requests.preview.length;
      const changes = steps.filter(({ op }) => op !== "same").map(({ op, name }) => `${op} ${name}`);
      if (refreshed.isWell && isWell && sent === 0 && changes.length === 0) return undefined;
      if (round < MOST_ROUNDS) continue;
      return isWell ? `${changes.join(", ")}; ${sent} requests are still sent` : text;
    }
  }

  private checkTheEnd(stack: number): void {
    const view = this.look();
    for (const { name, args } of this.programOf(stack, "all")) {
      const resource = this.stacks[stack]?.stack.find(name);
      const record = resource && recordOf(resource.outputs);
      const tagId = typeof args.tagId === "number" ? args.tagId : undefined;
      this.problems.push(...this.sight.judgeEnd(name, args, record, view, tagId));
    }
  }

  private deed(deed: Deed): void {
    this.total.deeds++;
    this.trace.push(`by hand ${deed.what} #${deed.card}${deed.count > 1 ? `, ${deed.count} cards` : ""}`);
    this.people.do(deed);
  }

  private async command(order: Order): Promise<Command & { readonly isWell: boolean }> {
    const { kind, stack: number, machine, options, care, skipsPreview, saved, between, troubles } = order;
    const { world, engine, total } = this;
    const { emulator, timeline } = world;
    const { stack } = this.stacks[number] ?? {};
    if (stack === undefined) throw new Error(`there is no stack ${number}`);
    total.commands++;
    const environment = {
      ...this.settings,
      HOLOGRAM_JOURNAL: world.journal(machine),
      PULUMI_LOG_OTLP_ENDPOINT: `127.0.0.1:${20_000 + (++commands % 40_000)}`,
    };
    Object.assign(process.env, environment);
    const runsProgram = kind === "up" || kind === "preview";
    const program = runsProgram ? this.programOf(number, care) : [];
    const before = recordsOf(stack);
    engine.take();

    let told = this.look();
    let [first, preview]: [number, Phase | undefined] = [emulator.requests.length, undefined];
    const phase = new Phase(() => this.look());
    let died = false;
    const requests = {
      preview: seenSince(emulator.requests, first),
      update: seenSince(emulator.requests, first),
    };
    let from = timeline.now;
    let began = told;
    try {
      if (runsProgram && !skipsPreview) {
        this.plant(troubles, "preview");
        const shown = new Phase(() => this.look());
        await stack.preview(program, this.processes(environment, undefined), options, shown);
        preview = shown;
        this.endFaults();
        requests.preview = seenSince(emulator.requests, first);
      }
      const goesOn = kind !== "preview" && (preview?.errors.length ?? 0) === 0;
      if (goesOn) {
        for (const deed of preview === undefined ? [] : between) this.deed(deed);
        [first, from, began] = [emulator.requests.length, timeline.now, this.look()];
        if (preview === undefined) told = began;
        this.plantMoments(order);
        this.plant(troubles, "update");
        const processes = this.processes(environment, order.death);
        const plan = saved && preview !== undefined ? { plan: preview.checked } : {};
        if (kind === "up") await stack.update(program, processes, { ...options, ...plan }, phase);
        if (kind === "refresh") await stack.refresh(processes, phase);
        if (kind === "destroy") await stack.destroy(processes, phase);
      }
    } catch (error) {
      if (!(error instanceof Died)) throw error;
      died = true;
      total.crashes++;
    }
    this.endFaults();
    requests.update = seenSince(emulator.requests, first);
    const errors = [...(preview?.errors ?? []), ...phase.errors];
    const command: Command = {
      kind,
      stack: number,
      machine,
      program: new Map(program.map(({ name, args }) => [name, args])),
      shown: preview?.checked ?? phase.checked,
      checked: phase.checked,
      told,
      ...(preview === undefined ? { toldInUpdate: phase.looks } : {}),
      began,
      ended: this.look(),
      requests,
      before,
      after: recordsOf(stack),
      steps: phase.steps,
      text: [...engine.take(), ...errors].join("\n"),
      died,
      from,
      to: timeline.now,
    };
    this.trace.push(describe(command, errors));
    this.judge(command, errors);
    return { ...command, isWell: errors.length === 0 && !died };
  }

  private judge(command: Command, errors: readonly string[]): void {
    this.promise.look(command);
    this.book.look(command);
    this.sight.look(command);
    const mistake = errors.find((text) =>
      /Cannot read prop|is not a function|is not iterable|\bundefined\b|internal error/.test(text),
    );
    if (mistake !== undefined) this.problems.push(`a mistake in the code: ${mistake}`);
  }

  private programOf(stack: number, care: Order["care"]): Declared[] {
    const { history, author } = this.stacks[stack] ?? {};
    const view = this.viewOf(stack);
    return (history?.at(-1) ?? []).flatMap((fleet: Fleet): Declared[] => {
      const args = author?.argumentsOf(fleet, view, care);
      return args === undefined
        ? []
        : [{ name: fleet.name, args, provider: fleet.provider, waits: fleet.waits }];
    });
  }

  private viewOf(number: number): View {
    const find = (name: string) => this.stacks[number]?.stack.find(name);
    const record = (name: string) => {
      const resource = find(name);
      return resource && recordOf(resource.outputs);
    };
    return { sims: simsByNumber(this.world.emulator), record, inputs: (name) => find(name)?.inputs };
  }

  private look(): AccountView {
    const [{ people }, prices] = [this, new Map<string, number>()];
    for (const { plan, zone } of offers) prices.set(`${plan} ${zone}`, people.priceOf(plan, zone));
    return {
      sims: simsByNumber(this.world.emulator),
      priceOf: (plan, zone) => prices.get(`${plan} ${zone}`) ?? 0,
    };
  }

  private processes(environment: Readonly<Record<string, string>>, death: Death | undefined): Processes {
    const life = new Life();
    this.world.life = life;
    const started = new Map<number, ReturnType<World["start"]>>();
    let returns = 0;
    return {
      life,
      of: (provider) => {
        const known = started.get(provider) ?? this.world.start(environment, provider > 0);
        started.set(provider, known);
        return known;
      },
      returned: () => {
        if (death?.moment === "return" && ++returns === death.nth) this.world.kill();
      },
    };
  }

  private plant(troubles: readonly Trouble[], phase: Trouble["in"]): void {
    const { faults } = this.world.emulator;
    for (const trouble of troubles.filter((each) => each.in === phase)) {
      faults.add(ruleOf(trouble, this.story.cards.length));
    }
  }

  /** The moments in which people act, and in which all dies: they come before what goes wrong otherwise. */
  private plantMoments({ death, during }: Order): void {
    const { world } = this;
    const { faults } = world.emulator;
    const rule = death && ruleOfDeath(death, () => world.kill());
    world.landsAfterSeconds = death?.seconds ?? 0;
    if (rule !== undefined) faults.add(rule);
    if (during === undefined) return;
    faults.add(ruleOfMeddling(during.nth));
    world.meddle = () => {
      for (const deed of during.deeds) this.deed(deed);
    };
  }

  private endFaults(): void {
    const { faults } = this.world.emulator;
    this.total.faults += faults.list().reduce((sum, { played }) => sum + played, 0);
    faults.clear();
  }

  /** A claim of the running command has named it. */
  private isClaimed(iccid: string): boolean {
    return this.world.emulator.requests.some(
      ({ path, query, body, status }) =>
        status === 0 &&
        path.endsWith("claim") &&
        query.preview === undefined &&
        JSON.stringify(body).includes(iccid),
    );
  }

  /**
   * What nobody could see through: SIMs in Test Mode, or dead ones, that are shown in another state, and SIMs that are said
   * to be bought and do not exist.
   */
  private isLie({ fault }: Trouble): boolean {
    const { cards } = this.story;
    const sims = this.world.emulator.sims();
    if (fault.kind === "extraSims") {
      const known = simsByNumber(this.world.emulator);
      return fault.cards.some(
        (n) => ![...known.keys()].some((iccid) => nameOf(iccid) === `#${n % cards.length}`),
      );
    }
    return fault.kind === "unknownState" && sims.some(({ state }) => /^(TEST|DEAD|PAUSED)/.test(state));
  }
}

let commands = 0;

function recordsOf({ resources, condemned }: Stack): Command["before"] {
  return recordsByName(
    [...condemned, ...resources].map(({ name, outputs }) => [name, recordOf(outputs)] as const),
  );
}

/** Without those of the dead, whose key is no good any more. */
function seenSince(requests: readonly SeenRequest[], from: number): SeenRequest[] {
  return requests.slice(from).filter(({ status }) => status !== 401 && status !== 403);
}
