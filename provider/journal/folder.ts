import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";

/**
 * Where the journal of this machine is kept: `HOLOGRAM_JOURNAL`, else the user's state folder (the XDG base directory
 * specification; on Windows and macOS the folders that stand for it).
 */
export function journalFolder(environment: NodeJS.ProcessEnv): string {
  const { HOLOGRAM_JOURNAL: given, XDG_STATE_HOME: state, LOCALAPPDATA: local } = environment;
  if (given?.trim()) return given.trim();
  const home = homedir();
  if (process.platform === "win32") return join(local ?? join(home, "AppData", "Local"), NAME);
  if (process.platform === "darwin") return join(home, "Library", "Application Support", NAME);
  return join(state?.trim() || join(home, ".local", "state"), NAME);
}

/**
 * A second place, for what the processes of one command tell each other where the journal cannot be written. The folder
 * for temporary files may be open to others, hence the user's number in its name.
 */
export function spareFolder(): string {
  return join(tmpdir(), `${NAME}-${process.getuid?.() ?? 0}`);
}

/** Whether nobody else can have written into it. Windows knows no such modes, and has a temporary folder for each user. */
export function isPrivate(folder: string): boolean {
  try {
    const found = lstatSync(folder);
    const uid = process.getuid?.();
    return found.isDirectory() && (uid === undefined || (found.uid === uid && (found.mode & 0o077) === 0));
  } catch {
    return false;
  }
}

/** A file name for a text that may hold anything. */
export function fileNameOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/**
 * Makes a folder, and those above it, for the user alone: the files name SIMs. True where it was not there before. Step by
 * step, because Node's own recursive way never ends where the system refuses a new folder as if its parent were missing,
 * as below `/proc`.
 */
export function makePrivateFolder(folder: string): boolean {
  if (existsSync(folder)) return false;
  const above = dirname(folder);
  if (above !== folder) makePrivateFolder(above);
  try {
    mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    // Another process was faster.
    if (existsSync(folder)) return false;
    throw error;
  }
}

export const PRIVATE_FILE = { flag: "a", mode: 0o600 } as const;

const NAME = "pulumi-hologram";
