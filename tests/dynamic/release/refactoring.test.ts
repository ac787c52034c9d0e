import assert from "node:assert/strict";
import { cards, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import type { FleetHarness } from "../../harness/provider/providerHarness";
import type { Report } from "../../harness/provider/providerReport";

const plan = PLAN;

/** Refactoring is not a release: no claim, no state change, every SIM runs on. */
function assertUntouched(fleet: FleetHarness, report: Report, sims: readonly string[]): void {
  report.clean();
  assert.deepEqual(report.writes, []);
  const { pauses, deactivations, doubleClaims } = fleet.emulator.judgement();
  assert.deepEqual([pauses, deactivations, doubleClaims], [[], [], []]);
  for (const each of sims) assert.equal(fleet.emulator.sim(each).state, "LIVE");
  assert.deepEqual(fleet.resources.flatMap(({ outputs }) => outputs.iccids).sort(), [...sims]);
}

for (const onRelease of ["pause", "deactivate"] as const) {
  const begin = async (fleet: FleetHarness, inputs: Record<string, unknown>) => {
    fleet.environment.HOLOGRAM_MAX_DEACTIVATIONS = "1000000";
    (await fleet.upProgram({ old: inputs })).clean();
    fleet.emulator.clearRequests();
  };
  const ranged = (count: number, from = 0) => ({ simRange: range(count, from), plan, onRelease });
  const listed = (count: number, from = 0) => ({ sims: cards(count, from), plan, onRelease });

  describe(`dynamic: refactoring under onRelease ${onRelease}`, () => {
    const moves = {
      "a rename without alias": [ranged(100), { renamed: ranged(100) }],
      "a rename, from range to list": [ranged(100), { renamed: listed(100) }],
      "a rename, from list to range": [listed(100), { renamed: ranged(100) }],
      "a split in two new resources": [ranged(100), { a: ranged(50), b: ranged(50, 50) }],
      "a split into lists": [ranged(100), { a: listed(30), b: listed(70, 30) }],
      "a split, the old one first": [ranged(100), { old: ranged(50), b: ranged(50, 50) }],
      "a split, the new one first": [ranged(100), { b: ranged(50, 50), old: ranged(50) }],
      "a split in three, the old one first": [
        listed(90),
        { old: listed(30), b: listed(30, 30), c: listed(30, 60) },
      ],
    } as const;
    for (const [what, [before, after]] of Object.entries(moves)) {
      it(`${what}: no claim, no state change`, () =>
        withFleet({}, async (fleet) => {
          await begin(fleet, before);
          const held = cards("sims" in before ? before.sims.length : 100);
          const preview = (await fleet.previewProgram(after)).clean();
          assert.deepEqual(preview.writes, []);
          assertUntouched(fleet, await fleet.upProgram(after), held);
          assertUntouched(fleet, await fleet.upProgram(after), held);
        }));
    }

    it("a replace by hand: no claim, no state change", () =>
      withFleet({}, async (fleet) => {
        await begin(fleet, ranged(100));
        const report = await fleet.upProgram({ old: ranged(100) }, { replace: ["old"] });
        assert.equal(report.changes, "replace old, delete old");
        assertUntouched(fleet, report, cards(100));
      }));

    it("a merge of two into one: no claim, no state change", () =>
      withFleet({}, async (fleet) => {
        fleet.environment.HOLOGRAM_MAX_DEACTIVATIONS = "1000000";
        (await fleet.upProgram({ a: ranged(50), b: ranged(50, 50) })).clean();
        fleet.emulator.clearRequests();
        assertUntouched(fleet, await fleet.upProgram({ a: ranged(100) }), cards(100));
      }));

    it("a move of SIMs from one resource to the other: no claim, no state change", () =>
      withFleet({}, async (fleet) => {
        fleet.environment.HOLOGRAM_MAX_DEACTIVATIONS = "1000000";
        (await fleet.upProgram({ a: ranged(50), b: ranged(50, 50) })).clean();
        fleet.emulator.clearRequests();
        assertUntouched(fleet, await fleet.upProgram({ a: ranged(30), b: ranged(70, 30) }), cards(100));
      }));

    it("what leaves for good beside a rename is released, and nothing else", () =>
      withFleet({}, async (fleet) => {
        await begin(fleet, ranged(100));
        (await fleet.upProgram({ renamed: ranged(80) })).clean();
        const { pauses, deactivations } = fleet.emulator.judgement();
        const released = onRelease === "pause" ? pauses : deactivations;
        assert.deepEqual(released.map((each) => each.iccid).sort(), cards(20, 80));
      }));

    it("a removal beside another resource releases all of the removed", () =>
      withFleet({}, async (fleet) => {
        fleet.environment.HOLOGRAM_MAX_DEACTIVATIONS = "1000000";
        (await fleet.upProgram({ a: ranged(50), b: ranged(50, 50) })).clean();
        (await fleet.upProgram({ a: ranged(50) })).clean();
        const { pauses, deactivations } = fleet.emulator.judgement();
        const released = onRelease === "pause" ? pauses : deactivations;
        assert.deepEqual(released.map((each) => each.iccid).sort(), cards(50, 50));
      }));
  });
}
