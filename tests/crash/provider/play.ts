import type { Program, RowLog } from "../../harness/provider/providerHarness";
import type { Report } from "../../harness/provider/providerReport";
import { Author } from "./author";
import { layOut, offers, snapshotOf } from "./cards";
import { Dashboard } from "./dashboard";
import { ruleOf, SETTLE, type Trouble } from "./faults";
import { MortalHarness } from "./harness";
import { type Mutation, mutated } from "./mutations";
import { edits, type Fleets } from "./programs";
import { Sight } from "./sight";
import { beginning, type Step, type Story } from "./story";
import { describe, names } from "./trace";

/** What a run came to. It went well when `problems` is empty. */
export interface Verdict {
  readonly faults: number;
  readonly crashes: number;
  readonly doubleClaims: number;
  readonly doubleCharges: number;
  readonly outOfSight: number;
  readonly unwanted: number;
  readonly landedLate: number;
  readonly converged: boolean;
  /** Sentences. */
  readonly problems: readonly string[];
  /** What happened, one text an operation. */
  readonly trace: readonly string[];
}

/** Plays a story to its end, lets all faults end, and repeats `up` until all is quiet. */
export async function play(story: Story, log: RowLog, mutation?: Mutation): Promise<Verdict> {
  const { random } = Math;
  const harness = await MortalHarness.begin(story.ways, log);
  try {
    // The jitter of waits: the same story has to go the same way each time.
    Math.random = () => 0.5;
    const { overageLimit } = story.begin;
    const limit = overageLimit === undefined ? {} : { overageLimit };
    layOut(harness.emulator, story.cards, story.listed, { ...offers[0], ...limit });
    const run = new Run(story, harness);
    return await mutated(mutation, () => run.whole());
  } finally {
    Math.random = random;
    await harness.close();
  }
}

/** So many times `up` is repeated at most. */
const MOST_ROUNDS = 6;

type Operation = Step["operation"];

class Run {
  private fleets: Fleets;
  private faults = 0;
  private converged = false;
  private readonly problems: string[] = [];
  private readonly trace: string[] = [];
  private readonly sight: Sight;
  private readonly author: Author;
  private readonly dashboard: Dashboard;

  constructor(
    private readonly story: Story,
    private readonly harness: MortalHarness,
  ) {
    this.fleets = beginning(story);
    this.sight = new Sight(harness);
    this.author = new Author(story, harness);
    this.dashboard = new Dashboard(story, harness);
  }

  async whole(): Promise<Verdict> {
    await this.dashboard.prepare();
    for (const step of this.story.steps) await this.step(step);
    await this.settle();
    return this.verdict();
  }

  private async step(step: Step): Promise<void> {
    const { harness } = this;
    const { emulator } = harness;
    this.fleets = edits[step.edit](this.fleets, step.n, this.story.cards.length);
    for (const deed of step.byHand) await this.dashboard.do(deed);
    const troubles = step.troubles.filter((trouble) => !this.isLie(trouble));
    for (const trouble of troubles) emulator.faults.add(ruleOf(trouble, this.story.cards.length));
    // An ICCID that has vanished, of a device that stands in no record, is in nobody's sight.
    const crowded = this.dashboard.vanished.size === 0 ? step.crowded : 0;
    Object.assign(harness, { death: step.death, crowded });
    await this.operate(step.operation, step.careful);
    Object.assign(harness, { death: undefined, crowded: 0 });
    this.faults += emulator.faults.list().reduce((sum, { played }) => sum + played, 0);
    emulator.faults.clear();
    await harness.timeline.advance(step.pause * 1_000);
  }

  /** No faults any more, every claim has landed that ever will, and nobody meddles. */
  private async settle(): Promise<void> {
    await this.harness.timeline.advance(4 * SETTLE * 1_000);
    this.dashboard.letGo();
    const isQuiet = (await this.untilQuiet()) && (await this.refreshed());
    if (isQuiet) await this.checkTheEnd();
    this.converged = this.problems.length === 0;
  }

  /** What was done by hand is looked for, and changed back. */
  private async refreshed(): Promise<boolean> {
    if (!this.story.refreshes) return true;
    await this.operate("refresh", true);
    return this.untilQuiet();
  }

