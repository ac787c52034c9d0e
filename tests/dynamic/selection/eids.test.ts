import assert from "node:assert/strict";
import { cards, iccid, PLAN, range, type Setup, withFleet } from "../../harness/provider/providerFleet";
import type { FleetHarness } from "../../harness/provider/providerHarness";

const plan = PLAN;
const FIRST = 89044045000000000000000000000001n;
const eid = (n: number): string => `${FIRST + BigInt(n)}`;
/** The EIDs of so many cards. */
const eids = (count: number, from = 0): string => `${eid(from)}-${eid(from + count - 1)}`;
const pack = { count: 60, eids: `${FIRST}` };

const withEsims = (setup: Setup, test: (fleet: FleetHarness) => Promise<void>): Promise<void> =>
  withFleet({ ...setup, pack: { ...pack, ...(setup.pack || {}) } }, test);

describe("dynamic: EID ranges", () => {
  it("are claimed as the list that the preview named, and quiet afterwards", () =>
    withEsims({}, async (fleet) => {
      const inputs = { eidRange: eids(40), plan };
      const preview = (await fleet.preview(inputs)).clean();
      assert.partialDeepStrictEqual(preview.preview(), { activate: 40, simCount: 40, dueNow: 24 });
      const up = (await fleet.up(inputs)).clean();
      assert.deepEqual(
        up.claims.map(({ body }) => [
          Reflect.get(Object(body), "sims"),
          Reflect.get(Object(body), "eidrange"),
        ]),
        [[cards(40), undefined]],
      );
      assert.partialDeepStrictEqual(fleet.outputs(), { eidRange: eids(40), iccids: cards(40), simCount: 40 });
      assert.equal(fleet.outputs().simRange, undefined);
      await assertQuiet(fleet, inputs);
    }));

  for (const listed of [true, false]) {
    for (const previewAnswer of ["names", "namesRest", "costOnly"] as const) {
      it(`grow, shrink and adopt (inventory ${listed ? "" : "not "}listed, preview ${previewAnswer})`, () =>
        withEsims({ pack: { listed }, behaviour: { previewAnswer } }, async (fleet) => {
          const named = previewAnswer !== "costOnly" || listed;
          fleet.emulator.activateByHand(cards(5), { plan, zone: "global" });
          const first = await fleet.up({ eidRange: eids(20), plan });
          if (!named) {
            assert.match(String(first.preview().unverified), /does not say which SIMs these EIDs belong to/);
            assert.deepEqual([first.writes, fleet.outputs().iccids], [[], cards(5)]);
            return;
          }
          first.clean();
          assert.partialDeepStrictEqual(first.preview(), { activate: 15, adopt: 5, simCount: 20 });
          const grown = (await fleet.up({ eidRange: eids(30), plan })).clean();
          assert.partialDeepStrictEqual(grown.preview(), { activate: 10, adopt: 0, unchanged: 20 });
          const shrunk = (await fleet.up({ eidRange: eids(12), plan, onRelease: "pause" })).clean();
          assert.deepEqual(shrunk.writes, []);
          assert.partialDeepStrictEqual(shrunk.preview(), { release: 18, unchanged: 12 });
          assert.deepEqual(fleet.outputs().iccids, cards(12));
          const paused = (await fleet.up({ eidRange: eids(10), plan, onRelease: "pause" })).clean();
          assert.equal(paused.writes.length, 1);
          assert.deepEqual(
            fleet.emulator
              .sims()
              .filter(({ state }) => state === "PAUSED-USER")
              .map((sim) => sim.iccid),
            cards(2, 10),
          );
          await assertQuiet(fleet, { eidRange: eids(10), plan, onRelease: "pause" });
          const { doubleClaims, doubleCharges } = fleet.emulator.judgement();
          assert.deepEqual([doubleClaims, doubleCharges], [[], []]);
        }));
    }
  }

  it("disjoint ranges are a replace", () =>
    withEsims({}, async (fleet) => {
      (await fleet.up({ eidRange: eids(10), plan })).clean();
      const up = (await fleet.up({ eidRange: eids(10, 20), plan })).clean();
      assert.equal(up.changes, "replace fleet, delete fleet");
      assert.deepEqual(fleet.outputs().iccids, cards(10, 20));
    }));

  it("cannot become ICCIDs, nor ICCIDs EIDs", () =>
    withEsims({}, async (fleet) => {
      (await fleet.up({ eidRange: eids(10), plan })).clean();
      const toIccids = await fleet.up({ simRange: range(10), plan });
      assert.match(toIccids.failures.join(), /^the fleet is declared by ICCIDs in one place and by EIDs/);
      // The way that the message names: a second resource adopts, the first is removed and keeps.
      const second = await fleet.upProgram({
        fleet: { eidRange: eids(10), plan },
        second: { simRange: range(10), plan },
      });
      assert.deepEqual(second.clean().writes, []);
      const both = await fleet.upProgram({ second: { simRange: range(10), plan } });
      assert.deepEqual(both.clean().writes, []);
      assert.deepEqual(fleet.outputs("second").iccids, cards(10));
      const back = await fleet.upProgram({ second: { eidRange: eids(10), plan } });
      assert.match(back.failures.join(), /^the fleet is declared by ICCIDs in one place and by EIDs/);
    }));

  it("a rename spares the SIMs, whatever onRelease says, and so does one to ICCIDs", () =>
    withEsims({}, async (fleet) => {
      const inputs = { eidRange: eids(10), plan, onRelease: "pause" };
      (await fleet.upProgram({ old: inputs })).clean();
      const renamed = (await fleet.upProgram({ renamed: inputs })).clean();
      assert.deepEqual([renamed.writes, fleet.emulator.judgement().pauses], [[], []]);
      const byIccid = (await fleet.upProgram({ again: { simRange: range(10), plan } })).clean();
      assert.deepEqual([byIccid.writes, fleet.emulator.judgement().pauses], [[], []]);
      assert.deepEqual(fleet.outputs("again").iccids, cards(10));
    }));

  it("a split spares the SIMs of either half, whatever onRelease says", () =>
    withEsims({ behaviour: { settleReads: 0 } }, async (fleet) => {
      const terms = { plan, onRelease: "pause" };
      (await fleet.upProgram({ one: { eidRange: eids(10), ...terms } })).clean();
      const split = {
        one: { eidRange: eids(5), ...terms },
        two: { eidRange: eids(5, 5), ...terms },
      };
      const up = (await fleet.upProgram(split)).clean();
      assert.deepEqual([up.writes, fleet.emulator.judgement().pauses], [[], []]);
      assert.deepEqual([fleet.outputs("one").iccids, fleet.outputs("two").iccids], [cards(5), cards(5, 5)]);
    }));

  it("a profile that changes its ICCID is the same SIM", () =>
    withEsims({}, async (fleet) => {
      const inputs = { eidRange: eids(10), plan };
      (await fleet.up(inputs)).clean();
      fleet.emulator.swapProfile(iccid(3), "89000000000000000003");
      (await fleet.refresh()).clean();
      assert.deepEqual(fleet.outputs().iccids, cards(10));
      (await fleet.up({ eidRange: eids(12), plan })).clean();
      assert.deepEqual(fleet.outputs().iccids, cards(12));
      assert.deepEqual(fleet.outputs().lost, []);
      assert.equal(fleet.emulator.ledger.length, 12);
    }));

  it("a lost answer is read back, and nothing is claimed twice", () =>
    withEsims({ behaviour: { alreadyActive: "charge" } }, async (fleet) => {
      const inputs = { eidRange: eids(40), plan };
      fleet.emulator.faults.add({
        ...{ path: "/links/cellular/bulkclaim", preview: false, nth: 1 },
        fault: { kind: "drop", commit: true },
      });
      (await fleet.up(inputs)).clean();
      assert.deepEqual(fleet.outputs().iccids, cards(40));
      assert.equal(fleet.emulator.ledger.length, 40);
      await assertQuiet(fleet, inputs);
    }));

  it("dead and moved SIMs are lost and never claimed again", () =>
    withEsims({}, async (fleet) => {
      const inputs = { eidRange: eids(10), plan };
      (await fleet.up(inputs)).clean();
      // So long after the newest claim, absence is loss.
      await fleet.timeline.advance(601_000);
      fleet.emulator.setState(iccid(3), "DEAD");
      fleet.emulator.move(iccid(4), fleet.emulator.addOrganization({ name: "Others" }));
      (await fleet.refresh()).clean();
      assert.deepEqual(fleet.outputs().lost, [iccid(3), iccid(4)]);
      const up = (await fleet.up({ eidRange: eids(11), plan })).clean();
      assert.deepEqual(
        up.claims.map(({ body }) => Reflect.get(Object(body), "sims")),
        [[iccid(10)]],
      );
      assert.deepEqual(fleet.outputs().lost, [iccid(3), iccid(4)]);
    }));

  it("a SIM that moved away is lost and stops nothing, also after a preview that could not be verified", () =>
    withEsims({}, async (fleet) => {
      fleet.emulator.faults.add({
        path: "/links/cellular",
        nth: { from: 1, to: 2 },
        fault: { kind: "status", status: 400 },
      });
      const first = await fleet.up({ eidRange: eids(5), plan, expectedSims: 5 });
      assert.deepEqual([first.preview().activate, first.preview().simCount], [5, undefined]);
      assert.deepEqual(fleet.outputs().iccids, cards(5));
      await fleet.timeline.advance(601_000);
      fleet.emulator.move(iccid(2), fleet.emulator.addOrganization({ name: "Others" }));
      // The preview could tell no roll, and the account lists another number by now: a refresh is asked for.
      const asked = await fleet.up({ eidRange: eids(8), plan });
      assert.match(asked.failures.join(), /is not known: run `pulumi refresh`, then go on$/);
      (await fleet.refresh()).clean();
      const grown = await fleet.up({ eidRange: eids(8), plan });
      assert.deepEqual(grown.failures, []);
      assert.deepEqual(fleet.outputs().lost, [iccid(2)]);
      assert.deepEqual(fleet.outputs().iccids, [...cards(2), ...cards(5, 3)]);
      assert.equal(fleet.emulator.ledger.length, 8);
    }));

  it("a failure that ended part-way goes on by EID", () =>
    withEsims({ pack: { count: 400 } }, async (fleet) => {
      const inputs = { eidRange: eids(400), plan, onRelease: "pause" };
      fleet.emulator.faults.add({
        ...{ path: "/links/cellular/bulkclaim", preview: false },
        fault: { kind: "refuse", iccids: [iccid(7)], reason: "SIM is broken" },
      });
      assert.equal((await fleet.up(inputs)).succeeded, false);
      assert.equal(fleet.outputs().simCount, 399);
      fleet.emulator.faults.clear();
      (await fleet.up(inputs)).clean();
      assert.deepEqual(fleet.outputs().iccids, cards(400));
      assert.equal(fleet.emulator.ledger.length, 400);
    }));

  for (const [what, eidRange, says] of [
    ["too short", "8904-8905", /^eidRange: "8904" is not an EID: 32 digits/],
    ["reversed", `${eid(9)}-${eid(0)}`, /^eidRange: the range ends before it begins/],
    ["ICCIDs", range(3), /is not an EID/],
  ] as const) {
    it(`${what}: a clear failure, and no request`, () =>
      withEsims({}, async (fleet) => {
        const report = await fleet.preview({ eidRange, plan });
        assert.match(report.failures.join(), says);
        assert.deepEqual(report.requests, []);
      }));
  }
});

async function assertQuiet(fleet: FleetHarness, inputs: Parameters<FleetHarness["up"]>[0]): Promise<void> {
  const refresh = (await fleet.refresh()).clean();
  assert.deepEqual([refresh.changes, refresh.writes], ["", []]);
  const up = (await fleet.up(inputs)).clean();
  assert.deepEqual([up.changes, up.requests], ["", []]);
}
