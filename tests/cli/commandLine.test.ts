/** What every command of `pulumi-hologram` has in common: help, versions, suggestions, exit codes. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commandLine } from "../../provider/cli/program";
import { ended, run } from "../harness/cli/commandLine";

const root = join(__dirname, "../../..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const names = commandLine().commands.map((command) => command.name());

describe("pulumi-hologram", () => {
  it("shows the commands and exit codes: `--help`, `-h`, `help`", async () => {
    const shown = await Promise.all([["--help"], ["-h"], ["help"]].map((args) => outcome(...args)));
    for (const { code, output, errors } of shown) {
      assert.deepEqual([code, errors], [0, ""]);
      assert.equal(output, shown[0]?.output);
      for (const name of names) assert.match(output, new RegExp(`^  ${name} `, "m"));
      assert.match(output, /Exit codes: 0 .*; 1 .*; 2 /);
    }
  });

  it("shows a command's options, within 80 columns", async () => {
    for (const name of names) {
      const [asOption, asCommand] = await Promise.all([outcome(name, "-h"), outcome("help", name)]);
      assert.deepEqual([asOption.code, asOption.errors], [0, ""]);
      assert.equal(asCommand.output, asOption.output);
      assert.match(asOption.output, new RegExp(`^Usage: pulumi-hologram ${name} `));
      const wide = asOption.output.split("\n").filter((line) => line.length > 80);
      assert.deepEqual(wide, []);
    }
  });

  it("shows its version", async () => {
    for (const option of ["--version", "-v"]) {
      assert.deepEqual(await outcome(option), { code: 0, output: `${manifest.version}\n`, errors: "" });
    }
  });

  it("shows the help on standard error where no command is named: exit code 2", async () => {
    const { code, output, errors } = await outcome();
    assert.deepEqual([code, output], [2, ""]);
    assert.match(errors, /^Usage: pulumi-hologram /);
  });

  for (const [args, sentence] of [
    [["emulater"], "Unknown command 'emulater'. Did you mean emulator?"],
    [["orphan", "--json"], "Unknown command 'orphan'. Did you mean orphans?"],
    [["simulate"], "Unknown command 'simulate'."],
    [
      ["help", "simulate"],
      `Command-argument value 'simulate' is invalid for argument 'command'. Allowed choices are ${names.join(", ")}.`,
    ],
    [["orphans", "--jsn"], "Unknown option '--jsn'. Did you mean --json?"],
    [["orphans", "--stack"], "Option '--stack <file>' argument missing."],
    [["completion"], "Missing required argument 'shell'."],
  ] as const) {
    it(`refuses [${args.join(" ")}] with one sentence and exit code 2`, async () => {
      assert.deepEqual(await outcome(...args), { code: 2, output: "", errors: `${sentence}\n` });
    });
  }

  it("says which Node.js it needs before it loads anything", () => {
    const main = join(root, "dist/provider/cli/main.js");
    assert.ok(manifest.engines.node.startsWith(">="));
    const needed = manifest.engines.node.slice(2);
    for (const [version, isEnough] of [
      ["18.20.4", false],
      ["20.20.2", false],
      [`${needed}.0`, true],
      ["22.18.9", false],
      ["30.0.0", true],
    ] as const) {
      const script = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });
process.argv = [process.execPath, "pulumi-hologram", "--version"];
require(${JSON.stringify(main)});
setImmediate(() => { if (process.exitCode === 2 && Object.keys(require.cache).length > 2) process.exitCode = 3; });`;
      const { status, stdout, stderr } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
      if (isEnough) assert.deepEqual([status, stdout], [0, `${manifest.version}\n`], stderr);
      else {
        assert.deepEqual([status, stdout], [2, ""]);
        assert.ok(
          stderr.startsWith(
            `pulumi-hologram needs Node.js ${needed} or newer, and its command line runs on ${version} `,
          ),
          stderr,
        );
      }
    }
  });
});

async function outcome(...args: readonly string[]) {
  const running = run(...args);
  return { code: await ended(running), output: running.output(), errors: running.errors() };
}