  /** Quiet: nothing fails, nothing changes, nothing is sent. */
  private async untilQuiet(): Promise<boolean> {
    for (let round = 1; ; round++) {
      const { succeeded, requests, text } = await this.operate("up", true);
      await this.harness.timeline.advance(2 * SETTLE * 1_000);
      if (succeeded && requests.length === 0) return true;
      if (round < MOST_ROUNDS) continue;
      const why = succeeded ? `${requests.length} requests are still sent` : text;
      this.problems.push(`not quiet after ${MOST_ROUNDS} runs: ${why}`);
      return false;
    }
  }

  private async checkTheEnd(): Promise<void> {
    for (const { succeeded, requests, changes, text } of [
      await this.operate("preview", true),
      await this.operate("up", true),
    ]) {
      if (!succeeded) this.problems.push(`all was done, and then it fails: ${text}`);
      if (requests.length > 0) this.problems.push(`all was done, and ${requests.length} requests are sent`);
      if (changes !== "") this.problems.push(`all was done, and there are changes: ${changes}`);
    }
    this.problems.push(...this.sight.atTheEnd(this.fleets, this.author, this.story.refreshes));
  }

  private verdict(): Verdict {
    const { book, emulator, crashes } = this.harness;
    const { sight, problems, faults, converged, trace } = this;
    const judgement = emulator.judgement();
    // Each that nobody could know of makes one more claim, and one more charge if it landed in the end.
    const claimedAgain = judgement.doubleClaims
      .filter(({ iccid, requests }) => requests.length - 1 > book.unseen(iccid))
      .filter(({ iccid }) => !this.dashboard.takenAway.has(iccid))
      .map(({ iccid }) => iccid);
    const chargedAgain = judgement.doubleCharges
      .filter(({ iccid, requests }) => requests.length - 1 > book.landedLate(iccid))
      .map(({ iccid }) => iccid);
    const say = (what: string, iccids: Iterable<string>): void => {
      const all = names(iccids);
      if (all !== "") problems.push(`${what}: ${all}`);
    };
    say("bought again while the first time was in doubt", book.inDoubt);
    say("claimed although they were claimed before", claimedAgain);
    say("charged twice", chargedAgain);
    say("plan changed although it was changed before", book.changedTwice);
    say("claimed after a claim of the same operation was in doubt", book.afterDoubt);
    say("claimed after they were refused in the same run", book.afterRefusal);
    problems.push(...sight.beyondPreview);
    say("charged, declared and out of sight", sight.outOfSight);
    say("paused or deactivated though nobody asked for it", sight.unwanted);
    return {
      faults,
      crashes,
      doubleClaims: new Set([...claimedAgain, ...book.inDoubt]).size,
      doubleCharges: new Set([...chargedAgain, ...book.changedTwice]).size,
      outOfSight: sight.outOfSight.size,
      unwanted: sight.unwanted.size,
      landedLate: book.landedLate(),
      converged,
      problems,
      trace,
    };
  }

  private async operate(operation: Operation, careful: boolean): Promise<Report> {
    const { harness, sight } = this;
    const program = operation === "destroy" ? {} : this.author.program(this.fleets, careful);
    sight.begin();
    const report = await this.start(operation, program);
    harness.book.recorded();
    sight.look(operation, program, report);
    this.trace.push(describe(operation, report));
    if (/Cannot read prop|is not a function|is not iterable|undefined/.test(report.text)) {
      this.problems.push(`a mistake in the code: ${report.text}`);
    }
    return report;
  }

  /**
   * What nobody could see through: SIMs in Test Mode, or dead ones, that are shown in another state, SIMs that are said
   * to be bought and do not exist, and SIMs that are in no list and that one preview after the other skips without a word.
   */
  private isLie({ fault, on, times }: Trouble): boolean {
    const { cards, listed, ways } = this.story;
    const isListed = listed && ways.linksEndpoint !== false;
    const skips =
      fault.kind === "wrongCount" || (fault.kind === "refuse" && ways.previewAnswer === "namesRest");
    if (on === "preview" && skips && times > 1 && !isListed) return true;
    if (fault.kind === "extraSims") {
      return fault.cards.some((n) => snapshotOf(this.harness.emulator, n % cards.length) === undefined);
    }
    const states = this.harness.emulator.sims().map(({ state }) => state);
    return fault.kind === "unknownState" && states.some((state) => /^(TEST|DEAD|PAUSED)/.test(state));
  }

  private start(operation: Operation, program: Program): Promise<Report> {
    const { harness } = this;
    switch (operation) {
      case "up":
        return harness.upProgram(program);
      case "preview":
        return harness.previewProgram(program);
      case "refresh":
        return harness.refresh();
      case "destroy":
        return harness.destroy();
    }
  }
}
