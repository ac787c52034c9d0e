import assert from "node:assert/strict";
import { monthlyCostCeiling } from "../../../provider/policy";
import { cards, iccid, ORG, PLAN, range, type Setup, withFleet } from "../../harness/provider/providerFleet";
import type { Values } from "../../harness/provider/providerReport";
import {
  assertChargedOnce,
  assertQuiet,
  changesOf,
  dropped,
  landed,
  MINUTE,
  sentIn,
} from "../../harness/provider/providerTerms";
import { verdict } from "../../policy/support";

const OTHER = 75;
const forms = { range: { simRange: range(20) }, list: { sims: cards(20) } };
const fleetOf = (plan: number, more: Values = {}) => ({ ...forms.range, plan, ...more });
const charged: Setup = { behaviour: { planChangeCost: "0.99" } };

describe("dynamic: another plan or zone", () => {
  for (const [form, inputs] of Object.entries(forms)) {
    it(`${form}: is a change in place, whose count and cost the preview tells`, () =>
      withFleet(charged, async (fleet) => {
        (await fleet.up({ ...inputs, plan: PLAN })).clean();
        const preview = (await fleet.preview({ ...inputs, plan: OTHER })).clean();
        assert.equal(preview.changes, "update fleet");
        assert.deepEqual(preview.writes, []);
        assert.deepEqual(preview.preview(), {
          ...{ activate: 0, adopt: 0, resume: 0, changePlan: 20, changeLimits: 0, release: 0, unchanged: 0 },
          ...{ simCount: 20, monthlyCost: 30, monthlyCostBefore: 12, dueNow: 0 },
          summary:
            "change the plan of 20 SIMs (an upgrade is charged pro rata) on Pilot 1 MB (75, global): $30.00/month",
        });

        const up = (await fleet.up({ ...inputs, plan: OTHER })).clean();
        assert.deepEqual(up.preview(), preview.preview());
        assert.deepEqual(changesOf(fleet.emulator, up, "changeplan"), [
          {
            path: "/devices/changeplan",
            iccids: cards(20),
            body: { planid: OTHER, zone: "global", orgid: ORG },
          },
        ]);
        assert.deepEqual(sentIn(up), ["changeplan 20"]);
        assert.partialDeepStrictEqual(fleet.outputs(), { plan: OTHER, iccids: cards(20), unfinished: [] });
        assert(up.lines.some(({ message }) => message === "changed the plan of 20 SIMs"));
        assertChargedOnce(fleet, cards(20));
        await assertQuiet(fleet, { ...inputs, plan: OTHER });
        assert.partialDeepStrictEqual(fleet.find()?.inputs.preview, {
          monthlyCost: 30,
          monthlyCostBefore: 30,
        });
      }));
  }

  it("is what a policy is asked about, with what it will cost", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up(fleetOf(PLAN))).clean();
      const { checked } = (await fleet.preview(fleetOf(OTHER))).clean();
      const ask = (maxMonthlyCost: number) =>
        verdict(monthlyCostCeiling, { props: checked.fleet ?? {} }, { maxMonthlyCost });
      assert.deepEqual(await ask(30), []);
      assert.match(`${await ask(29.99)}`, /^"fleet" would cost \$30\.00 per month; at most \$29\.99 is/);
    }));

  it("is asked only for SIMs that are not on it, a thousand at a time", () =>
    withFleet({ ...charged, pack: { count: 1_013 } }, async (fleet) => {
      const inputs = (plan: number) => ({ sims: cards(1_013), plan });
      (await fleet.up(inputs(PLAN))).clean();
      const already = cards(10, 500);
      fleet.emulator.activateByHand(already, { plan: OTHER, zone: "global" });
      const up = (await fleet.up(inputs(OTHER))).clean();
      assert.partialDeepStrictEqual(up.preview(), { changePlan: 1_003, unchanged: 10 });
      const asked = changesOf(fleet.emulator, up, "changeplan");
      assert.deepEqual(
        asked.map(({ iccids }) => iccids.length),
        [1_000, 3],
      );
      const expected = cards(1_013).filter((each) => !already.includes(each));
      assert.deepEqual(
        asked.flatMap(({ iccids }) => iccids),
        expected,
      );
      assertChargedOnce(fleet, expected);
    }));

  it("in a zone alone changes the zone, and another spelling of it changes nothing", () =>
    withFleet({ behaviour: { zoneSpelling: "capitalised" } }, async (fleet) => {
      (await fleet.up(fleetOf(OTHER))).clean();
      const up = (await fleet.up(fleetOf(OTHER, { zone: "us" }))).clean();
      assert.partialDeepStrictEqual(up.preview(), { changePlan: 20, monthlyCost: 20, monthlyCostBefore: 30 });
      assert.equal(fleet.emulator.sim(iccid(0)).zone, "us");
      assert.equal(fleet.outputs().zone, "us");
      const spelled = (await fleet.up(fleetOf(OTHER, { zone: "US" }))).clean();
      assert.deepEqual([spelled.changes, spelled.requests], ["", []]);
    }));

  it("that does not exist fails the check, and nothing is sent", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up(fleetOf(PLAN))).clean();
      const rows = [
        [fleetOf(404), /^plan: organization 12345 has no plan 404\. Its plans: .*75 \(Pilot 1 MB\)/],
        [
          fleetOf(PLAN, { zone: "mars" }),
          /^zone: plan 2096 \(Global Flat\) has no zone "mars"\. Its zones: global/,
        ],
      ] as const;
      for (const [inputs, words] of rows) {
        for (const report of [await fleet.preview(inputs), await fleet.up(inputs)]) {
          assert.equal(report.failures.length, 1);
          assert.match(report.failures.join(), words);
          assert.deepEqual([report.writes, report.changes], [[], ""]);
        }
      }
      await assertQuiet(fleet, fleetOf(PLAN));
    }));

  it("together with other SIMs: what enters is claimed on it, what stays is changed, what leaves is left", () =>
    withFleet(charged, async (fleet) => {
      (await fleet.up(fleetOf(PLAN, { onRelease: "pause" }))).clean();
      const moved = { simRange: range(20, 10), plan: OTHER, onRelease: "pause" };
      const up = (await fleet.up(moved)).clean();
      assert.partialDeepStrictEqual(up.preview(), { activate: 10, changePlan: 10, release: 10, dueNow: 15 });
      assert.deepEqual(sentIn(up), ["bulkclaim 10", "changeplan 10", "state 10"]);
      assertChargedOnce(fleet, cards(10, 10));
      assert.equal(fleet.emulator.sim(iccid(0)).plan, PLAN);
      await assertQuiet(fleet, moved);
    }));

  it("is not asked for after a claim in doubt: an upgrade is charged too", () =>
    withFleet(charged, async (fleet) => {
      (await fleet.up(fleetOf(PLAN))).clean();
      const claim = { path: "/links/cellular/bulkclaim", preview: false, nth: 1 } as const;
      fleet.emulator.faults.add({ ...claim, fault: { kind: "drop", commit: false } });
      const grown = { simRange: range(25), plan: OTHER };
      const failed = await fleet.up(grown);
      assert.deepEqual(sentIn(failed), ["bulkclaim 5"]);
      assert.match(failed.reasons[0] ?? "", /^25 SIMs not done/);
      assert.match(failed.text, /plan 2096 instead of 75: nothing more was claimed after a doubtful answer/);
      await fleet.timeline.advance(10 * MINUTE);
      assert.deepEqual(sentIn((await fleet.up(grown)).clean()), ["bulkclaim 5", "changeplan 20"]);
      assertChargedOnce(fleet, cards(20));
      await assertQuiet(fleet, grown);
    }));
});

