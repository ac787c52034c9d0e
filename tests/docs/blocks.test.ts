/** No block of the documentation is only text: code is compiled, commands are known or run, output was really printed. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../../provider/testing/emulator";
import { embeddedEngine } from "../../provider/testing/engine";
import { ended, type Run, run, runWith } from "../harness/cli/commandLine";
import { programsThatAnswer } from "../harness/cli/diagnosis";
import { everything } from "../harness/engine/form";
import { realEngine } from "../harness/engine/realEngine";
import { type CommandLine, commandLines, commandProblem } from "./commands";
import { policyProblems, yamlProblem } from "./configuration";
import { playTour } from "./life";
import {
  type Block,
  blocksOf,
  EMULATOR_PAGE,
  placeOf,
  readBlocks,
  readExamples,
  readPage,
  root,
} from "./pages";
import { notPrinted } from "./said";
import { isInStory } from "./stories";
import { isCode, typeProblems } from "./typeCheck";

/** Every language that the pages may use; what stands behind no fence is output. */
const OUTPUT = "";
const DRAWING = "text";
const languages = new Set(["ts", "js", "json", "sh", "yaml", "python", "go", DRAWING, OUTPUT]);

describe("the blocks of the documentation", () => {
  const blocks = readBlocks();
  const of = (language: string): Block[] => blocks.filter((block) => block.language === language);
  const commands = of("sh").flatMap((block) => commandLines(block).map((line) => ({ block, line })));

  it("are all in a language that is tested", () => {
    assert.ok(blocks.length > 10);
    assert.deepEqual(blocks.filter(({ language }) => !languages.has(language)).map(placeOf), []);
  });

  it("compile: TypeScript and JavaScript, against the declarations that are published", function compile() {
    this.timeout(240_000);
    assert.ok(blocks.some(isCode));
    assert.deepEqual(typeProblems(blocks), []);
  });

  it("compile in the docstrings too, and there configure rules that exist", function compile() {
    this.timeout(240_000);
    const examples = readExamples();
    const ours = examples.filter(isCode);
    assert.ok(ours.length > 8);
    assert.deepEqual(typeProblems(ours), []);
    const others = examples.filter((block) => !isCode(block));
    for (const block of others) {
      assert.equal(block.language, "json", placeOf(block));
      assert.deepEqual(policyProblems(block.text), [], placeOf(block));
    }
  });

  it("are found wanting by the compiler where they are wrong", function compile() {
    this.timeout(240_000);
    const text =
      'import * as hologram from "pulumi-hologram";\nnew hologram.SimActivation("x", { plan: "2096" });';
    const wrong = { page: "page.md", line: 7, language: "ts", text };
    assert.match(
      typeProblems([wrong]).join("\n"),
      /^page\.md:9: Type 'string' is not assignable to type 'Input<number>/,
    );
  });

  it("configure rules that exist, with settings that they have", () => {
    const policies = of("json").filter((block) => block.page !== EMULATOR_PAGE);
    for (const block of policies) assert.deepEqual(policyProblems(block.text), [], placeOf(block));
    assert.deepEqual(policyProblems('{ "largest-activation": { "max": 1 }, "no-sims": "mandatory" }'), [
      "largest-activation has no setting max",
      "the pack has no rule no-sims",
    ]);
  });

  it("quote YAML that is run elsewhere", () => {
    for (const block of of("yaml")) assert.equal(yamlProblem(block), undefined, placeOf(block));
  });

  it("draw folders and files that are there", () => {
    for (const block of of(DRAWING)) {
      const paths = block.text.match(/\b(provider|tests|examples|docs)\/[\w/.-]*/g) ?? [];
      assert.deepEqual(
        paths.filter((path) => !existsSync(join(root, path))),
        [],
        placeOf(block),
      );
    }
  });

  it("call commands that exist, with options and settings that they have", () => {
    assert.ok(commands.length > 10);
    const problems = commands.flatMap(({ block, line }) => {
      const problem = commandProblem(line);
      return problem === undefined ? [] : [`${placeOf(block)}: ${problem}`];
    });
    assert.deepEqual(problems, []);
    assert.ok(commandProblem(["npm", "run", "nothing"]));
    assert.ok(commandProblem(["pulumi", "up", "--plans=plan.json"]));
    assert.ok(commandProblem(["rm", "-rf", "."]));
  });

  it("make a project in whose package.json Pulumi finds nothing to warn of", function make() {
    this.timeout(120_000);
    const lines = commands
      .map(({ line }) => line)
      .filter(([name, verb]) => name === "npm" && verb !== "install");
    const first = lines.findIndex(([, verb]) => verb === "init");
    const folder = mkdtempSync(join(tmpdir(), "cold-chain-"));
    try {
      for (const [name = "", ...args] of lines.slice(first, first + 2)) {
        const { status, stderr } = spawnSync(name, args, { cwd: folder, encoding: "utf8", shell: true });
        assert.equal(status, 0, stderr);
      }
      const written: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      assert.ok(typeof written === "object" && written !== null);
      assert.ok("version" in written && !("main" in written));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("run `pulumi-hologram` as it is", async function runEach() {
    this.timeout(240_000);
    const own = commands.filter(({ line }) => line[0] === "npx" && line[1] === "pulumi-hologram");
    assert.ok(own.length > 1);
    for (const { block, line } of own) assert.equal(await runOwn(line.slice(2)), 0, placeOf(block));
  });
});

describe("the output in the documentation", () => {
  const quoted = readBlocks().filter((block) => block.language === OUTPUT && !isToldElsewhere(block));
  const program = blocksOf(readPage("README.md")).find(({ text }) =>
    text.includes('SimActivation("cold-chain"'),
  );

  it("is what the embedded engine prints on the way of the README", async function play() {
    if (!everything) return this.skip();
    this.timeout(300_000);
    const printed = await playTour(embeddedEngine(), program?.text ?? "");
    assert.deepEqual(
      quoted.flatMap((block) => missing(block, printed)),
      [],
    );
    assert.equal(notPrinted("activate 100 SIMs", printed).length, 1, "a part of a line is not the line");
  });

  const real = realEngine();
  it("is what the Pulumi CLI prints on the way of the README", async function play() {
    if (real === undefined || !everything) return this.skip();
    this.timeout(600_000);
    const printed = await playTour(real, program?.text ?? "");
    assert.deepEqual(
      quoted.flatMap((block) => missing(block, printed)),
      [],
    );
  });
});

/** Stories are played as a whole by `stories.test.ts`; the help of commands is compared by `cli.test.ts`. */
function isToldElsewhere(block: Block): boolean {
  return block.page === "docs/cli.md" || isInStory(block);
}

function missing(block: Block, printed: string): string[] {
  return notPrinted(block.text, printed).map((line) => `${placeOf(block)}: ${line}`);
}

/** Runs a command line of `pulumi-hologram`: the emulator on a free port, and until it says that it is there. */
async function runOwn(args: CommandLine): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), "docs-"));
  if (args[0] === "emulator" && !args.includes("--help")) {
    try {
      const account = blocksOf(readPage(EMULATOR_PAGE)).find(({ language }) => language === "json");
      writeFileSync(join(folder, "account.json"), account?.text ?? "");
      const files = args.map((arg) => (arg.endsWith(".json") ? join(folder, arg) : arg));
      const port = files.indexOf("--port") + 1;
      const started = run(...(port === 0 ? [...files, "--port", "0"] : files.with(port, "0")));
      await spoken(started, "Interrupt to stop.");
      started.child.kill("SIGTERM");
      return await ended(started);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  const account = await startEmulator();
  try {
    // What a command reads must be there; what it writes, it makes.
    const isState = (arg: string, place: number): boolean =>
      arg.endsWith(".json") && args[place - 1] === "--stack";
    for (const file of args.filter(isState))
      writeFileSync(join(folder, file), JSON.stringify({ version: 3, deployment: {} }));
    const env = {
      PATH: programsThatAnswer(),
      HOLOGRAM_API_KEY: account.apiKey,
      HOLOGRAM_BASE_URL: account.url,
    };
    return await ended(runWith({ env, cwd: folder }, ...args));
  } finally {
    await account.close();
    rmSync(folder, { recursive: true });
  }
}

async function spoken(started: Run, words: string): Promise<void> {
  while (!started.output().includes(words)) {
    assert.equal(started.child.exitCode, null, started.errors());
    await new Promise((resolve) => started.child.stdout?.once("data", resolve));
  }
}
