/** The whole life of a fleet, from the first preview to destroy. */
import assert from "node:assert/strict";
import { forEachEngine } from "../support/engines";
import { cards, PLAN, range, withFleets } from "../support/fleetStack";

const pausing = { plan: PLAN, onRelease: "pause" };

forEachEngine("the life of a fleet", (engine) => {
  it("previews, activates, grows, shrinks, is replaced, and ends", async () => {
    await withFleets(engine, { sims: 300 }, async (fleets) => {
      const { emulator } = fleets;
      const declare = (args: object): void => fleets.declare({ name: "fleet", args: { ...pausing, ...args } });

      declare({ simRange: range(0, 100) });
      let t = Date.now();
      const first = await fleets.preview();
      console.log(Date.now() - t); t = Date.now();
      assert.ok(first.ok, first.text);
      console.log(first.text, JSON.stringify(first.outputs));
      const up = await fleets.up();
      console.log(Date.now() - t); t = Date.now();
      assert.ok(up.ok, up.text);
      console.log(up.text, JSON.stringify(up.outputs).slice(0,300), up.requests.map(r=>r.path));
      assert.equal(emulator.ledger.length, 100);
      const up2 = await fleets.up({});
      console.log(Date.now() - t); t = Date.now();
      assert.equal(up2.requests.length,0);
      console.log(up2.text)
      const d = await fleets.destroy();
      console.log(Date.now() - t); t = Date.now();
      console.log(d.text)
    });
  });
});
