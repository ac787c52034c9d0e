/** The embedded engine must do what the real one does: the same provider calls, steps, errors and state. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Engine, embeddedEngine } from "../../../provider/testing/engine";
import { everything } from "../../harness/engine/form";
import { realEngine } from "../../harness/engine/realEngine";
import { changeWorld } from "../../harness/programs/tiny/world";
import { callsInOrder, observe } from "./observed";
import { type Scenario, scenarios } from "./scenarios";

const program = join(__dirname, "../../harness/programs/tiny/program.js");

/** Each scenario costs seconds; `HOLOGRAM_TESTS=all npm test` plays every one. */
const SHORT_FORM = 1;

describe("parity of the embedded engine with Pulumi", () => {
  const real = realEngine();
  if (real === undefined) {
    it("not run on the real engine: the Pulumi CLI was not found", function skipped() {
      this.skip();
    });
    return;
  }
  const chosen = everything ? scenarios : scenarios.slice(0, SHORT_FORM);
  for (const scenario of chosen) {
    it(scenario.name, async () => {
      const [expected, actual] = await Promise.all([play(real, scenario), play(embeddedEngine(), scenario)]);
      expected.forEach((operation, at) => {
        const title = `operation ${at + 1} of "${scenario.name}"`;
        assert.deepEqual(actual[at], operation, title);
      });
    });
  }
});

/** Goes through a scenario on one engine; answers what was to be seen after each operation. */
async function play(engine: Engine, scenario: Scenario): Promise<unknown[]> {
  const directory = await mkdtemp(join(tmpdir(), "engine-"));
  const world = join(directory, "world.sqlite");
  const stack = await engine.stack({ program, directory, env: {} });
  const seen: unknown[] = [];
  let declared = "[]";
  try {
    for (const operation of scenario.operations) {
      declared = operation.declare === undefined ? declared : JSON.stringify(operation.declare);
      changeWorld(world, operation.world ?? (() => undefined));
      // The SDK as it is, whole.
      stack.setEnv({ TINY_WORLD: world, TINY_PROGRAM: declared, NODE_OPTIONS: "" });
      if (operation.config !== undefined) {
        await stack.setConfig(operation.config);
      }
      const result = await stack[operation.run]({
        preview: operation.bothPhases === true,
        ...operation.options,
      });
      seen.push({ ...observe(result, await stack.export()), order: callsInOrder(result) });
    }
  } finally {
    await stack.close();
    await rm(directory, { recursive: true, force: true });
  }
  return seen;
}
