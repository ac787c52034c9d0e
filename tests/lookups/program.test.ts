/** Look-ups in a whole program: a plan by its name feeds a fleet, and what the fleet made is looked up after it. */
import assert from "node:assert/strict";
import { embeddedEngine } from "../../provider/testing/engine";
import { cards, PLAN, range } from "../harness/engine/fleetStack";
import { withProgram } from "../harness/engine/programStack";
import { failedWith, previewOf, succeeded } from "../lifecycle/asserts";

const setup = { program: "lookups", sims: 10 };
const simRange = range(0, 10);

describe("look-ups in a program", () => {
  it("wait for the fleets of a component that they depend on", () =>
    withProgram(embeddedEngine(), setup, async ({ fleets, declare }) => {
      fleets.emulator.behaviour.settleReads = 0;
      declare({ plan: "global flat", simRange, output: true, component: true });
      const preview = succeeded(await fleets.preview());
      assert.ok(!("live" in preview.outputs) && !("balance" in preview.outputs));
      const up = succeeded(await fleets.up());
      assert.deepEqual(up.outputs.live, cards(0, 10));
      assert.equal(up.outputs.balance, "999994.00");
    }));

  it("are known in the preview, and look again after what they depend on", () =>
    withProgram(embeddedEngine(), setup, async ({ fleets, declare }) => {
      fleets.emulator.behaviour.settleReads = 0;
      declare({ plan: "global flat", simRange, output: true });
      const preview = succeeded(await fleets.preview());
      assert.equal(preview.outputs.planId, PLAN);
      assert.partialDeepStrictEqual(previewOf(preview), { activate: 10, dueNow: 6 });
      assert.ok(!("live" in preview.outputs) && !("balance" in preview.outputs));
      assert.deepEqual(preview.writes, []);

      const up = succeeded(await fleets.up());
      assert.deepEqual(up.outputs.live, cards(0, 10));
      assert.equal(up.outputs.balance, "999994.00");
      assert.equal(up.charges.length, 10);

      const again = succeeded(await fleets.up());
      assert.deepEqual(again.outputs.live, cards(0, 10));
      assert.deepEqual(again.writes, []);
    }));

  for (const output of [true, false]) {
    it(`fail a preview with one sentence and no stack trace, as ${output ? "an Output" : "a promise"}`, () =>
      withProgram(embeddedEngine(), setup, async ({ fleets, declare }) => {
        declare({ plan: "no such plan", simRange, output });
        const failed = failedWith(
          await fleets.preview(),
          /getPlan: no plan has the name "no such plan"\. The plans are/,
        );
        assert.deepEqual(failed.writes, []);
        assert.doesNotMatch(failed.text, /\n\s+at /);
        fleets.setEnv({ HOLOGRAM_API_KEY: "" });
        const keyless = failedWith(
          await fleets.up(),
          /getPlan: no API key: set HOLOGRAM_API_KEY in the environment/,
        );
        assert.deepEqual(keyless.requests, []);
      }));
  }
});
