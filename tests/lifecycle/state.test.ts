/** How much state a fleet takes, and what a saved plan holds fast. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { forEachEngine } from "../harness/engine/engines";
import { PLAN, range, withFleets } from "../harness/engine/fleetStack";
import { charged, failedWith, succeeded } from "./asserts";
import { sideBySide } from "./sideBySide";

/** Printed lengths of an ICCID, a device id and a link id of the emulated account. */
const THREE_IDS = 20 + 7 + 7;

forEachEngine("state", (engine) => {
  const scenario = sideBySide();

  scenario("holds three ids and at most 12 bytes for each SIM, and a constant text for the provider", () =>
    withFleets(engine, { sims: 1_000 }, async (fleets) => {
      const declare = (sims: number): void =>
        fleets.declareAll({
          fleets: [{ name: "fleet", args: { plan: PLAN, simRange: range(0, sims) } }],
          outputs: false,
        });
      declare(500);
      succeeded(await fleets.up());
      const before = (await fleets.stack.exportText()).length;
      declare(1_000);
      succeeded(await fleets.up());
      const after = (await fleets.stack.exportText()).length;
      const constant = 8_192;
      assert.ok(after <= 1_000 * (THREE_IDS + 12) + constant, `${after} bytes`);
      assert.ok(after - before <= 500 * (THREE_IDS + 12) + 64, `500 SIMs more take ${after - before} bytes`);
      const provider = String((await fleets.fleet("fleet"))?.inputs.__provider);
      assert.match(provider, /pulumi-hologram\/dynamic/);
      assert.ok(Buffer.byteLength(provider) < 200);
    }),
  );

  if (engine.kind === "pulumi") {
    scenario("a saved plan applies at the price that it shows, and at no other", () =>
      withFleets(engine, { sims: 10 }, async (fleets) => {
        const { emulator } = fleets;
        const file = join(fleets.directory, "saved.plan");
        fleets.declare({ name: "fleet", args: { plan: PLAN, simRange: range(0, 10) } });
        succeeded(await fleets.preview({ args: ["--save-plan", file] }));

        emulator.addPlan({ id: PLAN, name: "Global Flat", zones: { global: "0.900000" } });
        const refused = failedWith(await fleets.up({ args: ["--plan", file] }), /violates plan.*preview/s);
        assert.deepEqual(refused.charges, []);

        emulator.addPlan({ id: PLAN, name: "Global Flat", zones: { global: "0.600000" } });
        const applied = succeeded(await fleets.up({ args: ["--plan", file] }));
        assert.equal(charged(applied).length, 10);
      }),
    );
  }
});
