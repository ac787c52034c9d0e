import { join } from "node:path";
import type { Amount, Spending } from "../fleet/model/journal";
import { addAmounts, noAmount } from "../fleet/run/caps";
import { type OpenedDatabase, openDatabase, transaction } from "./database";

/**
 * What one run has set out to spend, over all its provider processes. A run is a command, or, where the command has no
 * name, one engine: its address and when it began, because addresses come back.
 */
export class SqliteSpending implements Spending {
  readonly #opened: OpenedDatabase;
  /** What this process has set out to spend, where the file cannot be written. */
  #own: Amount | undefined;

  constructor(
    folder: string,
    private readonly run: string,
    private readonly nowMs: () => number,
  ) {
    this.#opened = opened(join(folder, "runs.db"));
  }

  spend(amount: Amount, refuse: (total: Amount) => string | undefined): string | undefined {
    return this.#write(() => {
      const total = addAmounts(this.#total(), amount);
      const refusal = refuse(total);
      if (refusal === undefined) this.#store(total);
      return refusal;
    });
  }

  giveBack(amount: Amount): void {
    const { activations, dueNow, deactivations } = amount;
    if (activations + dueNow + deactivations === 0) return;
    this.#write(() => {
      this.#store(
        addAmounts(this.#total(), {
          activations: -activations,
          dueNow: -dueNow,
          deactivations: -deactivations,
        }),
      );
    });
  }

  /** A disk that is full must not stop the run; its caps then hold for this process alone. */
  #write<T>(work: () => T): T {
    if (this.#own !== undefined) return work();
    try {
      return transaction(this.#opened.database, work);
    } catch {
      this.#own = noAmount;
      return work();
    }
  }

  #total(): Amount {
    if (this.#own !== undefined) return this.#own;
    const row = this.#opened.database
      .prepare("SELECT activations, dueNow, deactivations FROM runs WHERE run = ?")
      .get(this.run);
    if (row === undefined) return noAmount;
    return {
      activations: Number(row.activations),
      dueNow: Number(row.dueNow),
      deactivations: Number(row.deactivations),
    };
  }

  #store(total: Amount): void {
    if (this.#own !== undefined) {
      this.#own = total;
      return;
    }
    const { activations, dueNow, deactivations } = total;
    const { database } = this.#opened;
    const now = this.nowMs();
    database.prepare("DELETE FROM runs WHERE atMs < ?").run(now - OLDEST_RUN_MS);
    database
      .prepare(
        "INSERT OR REPLACE INTO runs (run, activations, dueNow, deactivations, atMs) VALUES (?, ?, ?, ?, ?)",
      )
      .run(this.run, activations, dueNow, deactivations, now);
  }
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS runs (
    run TEXT PRIMARY KEY, activations INTEGER NOT NULL, dueNow REAL NOT NULL, deactivations INTEGER NOT NULL,
    atMs INTEGER NOT NULL
  );
`;

const OLDEST_RUN_MS = 24 * 3_600_000;

const databases = new Map<string, OpenedDatabase>();

function opened(file: string): OpenedDatabase {
  const known = databases.get(file) ?? openDatabase(file, SCHEMA);
  databases.set(file, known);
  return known;
}
