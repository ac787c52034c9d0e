import assert from "node:assert/strict";
import { cards, iccid, PLAN, range, withFleet } from "../../harness/provider/providerFleet";

const plan = PLAN;
/** So long after the newest claim, absence is loss. */
const SETTLED = 601_000;
const aClaim = { path: "/links/cellular/bulkclaim", preview: false } as const;

/** SIMs that were moved to another organization, or that a preview leaves out. */
describe("dynamic: SIMs that no list shows any more", () => {
  it("a SIM that was moved away may be counted in expectedSims, or left out", async () => {
    for (const expectedSims of [9, 10]) {
      await withFleet({}, async (fleet) => {
        (await fleet.up({ sims: cards(10), plan })).clean();
        await fleet.timeline.advance(SETTLED);
        fleet.emulator.move(iccid(0), fleet.emulator.addOrganization({ name: "Others" }));
        (await fleet.up({ simRange: range(10), plan, expectedSims })).clean();
        assert.deepEqual([fleet.outputs().simCount, fleet.outputs().lost], [9, [iccid(0)]]);
        const wrong = await fleet.up({ simRange: range(10), plan, expectedSims: 12 });
        assert.match(wrong.failures.join(), /^expectedSims is 12, but the selection holds 10 SIMs$/);
      });
    }
  });

  it("a SIM that is lost is no refusal when a list becomes a range", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ sims: cards(5), plan })).clean();
      await fleet.timeline.advance(SETTLED);
      fleet.emulator.move(iccid(0), fleet.emulator.addOrganization({ name: "Others" }));
      (await fleet.up({ simRange: range(6), plan })).clean();
      assert.deepEqual([fleet.outputs().iccids, fleet.outputs().lost], [cards(5, 1), [iccid(0)]]);
      const quiet = (await fleet.up({ simRange: range(6), plan })).clean();
      assert.deepEqual([quiet.changes, quiet.requests], ["", []]);
    }));

  it("a SIM that was moved away may be counted although no preview could name the range", () =>
    withFleet({ behaviour: { limit: 3 } }, async (fleet) => {
      (await fleet.up({ simRange: range(4, 1), plan, expectedSims: 4 })).clean();
      const grown = { simRange: range(5), plan, expectedSims: 5 };
      fleet.emulator.faults.add({
        ...aClaim,
        fault: { kind: "status", status: 400, body: { success: false, error: "Try again later" } },
      });
      assert.equal((await fleet.up(grown)).succeeded, false);
      fleet.emulator.faults.clear();
      await fleet.timeline.advance(SETTLED);
      fleet.emulator.move(iccid(4), fleet.emulator.addOrganization({ name: "Others" }));
      (await fleet.up(grown)).clean();
      assert.deepEqual([fleet.outputs().iccids, fleet.outputs().lost], [cards(4), [iccid(4)]]);
    }));

  it("a SIM that was moved away after a failure is lost, and not claimed", () =>
    withFleet({ pack: { count: 400 } }, async (fleet) => {
      const inputs = { sims: cards(400), plan };
      const refusal = { kind: "refuse", iccids: [iccid(7)], reason: "broken" } as const;
      fleet.emulator.faults.add({ ...aClaim, fault: refusal });
      assert.equal((await fleet.up(inputs)).succeeded, false);
      fleet.emulator.faults.clear();
      await fleet.timeline.advance(SETTLED);
      fleet.emulator.move(iccid(3), fleet.emulator.addOrganization({ name: "Others" }));
      (await fleet.up(inputs)).clean();
      assert.deepEqual(fleet.outputs().iccids, cards(400).toSpliced(3, 1));
      assert.deepEqual(fleet.outputs().lost, [iccid(3)]);
      assert.deepEqual(fleet.emulator.judgement().doubleClaims, []);
    }));

  it("a SIM that was moved away before a growth may be counted in an expectedSims that is new", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ simRange: range(1, 1), plan })).clean();
      await fleet.timeline.advance(SETTLED);
      fleet.emulator.move(iccid(1), fleet.emulator.addOrganization({ name: "Others" }));
      (await fleet.up({ simRange: range(2), plan })).clean();
      for (const expectedSims of [2, 1]) {
        (await fleet.up({ simRange: range(2), plan, expectedSims })).clean();
        assert.deepEqual([fleet.outputs().iccids, fleet.outputs().lost], [[iccid(0)], [iccid(1)]]);
      }
    }));

  it("a SIM that is listed and that every preview skips without a word is claimed, and its refusal told", () =>
    withFleet({ pack: { count: 3 }, behaviour: { previewAnswer: "namesRest" } }, async (fleet) => {
      const inputs = { simRange: range(3), plan };
      const refusal = { kind: "refuse", iccids: [iccid(1)], reason: "SIM is not available" } as const;
      fleet.emulator.faults.add({ path: aClaim.path, fault: refusal });
      const first = await fleet.up(inputs);
      assert.equal(first.preview().activate, 3);
      assert.match(first.reasons.join(), /\(2 certain, 1 refused\).*SIM is not available: \d+270/);
      fleet.emulator.faults.clear();
      (await fleet.up(inputs)).clean();
      assert.deepEqual(fleet.outputs().iccids, cards(3));
    }));
});
