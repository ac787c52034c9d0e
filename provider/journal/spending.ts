import { join } from "node:path";
import type { Amount, Spending } from "../fleet/model/journal";
import { addAmounts, noAmount } from "../fleet/run/caps";
import { KeptDatabase } from "./database";

/**
 * What one run has set out to spend, over all its provider processes. A run is a command, or, where the command has no
 * name, one engine: its address and when it began, because addresses come back. Where the file cannot be written, caps
 * hold for this process, on top of what was known until then.
 */
export class SqliteSpending implements Spending {
  readonly #database: KeptDatabase;

  readonly #run: string;
  readonly #nowMs: () => number;

  constructor(folder: string, run: string, nowMs: () => number) {
    this.#run = run;
    this.#nowMs = nowMs;
    this.#database = KeptDatabase.at(join(folder, "runs.db"), SCHEMA);
  }

  spend(amount: Amount, refuse: (total: Amount) => string | undefined): string | undefined {
    return this.#database.write(() => {
      const total = addAmounts(this.#total(), amount);
      const refusal = refuse(total);
      if (refusal === undefined) this.#store(total);
      return refusal;
    });
  }

  giveBack(amount: Amount): void {
    const { activations, dueNow, deactivations } = amount;
    if (activations + dueNow + deactivations === 0) return;
    this.#database.write(() => {
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
    const [row] = this.#database.all(
      "SELECT activations, dueNow, deactivations FROM runs WHERE run = ?",
      this.#run,
    );
    if (row === undefined) return noAmount;
    return {
      activations: Number(row.activations),
      dueNow: Number(row.dueNow),
      deactivations: Number(row.deactivations),
    };
  }

  #store({ activations, dueNow, deactivations }: Amount): void {
    const now = this.#nowMs();
    this.#database.run("DELETE FROM runs WHERE atMs < ?", now - OLDEST_RUN_MS);
    this.#database.run(
      "INSERT OR REPLACE INTO runs (run, activations, dueNow, deactivations, atMs) VALUES (?, ?, ?, ?, ?)",
      ...[this.#run, activations, dueNow, deactivations, now],
    );
  }
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS runs (
    run TEXT PRIMARY KEY, activations INTEGER NOT NULL, dueNow REAL NOT NULL, deactivations INTEGER NOT NULL,
    atMs INTEGER NOT NULL
  );
`;

const OLDEST_RUN_MS = 24 * 3_600_000;
