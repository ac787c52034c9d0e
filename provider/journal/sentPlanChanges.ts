import { randomUUID } from "node:crypto";
import type { Doubt } from "../fleet/model/record";
import { type PlanTerms, sameZone } from "../fleet/model/terms";
import { Selection } from "../fleet/numbers/selection";
import type { KeptDatabase } from "./database";

export const PLAN_CHANGES_SCHEMA = `
  CREATE TABLE IF NOT EXISTS planChanges (
    id TEXT PRIMARY KEY, org INTEGER NOT NULL, sims TEXT NOT NULL, plan INTEGER, zone TEXT, sentAtMs INTEGER NOT NULL
  );
`;

/** A change of plan that may still be landing. */
export type PlanDoubt = Doubt & { readonly kind: "changePlan" };

/** Changes of plan of one organization without a certain answer: a row for each request, in the journal's database. */
export class SentPlanChanges {
  readonly #database: KeptDatabase;
  readonly #orgId: number;

  constructor(database: KeptDatabase, orgId: number) {
    this.#database = database;
    this.#orgId = orgId;
  }

  doubts(): PlanDoubt[] {
    return this.#rows().map(({ id: _, ...doubt }) => doubt);
  }

  /** Writes down those that no row names yet. */
  learn(doubts: readonly PlanDoubt[]): void {
    const rows = this.#rows();
    for (const { sims, to, sentAtMs } of doubts) {
      const known = rows
        .filter((row) => row.sentAtMs >= sentAtMs && isSame(row.to, to))
        .reduce((all, row) => all.union(row.sims), Selection.empty);
      const left = sims.minus(known);
      if (left.isEmpty) continue;
      const [plan, zone] = [to?.plan ?? null, to?.zone ?? null];
      this.#database.run(INSERT, randomUUID(), this.#orgId, left.toString(), plan, zone, sentAtMs);
    }
  }

  settle(sims: Selection, to: PlanTerms): void {
    for (const row of this.#rows()) {
      if (!isSame(row.to, to) || !row.sims.overlaps(sims)) continue;
      const left = row.sims.minus(sims);
      if (left.isEmpty) this.#database.run("DELETE FROM planChanges WHERE id = ?", row.id);
      else this.#database.run("UPDATE planChanges SET sims = ? WHERE id = ?", left.toString(), row.id);
    }
  }

  forgetBefore(timeMs: number): void {
    this.#database.run("DELETE FROM planChanges WHERE sentAtMs < ?", timeMs);
  }

  #rows(): (PlanDoubt & { readonly id: string })[] {
    const sql = "SELECT id, sims, plan, zone, sentAtMs FROM planChanges WHERE org = ?";
    return this.#database.all(sql, this.#orgId).map(({ id, sims, plan, zone, sentAtMs }) => ({
      id: String(id),
      kind: "changePlan",
      sims: Selection.parse(String(sims)),
      ...(plan === null ? {} : { to: { plan: Number(plan), zone: String(zone) } }),
      sentAtMs: Number(sentAtMs),
    }));
  }
}

const INSERT = "INSERT INTO planChanges (id, org, sims, plan, zone, sentAtMs) VALUES (?, ?, ?, ?, ?, ?)";

function isSame(one: PlanTerms | undefined, other: PlanTerms | undefined): boolean {
  return one?.plan === other?.plan && sameZone(one?.zone ?? "", other?.zone ?? "");
}
