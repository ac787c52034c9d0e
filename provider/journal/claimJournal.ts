import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { ClaimJournal, ClaimTurn, Sent } from "../fleet/model/journal";
import { type Doubt, openDoubts } from "../fleet/model/record";
import type { PlanTerms } from "../fleet/model/terms";
import { Selection } from "../fleet/numbers/selection";
import type { Clock } from "../util/clock";
import { SerialByKey } from "../util/concurrency";
import { KeptDatabase } from "./database";
import { fileNameOf } from "./folder";
import { PLAN_CHANGES_SCHEMA, SentPlanChanges } from "./sentPlanChanges";

/** Whose claims a journal keeps, and for which run. */
export interface ClaimJournalOptions {
  readonly folder: string;
  /** The account, by the address of its API. */
  readonly baseUrl: string;
  readonly orgId: number;
  /** The run that asks: a doubtful answer, say, ends the claims of that run. */
  readonly run: string;
  readonly claimSettleSeconds: number;
  readonly clock: Clock;
  /** In a pipeline, whose machine is new every time, a journal that is not kept protects nobody. */
  readonly isPipeline: boolean;
}

/**
 * Claims in a file of this machine, one for each account. A claim is a row: `sent` before it leaves, `unsettled` when
 * its answer leaves something in doubt, `bought` for a while after it was answered, so a run that read the account
 * before it does not buy the same SIMs again. Who dies leaves its row; its heartbeat then stops.
 */
export class SqliteClaimJournal implements ClaimJournal {
  readonly #database: KeptDatabase;
  readonly #options: ClaimJournalOptions;
  readonly #planChanges: SentPlanChanges;
  readonly #boughtById = new Map<string, Selection>();

