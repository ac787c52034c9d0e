/** A stack of any program, with a Hologram account of its own on this machine. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AccountSetup, startEmulator } from "../../../provider/testing/emulator";
import type { ConfigValue, Engine } from "../../../provider/testing/engine";
import { account, FIRST, FleetStack, KEY, STEP } from "./fleetStack";

export interface ProgramSetup {
  /** Name of a file in `programs`. It may read what it declares from the file that `FLEETS` names. */
  readonly program: string;
  readonly stack?: string;
  readonly account?: AccountSetup;
  readonly env?: Readonly<Record<string, string>>;
  readonly config?: Readonly<Record<string, ConfigValue>>;
  /** Cards of a pack that begins at `FIRST`, in steps of `STEP`. */
  readonly sims: number;
}

export interface ProgramStack {
  readonly fleets: FleetStack;
  /** What the next operation's program reads. */
  declare(declared: object): void;
}

/** As `withFleets`, for other programs. */
export async function withProgram(
  engine: Engine,
  setup: ProgramSetup,
  work: (stack: ProgramStack) => Promise<void>,
): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "program-"));
  const [directory, declared] = [join(root, "state"), join(root, "declared.json")];
  mkdirSync(directory);
  const emulator = await startEmulator({ account: setup.account ?? account });
  emulator.addPack({ first: `${FIRST}`, count: setup.sims, step: Number(STEP) });
  const env = {
    HOLOGRAM_ORG_ID: "",
    HOLOGRAM_BASE_URL: emulator.url,
    HOLOGRAM_JOURNAL: join(root, "journal"),
    HOLOGRAM_API_KEY: KEY,
    FLEETS: declared,
    ...setup.env,
  };
  const program = join(__dirname, "../programs", `${setup.program}.js`);
  const { stack: name = "dev", config = {} } = setup;
  const stack = await engine.stack({ program, project: "fleets", stack: name, directory, env, config });
  const fleets = new FleetStack(stack, emulator, env, directory, declared, () =>
    assert.fail("a program of its own has one stack"),
  );
  try {
    await work({ fleets, declare: (value) => writeFileSync(declared, JSON.stringify(value)) });
    await fleets.assertNoLeaks();
  } finally {
    await stack.close();
    await emulator.close();
    rmSync(root, { recursive: true, force: true });
  }
}
