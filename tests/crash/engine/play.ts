import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Engine } from "../../../provider/testing/engine";
import { cards, type FleetStack, type Operation, withFleets } from "../../harness/engine/fleetStack";
import { edits, type Fleets } from "../provider/programs";
import { Book } from "./book";
import { type Struck, strike } from "./death";
import { holding, ruleOf } from "./faults";
import { beginning, declare, sizeOf } from "./programs";
import { holdings, look, type Sight } from "./sight";
import { type Death, type Round, type Story, tellDeath, tellKind } from "./story";

/** What a run came to. It went well when `problems` is empty. */
export interface Verdict {
  readonly faults: number;
  readonly crashes: number;
  /** Those in which a claim was on its way, or its answer lost. */
  readonly crashesInDoubt: number;
  /** How each of the crashes came, in words. */
  readonly deaths: readonly string[];
  readonly doubleClaims: number;
  readonly doubleCharges: number;
  readonly outOfSight: number;
  readonly unwanted: number;
  readonly landedLate: number;
  readonly notConverged: number;
  /** Sentences. */
  readonly problems: readonly string[];
  /** What happened, one line an operation. */
  readonly trace: readonly string[];
}

/** Plays a story: each `up` of it is cut off; then the faults end, and `up` is repeated until all is quiet. */
export async function play(story: Story, engine: Engine): Promise<Verdict> {
  const { settleSeconds } = story;
  const env = {
    HOLOGRAM_CLAIM_SETTLE_SECONDS: `${settleSeconds}`,
    NODE_OPTIONS: `--require ${JSON.stringify(require.resolve("./lean"))}`,
  };
  const setup = { sims: sizeOf(story), behaviour: { alreadyActive: "charge" }, env } as const;
  let run: Run | undefined;
  try {
    await withFleets(engine, setup, async (fleets) => {
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

/** So many times `up` is repeated at most. */
const MOST_UPS = 6;
/** No operation takes so many milliseconds, however busy the machine. */
const LONGEST_OPERATION = 120_000;

class Run {
  readonly problems: string[] = [];
  private readonly trace: string[] = [];
  private readonly deaths: string[] = [];
  private readonly total = {
    faults: 0,
    crashes: 0,
    crashesInDoubt: 0,
    doubleClaims: 0,
    doubleCharges: 0,
    outOfSight: 0,
    unwanted: 0,
    landedLate: 0,
    notConverged: 0,
  };
  private readonly book: Book;
  private readonly began = Date.now();
  private program: Fleets;
  private sight: Sight | undefined;

  constructor(
    private readonly story: Story,
    private readonly fleets: FleetStack,
  ) {
    this.book = new Book(fleets.emulator, story.settleSeconds);
    this.program = beginning(story);
  }

  async round({ edit, n, troubles, death, waits, hurries, refreshes }: Round): Promise<void> {
    const { emulator, stack } = this.fleets;
    // Doubt is on record with the resource that claimed; a new name does not know of it.
    if (edit === "rename" || edit === "split" || edit === "join") await this.untilSettled();
    this.program = edits[edit](this.program, n, sizeOf(this.story));
    const { at, nth, holds } = death;
    if (holds !== undefined && (at === "claim" || at === "request"))
      emulator.faults.add(holding(at, nth, holds === "before"));
    for (const trouble of troubles) emulator.faults.add(ruleOf(trouble));
    const struck = await this.operate("up", false, death);
    if (struck !== undefined && death.kind !== "once" && !hurries) await emulator.idle();
    const locks = death.kind === "all" || death.kind === "engine";
    if (struck !== undefined && locks) await stack.cancel();
    if (waits) await this.untilSettled();
    if (refreshes) {
      const { last } = this;
      await this.operate("refresh");
      // What stands recorded is the same; whether the program has been carried out, only its `up` tells.
      if (this.last?.ok) this.last = last;
    }
  }

  /** No faults any more. */
  async recover(): Promise<void> {
    const { previews } = this.story;
    for (let count = 1; this.last?.ok !== true; count++) {
      if (count > MOST_UPS)
        return this.fail("notConverged", 1, `not quiet after ${count} runs: ${this.last?.text}`);
      if (count > 1) await this.untilSettled();
      await this.operate("up");
    }
    await this.operate("up", previews);
    if (!this.last.ok) this.fail("notConverged", 1, `all was done, and then it fails: ${this.last.text}`);
    const sent = this.last.requests.map(({ method, path }) => `${method} ${path}`);
    if (sent.length > 0)
      this.fail("notConverged", 1, `all was done, and ${sent.length} requests are sent: ${sent.join(", ")}`);
  }

  async judge(): Promise<void> {
    const { emulator } = this.fleets;
    const { claimedAgain, chargedAgain, afterDeath, landedLate } = this.book.judge();
    const { pauses, deactivations } = emulator.judgement();
    this.total.landedLate = landedLate;
    this.fail("doubleClaims", claimedAgain.size, `claimed again: ${few(claimedAgain)}`);
    this.fail("doubleCharges", chargedAgain.size, `charged twice: ${few(chargedAgain)}`);
    if (afterDeath > 0)
      this.problems.push(`${afterDeath} claims were sent by a provider whose engine was dead`);
    const unwanted = new Set([...pauses, ...deactivations].map(({ iccid }) => iccid));
    this.fail("unwanted", unwanted.size, `paused or deactivated: ${few(unwanted)}`);
    if (this.problems.length > 0) return;
    const held = await holdings(this.fleets);
    for (const { name, from, to } of this.program) {
      const missing = new Set(cards(from, to)).symmetricDifference(new Set(held.get(name)));
      this.fail(
        "notConverged",
        Math.min(1, missing.size),
        `${name} does not hold what it declares: ${few(missing)}`,
      );
    }
    const charged = emulator.ledger.map(({ iccid }) => iccid);
    this.checkSight(charged, await look(this.fleets, this.program));
  }

  verdict(): Verdict {
    const { total, deaths, problems, trace } = this;
    return { ...total, deaths, problems, trace };
  }

  private last: Operation | undefined;

  private async operate(kind: "up" | "refresh", preview = false, death?: Death): Promise<Struck> {
    const { fleets, book, program } = this;
    const { emulator } = fleets;
    declare(fleets, program);
    book.begin();
    const began = Date.now();
    const charged = emulator.ledger.length;
    const running = kind === "up" ? fleets.up({ preview }) : fleets.refresh();
    const struck = death && (await strike(fleets, death, running));
    if (death !== undefined && struck !== undefined) {
      this.total.crashes++;
      this.deaths.push(tellKind[death.kind]);
      if (struck.inDoubt) this.total.crashesInDoubt++;
    }
    this.endFaults();
    this.last = await within(LONGEST_OPERATION, running);
    const died = death?.kind === "once" ? undefined : struck?.at;
    this.sight = await look(fleets, program);
    book.end(died, this.sight.doubtOf);
    this.tell(kind, began, death, struck);
    if (died === undefined && kind === "up") {
      const own = emulator.ledger.slice(charged).filter(({ request }) => book.numbers.has(request));
      this.checkSight(
        own.map(({ iccid }) => iccid),
        this.sight,
      );
    }
    return struck;
  }

  private endFaults(): void {
    const { faults } = this.fleets.emulator;
    this.total.faults += faults.list().reduce((sum, { played }) => sum + played, 0);
    faults.clear();
    faults.release();
  }

  /** Charged for and declared, and on record nowhere. */
  private checkSight(charged: readonly string[], { named, unnamed }: Sight): void {
    const declared = new Set(this.program.flatMap(({ from, to }) => cards(from, to)));
    const unseen = new Set(charged.filter((iccid) => declared.has(iccid) && !named.has(iccid)));
    if (unseen.size > unnamed) this.fail("outOfSight", unseen.size - unnamed, `out of sight: ${few(unseen)}`);
  }

  private async untilSettled(): Promise<void> {
    await sleep(Math.max(0, (this.sight?.doubtUntil ?? 0) - Date.now()));
  }

  private fail(kind: keyof typeof this.total, count: number, what: string): void {
    if (count === 0) return;
    this.total[kind] += count;
    this.problems.push(what);
  }

  /** The moment of a death is met by the clock: all that tells how it was met is kept. */
  private tell(kind: string, began: number, death: Death | undefined, struck: Struck): void {
    const seconds = (from: number, to: number): string => `${((to - from) / 1_000).toFixed(2)} s`;
    const { ok = false, requests = [], errors = [] } = this.last ?? {};
    const { named = new Set(), unnamed = 0, doubtUntil = 0 } = this.sight ?? {};
    const lines = [
      `${kind} at ${seconds(this.began, began)}, for ${seconds(began, Date.now())}: ${ok ? "went well" : "failed"}`,
      ...(death === undefined
        ? []
        : [
            `${tellDeath(death)}: ${struck === undefined ? "it was over before" : `over at ${seconds(began, struck.at)}`}`,
          ]),
      `${requests.length} requests ${this.book.tell()}`,
      `on record: ${named.size} SIMs${unnamed > 0 ? ` and ${unnamed} more` : ""}${doubtUntil > began ? `, doubt until ${seconds(began, doubtUntil)}` : ""}`,
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

function few(iccids: ReadonlySet<string>): string {
  const [first = "", second = "", ...more] = [...iccids].sort();
  return [first, second, more.length > 0 ? `and ${more.length} more` : ""]
    .filter((each) => each !== "")
    .join(", ");
}
