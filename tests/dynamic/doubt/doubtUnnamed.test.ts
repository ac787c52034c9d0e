import assert from "node:assert/strict";
import { cards, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import type { FleetHarness } from "../../harness/provider/providerHarness";

const MINUTE = 60_000;
const firstClaim = { path: "/links/cellular/bulkclaim", preview: false, nth: 1 } as const;

/** No SIM was asked for twice, and none was charged twice. */
function assertOnce(fleet: FleetHarness): void {
  const { doubleClaims, doubleCharges } = fleet.emulator.judgement();
  assert.deepEqual([doubleClaims, doubleCharges], [[], []]);
}

describe("dynamic: claims in doubt of a range whose SIMs nothing names", () => {
  const silent = { pack: { listed: false }, behaviour: { previewAnswer: "costOnly" } } as const;
  const inputs = { simRange: range(40), plan: PLAN, expectedSims: 40 };

  it("bought: read back as a range, in few requests", () =>
    withFleet(silent, async (fleet) => {
      fleet.emulator.faults.add({ ...firstClaim, fault: { kind: "drop", commit: true } });
      const report = (await fleet.up(inputs)).clean();
      assert.deepEqual([report.claims.length, fleet.outputs().iccids], [1, cards(40)]);
      assert(report.requests.length < 20, `${report.requests.length} requests`);
      assertOnce(fleet);
    }));

  it("an answer that names fewer SIMs than expected is read back", () =>
    withFleet(silent, async (fleet) => {
      fleet.emulator.faults.add({ ...firstClaim, fault: { kind: "wrongCount", drop: 3 } });
      assert.equal((await fleet.up(inputs)).clean().claims.length, 1);
      assert.deepEqual(fleet.outputs().iccids, cards(40));
      assertOnce(fleet);
    }));

  it("SIMs that it lacks are in doubt: they may be landing, or not be there at all", () =>
    withFleet({ ...silent, pack: { listed: false, count: 38 } }, async (fleet) => {
      const report = await fleet.up(inputs);
      assert.match(report.reasons[0] ?? "", /^2 SIMs not done \(38 certain, 2 doubtful\)/);
      assert.deepEqual((await fleet.up(inputs)).writes, []);
      await fleet.timeline.advance(10 * MINUTE);
      // Nothing named the SIMs before they were bought, so the record has to tell the next check.
      (await fleet.refresh()).clean();
      (await fleet.up({ ...inputs, expectedSims: 38 })).clean();
      const quiet = (await fleet.up({ ...inputs, expectedSims: 38 })).clean();
      assert.deepEqual([quiet.changes, quiet.requests], ["", []]);
      assertOnce(fleet);
    }));

  it("SIMs that it lacks are in doubt for a resource of another name too", () =>
    withFleet({ ...silent, pack: { listed: false, count: 38 } }, async (fleet) => {
      await fleet.up(inputs);
      const renamed = await fleet.upProgram({ second: inputs });
      assert.deepEqual(renamed.writes, []);
      assert.match(
        renamed.text,
        /^not verified: a claim of SIMs among these got no answer, and may be landing until/m,
      );
      assert.match(renamed.text, /^adopted 38 SIMs/m);
      assertOnce(fleet);
    }));

  it("not bought: doubtful, then read only, then claimed once", () =>
    withFleet(silent, async (fleet) => {
      fleet.emulator.faults.add({ ...firstClaim, fault: { kind: "drop", commit: false } });
      const failed = await fleet.up(inputs);
      assert.match(failed.reasons[0] ?? "", /^40 SIMs not done \(0 certain, 40 doubtful\)/);
      const early = await fleet.up(inputs);
      assert.deepEqual([early.writes, early.errors], [[], []]);
      assert.match(early.reasons[0] ?? "", /^40 SIMs not done \(0 certain, 40 doubtful\)/);
      await fleet.timeline.advance(10 * MINUTE);
      (await fleet.up(inputs)).clean();
      assert.deepEqual(fleet.outputs().iccids, cards(40));
      assertOnce(fleet);
    }));

  it("split off into another resource: doubtful there too, and claimed once", () =>
    withFleet(silent, async (fleet) => {
      fleet.emulator.activateByHand(cards(20), { plan: PLAN, zone: "global" });
      fleet.emulator.faults.add({ ...firstClaim, fault: { kind: "drop", commit: false } });
      await fleet.up(inputs);
      (await fleet.refresh()).clean();
      const half = (from: number) => ({ simRange: range(20, from), plan: PLAN, expectedSims: 20 });
      const split = { fleet: half(0), second: half(20) };
      const early = await fleet.upProgram(split);
      assert.deepEqual(early.writes, []);
      // The claim was the first fleet's: the second holds nothing yet, and waits like anybody else.
      assert.match(
        early.errors.join(),
        /^nothing was activated: doubtful until .*: an earlier claim got no answer/,
      );
      await fleet.timeline.advance(10 * MINUTE);
      (await fleet.upProgram(split)).clean();
      assert.deepEqual([fleet.outputs().iccids, fleet.outputs("second").iccids], [cards(20), cards(20, 20)]);
      assertOnce(fleet);
    }));
});
