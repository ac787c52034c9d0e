import assert from "node:assert/strict";
import { cards, iccid, PLAN, range, withFleet } from "../support/providerFleet";
import type { FleetHarness } from "../support/providerHarness";
import { simsOf } from "../support/providerReport";

const plan = PLAN;
const SIMS = 3_000;
const setup = { pack: { count: SIMS + 500 } };
const MINUTE = 60_000;
const forms = { range: { simRange: range(SIMS), plan }, list: { sims: cards(SIMS), plan } };

/** A create whose second claim is lost: 2,500 SIMs are held, 500 in doubt. */
async function halfCreated(fleet: FleetHarness, inputs: Record<string, unknown>) {
  fleet.emulator.faults.add({
    ...{ path: "/links/cellular/bulkclaim", preview: false, nth: 2 },
    fault: { kind: "drop", commit: false },
  });
  const report = await fleet.up(inputs);
  assert.match(report.reasons[0] ?? "", /^500 SIMs not done \(2,500 certain, 500 doubtful\)/);
  return report;
}

describe("dynamic: an operation of 3,000 SIMs that ends part-way", () => {
  for (const [form, inputs] of Object.entries(forms)) {
    it(`${form}: reports in less than 8 KB, without the arrays, and the next up completes them`, () =>
      withFleet(setup, async (fleet) => {
        const failed = await halfCreated(fleet, inputs);
        const [bytes = Number.POSITIVE_INFINITY] = failed.payloads;
        assert(bytes < 8_192, `${bytes} bytes`);
        const { iccids, deviceIds, linkIds, simCount, unfinished } = fleet.outputs();
        assert.deepEqual([iccids, deviceIds, linkIds, simCount], [undefined, undefined, undefined, 2_500]);
        assert(Array.isArray(unfinished) && unfinished.length === 11 && unfinished.at(-1) === "and 490 more");

        const early = await fleet.up(inputs);
        assert.deepEqual(early.writes, []);
        assert.match(early.reasons[0] ?? "", /^500 SIMs not done/);
        await fleet.timeline.advance(10 * MINUTE);
        const next = (await fleet.up(inputs)).clean();
        assert.deepEqual(next.claims.flatMap(simsOf), cards(500, 2_500));
        const { emulator } = fleet;
        assert.partialDeepStrictEqual(fleet.outputs(), { simCount: SIMS, unfinished: [], lost: [] });
        assert.deepEqual(fleet.outputs().iccids, cards(SIMS));
        assert.deepEqual(
          fleet.outputs().deviceIds,
          cards(SIMS).map((each) => emulator.sim(each).deviceId),
        );
        assert.deepEqual(
          fleet.outputs().linkIds,
          cards(SIMS).map((each) => emulator.sim(each).linkId),
        );
        assert.equal(emulator.ledger.length, SIMS);
        assert.deepEqual(emulator.judgement().doubleClaims, []);
        assert.deepEqual((await fleet.up(inputs)).clean().requests, []);
      }));

    it(`${form}: a refresh in between forgets nothing`, () =>
      withFleet(setup, async (fleet) => {
        await halfCreated(fleet, inputs);
        (await fleet.refresh()).clean();
        assert.equal(fleet.outputs().simCount, 2_500);
        await fleet.timeline.advance(10 * MINUTE);
        const next = (await fleet.up(inputs)).clean();
        assert.deepEqual(next.claims.flatMap(simsOf), cards(500, 2_500));
        assert.deepEqual(fleet.outputs().iccids, cards(SIMS));
      }));

    it(`${form}: a growth that ends part-way is finished too`, () =>
      withFleet(setup, async (fleet) => {
        (await fleet.up(inputs)).clean();
        const more = form === "range" ? { simRange: range(SIMS + 500) } : { sims: cards(SIMS + 500) };
        fleet.emulator.faults.add({
          ...{ path: "/links/cellular/bulkclaim", preview: false, nth: 1 },
          fault: { kind: "drop", commit: false },
        });
        const failed = await fleet.up({ ...more, plan });
        assert((failed.payloads[0] ?? Number.POSITIVE_INFINITY) < 8_192);
        await fleet.timeline.advance(10 * MINUTE);
        const next = (await fleet.up({ ...more, plan })).clean();
        assert.deepEqual(next.claims.flatMap(simsOf), cards(500, SIMS));
        assert.deepEqual(fleet.outputs().iccids, cards(SIMS + 500));
      }));

    it(`${form}: a growth that ended part-way can be taken back`, () =>
      withFleet(setup, async (fleet) => {
        const onRelease = "pause";
        (await fleet.up({ ...inputs, onRelease })).clean();
        const more = form === "range" ? { simRange: range(SIMS + 100) } : { sims: cards(SIMS + 100) };
        fleet.emulator.faults.add({
          ...{ path: "/links/cellular/bulkclaim", preview: false, nth: 1 },
          fault: { kind: "refuse", iccids: [iccid(SIMS)], reason: "SIM is blocked" },
        });
        const failed = await fleet.up({ ...more, plan, onRelease });
        assert.match(failed.reasons[0] ?? "", /^1 SIM not done \(99 certain, 1 refused\)/);
        const back = (await fleet.up({ ...inputs, onRelease })).clean();
        assert.deepEqual(back.claims, []);
        assert.deepEqual(fleet.outputs().iccids, cards(SIMS));
        // A list too large for the report is not recorded: the 99 stay as they are. A range is looked through.
        const paused = fleet.emulator
          .judgement()
          .pauses.map((pause) => pause.iccid)
          .sort();
        assert.deepEqual(paused, form === "range" ? cards(99, SIMS + 1) : []);
      }));
  }

  it("a range can be destroyed at once, and pauses what is held", () =>
    withFleet(setup, async (fleet) => {
      await halfCreated(fleet, { ...forms.range, onRelease: "pause" });
      (await fleet.destroy()).clean();
      assert.deepEqual(
        fleet.emulator
          .judgement()
          .pauses.map((pause) => pause.iccid)
          .sort(),
        cards(2_500),
      );
      assert.deepEqual(fleet.resources, []);
    }));

  it("a list is not destroyed before it has been read back, unless it is kept", () =>
    withFleet(setup, async (fleet) => {
      await halfCreated(fleet, { ...forms.list, onRelease: "pause" });
      const refused = await fleet.destroy();
      assert.match(refused.errors.join(), /nothing was released\. Run `pulumi up` first/);
      assert.deepEqual([refused.writes, fleet.resources.length], [[], 1]);
    }));

  it("long reasons do not make the report larger", () =>
    withFleet(setup, async (fleet) => {
      const words = "x".repeat(100_000);
      fleet.emulator.faults.add({
        ...{ path: "/links/cellular/bulkclaim", preview: false, nth: { from: 2 } },
        fault: { kind: "status", status: 400, body: { success: false, error: words } },
      });
      const failed = await fleet.up(forms.list);
      assert((failed.payloads[0] ?? Number.POSITIVE_INFINITY) < 8_192);
      assert(failed.reasons.every((reason) => reason.length <= 500));
    }));

  it("a few SIMs stay in the report", () =>
    withFleet({}, async (fleet) => {
      fleet.emulator.faults.add({
        ...{ path: "/links/cellular/bulkclaim", preview: false },
        fault: { kind: "refuse", iccids: [iccid(3)], reason: "SIM is blocked" },
      });
      await fleet.up({ sims: cards(20), plan });
      assert.deepEqual(
        fleet.outputs().iccids,
        cards(20).filter((each) => each !== iccid(3)),
      );
    }));
});
