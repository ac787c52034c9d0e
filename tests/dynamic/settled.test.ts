import assert from "node:assert/strict";
import { cards, PLAN, range, withFleet } from "../support/providerFleet";

describe("dynamic: the whole line", () => {
  it("activates a range of sparse SIMs once, and an unchanged preview and up send nothing", () =>
    withFleet({}, async (fleet) => {
      const inputs = { simRange: range(100), plan: PLAN };
      const first = (await fleet.up(inputs)).clean();
      assert.equal(first.changes, "create fleet");
      assert.deepEqual(fleet.outputs().iccids, cards(100));
      assert.equal(fleet.emulator.ledger.length, 100);

      const preview = (await fleet.preview(inputs)).clean();
      const second = (await fleet.up(inputs)).clean();
      assert.deepEqual([preview.requests, second.requests], [[], []]);
      assert.deepEqual([preview.changes, second.changes], ["", ""]);
      assert.deepEqual(second.preview(), {
        ...{ activate: 0, adopt: 0, resume: 0, changePlan: 0, changeLimits: 0, release: 0 },
        ...{ unchanged: 100, simCount: 100, monthlyCost: 60, monthlyCostBefore: 60, dueNow: 0 },
        summary: "100 SIMs unchanged: $60.00/month",
      });
      assert.deepEqual(fleet.find()?.inputs.preview, second.preview());
      assert.equal((fleet.outputs().preview as { activate: number }).activate, 100);
    }));
});
