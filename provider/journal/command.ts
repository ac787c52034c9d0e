import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileNameOf, journalFolder, PRIVATE_FILE, PRIVATE_FOLDER } from "./folder";

/**
 * What the processes of one `pulumi` command tell each other: the program which fleets it declares, and `check` in the
 * preview phase what it told. Each process appends lines to a file of its own, so no lock is needed, and a line that a
 * kill cut off is left out. Nothing here is needed after the command: what is old is removed when the next one begins.
 *
 * A command is known by `PULUMI_LOG_OTLP_ENDPOINT`: the same in the program and in the providers of both phases, and
 * new for each command (seen with Pulumi 3.255; internal). A program that runs in a process of its own, as with the
 * Automation API, does not have it; there the engine's address stands in, which provider processes of the phase share.
 */
export class CommandNotes {
  readonly #folder: string;
  readonly #file: string;
  #isReady = false;

  constructor(root: string, command: string, writer = `${process.pid}-${Date.now().toString(36)}`) {
    this.#folder = join(root, "commands", fileNameOf(command));
    this.#file = join(this.#folder, `${writer}.jsonl`);
  }

  /** Throws what the file system throws. */
  write(note: Note): void {
    if (!this.#isReady) {
      const isNew = mkdirSync(this.#folder, PRIVATE_FOLDER) !== undefined;
      if (isNew) removeOld(join(this.#folder, ".."));
      this.#isReady = true;
    }
    appendFileSync(this.#file, `${JSON.stringify(note)}\n`, PRIVATE_FILE);
  }

  /** All notes of the command, those of one process in order. Nothing where there are none, or none can be read. */
  read(): Note[] {
    return filesIn(this.#folder).flatMap((file) =>
      readFileSync(join(this.#folder, file), "utf8")
        .split("\n")
        .flatMap((line) => noteIn(line) ?? []),
    );
  }
}

export type Note =
  /** A fleet was constructed. `sims`: a list, or `first-last`; absent where it is not known yet. */
  | {
      readonly kind: "fleet";
      readonly isPreview: boolean;
      readonly urn: string;
      readonly sims?: string | readonly string[];
      readonly atMs: number;
    }
  /** The program has come to its end in this phase: no further fleet comes. */
  | { readonly kind: "end"; readonly isPreview: boolean; readonly atMs: number }
  /** What `check` told in the preview phase: an approval in its stored form. */
  | { readonly kind: "told"; readonly urn: string; readonly approval: unknown; readonly counts: ToldCounts }
  /** Notes under another name of the same command. */
  | { readonly kind: "see"; readonly command: string };

/** For caps, which hold for all fleets of a run together. */
export interface ToldCounts {
  readonly activations: number;
  /** US dollars. */
  readonly dueNow: number;
  readonly deactivations: number;
}

/** The name of the command that this process works for; undefined outside of one. */
export function commandOf(environment: NodeJS.ProcessEnv): string | undefined {
  const endpoint = environment.PULUMI_LOG_OTLP_ENDPOINT?.trim();
  return endpoint ? `endpoint ${endpoint}` : undefined;
}

/** The same for a process that has only the engine's address: one phase of a command. */
export function phaseOf(engineAddress: string): string {
  return `engine ${engineAddress}`;
}

export function notesOf(environment: NodeJS.ProcessEnv, command: string): CommandNotes {
  return new CommandNotes(journalFolder(environment), command);
}

/** A command takes hours at most; addresses come back. */
const LONGEST_COMMAND_MS = 12 * 3_600_000;

function removeOld(commands: string): void {
  for (const name of filesIn(commands)) {
    const path = join(commands, name);
    try {
      if (Date.now() - statSync(path).mtimeMs > LONGEST_COMMAND_MS) rmSync(path, { recursive: true });
    } catch {
      // Another process was faster.
    }
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function noteIn(line: string): Note | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