describe("dynamic: limits and a change of the plan, which wipes them", () => {
  for (const changeAnswers of ["lists", "bare"] as const) {
    it(`declared ones are sent again and read back (${changeAnswers} answers)`, () =>
      withFleet({ behaviour: { changeAnswers } }, async (fleet) => {
        const limits = { overageLimit: 5_000, threshold: 4_000, smsLimit: 20 };
        (await fleet.up(fleetOf(PLAN, limits))).clean();
        const up = (await fleet.up(fleetOf(OTHER, limits))).clean();
        assert.partialDeepStrictEqual(up.preview(), { changePlan: 20, changeLimits: 0 });
        assert.deepEqual(sentIn(up), ["changeplan 20", "usagelimit 20"]);
        assert.deepEqual(changesOf(fleet.emulator, up, "usagelimit")[0]?.body, {
          ...{ overagelimit: 5_000, datathreshold: 4_000, smslimit: 20 },
        });
        assert(up.requests.at(-1)?.method === "GET", "the last request reads back");
        for (const each of cards(20))
          assert.partialDeepStrictEqual(fleet.emulator.sim(each), { plan: OTHER, ...limits });
        await assertQuiet(fleet, fleetOf(OTHER, limits));
      }));

    it(`those that nobody declared are as they were, on each SIM its own (${changeAnswers} answers)`, () =>
      withFleet({ behaviour: { changeAnswers } }, async (fleet) => {
        const { emulator } = fleet;
        const terms = { plan: PLAN, zone: "global" };
        emulator.activateByHand(cards(5), { ...terms, overageLimit: 111 });
        emulator.activateByHand(cards(5, 5), { ...terms, overageLimit: 222, threshold: 22, smsLimit: 2 });
        emulator.activateByHand(cards(10, 10), terms);
        (await fleet.up(fleetOf(PLAN))).clean();
        const before = cards(20).map((each) => emulator.sim(each));
        const up = (await fleet.up(fleetOf(OTHER))).clean();
        assert.deepEqual(sentIn(up).toSorted(), [
          ...["changeplan 10", "changeplan 5", "changeplan 5", "usagelimit 5", "usagelimit 5"],
        ]);
        assert.deepEqual(
          cards(20).map((each) => emulator.sim(each)),
          before.map((sim) => ({ ...sim, plan: OTHER })),
        );
        await assertQuiet(fleet, fleetOf(OTHER));
      }));
  }

  it("one that is changed with the plan is set as declared now", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up(fleetOf(PLAN, { overageLimit: 5_000, threshold: 7 }))).clean();
      const next = fleetOf(OTHER, { overageLimit: 9_000 });
      const up = (await fleet.up(next)).clean();
      assert.deepEqual(sentIn(up), ["changeplan 20", "usagelimit 20"]);
      assert.partialDeepStrictEqual(fleet.emulator.sim(iccid(0)), { overageLimit: 9_000, threshold: 7 });
      await assertQuiet(fleet, next);
    }));

  for (const [what, fault] of [...Object.entries(landed), ...Object.entries(dropped)]) {
    const done = Object.values(landed).includes(fault);
    it(`${done ? "landed" : "not landed"}, ${what}: the limits are ${done ? "done" : "set by the next up"}`, () =>
      withFleet(charged, async (fleet) => {
        const limits = { overageLimit: 5_000, threshold: 4_000 };
        (await fleet.up(fleetOf(PLAN, limits))).clean();
        fleet.emulator.faults.add({ path: "/devices/usagelimit", nth: 1, fault });
        const up = await fleet.up(fleetOf(OTHER, limits));
        assert.equal(up.succeeded, done);
        if (!done) {
          assert.match(
            up.text,
            /on the new plan, which wiped its limits, and overageLimit 5000, threshold 4000 not set again/,
          );
          const next = (await fleet.up(fleetOf(OTHER, limits))).clean();
          assert.partialDeepStrictEqual(next.preview(), { changePlan: 0 });
          assert.deepEqual(changesOf(fleet.emulator, next, "changeplan"), []);
        }
        for (const each of cards(20)) assert.partialDeepStrictEqual(fleet.emulator.sim(each), limits);
        assertChargedOnce(fleet, cards(20));
        await assertQuiet(fleet, fleetOf(OTHER, limits));
      }));
  }

  it("are set by the next up after a process that died in between", () =>
    withFleet(charged, async (fleet) => {
      const limits = { overageLimit: 5_000, threshold: 4_000 };
      (await fleet.up(fleetOf(PLAN, limits))).clean();
      const before = structuredClone(fleet.find());
      fleet.emulator.faults.add({ path: "/devices/usagelimit", nth: 1, fault: { kind: "hold" } });
      const dying = fleet.up(fleetOf(OTHER, limits));
      while (!fleet.emulator.requests.some(({ path }) => path === "/devices/usagelimit")) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.partialDeepStrictEqual(fleet.emulator.sim(iccid(0)), { plan: OTHER });
      assert.deepEqual(fleet.find(), before, "nothing was recorded");

      const next = (await fleet.up(fleetOf(OTHER, limits))).clean();
      assert.partialDeepStrictEqual(next.preview(), { changePlan: 0, changeLimits: 20 });
      assert.deepEqual(sentIn(next), ["usagelimit 20"]);
      for (const each of cards(20)) assert.partialDeepStrictEqual(fleet.emulator.sim(each), limits);
      assertChargedOnce(fleet, cards(20));
      await assertQuiet(fleet, fleetOf(OTHER, limits));
      fleet.emulator.faults.release();
      await dying;
    }));
});
