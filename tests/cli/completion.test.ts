/** Completion scripts, asked by the shells themselves where they are installed. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandLine } from "../../provider/cli/program";
import { ended, run } from "../harness/cli/commandLine";

const commands = commandLine().commands.map((command) => command.name());

describe("pulumi-hologram completion", () => {
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "completion-"));
    writeFileSync(join(folder, "dev.json"), "{}");
    for (const shell of ["bash", "zsh", "fish"]) writeFileSync(join(folder, shell), await script(shell));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("completes commands, options, values and files in bash", () => {
    assert.deepEqual(inBash(folder, "").filter(isCommand), commands);
    assert.deepEqual(inBash(folder, "orph"), ["orphans"]);
    assert.deepEqual(inBash(folder, "orphans", "--"), ["--stack", "--json", "--help"]);
    assert.deepEqual(inBash(folder, "orphans", "--stack", "de"), ["dev.json"]);
    assert.deepEqual(inBash(folder, "completion", "z"), ["zsh"]);
    assert.deepEqual(inBash(folder, "help", "emu"), ["emulator"]);
    assert.deepEqual(inBash(folder, "emulator", "--port", ""), []);
  });

  it("completes them in fish", function inShell() {
    if (!isInstalled("fish")) return this.skip();
    const ask = (line: string): string[] =>
      printed(
        "fish",
        ["--no-config", "-c", `source fish; complete -C "pulumi-hologram ${line}"`],
        folder,
      ).map((each) => each.split("\t")[0] ?? "");
    assert.deepEqual(ask("").filter(isCommand).sort(), [...commands].sort());
    assert.deepEqual(ask("orphans --"), ["--help", "--json", "--stack"]);
    assert.deepEqual(ask("orphans --stack de"), ["dev.json"]);
  });

  it("is read by zsh without a word", function inShell() {
    if (!isInstalled("zsh")) return this.skip();
    const lines = "autoload -Uz compinit && compinit -D -u; source ./zsh; print $_comps[pulumi-hologram]";
    assert.deepEqual(printed("zsh", ["-f", "-c", lines], folder), ["_pulumi_hologram"]);
  });
});

const isCommand = (word: string): boolean => !word.startsWith("-");

async function script(shell: string): Promise<string> {
  const running = run("completion", shell);
  assert.equal(await ended(running), 0, running.errors());
  return running.output();
}

/** What bash offers for the last of these words. */
function inBash(folder: string, ...words: readonly string[]): string[] {
  const asked = `. ./bash; COMP_WORDS=(pulumi-hologram ${words.map((word) => `'${word}'`).join(" ")})
COMP_CWORD=${words.length}; _pulumi_hologram; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return printed("bash", ["--norc", "-c", asked], folder);
}

function printed(shell: string, args: readonly string[], cwd: string): string[] {
  const { status, stdout, stderr } = spawnSync(shell, args, { cwd, encoding: "utf8" });
  assert.deepEqual([status, stderr], [0, ""]);
  return stdout.split("\n").filter((line) => line !== "");
}

function isInstalled(shell: string): boolean {
  return spawnSync(shell, ["-c", "true"]).status === 0;
}