  constructor(options: ClaimJournalOptions) {
    this.#options = options;
    this.#database = KeptDatabase.at(
      join(options.folder, `claims-${fileNameOf(options.baseUrl)}.db`),
      SCHEMA + PLAN_CHANGES_SCHEMA,
    );
    this.#planChanges = new SentPlanChanges(this.#database, options.orgId);
  }

  /** Whether what is written outlives this process. */
  get isKept(): boolean {
    return this.#database.isKept;
  }

  doubts(): readonly Doubt[] {
    const { clock, claimSettleSeconds } = this.#options;
    const claims = this.#claimsIn(this.#rows().filter(({ id }) => !ownTurns.has(id)));
    return [...claims, ...openDoubts(this.#planChanges.doubts(), clock.now(), claimSettleSeconds)];
  }

  claimedSince(atMs: number): Selection {
    return this.#rows()
      .filter(({ sentAtMs }) => sentAtMs > atMs)
      .reduce((all, row) => all.union(this.#simsOf(row)), Selection.empty);
  }

  claim<T>(
    sims: Selection,
    readAtMs: number,
    send: (free: Selection) => Promise<Sent<T>>,
  ): Promise<ClaimTurn<T>> {
    const { folder, baseUrl, orgId } = this.#options;
    return queue.run(`${folder} ${baseUrl} ${orgId}`, () => this.#claim(sims, readAtMs, send));
  }

  learn(doubts: readonly Doubt[]): void {
    const { clock, orgId, run, claimSettleSeconds } = this.#options;
    const open = openDoubts(doubts, clock.now(), claimSettleSeconds);
    if (open.length === 0) return;
    this.#database.write(() => {
      this.#planChanges.learn(
        open.flatMap(({ kind, ...doubt }) => (kind === undefined ? [] : { ...doubt, kind })),
      );
      const rows = this.#rows();
      for (const { sims, sentAtMs } of open.filter(({ kind }) => kind === undefined)) {
        // A row of an older claim of the same SIMs is over before this one.
        const known = rows
          .filter((row) => row.sentAtMs >= sentAtMs)
          .reduce((all, row) => all.union(this.#simsOf(row)), Selection.empty);
        const left = sims.minus(known);
        if (left.isEmpty) continue;
        this.#database.run(
          INSERT_CLAIM,
          randomUUID(),
          orgId,
          run,
          left.toString(),
          "unsettled",
          sentAtMs,
          0,
          0,
        );
      }
    });
  }

  settle(sims: Selection): void {
    if (sims.isEmpty) return;
    this.#database.write(() => {
      for (const row of this.#rows()) {
        if (row.state !== "unsettled") continue;
        const asked = Selection.parse(row.sims);
        if (!asked.overlaps(sims)) continue;
        const left = asked.minus(sims);
        if (left.isEmpty) this.#database.run("DELETE FROM claims WHERE id = ?", row.id);
        else this.#database.run("UPDATE claims SET sims = ? WHERE id = ?", left.toString(), row.id);
      }
    });
  }

  settlePlans(sims: Selection, to: PlanTerms): void {
    if (!sims.isEmpty) this.#database.write(() => this.#planChanges.settle(sims, to));
  }

  stop(reason: string): void {
    this.#database.write(() => this.#insertStop(reason));
  }

  remark(): string | undefined {
    const remark = this.#trouble();
    return remark !== undefined && this.#database.isFirst(remark) ? remark : undefined;
  }

  async #claim<T>(
    sims: Selection,
    readAtMs: number,
    send: (free: Selection) => Promise<Sent<T>>,
  ): Promise<ClaimTurn<T>> {
    const id = randomUUID();
    const taken = await this.#begin(id, sims, readAtMs);
    if (taken.kind === "stopped") return taken;
    if (taken.free.isEmpty) return { kind: "done", bought: taken.bought, doubts: taken.doubts };
    const beat = setInterval(() => this.#beat(id), HEARTBEAT_MS);
    beat.unref();
    ownTurns.add(id);
    try {
      const sent = await send(taken.free);
      this.#finish(id, sent);
      return { kind: "done", sent, bought: taken.bought, doubts: taken.doubts };
    } catch (error) {
      const stops = "nothing more was claimed after a claim that failed inside this package";
      this.#finish(id, { answer: undefined, bought: Selection.empty, unsettled: taken.free, stops });
      throw error;
    } finally {
      clearInterval(beat);
      ownTurns.delete(id);
    }
  }

  /**
   * Waits for the turn, and writes the claim down in the same transaction that found it free, and the run not stopped:
   * the claim that it waited for may have stopped it.
   */
  async #begin(id: string, sims: Selection, readAtMs: number) {
    const { clock, orgId, run } = this.#options;
    for (;;) {
      const now = clock.now();
      const outcome = this.#database.write(() => {
        const reason = this.#stopReason();
        if (reason !== undefined) return { kind: "stopped", reason } as const;
        const rows = this.#rows();
        if (rows.some((row) => this.#isUnderWay(row))) return undefined;
        const doubts = this.#claimsIn(rows)
          .map((doubt) => ({ ...doubt, sims: doubt.sims.intersect(sims) }))
          .filter((doubt) => !doubt.sims.isEmpty);
        const bought = rows
          .filter(({ state, endedAtMs }) => state === "bought" && endedAtMs >= readAtMs)
          .map((row) => this.#simsOf(row))
          .filter((each) => each.overlaps(sims))
          .reduce((all, each) => all.union(each.intersect(sims)), Selection.empty);
        const inDoubt = doubts.reduce((all, doubt) => all.union(doubt.sims), Selection.empty);
        const free = sims.minus(bought).minus(inDoubt);
        if (!free.isEmpty) {
          this.#database.run(INSERT_CLAIM, id, orgId, run, free.toString(), "sent", now, 0, Date.now());
        }
        return { kind: "begun", free, bought, doubts } as const;
      });
      if (outcome !== undefined) return outcome;
      await new Promise((resolve) => setTimeout(resolve, TURN_PAUSE_MS));
    }
  }

  #finish(id: string, { bought, unsettled, stops }: Sent<unknown>): void {
    const { clock, orgId, run, claimSettleSeconds } = this.#options;
    const now = clock.now();
    this.#database.write(() => {
      this.#database.run("DELETE FROM claims WHERE id = ?", id);
      if (!unsettled.isEmpty) {
        this.#database.run(INSERT_CLAIM, id, orgId, run, unsettled.toString(), "unsettled", now, 0, 0);
      }
      if (!bought.isEmpty) {
        const boughtId = randomUUID();
        this.#database.run(INSERT_CLAIM, boughtId, orgId, run, bought.toString(), "bought", now, now, 0);
        this.#boughtById.set(boughtId, bought);
      }
      if (stops !== undefined) this.#insertStop(stops);
      const old = now - Math.max(claimSettleSeconds * 1000, OLDEST_BOUGHT_MS);
      this.#database.run(
        "DELETE FROM claims WHERE state <> 'sent' AND sentAtMs < ? AND endedAtMs < ?",
        old,
        old,
      );
      this.#planChanges.forgetBefore(old);
      this.#database.run("DELETE FROM stops WHERE atMs < ?", now - OLDEST_STOP_MS);
    });
  }

  #stopReason(): string | undefined {
    const { orgId, run } = this.#options;
    const rows = this.#database.all("SELECT reason FROM stops WHERE org = ? AND run = ?", orgId, run);
    const reason = rows[0]?.reason;
    return reason === undefined ? undefined : String(reason);
  }

  #insertStop(reason: string): void {
    const { clock, orgId, run } = this.#options;
    const now = clock.now();
    this.#database.run(
      "INSERT INTO stops (org, run, reason, atMs) VALUES (?, ?, ?, ?)",
      orgId,
      run,
      reason,
      now,
    );
  }

  #rows(): Row[] {
    return this.#database
      .all(
        `SELECT id, ${OPEN_SIMS} AS sims, state, sentAtMs, endedAtMs, beatAtMs FROM claims WHERE org = ?`,
        this.#options.orgId,
      )
      .map((row) => ({
        id: String(row.id),
        sims: String(row.sims),
        state: String(row.state),
        sentAtMs: Number(row.sentAtMs),
        endedAtMs: Number(row.endedAtMs),
        beatAtMs: Number(row.beatAtMs),
      }));
  }

  /** A row of what was bought never changes, and a large fleet leaves hundreds of them: each is read once. */
  #simsOf({ id, state, sims }: Row): Selection {
    if (state !== "bought") return Selection.parse(sims);
    const known = this.#boughtById.get(id);
    if (known !== undefined) return known;
    const [row] = this.#database.all("SELECT sims FROM claims WHERE id = ?", id);
    const bought = row === undefined ? Selection.empty : Selection.parse(String(row.sims));
    this.#boughtById.set(id, bought);
    return bought;
  }

  /** Sent by a process that still lives. Process ids say nothing: containers share volumes. */
  #isUnderWay(row: Row): boolean {
    if (row.state !== "sent") return false;
    return ownTurns.has(row.id) || Math.abs(Date.now() - row.beatAtMs) < DEAD_AFTER_MS;
  }

  /**
   * Claims of these rows without a certain answer. Nobody knows what a damaged journal held: every SIM may have been sent
   * until it was last written.
   */
  #claimsIn(rows: readonly Row[]): Doubt[] {
    const { clock, claimSettleSeconds } = this.#options;
    const claims = rows
      .filter(({ state }) => state !== "bought")
      .map(({ sims, sentAtMs }) => ({ sims: Selection.parse(sims), sentAtMs }));
    const { damagedAtMs } = this.#database;
    const damage = damagedAtMs === undefined ? [] : [{ sims: EVERY_NUMBER, sentAtMs: damagedAtMs }];
    return openDoubts([...claims, ...damage], clock.now(), claimSettleSeconds);
  }

  #beat(id: string): void {
    this.#database.write(() =>
      this.#database.run("UPDATE claims SET beatAtMs = ? WHERE id = ?", Date.now(), id),
    );
  }

  #trouble(): string | undefined {
    const { problem } = this.#database;
    if (problem !== undefined) return unwritable(problem);
    if (this.#claimsIn([]).length > 0) {
      return (
        "the journal of claims was damaged and has been set aside; until its last claim can no longer be landing, " +
        "nothing is claimed"
      );
    }
    // The preview of the same command may have made the file.
    if (this.#database.takeNew() && this.#options.isPipeline) {
      return (
        "this pipeline keeps no journal of claims: should a run be killed in a claim, the next one cannot know of it. " +
        "Keep a folder between jobs and name it in HOLOGRAM_JOURNAL"
      );
    }
    return undefined;
  }
}

