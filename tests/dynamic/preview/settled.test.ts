import assert from "node:assert/strict";
import { cards, iccid, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import type { Values } from "../../harness/provider/providerReport";

const noWork = { activate: 0, adopt: 0, resume: 0, changePlan: 0, changeLimits: 0, release: 0 };

describe("dynamic: a program that did not change", () => {
  it("sends no request in preview or up, and writes the settled form", () =>
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
      const settled = {
        ...noWork,
        ...{ unchanged: 100, simCount: 100, monthlyCost: 60, monthlyCostBefore: 60, dueNow: 0 },
        summary: "100 SIMs unchanged: $60.00/month",
      };
      assert.deepEqual(preview.preview(), settled);
      assert.deepEqual(second.preview(), settled);
      // The engine stores the new inputs beside the old outputs.
      assert.deepEqual(fleet.find()?.inputs.preview, settled);
      assert.partialDeepStrictEqual(fleet.outputs(), { preview: { activate: 100 } });

      const third = (await fleet.up(inputs)).clean();
      assert.deepEqual([third.requests, third.preview()], [[], settled]);
    }));

  it("needs neither a key nor a network", () =>
    withFleet({}, async (fleet) => {
      const inputs = { simRange: range(10), plan: PLAN };
      (await fleet.up(inputs)).clean();
      fleet.environment.HOLOGRAM_API_KEY = undefined;
      fleet.environment.HOLOGRAM_BASE_URL = "http://127.0.0.1:9/api/1";
      const preview = (await fleet.preview(inputs)).clean();
      const second = (await fleet.up(inputs)).clean();
      assert.partialDeepStrictEqual(preview.preview(), { ...noWork, unchanged: 10, simCount: 10 });
      assert.equal(second.changes, "");
    }));

  it("is not looked at again for another order, repetition, spelling of the zone, or the list written out", () =>
    withFleet({}, async (fleet) => {
      const plan = PLAN;
      (await fleet.up({ sims: cards(20), plan })).clean();
      const same = [
        { sims: cards(20).reverse(), plan },
        { sims: [...cards(20), iccid(3), iccid(3)], plan },
        { sims: cards(20), plan, zone: "Global" },
        {
          sims: cards(20),
          plan,
          zone: "global",
          adopt: "matching",
          onRelease: "keep",
          waitForLiveSeconds: 0,
        },
      ];
      for (const inputs of same) {
        const report = (await fleet.up(inputs)).clean();
        assert.deepEqual([report.requests, report.changes], [[], ""]);
        assert.partialDeepStrictEqual(report.preview(), {
          ...noWork,
          unchanged: 20,
          simCount: 20,
          dueNow: 0,
        });
      }
    }));

  it("is not looked at again for inputs that concern no SIM", () =>
    withFleet({}, async (fleet) => {
      const inputs = { simRange: range(20), plan: PLAN };
      (await fleet.up(inputs)).clean();
      for (const change of [
        { onRelease: "pause" },
        { expectedSims: 20 },
        { invalidatePreflightSims: true },
      ]) {
        const report = (await fleet.up({ ...inputs, ...change })).clean();
        assert.deepEqual([report.requests, report.changes], [[], "update fleet"]);
        assert.partialDeepStrictEqual(fleet.outputs(), { ...change, simCount: 20, iccids: cards(20) });
      }
    }));

  it("counts again when another number of SIMs is expected", () =>
    withFleet({}, async (fleet) => {
      const inputs = { simRange: range(20), plan: PLAN };
      (await fleet.up(inputs)).clean();
      const report = await fleet.preview({ ...inputs, expectedSims: 21 });
      assert.deepEqual(report.failures, ["expectedSims is 21, but the selection holds 20 SIMs"]);
      const less = await fleet.preview({ ...inputs, expectedSims: 19 });
      assert.deepEqual(less.failures, ["expectedSims is 19, but the selection holds 20 SIMs"]);
      assert.deepEqual(report.writes, []);
    }));

  it("costs nothing now, also on a plan without a price", () =>
    withFleet({}, async (fleet) => {
      const { emulator } = fleet;
      emulator.addPlan({ id: 7, name: "Priceless", zones: { global: "0.10" } });
      const data = [{ id: 7, name: "Priceless", data: 0, billingperiod: 1, zones: ["global"], tiers: {} }];
      const answer = (body: object) => ({ kind: "status", status: 200, body }) as const;
      emulator.faults.add({ path: /^\/plans$/, fault: answer({ success: true, data }) });
      emulator.faults.add({ path: "/plans/pricing", fault: answer({ success: true, data: [] }) });
      const inputs = { sims: cards(2), plan: 7 };
      assert.equal((await fleet.up(inputs)).clean().preview().dueNow, undefined);
      const settled = (await fleet.preview(inputs)).clean().preview();
      assert.deepEqual([settled.dueNow, settled.monthlyCost, settled.unchanged], [0, undefined, 2]);
    }));

  it("stays so under ignoreChanges, whatever an earlier check or refresh left in its inputs", () =>
    withFleet({}, async (fleet) => {
      const inputs = { sims: cards(3), plan: PLAN };
      (await fleet.up(inputs)).clean();
      const kept = (): Values => ({ ...fleet.find()?.inputs, __provider: undefined, __urn: undefined });
      const settled = (await fleet.up(kept())).clean();
      assert.equal(settled.checked.fleet?.__approval, undefined);
      fleet.emulator.setState(iccid(1), "PAUSED-USER");
      (await fleet.refresh()).clean();
      assert.equal(kept().__again, true);
      (await fleet.up(kept())).clean();
      assert.equal(fleet.emulator.sim(iccid(1)).state, "LIVE");
      for (const report of [await fleet.preview(kept()), await fleet.up(kept())]) {
        assert.deepEqual([report.clean().requests, report.checked.fleet?.__again], [[], undefined]);
        assert.deepEqual([report.changes, report.checked.fleet?.__approval], ["", undefined]);
      }
      assert.equal(kept().__roll, fleet.outputs().__roll);
    }));
});
