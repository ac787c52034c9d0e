import assert from "node:assert/strict";
import { cards, iccid, PLAN, range, withFleet } from "../../harness/provider/providerFleet";

const plan = PLAN;
const MINUTE = 60_000;
const aClaim = { path: "/links/cellular/bulkclaim", preview: false } as const;
const lost = { ...aClaim, nth: 1, fault: { kind: "drop", commit: false } } as const;
const unlisted = { pack: { listed: false } };

/** Worlds in which a preview cannot see what the record knows: every one of them comes to an end. */
describe("dynamic: no fleet is stuck", () => {
  it("a claim that failed in a range that no list shows goes on", () =>
    withFleet(unlisted, async (fleet) => {
      const inputs = { simRange: range(10), plan, expectedSims: 10 };
      fleet.emulator.faults.add({ path: "/organizations", nth: 1, fault: { kind: "empty", commit: false } });
      fleet.emulator.faults.add(lost);
      assert.equal((await fleet.up(inputs)).succeeded, false);
      await fleet.timeline.advance(11 * MINUTE);
      (await fleet.up(inputs)).clean();
      assert.deepEqual(fleet.outputs().iccids, cards(10));
      assert.equal(fleet.emulator.ledger.length, 10);
    }));

  it("such a range may grow meanwhile", () =>
    withFleet(unlisted, async (fleet) => {
      fleet.emulator.faults.add(lost);
      assert.match((await fleet.up({ simRange: range(5), plan })).reasons.join(), /5 doubtful/);
      const grown = { simRange: range(8), plan };
      assert.deepEqual((await fleet.up(grown)).writes, []);
      await fleet.timeline.advance(11 * MINUTE);
      (await fleet.up(grown)).clean();
      assert.deepEqual(fleet.outputs().iccids, cards(8));
      assert.equal(fleet.emulator.ledger.length, 8);
    }));

  it("a range that lost SIMs grows by Hologram's own count, whether the program counts the lost ones or not", async () => {
    for (const expectedSims of [16, 20]) {
      await withFleet(
        { pack: { listed: false, count: 20 }, behaviour: { previewAnswer: "costOnly" } },
        async (fleet) => {
          (await fleet.up({ sims: cards(10), plan })).clean();
          fleet.emulator.dashboard.deactivate(cards(4));
          (await fleet.refresh()).clean();
          const grown = { simRange: range(20), plan, expectedSims };
          assert.equal((await fleet.preview(grown)).preview()?.activate, 10);
          (await fleet.up(grown)).clean();
          assert.deepEqual(fleet.outputs().simCount, 16);
          assert.equal(fleet.emulator.ledger.length, 20);
        },
      );
    }
  });

  it("a SIM that shows another ICCID is counted as it is held", () =>
    withFleet(unlisted, async (fleet) => {
      (await fleet.up({ simRange: range(2), plan })).clean();
      fleet.emulator.swapProfile(iccid(1), "89000000000000000001");
      (await fleet.up({ simRange: range(1, 1), plan, expectedSims: 1 })).clean();
      assert.deepEqual(fleet.outputs().iccids, [iccid(1)]);
    }));

  it("and changes its plan with the others, when the program says so", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ simRange: range(3), plan })).clean();
      fleet.emulator.swapProfile(iccid(1), "89000000000000000001");
      // A check knows no devices, so it cannot tell of this one; a refresh that finds it makes it known.
      const first = (await fleet.up({ simRange: range(3), plan: 75 })).clean();
      assert.match(
        first.text,
        /1 SIM on another plan or in another zone, of which no preview told: left alone/,
      );
      (await fleet.refresh()).clean();
      (await fleet.up({ simRange: range(3), plan: 75 })).clean();
      const plans = fleet.emulator.sims().flatMap((sim) => (sim.deviceId === undefined ? [] : [sim.plan]));
      assert.deepEqual(plans, [75, 75, 75]);
    }));

  it("a range with a hole is activated in full, whichever gap is the widest", () =>
    withFleet({ pack: false, behaviour: { previewAnswer: "names" } }, async (fleet) => {
      const { emulator } = fleet;
      for (const [first, count] of [
        [0, 2],
        [3, 2],
        [5, 2],
      ] as const) {
        emulator.addPack({ first: iccid(first), count, step: 10, listed: false });
      }
      emulator.activateByHand([iccid(0), iccid(1), iccid(3), iccid(5)], { plan, zone: "global" });
      const inputs = { simRange: range(7), plan, expectedSims: 6 };
      (await fleet.up(inputs)).clean();
      assert.equal(fleet.outputs().simCount, 6);
      assert.equal(emulator.judgement().doubleClaims.length, 0);
    }));

  it("an expectedSims that is too small is told of, although so many are active already", () =>
    withFleet({}, async (fleet) => {
      fleet.emulator.activateByHand(cards(2), { plan, zone: "global" });
      const report = await fleet.up({ simRange: range(3), plan, expectedSims: 2 });
      assert.match(report.failures.join(), /^expectedSims is 2, but the selection holds 3 SIMs$/);
    }));

  it("a doubt is counted from when the answer failed, not from before the wait for a 429", () =>
    withFleet({ behaviour: { alreadyActive: "charge" } }, async (fleet) => {
      const inputs = { sims: cards(5), plan };
      fleet.emulator.faults.add({
        ...aClaim,
        nth: { from: 1, to: 5 },
        fault: { kind: "rateLimit", retryAfter: 50 },
      });
      fleet.emulator.faults.add({
        ...aClaim,
        nth: 6,
        fault: { kind: "lateCommit", milliseconds: 9.5 * MINUTE },
      });
      const begun = fleet.timeline.now;
      await fleet.up(inputs);
      assert(fleet.timeline.now - begun > 4 * MINUTE);
      // So long after the beginning, and not yet so long after the claim.
      await fleet.timeline.advance(begun + 10.2 * MINUTE - fleet.timeline.now);
      assert.deepEqual((await fleet.up(inputs)).writes, []);
      await fleet.timeline.advance(10 * MINUTE);
      (await fleet.up(inputs)).clean();
      assert.deepEqual([fleet.emulator.ledger.length, fleet.emulator.judgement().doubleCharges], [5, []]);
    }));

  it("drift is repaired although the first preview could not look", () =>
    withFleet({}, async (fleet) => {
      const inputs = { sims: cards(4), plan };
      const outage = { kind: "status", status: 503 } as const;
      fleet.emulator.faults.add({ path: "/organizations", nth: { from: 1, to: 4 }, fault: outage });
      (await fleet.up(inputs)).clean();
      fleet.emulator.setState(iccid(1), "PAUSED-USER");
      assert.equal((await fleet.refresh()).clean().changes, "update fleet");
      (await fleet.up(inputs)).clean();
      assert.equal(fleet.emulator.sim(iccid(1)).state, "LIVE");
      const quiet = (await fleet.up(inputs)).clean();
      assert.deepEqual([quiet.changes, quiet.requests], ["", []]);
    }));

  it("a list that was made smaller in doubt can be made what it was again", () =>
    withFleet({}, async (fleet) => {
      const [all, one] = [
        { sims: cards(4), plan },
        { sims: cards(1), plan },
      ];
      fleet.emulator.faults.add(lost);
      assert.match((await fleet.up(all)).reasons.join(), /4 doubtful/);
      assert.match((await fleet.up(one)).reasons.join(), /^1 SIM not done \(0 certain, 1 doubtful\)/);
      await fleet.timeline.advance(11 * MINUTE);
      (await fleet.refresh()).clean();
      (await fleet.up(all)).clean();
      assert.deepEqual(fleet.outputs().iccids, cards(4));
    }));

  it("a SIM that the preview told and the account then does not name is claimed all the same", () =>
    withFleet({ ...unlisted, behaviour: { previewAnswer: "namesRest" } }, async (fleet) => {
      const inputs = { simRange: range(2), plan };
      const refusal = { kind: "refuse", iccids: [iccid(0)], reason: "SIM is not available" } as const;
      // The preview and the update phase check once each; then the update itself looks.
      fleet.emulator.faults.add({ path: aClaim.path, preview: true, nth: 3, fault: refusal });
      // An omission is no refusal: the claim itself tells, and for certain.
      assert.equal((await fleet.up(inputs)).clean().claims.length, 1);
      assert.deepEqual(fleet.outputs().iccids, cards(2));
      const quiet = (await fleet.up(inputs)).clean();
      assert.deepEqual([quiet.changes, quiet.requests], ["", []]);
    }));

  it("a list that ended part-way can be renamed, whatever onRelease says", () =>
    withFleet({ pack: { count: 400 } }, async (fleet) => {
      const inputs = { sims: cards(400), plan, onRelease: "pause" };
      fleet.emulator.faults.add({
        ...aClaim,
        fault: { kind: "refuse", iccids: [iccid(7)], reason: "broken" },
      });
      assert.equal((await fleet.upProgram({ old: inputs })).succeeded, false);
      assert.equal(fleet.outputs("old").simCount, 399);
      fleet.emulator.faults.clear();
      const renamed = (await fleet.upProgram({ renamed: inputs })).clean();
      assert.deepEqual([renamed.claims.length, fleet.emulator.judgement().pauses], [1, []]);
      assert.deepEqual(
        fleet.resources.map(({ name }) => name),
        ["renamed"],
      );
      assert.deepEqual(fleet.outputs("renamed").iccids, cards(400));
    }));

  for (const listed of [true, false]) {
    it(`eSIMs with Test Mode among them are all claimed (inventory ${listed ? "" : "not "}listed)`, () =>
      withFleet({ pack: false, behaviour: { previewAnswer: "namesRest", settleReads: 0 } }, async (fleet) => {
        const { emulator } = fleet;
        const eid = 89044045000000000000000000000001n;
        emulator.addPack({ first: iccid(0), count: 9, step: 10, eids: `${eid}`, listed });
        emulator.activateByHand([iccid(1), iccid(3), iccid(6)], { plan, zone: "global" });
        emulator.setState(iccid(5), "TEST-ACTIVATE");
        const inputs = { eidRange: `${eid}-${eid + 8n}`, plan, expectedSims: 9 };
        for (let run = 0; run < 3; run++) await fleet.up(inputs);
        assert.equal(fleet.outputs().simCount, 9);
        const named = emulator.requests.filter(({ query }) => query.preview !== undefined);
        assert(!JSON.stringify(named.map(({ body }) => body)).includes(iccid(5)));
        assert.deepEqual(emulator.judgement().doubleClaims, []);
        const quiet = (await fleet.up(inputs)).clean();
        assert.deepEqual([quiet.changes, quiet.requests], ["", []]);
      }));
  }

  it("eSIMs that nothing names are no success while expectedSims says that there are more", () =>
    withFleet({ pack: false, behaviour: { previewAnswer: "costOnly" } }, async (fleet) => {
      const eid = 89044045000000000000000000000001n;
      fleet.emulator.addPack({ first: iccid(0), count: 5, step: 10, eids: `${eid}`, listed: false });
      fleet.emulator.activateByHand([iccid(1)], { plan, zone: "global" });
      const up = await fleet.up({ eidRange: `${eid}-${eid + 4n}`, plan, expectedSims: 5 });
      assert.match(up.reasons.join(), /^4 SIMs not done .*does not say which SIMs these EIDs belong to/);
      assert.deepEqual([up.writes, fleet.outputs().iccids], [[], [iccid(1)]]);
    }));

  it("a zone is changed although Hologram tells zones as numbers", () =>
    withFleet({ behaviour: { zoneSpelling: "number" } }, async (fleet) => {
      (await fleet.up({ sims: cards(3), plan: 75 })).clean();
      assert.deepEqual((await fleet.up({ sims: cards(4), plan: 75 })).clean().preview().changePlan, 0);
      const moved = (await fleet.up({ sims: cards(4), plan: 75, zone: "us" })).clean();
      assert.equal(moved.preview().changePlan, 4);
      assert.deepEqual(
        cards(4).map((each) => fleet.emulator.sim(each).zone),
        ["us", "us", "us", "us"],
      );
      const quiet = (await fleet.up({ sims: cards(4), plan: 75, zone: "us" })).clean();
      assert.deepEqual([quiet.changes, quiet.requests], ["", []]);
    }));
});
