import { mkdirSync, renameSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { PRIVATE_FOLDER } from "./folder";

/** A database file, or what came of the attempt to open it. */
export interface OpenedDatabase {
  readonly database: DatabaseSync;
  /** False: it is in memory, and gone with this process. */
  readonly isKept: boolean;
  /** It did not exist before. */
  readonly isNew: boolean;
  /** A damaged file was set aside; when it was last written, in milliseconds since the epoch. */
  readonly damagedAtMs?: number;
  /** Why it is not kept. */
  readonly problem?: string;
}

/**
 * SQLite: its transactions survive a kill in every line, its locks end with the process that holds them, and Node
 * brings it along. A file that cannot be written is replaced by memory, a damaged one is set aside under another name.
 */
export function openDatabase(file: string, schema: string): OpenedDatabase {
  let damagedAtMs: number | undefined;
  for (let attempt = 0; attempt < 2; attempt++) {
    const before = modifiedAtMs(file);
    try {
      mkdirSync(dirname(file), PRIVATE_FOLDER);
      const opened = { database: open(file, schema), isKept: true, isNew: before === undefined };
      return damagedAtMs === undefined ? opened : { ...opened, damagedAtMs };
    } catch (error) {
      if (before === undefined || !isDamage(error) || !setAside(file)) {
        return { database: open(":memory:", schema), isKept: false, isNew: true, problem: wordsOf(error) };
      }
      damagedAtMs = before;
    }
  }
  const problem = "a damaged file came back";
  return { database: open(":memory:", schema), isKept: false, isNew: true, problem };
}

/** Runs `work` in a transaction that nobody else can write in. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
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

/** How long to wait for another process that writes. */
const BUSY_TIMEOUT_MS = 10_000;

function open(file: string, schema: string): DatabaseSync {
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
  // A rollback journal works on volumes that containers share, where shared memory does not.
  database.exec(`PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; ${schema}`);
  // A file on a read-only volume opens without complaint, and fails at the first write.
  database.exec("BEGIN IMMEDIATE; COMMIT");
  return database;
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

/** SQLITE_CORRUPT and SQLITE_NOTADB (sqlite.org/rescode.html). */
function isDamage(error: unknown): boolean {
  const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
  return code === 11 || code === 26;
}

function setAside(file: string): boolean {
  try {
    renameSync(file, `${file}.damaged-${Date.now()}`);
    return true;
  } catch {
    return false;
  }
}

function modifiedAtMs(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
