/** Sections of the README that a person follows from top to bottom: played line by line, as they stand there. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator } from "../../provider/testing/emulator";
import type { ConfigValue, Engine, StackHandle } from "../../provider/testing/engine";
import { ended, runWith } from "../harness/cli/commandLine";
import { programsThatAnswer } from "../harness/cli/diagnosis";
import { KEY } from "../harness/engine/fleetStack";
import { type CommandLine, commandLines } from "./commands";
import { compiled, installIn } from "./life";
import { type Block, blocksOf, placeOf, readPage } from "./pages";
import { notPrinted } from "./said";

const README = "README.md";
export const STORIES = ["First contact", "The fleet that is already there"] as const;

/** The blocks below a heading of the README, down to the next. */
export function blocksOfStory(title: (typeof STORIES)[number]): Block[] {
  const lines = readPage(README).text.split("\n");
  const from = lines.indexOf(`## ${title}`) + 1;
  assert.ok(from > 0, `the README has no section ${title}`);
  const length = lines.slice(from).findIndex((line) => line.startsWith("## "));
  return blocksOf(readPage(README)).filter(({ line }) => line > from && line <= from + length);
}

export function isInStory(block: Block): boolean {
  return (
    block.page === README &&
    STORIES.some((title) => blocksOfStory(title).some(({ line }) => line === block.line))
  );
}

/**
 * Plays a story: commands are run, a program is written and taken, and what is quoted must have been printed since the
 * last program. Returns what is wrong, each with its place.
 */
export async function play(engine: Engine, emulator: Emulator, blocks: readonly Block[]): Promise<string[]> {
  const reader = new Reader(engine, emulator);
  const problems: string[] = [];
  try {
    for (const block of blocks) problems.push(...(await reader.follow(block)));
    return problems;
  } finally {
    await reader.close();
  }
}

/** A person with a terminal and an editor. */
class Reader {
  readonly #home = mkdtempSync(join(tmpdir(), "story-"));
  readonly #environment: Record<string, string> = { HOLOGRAM_ORG_ID: "" };
  readonly #config: Record<string, ConfigValue> = {};
  #folder: string;
  #stack: StackHandle | undefined;
  #stackName = "dev";
  #printed = "";

  constructor(
    private readonly engine: Engine,
    emulator: Emulator,
  ) {
    // The project of the tour, in which the reader is.
    this.#folder = join(this.#home, "cold-chain");
    mkdirSync(this.#folder);
    installIn(this.#folder);
    writeFileSync(
      join(this.#folder, "package.json"),
      JSON.stringify({ name: "cold-chain", version: "1.0.0" }),
    );
    this.#environment.HOLOGRAM_BASE_URL = emulator.url;
    this.#environment.HOLOGRAM_JOURNAL = join(this.#home, "journal");
  }

  async close(): Promise<void> {
    await this.#stack?.close();
    rmSync(this.#home, { recursive: true, force: true });
  }

  async follow(block: Block): Promise<string[]> {
    if (block.language === "sh") {
      for (const line of commandLines(block)) await this.#run(line, placeOf(block));
      return [];
    }
    if (block.language === "ts") return this.#program(block);
    return notPrinted(block.text, this.#printed).map((line) => `${placeOf(block)}: ${line}`);
  }

  /** A program that is there already is shown by the text; another is what the reader writes. */
  #program(block: Block): string[] {
    const file = join(this.#folder, "index.ts");
    const written = existing(file);
    if (written === undefined) {
      writeFileSync(file, block.text);
      return [];
    }
    return notPrinted(block.text, written).map((line) => `${placeOf(block)}: ${line}`);
  }

  async #run(line: CommandLine, place: string): Promise<void> {
    const [name = "", ...args] = line;
    const told = args.join(" ");
    if (name === "export") this.#export(told);
    else if (name === "unset")
      return; // The emulator is the reader's own account.
    else if (name === "cd") this.#folder = join(this.#folder, told);
    else if (name === "npm" && told === "install") installIn(this.#folder);
    else if (name === "npx" && args[0] === "pulumi-hologram") await this.#command(args.slice(1), place);
    else if (name === "pulumi") await this.#pulumi(args, place);
    else assert.fail(`${place}: nobody plays ${line.join(" ")}`);
  }

  #export(told: string): void {
    const [name = "", value = ""] = told.split("=");
    this.#environment[name] = value === "your-key" ? KEY : value;
  }

  async #command(args: readonly string[], place: string): Promise<void> {
    const env = { ...this.#environment, PATH: programsThatAnswer() };
    const running = runWith({ env, cwd: this.#folder }, ...args);
    assert.equal(
      await ended(running),
      0,
      `${place}: ${args.join(" ")}: ${running.output()}${running.errors()}`,
    );
    this.#printed += running.output();
  }

  async #pulumi(args: readonly string[], place: string): Promise<void> {
    const [verb = "", second = "", ...rest] = args;
    if (verb === "config" && second === "set") {
      const [key = "", value = ""] = rest;
      this.#config[key] = value;
    } else if (verb === "stack" && second === "init") {
      this.#stackName = rest.join();
    } else if (verb === "stack" && second === "export") {
      const stack = await this.#opened();
      writeFileSync(join(this.#folder, rest.at(-1) ?? ""), await stack.exportText());
    } else if (verb === "preview" || verb === "up") {
      const stack = await this.#opened();
      const { ok, text } = await (verb === "up" ? stack.up() : stack.preview());
      assert.ok(ok, `${place}: ${text}`);
      this.#printed += text;
    } else {
      assert.fail(`${place}: nobody plays pulumi ${args.join(" ")}`);
    }
  }

  /** The stack of the folder's program, which is compiled for the embedded engine. */
  async #opened(): Promise<StackHandle> {
    if (this.#stack !== undefined) return this.#stack;
    const text = readFileSync(join(this.#folder, "index.ts"), "utf8");
    const isReal = this.engine.kind === "pulumi";
    const program = join(this.#folder, isReal ? "index.ts" : "index.js");
    if (!isReal) writeFileSync(program, compiled(text));
    const directory = join(this.#home, "state");
    mkdirSync(directory);
    const project = this.#folder.split("/").at(-1) ?? "";
    this.#stack = await this.engine.stack({
      program,
      project,
      stack: this.#stackName,
      directory,
      env: this.#environment,
      config: this.#config,
    });
    return this.#stack;
  }
}

function existing(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
