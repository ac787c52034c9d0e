import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cards, iccid, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import type { FleetHarness } from "../../harness/provider/providerHarness";
import { simsOf } from "../../harness/provider/providerReport";

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

function pausedIn({ emulator }: FleetHarness): string[] {
  return emulator
    .judgement()
    .pauses.map(({ iccid }) => iccid)
    .sort();
}

describe("dynamic: an operation of 3,000 SIMs that ends part-way", () => {
  for (const [form, inputs] of Object.entries(forms)) {
    it(`${form}: reports every SIM, on less than 4 MB, and the next up completes them`, () =>
      withFleet(setup, async (fleet) => {
        const failed = await halfCreated(fleet, inputs);
        const [bytes = Number.POSITIVE_INFINITY] = failed.payloads;
        assert(bytes < 4_000_000, `${bytes} bytes`);
        const { iccids, simCount, unfinished } = fleet.outputs();
        assert.deepEqual([iccids, simCount], [cards(2_500), 2_500]);
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
        assert.match(failed.reasons[0] ?? "", /^500 SIMs not done \(0 certain, 500 doubtful\)/);
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
        // No preview told of a release: what the growth bought leaves once a refresh has made it known.
        const back = (await fleet.up({ ...inputs, onRelease })).clean();
        assert.deepEqual(back.writes, []);
        assert.match(
          back.text,
          /99 SIMs declared no more, of which no preview told: left alone; run `pulumi refresh`/,
        );
        assert.deepEqual(fleet.outputs().iccids, [...cards(SIMS), ...cards(99, SIMS + 1)]);
        (await fleet.refresh()).clean();
        const released = (await fleet.up({ ...inputs, onRelease })).clean();
        assert.partialDeepStrictEqual(released.preview(), { activate: 0, release: 99, unchanged: SIMS });
        assert.deepEqual(released.claims, []);
        assert.deepEqual(fleet.outputs().iccids, cards(SIMS));
        assert.deepEqual(pausedIn(fleet), cards(99, SIMS + 1));
      }));
  }

  for (const [form, inputs] of Object.entries(forms)) {
    it(`${form}: can be destroyed when its doubt has ended, and pauses what is held`, () =>
      withFleet(setup, async (fleet) => {
        await halfCreated(fleet, { ...inputs, onRelease: "pause" });
        const early = await fleet.destroy();
        assert.match(early.errors.join(), /may still be landing until .*Nothing was released/);
        assert.deepEqual([early.writes, fleet.resources.length], [[], 1]);
        await fleet.timeline.advance(10 * MINUTE);
        (await fleet.destroy()).clean();
        assert.deepEqual(pausedIn(fleet), cards(2_500));
        assert.deepEqual(fleet.resources, []);
      }));
  }

  it("a list of scattered numbers is in the report too, and is destroyed at once", () =>
    withFleet({ pack: false }, async (fleet) => {
      // Bought one by one over the years: no two numbers have to do with each other.
      const sims = Array.from({ length: 1_300 }, (_, i) => {
        const digits = createHash("sha256").update(`${i}`).digest().readUIntBE(0, 6);
        return `89445${String(digits).padStart(15, "0")}`;
      });
      for (const first of sims) fleet.emulator.addPack({ first, count: 1 });
      const inputs = { sims, plan, onRelease: "pause" };
      const refusal = { kind: "refuse", iccids: sims.slice(0, 1), reason: "SIM is blocked" } as const;
      fleet.emulator.faults.add({ path: "/links/cellular/bulkclaim", preview: false, fault: refusal });
      assert.match((await fleet.up(inputs)).reasons[0] ?? "", /^1 SIM not done \(1,299 certain, 1 refused\)/);
      (await fleet.destroy()).clean();
      assert.deepEqual(pausedIn(fleet), sims.slice(1).sort());
      assert.deepEqual(fleet.resources, []);
    }));

  it("what lies between two ranges, and was declared by neither, is left alone", () =>
    withFleet(setup, async (fleet) => {
      fleet.emulator.activateByHand(cards(50, 1_500), { plan, zone: "global" });
      const refuse = (n: number): void =>
        fleet.emulator.faults.add({
          path: "/links/cellular/bulkclaim",
          preview: false,
          fault: { kind: "refuse", iccids: [iccid(n)], reason: "SIM is blocked" },
        });
      refuse(3);
      const rest = { plan, onRelease: "pause" };
      assert.equal((await fleet.up({ simRange: range(1_000), ...rest })).succeeded, false);
      fleet.emulator.faults.clear();
      refuse(2_003);
      const moved = { simRange: range(1_000, 2_000), ...rest };
      assert.equal((await fleet.up(moved)).succeeded, false);
      fleet.emulator.faults.clear();
      (await fleet.up(moved)).clean();
      assert.deepEqual(fleet.outputs().iccids, cards(1_000, 2_000));
      assert.deepEqual(pausedIn(fleet), cards(1_000).toSpliced(3, 1));
    }));

  it("long reasons do not make the report larger", () =>
    withFleet(setup, async (fleet) => {
      const words = "x".repeat(100_000);
      fleet.emulator.faults.add({
        ...{ path: "/links/cellular/bulkclaim", preview: false, nth: { from: 2 } },
        fault: { kind: "status", status: 400, body: { success: false, error: words } },
      });
      const failed = await fleet.up(forms.list);
      const [bytes = Number.POSITIVE_INFINITY] = failed.payloads;
      // 2,500 SIMs with their ids take 40 bytes each.
      assert(bytes < 2_500 * 40 + 20_000, `${bytes} bytes`);
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
