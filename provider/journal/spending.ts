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

  constructor(
    folder: string,
    private readonly run: string,
    private readonly nowMs: () => number,
  ) {
    this.#opened = opened(join(folder, "runs.db"));
  }

  spend(amount: Amount, refuse: (total: Amount) => string | undefined): string | undefined {
    return transaction(this.#opened.database, () => {
      const total = addAmounts(this.#total(), amount);
      const refusal = refuse(total);
      if (refusal === undefined) this.#store(total);
      return refusal;
    });
  }

  giveBack(amount: Amount): void {
    const { activations, dueNow, deactivations } = amount;
    if (activations + dueNow + deactivations === 0) return;
    transaction(this.#opened.database, () => {
      this.#store(
        addAmounts(this.#total(), {
          activations: -activations,
          dueNow: -dueNow,
          deactivations: -deactivations,
        }),
      );
    });
  }

  #total(): Amount {
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

  #store({ activations, dueNow, deactivations }: Amount): void {
    const { database } = this.#opened;
    const now = this.nowMs();
    database.prepare("DELETE FROM runs WHERE atMs < ?").run(now - OLDEST_RUN_MS);
    database
      .prepare("INSERT OR REPLACE INTO runs (run, activations, dueNow, deactivations, atMs) VALUES (?, ?, ?, ?, ?)")
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