interface Row {
  readonly id: string;
  readonly sims: string;
  readonly state: string;
  readonly sentAtMs: number;
  readonly endedAtMs: number;
  readonly beatAtMs: number;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS claims (
    id TEXT PRIMARY KEY, org INTEGER NOT NULL, run TEXT NOT NULL, sims TEXT NOT NULL, state TEXT NOT NULL,
    sentAtMs INTEGER NOT NULL, endedAtMs INTEGER NOT NULL, beatAtMs INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS stops (org INTEGER NOT NULL, run TEXT NOT NULL, reason TEXT NOT NULL, atMs INTEGER NOT NULL);
`;

/** What was bought is read row by row, where it is asked for. */
const OPEN_SIMS = "CASE state WHEN 'bought' THEN '' ELSE sims END";

const INSERT_CLAIM =
  "INSERT INTO claims (id, org, run, sims, state, sentAtMs, endedAtMs, beatAtMs) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

/** Heartbeats go by the machine's clock, whatever clock the rest is given. */
const HEARTBEAT_MS = 3_000;
const DEAD_AFTER_MS = 15_000;
const TURN_PAUSE_MS = 50;
/** A run reads the account at most this long before it claims. */
const OLDEST_BOUGHT_MS = 900_000;
const OLDEST_STOP_MS = 12 * 3_600_000;

const EVERY_NUMBER = Selection.ofRange("1", "9".repeat(32));

/** Claims of this process, one at a time for each organization, whichever journal object asks. */
const queue = new SerialByKey<string>();
/** Rows of claims that this process is sending just now. */
const ownTurns = new Set<string>();

function unwritable(problem: string): string {
  return (
    `the journal of claims cannot be written (${problem}): caps hold for one provider process only, and claims of ` +
    "other stacks or of a killed run are not seen"
  );
}
