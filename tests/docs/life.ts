/** The tour of the README, played: its own program, from the first preview to the destroy, and everything it was told. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { type Emulator, startEmulator } from "../../provider/testing/emulator";
import type { Engine, RunResult, StackHandle } from "../../provider/testing/engine";
import { ended, runWith } from "../harness/cli/commandLine";
import { account, cards, FIRST, KEY, PLAN, STEP } from "../harness/engine/fleetStack";
import { root } from "./pages";

/** How the tour ends its range: with 100, 150 and 120 of the SIMs in the account. */
const endOf = (sims: number): string => `${FIRST + STEP * BigInt(sims) - 1n}`;
const OTHER_PLAN = 75;

/** A project with the program of the tour, and an account with the 150 SIMs of it. */
export interface Tour {
  readonly stack: StackHandle;
  readonly emulator: Emulator;
  /** Lets the program declare so many of the SIMs. */
  declare(sims: number): void;
}

/** Runs `program`, the text of a TypeScript file, through the life that the README tells. The text of all that was printed. */
export function playTour(engine: Engine, program: string): Promise<string> {
  return withTour(engine, program, async (opened, folder) => {
    const said: string[] = [];
    const run = async (operation: Promise<RunResult>) => {
      const { ok, text } = await operation;
      assert.ok(ok, text);
      said.push(text);
    };
    await tour(opened, run, said);
    said.push(await orphans(folder, opened.emulator, await opened.stack.exportText()));
    assert.deepEqual(opened.emulator.judgement().doubleClaims, []);
    return said.join("\n");
  });
}

/** Leaves nothing behind. */
export async function withTour<T>(
  engine: Engine,
  program: string,
  work: (tour: Tour, folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "docs-"));
  const emulator = await startEmulator({ account, behaviour: { settleReads: 0 } });
  emulator.addPack({ first: `${FIRST}`, count: 150, step: Number(STEP) });
  const file = projectIn(folder, engine.kind === "pulumi" ? "index.ts" : "index.js");
  const env = {
    HOLOGRAM_BASE_URL: emulator.url,
    HOLOGRAM_JOURNAL: join(folder, "journal"),
    HOLOGRAM_API_KEY: KEY,
    HOLOGRAM_ORG_ID: "",
  };
  const directory = stateIn(folder);
  const stack = await engine.stack({ program: file, project: "cold-chain", stack: "dev", directory, env });
  const declare = (sims: number) => {
    assert.ok(program.includes(endOf(100)), "the program of the tour declares the 100 SIMs of its text");
    const text = program.replace(endOf(100), endOf(sims));
    writeFileSync(file, file.endsWith(".ts") ? text : compiled(text));
  };
  try {
    return await work({ stack, emulator, declare }, folder);
  } finally {
    await stack.close();
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tour(
  { stack, emulator, declare }: Tour,
  run: (operation: Promise<RunResult>) => Promise<void>,
  said: readonly string[],
): Promise<void> {
  declare(100);
  await run(stack.preview());
  assert.deepEqual(emulator.writes(), []);
  await run(stack.up({ preview: false }));
  const lines = said.at(-1)?.split("\n").length ?? 0;
  assert.ok(lines < 60, `the first up prints ${lines} lines`);
  emulator.clearRequests();
  await run(stack.preview());
  assert.deepEqual(emulator.requests, [], "an unchanged preview sends nothing");
  emulator.faults.add({ path: /claim$/, preview: false, nth: 1, fault: { kind: "drop", commit: true } });
  declare(150);
  await run(stack.up());
  assert.equal(emulator.ledger.length, 150, "an answer was lost, and nothing was bought twice");

  emulator.dashboard.changePlan(cards(0, 3), { plan: OTHER_PLAN, zone: "global" });
  await run(stack.refresh({ preview: false }));
  await run(stack.up());

  declare(120);
  await run(stack.up());
  await run(stack.destroy({ preview: false }));
  assert.ok(emulator.sims().every(({ plan, state }) => plan === PLAN && state === "LIVE"));
  await run(stack.preview());
}

/** The SIMs that the shrink and the destroy left active are declared nowhere now. */
async function orphans(folder: string, emulator: Emulator, state: string): Promise<string> {
  const file = join(folder, "dev.json");
  writeFileSync(file, state);
  const env = { HOLOGRAM_API_KEY: KEY, HOLOGRAM_BASE_URL: emulator.url };
  const found = runWith({ env }, "orphans", "--stack", file);
  const code = await ended(found);
  assert.equal(code, 1, found.errors());
  return found.output().replaceAll(`${folder}/`, "");
}

/** On the embedded engine, so that it need not be compiled ten times. What the types are worth is another test's. */
export function compiled(text: string): string {
  const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  return ts.transpileModule(text, { compilerOptions: options }).outputText;
}

/** A project as a user has it: the packages in `node_modules`, and the program beside them. */
function projectIn(folder: string, program: string): string {
  installIn(folder);
  const manifest = { name: "cold-chain", version: "1.0.0" };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  return join(folder, program);
}

/** What `npm install` makes of a project. */
export function installIn(folder: string): void {
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules", "pulumi-hologram"), "dir");
  for (const each of ["@pulumi", "@types", "typescript"])
    symlinkSync(join(root, "node_modules", each), join(folder, "node_modules", each), "dir");
}

function stateIn(folder: string): string {
  const directory = join(folder, "state");
  mkdirSync(directory);
  return directory;
}
