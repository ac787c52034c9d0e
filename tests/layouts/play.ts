/** Preview and up of a program in a layout, on the real engine where it is, and what the account saw of it. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../provider/testing/emulator";
import { type Engine, embeddedEngine } from "../../provider/testing/engine";
import { findCli, realEngine } from "../harness/engine/realEngine";
import { RANGE, SIMS } from "./workspace";

export const engine: Engine = realEngine() ?? embeddedEngine();

/** The folder of the CLI, for the Automation API; undefined where there is none. */
export const cli = findCli();

export interface Account {
  readonly emulator: Emulator;
  /** For the pulumi command. */
  readonly env: Readonly<Record<string, string>>;
  /** Of the state. */
  readonly directory: string;
}

/** An account with the cards of `RANGE`, and a folder for state; both are gone afterwards. */
export async function withAccount(work: (account: Account) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "state-"));
  const emulator = await startEmulator({ behaviour: { settleReads: 0 } });
  emulator.addPack({ first: RANGE.split("-")[0] ?? "", count: SIMS, step: 10 });
  const env = {
    HOLOGRAM_BASE_URL: emulator.url,
    HOLOGRAM_API_KEY: emulator.apiKey,
    HOLOGRAM_ORG_ID: "",
    HOLOGRAM_JOURNAL: join(directory, "journal"),
  };
  try {
    await work({ emulator, env, directory });
  } finally {
    await emulator.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Previews, which spends nothing, and activates the fleet. */
export async function assertActivates(program: string, on: Engine = engine): Promise<void> {
  await withAccount(async ({ emulator, env, directory }) => {
    const stack = await on.stack({ program, directory, env });
    try {
      const preview = await stack.preview();
      assert.ok(preview.ok, preview.text);
      assert.match(preview.text, /activate 5 SIMs/);
      assert.deepEqual(emulator.writes(), []);
      const up = await stack.up();
      assert.ok(up.ok, up.text);
      assert.equal(emulator.ledger.length, SIMS);
      assert.deepEqual(emulator.judgement().doubleClaims, []);
    } finally {
      await stack.close();
    }
  });
}

/** Fails in the program, with one sentence that names the folder; nothing reaches the account, and no stack is shown. */
export async function assertRefused(program: string, folder: string, on: Engine = engine): Promise<void> {
  await withAccount(async ({ emulator, env, directory }) => {
    const stack = await on.stack({ program, directory, env });
    try {
      const { ok, text } = await stack.preview();
      assert.equal(ok, false);
      assert.ok(text.includes(`looks for pulumi-hologram from the program's folder, ${folder}`), text);
      assert.match(text, /Make pulumi-hologram(@\d\S+)? a dependency of/);
      assert.doesNotMatch(text, /^\s+at .*:\d+:\d+\)?$/m);
      assert.deepEqual(emulator.requests, []);
    } finally {
      await stack.close();
    }
  });
}
