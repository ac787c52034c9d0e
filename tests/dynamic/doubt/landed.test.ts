import assert from "node:assert/strict";
import { cards, iccid, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import type { FleetHarness } from "../../harness/provider/providerHarness";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const firstClaim = { path: "/links/cellular/bulkclaim", preview: false, nth: 1 } as const;
const silent = { pack: { listed: false }, behaviour: { previewAnswer: "costOnly" } } as const;
const chargedForNothing = new RegExp(`^3 SIMs .*charged and deactivated since: ${cards(3).join(", ")}$`, "m");
const forms = [
  ["list", {}, { sims: cards(30) }],
  ["range", silent, { simRange: range(30), expectedSims: 30 }],
] as const;

/** A new fleet whose claim never lands. */
async function claimInVain(fleet: FleetHarness, inputs: Readonly<Record<string, unknown>>): Promise<void> {
  fleet.environment.HOLOGRAM_MAX_DEACTIVATIONS = "1000";
  fleet.emulator.faults.add({ ...firstClaim, fault: { kind: "drop", commit: false } });
  assert.equal((await fleet.up(inputs)).succeeded, false);
  fleet.emulator.faults.clear();
}

describe("dynamic: what others activate of a claim in doubt", () => {
  for (const [form, account, selection] of forms) {
    const inputs = { ...selection, plan: PLAN, onRelease: "deactivate" };

    it(`${form}: what another stack bought after the doubt is not deactivated with the fleet`, () =>
      withFleet(account, async (fleet) => {
        await claimInVain(fleet, inputs);
        const first = fleet.resources.splice(0);
        await fleet.timeline.advance(11 * MINUTE);
        (await fleet.up({ sims: cards(20), plan: PLAN })).clean();
        fleet.resources.splice(0, Number.POSITIVE_INFINITY, ...first);
        await fleet.timeline.advance(60 * MINUTE);
        const destroyed = (await fleet.destroy()).clean();
        assert.deepEqual([destroyed.writes, fleet.resources], [[], []]);
      }));

    it(`${form}: what a colleague activated a week later is neither held nor deactivated`, () =>
      withFleet(account, async (fleet) => {
        await claimInVain(fleet, inputs);
        await fleet.timeline.advance(7 * DAY);
        fleet.emulator.activateByHand(cards(20), { plan: PLAN, zone: "global" });
        assert.doesNotMatch((await fleet.refresh()).clean().text, /active and billed/);
        assert.equal(fleet.outputs().simCount, 0);
        assert.deepEqual((await fleet.destroy()).clean().writes, []);
      }));

    it(`${form}: what is active on another plan than was claimed is named by destroy, and left as it is`, () =>
      withFleet(account, async (fleet) => {
        await claimInVain(fleet, inputs);
        fleet.emulator.activateByHand(cards(2), { plan: 75, zone: "us" });
        await fleet.timeline.advance(11 * MINUTE);
        const destroyed = (await fleet.destroy()).clean();
        assert.deepEqual([destroyed.writes, fleet.resources], [[], []]);
        assert.match(
          destroyed.text,
          new RegExp(`^2 SIMs are active and billed, perhaps by the claim .*: ${cards(2).join(", ")}$`, "m"),
        );
      }));

    it(`${form}: what landed late is deactivated`, () =>
      withFleet(account, async (fleet) => {
        fleet.environment.HOLOGRAM_MAX_DEACTIVATIONS = "1000";
        fleet.emulator.faults.add({ ...firstClaim, fault: { kind: "lateCommit", milliseconds: 8 * MINUTE } });
        await fleet.up(inputs);
        await fleet.timeline.advance(60 * MINUTE);
        (await fleet.destroy()).clean();
        const { deactivations } = fleet.emulator.judgement();
        assert.deepEqual(deactivations.map((each) => each.iccid).sort(), cards(30));
      }));
  }

  it("what others have activated on another plan within the doubt is named by the next up, all of it or a part", () =>
    withFleet({}, async (fleet) => {
      const inputs = { sims: cards(2), plan: PLAN };
      await claimInVain(fleet, inputs);
      fleet.emulator.activateByHand(cards(1), { plan: 75, zone: "us" });
      assert.match((await fleet.up(inputs)).text, /^1 SIM is active and billed, perhaps by the claim/m);
      fleet.emulator.activateByHand(cards(1, 1), { plan: 75, zone: "us" });
      assert.match(
        (await fleet.up(inputs)).text,
        new RegExp(`^1 SIM is active and billed, .*: ${iccid(1)}$`, "m"),
      );
    }));

  for (const minutes of [11, 120, -120])
    it(`what landed late is released by destroy where the account's clock is ${minutes} minutes ahead`, () =>
      withFleet({ clockAheadMs: minutes * MINUTE }, async (fleet) => {
        fleet.environment.HOLOGRAM_MAX_DEACTIVATIONS = "1000";
        fleet.emulator.faults.add({ ...firstClaim, fault: { kind: "lateCommit", milliseconds: 4 * MINUTE } });
        await fleet.up({ sims: cards(10), plan: PLAN, onRelease: "deactivate" });
        await fleet.timeline.advance(4 * MINUTE);
        (await fleet.destroy()).clean();
        assert.equal(fleet.emulator.judgement().deactivations.length, 10);
      }));

  for (const [form, account, selection] of forms)
    for (const next of ["refresh", "up"] as const)
      it(`${form}: what landed late and was deactivated by a colleague is lost, by name, at the next ${next}`, () =>
        withFleet(account, async (fleet) => {
          fleet.emulator.faults.add({
            ...firstClaim,
            fault: { kind: "lateCommit", milliseconds: 8 * MINUTE },
          });
          const inputs = { ...selection, plan: PLAN };
          await fleet.up(inputs);
          await fleet.timeline.advance(9 * MINUTE);
          fleet.emulator.dashboard.deactivate(cards(3));
          await fleet.timeline.advance(60 * MINUTE);
          const { text } = next === "refresh" ? await fleet.refresh() : await fleet.up(inputs);
          assert.match(text, chargedForNothing);
          assert.partialDeepStrictEqual(fleet.outputs(), { lost: cards(3), simCount: 27 });
          (await fleet.up(inputs)).clean();
          assert.partialDeepStrictEqual(fleet.outputs(), { lost: cards(3), simCount: 27, unfinished: [] });
        }));

  for (const next of ["up", "destroy"] as const)
    it(`what landed late, was deactivated by a colleague, and is declared no more is named by the next ${next}`, () =>
      withFleet({}, async (fleet) => {
        fleet.emulator.faults.add({ ...firstClaim, fault: { kind: "lateCommit", milliseconds: 8 * MINUTE } });
        await fleet.up({ sims: cards(30), plan: PLAN });
        await fleet.timeline.advance(9 * MINUTE);
        fleet.emulator.dashboard.deactivate(cards(3));
        await fleet.timeline.advance(60 * MINUTE);
        const smaller = { sims: cards(27, 3), plan: PLAN };
        const { text } = next === "up" ? await fleet.up(smaller) : await fleet.destroy();
        assert.match(text, chargedForNothing);
      }));

  it("a range holds no more SIMs than it lacks, and names the others", () =>
    withFleet({ ...silent, pack: { listed: false, count: 38 } }, async (fleet) => {
      const inputs = { simRange: range(60), plan: PLAN, expectedSims: 40, onRelease: "pause" };
      assert.match((await fleet.up(inputs)).reasons[0] ?? "", /^2 SIMs not done \(38 certain, 2 doubtful\)/);
      fleet.emulator.addPack({ first: iccid(45), count: 6, step: 10 });
      fleet.emulator.activateByHand(cards(6, 45), { plan: PLAN, zone: "global" });
      const early = await fleet.up(inputs);
      assert.match(early.text, /^4 SIMs are active and billed, perhaps by the claim/m);
      assert.equal(fleet.outputs().simCount, 40);
      await fleet.timeline.advance(10 * MINUTE);
      await fleet.up(inputs);
      assert.equal(fleet.outputs().simCount, 40);
      (await fleet.destroy()).clean();
      assert.equal(fleet.emulator.judgement().pauses.length, 40);
    }));

  it("a range of which more SIMs may have landed than it lacks is not released by a guess", () =>
    withFleet({ ...silent, pack: { listed: false, count: 38 } }, async (fleet) => {
      await fleet.up({ simRange: range(60), plan: PLAN, expectedSims: 40, onRelease: "pause" });
      fleet.emulator.addPack({ first: iccid(45), count: 6, step: 10 });
      fleet.emulator.activateByHand(cards(6, 45), { plan: PLAN, zone: "global" });
      await fleet.timeline.advance(11 * MINUTE);
      const destroyed = (await fleet.destroy()).clean();
      assert.deepEqual(
        fleet.emulator
          .judgement()
          .pauses.map((each) => each.iccid)
          .sort(),
        cards(38),
      );
      assert.match(destroyed.text, /^6 SIMs are active and billed, perhaps by the claim/m);
    }));
});
