import { appendFileSync, closeSync, openSync, readdirSync, readSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Amount } from "../fleet/model/journal";
import { type CliProcess, cliProcess } from "./cliProcess";
import { fileNameOf, isPrivate, makePrivateFolder, PRIVATE_FILE, spareFolder } from "./folder";

/**
 * What the processes of one `pulumi` command tell each other: the program which fleets it declares, and `check` in the
 * preview phase what it told. Each process appends lines to a file of its own, so no lock is needed, and a line that a
 * kill cut off is left out. Where the journal's folder cannot be written they go to a spare one. Nothing here is needed
 * after the command: what is old is removed when the next one begins.
 *
 * A command is known by `PULUMI_LOG_OTLP_ENDPOINT`, the same in the program and in the providers of both phases (seen with
 * Pulumi 3.255; internal), and by the CLI's process, because ports come back; by one of them where the other is not known.
 * A program that runs in a process of its own, as with the Automation API, knows neither; there the engine's address
 * stands in, which provider processes of the phase share.
 */
export class CommandNotes {
  readonly #folder: string;
  readonly #spare: string;
  /** Where several journals may be without a place, each has its own notes. */
  readonly #spareRoot: string;
  readonly #file: string;
  /** How far each file has been read, in bytes. */
  readonly #offsets = new Map<string, number>();
  readonly #ready = new Set<string>();
  #isSpare = false;

  constructor(
    root: string,
    command: string,
    writer = `${process.pid}-${Date.now().toString(36)}`,
    spareRoot = spareFolder(),
  ) {
    this.#folder = join(root, "commands", fileNameOf(command));
    this.#spareRoot = spareRoot;
    this.#spare = join(spareRoot, "commands", fileNameOf(`${resolve(root)} ${command}`));
    this.#file = `${writer}.jsonl`;
  }

  /** Throws what the file system throws. Once in the spare folder it stays there: what is read has to be in order. */
  write(note: Note): void {
    try {
      this.#append(this.#isSpare ? this.#spare : this.#folder, note);
    } catch (error) {
      if (this.#isSpare || !madePrivate(this.#spareRoot)) throw error;
      this.#append(this.#spare, note);
      this.#isSpare = true;
    }
  }

  #append(folder: string, note: Note): void {
    if (!this.#ready.has(folder)) {
      const isNew = makePrivateFolder(folder);
      if (isNew) removeOld(join(folder, ".."));
      this.#ready.add(folder);
    }
    appendFileSync(join(folder, this.#file), `${JSON.stringify(note)}\n`, PRIVATE_FILE);
  }

  /**
   * What has been noted since the last call, those of one process in order. Nothing where nothing can be read: a note
   * that is missing makes the provider do less.
   */
  readNew(): Note[] {
    const spare = isPrivate(this.#spareRoot) ? pathsIn(this.#spare) : [];
    return [...pathsIn(this.#folder), ...spare].flatMap((file) => {
      const text = readFrom(file, this.#offsets.get(file) ?? 0);
      const whole = text.subarray(0, text.lastIndexOf(LINE_END) + 1);
      this.#offsets.set(file, (this.#offsets.get(file) ?? 0) + whole.length);
      return whole.length === 0
        ? []
        : whole
            .toString()
            .split("\n")
            .flatMap((line) => noteIn(line) ?? []);
    });
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
  /** What `check` told in the preview phase: an approval in its stored form, and what counts against the caps. */
  | { readonly kind: "told"; readonly urn: string; readonly approval: unknown; readonly counts: Amount }
  /** Notes under another name of the same command. */
  | { readonly kind: "see"; readonly command: string };

/** The name of the command that this process works for; undefined outside of one. */
export function commandOf(
  environment: NodeJS.ProcessEnv,
  cli: Pick<CliProcess, "name"> | undefined = cliProcess(),
): string | undefined {
  const endpoint = environment.PULUMI_LOG_OTLP_ENDPOINT?.trim();
  const names = [...(endpoint ? [`endpoint ${endpoint}`] : []), ...(cli === undefined ? [] : [cli.name])];
  return names.length === 0 ? undefined : names.join(", ");
}

/**
 * The same for a process that has only the engine's address: one phase of a command. Addresses come back, so what was noted
 * under it before the command began is another's.
 */
export function phaseOf(engineAddress: string): string {
  return `engine ${engineAddress}`;
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

function madePrivate(folder: string): boolean {
  try {
    makePrivateFolder(folder);
  } catch {
    return false;
  }
  return isPrivate(folder);
}

function pathsIn(folder: string): string[] {
  return filesIn(folder).map((name) => join(folder, name));
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const LINE_END = 10;

function readFrom(path: string, offset: number): Buffer {
  try {
    const size = statSync(path).size - offset;
    if (size <= 0) return Buffer.alloc(0);
    const buffer = Buffer.alloc(size);
    const file = openSync(path, "r");
    try {
      return buffer.subarray(0, readSync(file, buffer, 0, size, offset));
    } finally {
      closeSync(file);
    }
  } catch {
    return Buffer.alloc(0);
  }
}

/** Only what this package wrote in this form is a note. */
function noteIn(line: string): Note | undefined {
  if (line === "") return undefined;
  try {
    const note: unknown = JSON.parse(line);
    return isNote(note) ? note : undefined;
  } catch {
    return undefined;
  }
}

function isNote(value: unknown): value is Note {
  return typeof value === "object" && value !== null && "kind" in value && KINDS.has(String(value.kind));
}

const KINDS: ReadonlySet<string> = new Set(["fleet", "end", "told", "see"] satisfies Note["kind"][]);
