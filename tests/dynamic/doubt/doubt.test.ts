import assert from "node:assert/strict";
import type { Fault } from "../../../provider/testing/emulator";
import { cards, iccid, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import type { FleetHarness } from "../../harness/provider/providerHarness";
import { type Report, simsOf } from "../../harness/provider/providerReport";

const plan = PLAN;
const MINUTE = 60_000;
const firstClaim = { path: "/links/cellular/bulkclaim", preview: false, nth: 1 } as const;
const selections = {
  range: { simRange: range(40), plan },
  "counted range": { simRange: range(40), plan, expectedSims: 40 },
  list: { sims: cards(40), plan },
};

/** Claims whose answer does not tell, of SIMs that were bought. */
const committed: Readonly<Record<string, Fault>> = {
  "dropped connection": { kind: "drop", commit: true },
  "half a body": { kind: "halfBody", commit: true },
  "a page of HTML, 200": { kind: "html", status: 200, commit: true },
  "a page of HTML, 502": { kind: "html", status: 502, commit: true },
  "an empty answer": { kind: "empty", commit: true },
  "status 500": { kind: "status", status: 500, commit: true },
  "status 503": { kind: "status", status: 503, commit: true },
  "three SIMs too few": { kind: "wrongCount", drop: 3 },
  "a claim that lands after a minute": { kind: "lateCommit", milliseconds: MINUTE },
};

/** The same, of SIMs that were not bought, or not yet. */
const uncommitted: Readonly<Record<string, Fault>> = {
  "dropped connection": { kind: "drop", commit: false },
  "a page of HTML, 200": { kind: "html", status: 200, commit: false },
  "an empty answer": { kind: "empty", commit: false },
  "status 500": { kind: "status", status: 500 },
  "status 504": { kind: "status", status: 504 },
};

/** No SIM was asked for twice, and none was charged twice. */
function assertOnce(fleet: FleetHarness): void {
  const { doubleClaims, doubleCharges } = fleet.emulator.judgement();
  assert.deepEqual([doubleClaims, doubleCharges], [[], []]);
}

/** The time up to which the SIMs are in doubt, as the user is told. */
function deadlineIn(report: Report): number {
  const [, told = ""] = /doubtful until (\S+Z)/.exec(report.reasons.join("\n")) ?? [];
  return Date.parse(told);
}

describe("dynamic: claims in doubt", () => {
  for (const [form, inputs] of Object.entries(selections)) {
    for (const [what, fault] of Object.entries(committed)) {
      it(`${form}, bought, ${what}: read back, held, and the change succeeds`, () =>
        withFleet({}, async (fleet) => {
          fleet.emulator.faults.add({ ...firstClaim, fault });
          const begun = fleet.timeline.now;
          const report = (await fleet.up(inputs)).clean();
          assert.equal(report.claims.length, 1);
          assert.partialDeepStrictEqual(fleet.outputs(), { iccids: cards(40), simCount: 40, unfinished: [] });
          assert(fleet.timeline.now - begun <= 2 * MINUTE + 1_000, "read-back lasts two minutes at most");
          assertOnce(fleet);
          assert.equal(fleet.emulator.ledger.length, 40);
          assert.deepEqual((await fleet.up(inputs)).clean().requests, []);
        }));
    }

    for (const [what, fault] of Object.entries(uncommitted)) {
      it(`${form}, not bought, ${what}: doubtful, then read only, then claimed once`, () =>
        withFleet({}, async (fleet) => {
          fleet.emulator.faults.add({ ...firstClaim, fault });
          const begun = fleet.timeline.now;
          const failed = await fleet.up(inputs);
          assert.equal(failed.claims.length, 1);
          const deadline = deadlineIn(failed);
          assert.equal(deadline, begun + 10 * MINUTE);
          const told = new Date(deadline).toISOString();
          assert.equal(
            failed.reasons[0],
            `40 SIMs not done (0 certain, 40 doubtful). Run \`pulumi up\` after ${told} to go on; before that it only reads.`,
          );
          assert.match(failed.reasons[1] ?? "", / and 30 more$/);
          assert.partialDeepStrictEqual(fleet.outputs(), { simCount: 0, iccids: [] });

          const early = await fleet.up(inputs);
          assert.deepEqual([early.writes, early.succeeded], [[], false]);
          assert.match(early.reasons.join("\n"), new RegExp(`^40 SIMs not done .*after ${told}`));

          await fleet.timeline.advance(deadline - fleet.timeline.now);
          const late = (await fleet.up(inputs)).clean();
          assert.deepEqual(late.claims.flatMap(simsOf), cards(40));
          assert.partialDeepStrictEqual(fleet.outputs(), { iccids: cards(40), unfinished: [] });
          assertOnce(fleet);
          assert.equal(fleet.emulator.ledger.length, 40);
          assert.deepEqual((await fleet.up(inputs)).clean().requests, []);
        }));
    }

    it(`${form}: a claim that lands after the read-back is found by the next up, and not sent again`, () =>
      withFleet({}, async (fleet) => {
        fleet.emulator.faults.add({ ...firstClaim, fault: { kind: "lateCommit", milliseconds: 5 * MINUTE } });
        const failed = await fleet.up(inputs);
        assert(deadlineIn(failed) > fleet.timeline.now);
        const early = await fleet.up(inputs);
        assert.deepEqual([early.writes, early.succeeded], [[], false]);
        await fleet.timeline.advance(4 * MINUTE);
        const landed = (await fleet.up(inputs)).clean();
        assert.deepEqual([landed.claims, fleet.outputs().iccids], [[], cards(40)]);
        assertOnce(fleet);
        assert.equal(fleet.emulator.ledger.length, 40);
      }));

    it(`${form}: an account that takes a second claim and charges it is not given the chance`, () =>
      withFleet({ behaviour: { alreadyActive: "charge" } }, async (fleet) => {
        fleet.emulator.faults.add({ ...firstClaim, fault: { kind: "drop", commit: true } });
        fleet.emulator.faults.add({
          path: "/links/cellular",
          method: "GET",
          fault: { kind: "status", status: 503 },
        });
        const failed = await fleet.up(inputs);
        assert.equal(failed.succeeded, false);
        fleet.emulator.faults.clear();
        await fleet.up(inputs);
        await fleet.timeline.advance(20 * MINUTE);
        (await fleet.up(inputs)).clean();
        assertOnce(fleet);
        assert.equal(fleet.emulator.ledger.length, 40);
        assert.deepEqual(fleet.outputs().iccids, cards(40));
      }));
  }

  it("the second of three claims in doubt: the first is kept, the third is not sent", () =>
    withFleet({ pack: { count: 5_100 } }, async (fleet) => {
      const inputs = { sims: cards(5_100), plan };
      fleet.emulator.faults.add({ ...firstClaim, nth: 2, fault: { kind: "drop", commit: false } });
      const failed = await fleet.up(inputs);
      assert.deepEqual(
        failed.claims.map((claim) => simsOf(claim).length),
        [2_500, 2_500],
      );
      assert.match(
        failed.reasons[0] ?? "",
        /^2,600 SIMs not done \(2,500 certain, 2,500 doubtful, 100 not sent\)\./,
      );
      assert.match(failed.reasons.join("\n"), /nothing more was claimed after a doubtful answer/);
      assert.equal(fleet.outputs().simCount, 2_500);
      await fleet.timeline.advance(10 * MINUTE);
      const next = (await fleet.up(inputs)).clean();
      assert.deepEqual(next.claims.flatMap(simsOf), cards(2_600, 2_500));
      assert.deepEqual(fleet.outputs().iccids, cards(5_100));
      assertOnce(fleet);
      assert.equal(fleet.emulator.ledger.length, 5_100);
    }));

  it("a growth in doubt keeps what was held", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ simRange: range(30), plan })).clean();
      fleet.emulator.faults.add({ ...firstClaim, fault: { kind: "drop", commit: false } });
      const failed = await fleet.up({ simRange: range(40), plan });
      assert.match(failed.reasons[0] ?? "", /^10 SIMs not done \(0 certain, 10 doubtful\)/);
      assert.deepEqual(fleet.outputs().iccids, cards(30));
      assert.deepEqual((await fleet.up({ simRange: range(40), plan })).writes, []);
      await fleet.timeline.advance(10 * MINUTE);
      const next = (await fleet.up({ simRange: range(40), plan })).clean();
      assert.deepEqual(next.claims.flatMap(simsOf), cards(10, 30));
      assert.deepEqual(fleet.outputs().iccids, cards(40));
      assertOnce(fleet);
    }));

  for (const [form, grown, before] of [
    ["list", { sims: cards(40), plan }, { sims: cards(30), plan }],
    ["range", { simRange: range(40), plan }, { simRange: range(30), plan }],
  ] as const) {
    it(`${form}: a growth in doubt that is taken back and declared again is not claimed again`, () =>
      withFleet({ behaviour: { alreadyActive: "charge" } }, async (fleet) => {
        (await fleet.up(before)).clean();
        const fault = { kind: "lateCommit", milliseconds: 9 * MINUTE } as const;
        fleet.emulator.faults.add({ ...firstClaim, fault });
        assert.match((await fleet.up(grown)).reasons[0] ?? "", /10 doubtful/);
        for (const edit of [{}, { adopt: "always" }, { overageLimit: 5_000_000 }])
          assert.deepEqual((await fleet.up({ ...before, ...edit })).claims, []);
        const early = await fleet.up(grown);
        assert.match(early.reasons[0] ?? "", /^10 SIMs not done \(0 certain, 10 doubtful\)/);
        assert.deepEqual(early.writes, []);
        await fleet.timeline.advance(10 * MINUTE);
        assert.deepEqual((await fleet.up(grown)).clean().writes, []);
        assert.deepEqual(fleet.outputs().iccids, cards(40));
        assertOnce(fleet);
        // Nothing is in doubt any more: what comes next waits for nothing.
        const more = form === "list" ? { sims: cards(41), plan } : { simRange: range(41), plan };
        (await fleet.up(more)).clean();
      }));
  }

  it("SIMs of an answer that nobody asked for are named in a warning, and not held", () =>
    withFleet({}, async (fleet) => {
      const strangers = ["89445001029999999998", "89445001029999999999"];
      fleet.emulator.faults.add({ ...firstClaim, fault: { kind: "extraSims", iccids: strangers } });
      const report = (await fleet.up(selections.list)).clean();
      assert.deepEqual(fleet.outputs().iccids, cards(40));
      const warned = report.lines
        .filter(({ severity }) => severity === "warning")
        .map(({ message }) => message);
      assert.match(
        warned.join("\n"),
        new RegExp(`names SIMs that nobody asked for; .*: ${strangers.join(", ")}`),
      );
    }));

  it("the time of doubt is configurable, and so is the read-back", () =>
    withFleet({}, async (fleet) => {
      fleet.environment.HOLOGRAM_CLAIM_SETTLE_SECONDS = "60";
      fleet.emulator.faults.add({ ...firstClaim, fault: { kind: "drop", commit: false } });
      const begun = fleet.timeline.now;
      const failed = await fleet.up(selections.list);
      assert.equal(deadlineIn(failed), begun + MINUTE);
      assert(fleet.timeline.now - begun <= 12_000);
      await fleet.timeline.advance(MINUTE);
      (await fleet.up(selections.list)).clean();
      assertOnce(fleet);
    }));

  for (const [form, inputs] of Object.entries(selections)) {
    it(`${form}: a create that ended in doubt is not destroyed before the doubt has ended`, () =>
      withFleet({}, async (fleet) => {
        fleet.emulator.faults.add({ ...firstClaim, fault: { kind: "drop", commit: false } });
        const deadline = deadlineIn(await fleet.up({ ...inputs, onRelease: "pause" }));
        const begun = fleet.timeline.now;
        const refused = await fleet.destroy();
        assert.match(
          refused.errors.join(),
          /^a claim that got no answer may still be landing until \S+Z: 8944.* Nothing was released\. .*after that; to go on at once, look at these SIMs in the dashboard, then run the same with HOLOGRAM_CLAIM_SETTLE_SECONDS=0 \(`HOLOGRAM_CLAIM_SETTLE_SECONDS=0 pulumi destroy`\)/,
        );
        assert(refused.errors.join().includes(new Date(deadline).toISOString()));
        assert((refused.errors.join().match(/\d{20}/g)?.length ?? 99) <= 20, "ten and a count");
        assert(fleet.timeline.now - begun <= 2 * MINUTE + 1_000);
        assert.deepEqual([refused.writes, fleet.resources.length], [[], 1]);
        await fleet.timeline.advance(deadline - fleet.timeline.now);
        (await fleet.destroy()).clean();
        assert.deepEqual([fleet.resources, fleet.emulator.judgement().pauses], [[], []]);
      }));
  }

  it("what lands of a create in doubt while it is destroyed is released as state says", () =>
    withFleet({}, async (fleet) => {
      fleet.emulator.faults.add({ ...firstClaim, fault: { kind: "lateCommit", milliseconds: 3 * MINUTE } });
      assert.equal((await fleet.up({ ...selections.list, onRelease: "pause" })).succeeded, false);
      (await fleet.destroy()).clean();
      assert.deepEqual(fleet.resources, []);
      assert.equal(fleet.emulator.judgement().pauses.length, 40);
      assertOnce(fleet);
    }));

  it("a doubt is ended by hand: with a waiting time of 0 the fleet is destroyed at once", () =>
    withFleet({}, async (fleet) => {
      fleet.emulator.faults.add({ ...firstClaim, fault: { kind: "drop", commit: false } });
      await fleet.up(selections.list);
      fleet.environment.HOLOGRAM_CLAIM_SETTLE_SECONDS = "0";
      (await fleet.destroy()).clean();
      assert.deepEqual(fleet.resources, []);
    }));

  for (const [form, one, two] of [
    ["list", { sims: cards(20) }, { sims: cards(20, 20) }],
    ["range", { simRange: range(20) }, { simRange: range(20, 20) }],
  ] as const) {
    it(`${form}: a program that is split while claims are in doubt does not claim them again`, () =>
      withFleet({ behaviour: { alreadyActive: "charge" } }, async (fleet) => {
        fleet.emulator.faults.add({ ...firstClaim, fault: { kind: "lateCommit", milliseconds: 9 * MINUTE } });
        await fleet.upProgram({ one: selections[form] });
        const split = { one: { ...one, plan: PLAN }, two: { ...two, plan: PLAN } };
        const early = await fleet.upProgram(split);
        assert.deepEqual(early.writes, []);
        assert.match(early.errors.join() + early.reasons.join(), /doubtful until|nothing was activated/);
        await fleet.timeline.advance(10 * MINUTE);
        (await fleet.upProgram(split)).clean();
        assert.deepEqual(
          [fleet.outputs("one").iccids, fleet.outputs("two").iccids],
          [cards(20), cards(20, 20)],
        );
        assertOnce(fleet);
      }));

    it(`${form}: one that is replaced while its claims are in doubt does not claim them again`, () =>
      withFleet({ behaviour: { alreadyActive: "charge" } }, async (fleet) => {
        fleet.emulator.faults.add({ ...firstClaim, fault: { kind: "lateCommit", milliseconds: 9 * MINUTE } });
        await fleet.up(selections[form]);
        const early = await fleet.up(selections[form], { replace: ["fleet"] });
        assert.deepEqual(early.writes, []);
        await fleet.timeline.advance(10 * MINUTE);
        (await fleet.up(selections[form])).clean();
        assert.deepEqual(fleet.outputs().iccids, cards(40));
        assertOnce(fleet);
      }));
  }

  it("one address of the API in two spellings is one account: what is in doubt is not claimed under the other", () =>
    withFleet({ behaviour: { alreadyActive: "charge" } }, async (fleet) => {
      fleet.emulator.faults.add({ ...firstClaim, fault: { kind: "lateCommit", milliseconds: 5 * MINUTE } });
      const first = await fleet.upProgram({ one: selections.list });
      assert.equal(first.claims.length, 1);
      // Another stack of this machine.
      fleet.resources.splice(0);
      fleet.environment.HOLOGRAM_BASE_URL = `${fleet.emulator.url}/`;
      const second = await fleet.upProgram({ two: selections.list });
      assert.equal(second.claims.length, 0);
      assertOnce(fleet);
    }));

  it("a growth that failed is not replaced by what it was to hold", () =>
    withFleet({ behaviour: { alreadyActive: "charge" } }, async (fleet) => {
      fleet.emulator.activateByHand([iccid(0)], { plan: PLAN, zone: "global" });
      fleet.emulator.faults.add({ ...firstClaim, fault: { kind: "lateCommit", milliseconds: 9 * MINUTE } });
      await fleet.up({ sims: cards(3), plan: PLAN });
      const without = await fleet.up({ sims: cards(2, 1), plan: PLAN });
      assert.deepEqual([without.changes, without.writes], ["update fleet", []]);
      await fleet.timeline.advance(10 * MINUTE);
      (await fleet.up({ sims: cards(2, 1), plan: PLAN })).clean();
      assert.deepEqual(fleet.outputs().iccids, cards(2, 1));
      assert.deepEqual(fleet.emulator.judgement().doubleClaims, []);
    }));
});
