import { readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { messageOf } from "../fleet/model/fleetErrors";
import { makePrivateFolder, PRIVATE_FILE } from "./folder";

export type Row = Readonly<Record<string, unknown>>;
type Value = string | number | null;

/**
 * A database file that every part of this process shares. SQLite: its transactions survive a kill in every line, its
 * locks end with the process that holds them, and Node brings it along.
 *
 * A file that cannot be written, now or later (a full disk), is replaced by memory with the same rows: a run is not
 * stopped by it, and what this process knows holds on. A damaged file is set aside under another name.
 */
export class KeptDatabase {
  static readonly #all = new Map<string, KeptDatabase>();
  readonly #said = new Set<string>();
  #opened: OpenedDatabase;

  static at(file: string, schema: string): KeptDatabase {
    const known = KeptDatabase.#all.get(file) ?? new KeptDatabase(file, schema);
    KeptDatabase.#all.set(file, known);
    return known;
  }

  readonly #file: string;
  readonly #schema: string;

  private constructor(file: string, schema: string) {
    this.#file = file;
    this.#schema = schema;
    this.#opened = openDatabase(file, schema);
  }

  /** False: it is in memory, and gone with this process. */
  get isKept(): boolean {
    return this.#opened.problem === undefined;
  }

  /** Why it is not kept. */
  get problem(): string | undefined {
    return this.#opened.problem;
  }

  /** True once for a file that did not exist before: for whoever asks first, in whatever process. */
  takeNew(): boolean {
    if (!this.#isMarkedNew()) return false;
    return this.write(() => {
      const isNew = this.#isMarkedNew();
      this.#opened.database.exec(`PRAGMA user_version = ${KNOWN}`);
      return isNew;
    });
  }

  /** True once in this process for each sentence about this file. */
  isFirst(sentence: string): boolean {
    const isFirst = !this.#said.has(sentence);
    this.#said.add(sentence);
    return isFirst;
  }

  /** When a file that was set aside because it was damaged was last written, in milliseconds since the epoch. */
  get damagedAtMs(): number | undefined {
    return newestDamageMs(this.#file);
  }

  all(sql: string, ...values: Value[]): Row[] {
    return this.#opened.database.prepare(sql).all(...values);
  }

  run(sql: string, ...values: Value[]): void {
    this.#opened.database.prepare(sql).run(...values);
  }

  /** Runs `work` in a transaction that nobody else can write in. It may be run twice, and only the last time counts. */
  write<T>(work: () => T): T {
    try {
      return transaction(this.#opened.database, work);
    } catch (error) {
      if (!this.isKept || codeOf(error) === undefined) throw error;
      this.#fallBack(messageOf(error));
      return transaction(this.#opened.database, work);
    }
  }

  #isMarkedNew(): boolean {
    return this.all("PRAGMA user_version")[0]?.user_version === NEW;
  }

  #fallBack(problem: string): void {
    const file = this.#opened.database;
    const memory = open(":memory:", this.#schema);
    try {
      for (const { name } of file.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()) {
        copyTable(file, memory, String(name));
      }
    } catch {
      // What cannot be read any more is not known any more.
    }
    this.#opened = { database: memory, problem };
  }
}

interface OpenedDatabase {
  readonly database: DatabaseSync;
  readonly problem?: string;
}

function openDatabase(file: string, schema: string): OpenedDatabase {
  for (let attempt = 0; attempt < 2; attempt++) {
    const before = modifiedAtMs(file);
    try {
      makePrivateFolder(dirname(file));
      // SQLite would make it readable for everybody, in a folder that perhaps is; its own files beside it follow this one.
      if (before === undefined) writeFileSync(file, "", PRIVATE_FILE);
      const database = open(file, schema);
      // One that takes the place of a damaged file is not new.
      if (before === undefined && attempt === 0) database.exec(`PRAGMA user_version = ${NEW}`);
      return { database };
    } catch (error) {
      if (before === undefined || !isDamage(error) || !setAside(file)) {
        return { database: open(":memory:", schema), problem: messageOf(error) };
      }
    }
  }
  const problem = "a damaged file came back";
  return { database: open(":memory:", schema), problem };
}

function copyTable(from: DatabaseSync, to: DatabaseSync, table: string): void {
  for (const row of from.prepare(`SELECT * FROM ${table}`).all()) {
    const names = Object.keys(row);
    const places = names.map(() => "?").join(", ");
    to.prepare(`INSERT INTO ${table} (${names.join(", ")}) VALUES (${places})`).run(...Object.values(row));
  }
}

function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    try {
      database.exec("ROLLBACK");
    } catch {
      // A full disk ends the transaction by itself.
    }
    throw error;
  }
}

/** Values of `user_version`, which SQLite keeps for its users, and which is 0 in every file without a mark. */
const NEW = 1;
const KNOWN = 2;

/** How long to wait for another process that writes. */
const BUSY_TIMEOUT_MS = 10_000;

function open(file: string, schema: string): DatabaseSync {
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
  // A rollback journal works on volumes that containers share, where shared memory does not.
  database.exec(`PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; ${schema}`);
  // A file on a read-only volume opens without complaint, and fails at the first write.
  database.exec("BEGIN IMMEDIATE; COMMIT");
  const [{ quick_check: check } = { quick_check: "ok" }] = database.prepare("PRAGMA quick_check(1)").all();
  if (check === "ok") return database;
  database.close();
  throw new DamagedError(String(check));
}

/** Node 22 warns on standard error that SQLite is experimental, and the engine would show that to the user. */
function loadSqlite(): typeof import("node:sqlite") {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return createRequire(__filename)("node:sqlite");
  } finally {
    process.emitWarning = emitWarning;
  }
}

class DamagedError extends Error {
  override readonly name = "DamagedError";
}

/** SQLITE_CORRUPT and SQLITE_NOTADB (sqlite.org/rescode.html). */
function isDamage(error: unknown): boolean {
  const code = codeOf(error);
  return error instanceof DamagedError || code === 11 || code === 26;
}

/** Of an error of SQLite; undefined of any other. */
function codeOf(error: unknown): number | undefined {
  return error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : undefined;
}

function setAside(file: string): boolean {
  try {
    renameSync(file, `${file}${DAMAGED}${Date.now()}`);
    return true;
  } catch {
    return false;
  }
}

const DAMAGED = ".damaged-";

/** A renamed file keeps its time, so every process knows of the damage, whichever of them has found it. */
function newestDamageMs(file: string): number | undefined {
  try {
    const times = readdirSync(dirname(file))
      .filter((name) => name.startsWith(`${basename(file)}${DAMAGED}`))
      .flatMap((name) => modifiedAtMs(join(dirname(file), name)) ?? []);
    return times.length === 0 ? undefined : Math.max(...times);
  } catch {
    return undefined;
  }
}

function modifiedAtMs(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}
