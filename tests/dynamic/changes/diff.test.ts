import assert from "node:assert/strict";
import { cards, iccid, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import type { Values } from "../../harness/provider/providerReport";

const plan = PLAN;
const byRange = { simRange: range(100), plan };
const byList = { sims: cards(100), plan };

/** Before, after, what the engine is told. */
const rows: readonly [what: string, before: Values, after: Values, changes: string][] = [
  ["nothing", byRange, byRange, ""],
  ["another order", byList, { ...byList, sims: cards(100).reverse() }, ""],
  ["repetition", byList, { ...byList, sims: [...cards(100), iccid(5)] }, ""],
  ["a range as the list of its SIMs", byRange, byList, ""],
  ["spaces in the range", byRange, { ...byRange, simRange: range(100).replace("-", " - ") }, ""],
  ["the zone in capitals", byRange, { ...byRange, zone: "GLOBAL" }, ""],
  ["defaults spelled out", byRange, { ...byRange, adopt: "matching", onRelease: "keep", zone: "global" }, ""],
  ["a key of the machinery", byRange, { ...byRange, __note: "x" }, ""],
  ["a range that grows", byRange, { ...byRange, simRange: range(101) }, "update fleet"],
  ["a range that shrinks", byRange, { ...byRange, simRange: range(99) }, "update fleet"],
  ["a range that moves and overlaps", byRange, { ...byRange, simRange: range(100, 99) }, "update fleet"],
  ["a range that is elsewhere", byRange, { ...byRange, simRange: range(100, 100) }, "replace fleet"],
  ["a list that grows", byList, { ...byList, sims: cards(101) }, "update fleet"],
  ["a list that shrinks to one", byList, { ...byList, sims: cards(1, 50) }, "update fleet"],
  ["a list that is elsewhere", byList, { ...byList, sims: cards(10, 100) }, "replace fleet"],
  ["a range as a longer list", byRange, { ...byList, sims: cards(101) }, "update fleet"],
  ["a range as a list elsewhere", byRange, { ...byList, sims: cards(10, 150) }, "replace fleet"],
  ["a list as a wider range", byList, { ...byRange, simRange: range(150) }, "update fleet"],
  ["onRelease", byRange, { ...byRange, onRelease: "pause" }, "update fleet"],
  ["expectedSims", byRange, { ...byRange, expectedSims: 100 }, "update fleet"],
  ["invalidatePreflightSims", byRange, { ...byRange, invalidatePreflightSims: true }, "update fleet"],
];

describe("dynamic: diff", () => {
  for (const [what, before, after, changes] of rows) {
    it(`${what}: ${changes || "no change"}`, () =>
      withFleet({}, async (fleet) => {
        (await fleet.up(before)).clean();
        const report = (await fleet.preview(after)).clean();
        assert.equal(report.changes, changes);
        assert.deepEqual(report.writes, []);
        // Twice in a row, as preview and update phase ask: the answer is the same.
        assert.equal((await fleet.preview(after)).clean().changes, changes);
      }));
  }

  it("another price is no change", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up(byRange)).clean();
      fleet.emulator.addPlan({ id: PLAN, name: "Global Flat", zones: { global: "0.90" } });
      const report = (await fleet.up(byRange)).clean();
      assert.deepEqual([report.changes, report.requests], ["", []]);
    }));

  it("roles swapped by a refresh that found nothing new show nothing", () =>
    withFleet({}, async (fleet) => {
      const lists = {
        plain: { sims: cards(10), plan },
        limited: { sims: cards(10, 10), plan, overageLimit: 5, zone: "Global" },
      };
      (
        await fleet.upProgram({ ...lists, ranged: { simRange: range(20, 20), plan, expectedSims: 20 } })
      ).clean();
      const refreshed = (await fleet.refresh()).clean();
      assert.deepEqual([refreshed.changes, refreshed.writes], ["", []]);
    }));

  it("unfinished SIMs are an update, and the row says how many and for how much", () =>
    withFleet({}, async (fleet) => {
      fleet.emulator.faults.add({
        ...{ path: "/links/cellular/bulkclaim", preview: false, nth: 1 },
        fault: { kind: "drop", commit: false },
      });
      const failed = await fleet.up({ simRange: range(40), plan });
      assert.match(failed.reasons.join("\n"), /40 doubtful/);
      const preview = (await fleet.preview({ simRange: range(40), plan })).clean();
      assert.equal(preview.changes, "update fleet");
      assert(
        preview.lines.some(
          ({ message }) =>
            message ===
            "continues: 40 SIMs still to activate, about $24.00; a claim without an answer may still be landing",
        ),
      );
      (await fleet.refresh()).clean();
      assert.equal((await fleet.preview({ simRange: range(40), plan })).clean().changes, "update fleet");
    }));

  it("SIMs that share nothing with the former may be on another plan: they are a new fleet", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ simRange: range(10), plan: PLAN })).clean();
      const report = (await fleet.up({ simRange: range(10, 100), plan: 75, overageLimit: 1_000 })).clean();
      assert.equal(report.claims.length, 1);
      assert.partialDeepStrictEqual(fleet.outputs(), { plan: 75, simCount: 10, iccids: cards(10, 100) });
      // One that shares some of them is the same fleet: its SIMs change their plan.
      const overlapping = (await fleet.preview({ simRange: range(20, 100), plan: PLAN })).clean();
      assert.partialDeepStrictEqual(overlapping.preview(), { activate: 10, changePlan: 10 });
    }));

  it("SIMs that a failed growth left behind are not moved to another plan in passing", () =>
    withFleet({}, async (fleet) => {
      const { emulator } = fleet;
      (await fleet.up({ simRange: range(10), plan: PLAN })).clean();
      emulator.faults.add({
        path: "/links/cellular/bulkclaim",
        preview: false,
        fault: { kind: "refuse", iccids: [iccid(29)], reason: "SIM is broken" },
      });
      assert.match((await fleet.up({ simRange: range(30), plan: PLAN })).reasons.join(), /SIM is broken/);
      const elsewhere = { simRange: range(10, 15), plan: 75 };
      const seen = await fleet.up(elsewhere);
      assert.match(seen.failures.join(), /^already active with plan 2096 instead of 75: /);

      // The same where neither check could look: four tries are as many as a read gets.
      const outage = { kind: "status", status: 503 } as const;
      emulator.faults.add({ path: "/organizations", nth: { from: 1, to: 8 }, fault: outage });
      const unseen = await fleet.up(elsewhere);
      assert.match(unseen.clean().text, /SIMs on another plan or in another zone, of which no preview told/);
      assert.deepEqual([...seen.writes, ...unseen.writes], []);
    }));

  it("says what a growth that was taken back part-way leaves, and how it is released", () =>
    withFleet({}, async (fleet) => {
      const before = { simRange: range(10), plan: PLAN, onRelease: "pause" };
      (await fleet.up(before)).clean();
      fleet.emulator.faults.add({
        path: "/links/cellular/bulkclaim",
        preview: false,
        fault: { kind: "refuse", iccids: [iccid(19)], reason: "SIM is broken" },
      });
      assert.match((await fleet.up({ ...before, simRange: range(20) })).reasons.join(), /SIM is broken/);
      fleet.emulator.faults.clear();
      const says =
        /^9 SIMs of a change that was taken back are held: run `pulumi refresh`, and the next preview tells their release$/m;
      // It says so until it is told: an `up` leaves them alone.
      for (const report of [
        await fleet.preview(before),
        await fleet.up(before),
        await fleet.preview(before),
      ]) {
        assert.match(report.clean().text, says);
        assert.deepEqual(report.writes, []);
      }
      (await fleet.refresh()).clean();
      const told = (await fleet.preview(before)).clean();
      assert.equal(told.preview().release, 9);
      assert.doesNotMatch(told.text, /taken back/);
      (await fleet.up(before)).clean();
      assert.equal(fleet.emulator.judgement().pauses.length, 9);
    }));
});
