import assert from "node:assert/strict";
import { monthlyCostCeiling } from "../../provider/policy";
import { verdict } from "../policy/support";
import { cards, iccid, ORG, PLAN, range, type Setup, withFleet } from "../support/providerFleet";
import type { FleetHarness } from "../support/providerHarness";
import type { Values } from "../support/providerReport";
import { changesOf, dropped, landed, MINUTE, planCharges, sentIn } from "../support/providerTerms";

const OTHER = 75;
const forms = { range: { simRange: range(20) }, list: { sims: cards(20) } };
const fleetOf = (plan: number, more: Values = {}) => ({ ...forms.range, plan, ...more });
const charged: Setup = { behaviour: { planChangeCost: "0.99" } };
const onChange = { path: "/devices/changeplan", nth: 1 } as const;

/** The program is as declared: neither preview nor up sends anything, and a refresh shows nothing. */
async function assertQuiet(fleet: FleetHarness, inputs: Values): Promise<void> {
  const up = (await fleet.up(inputs)).clean();
  assert.deepEqual([up.changes, up.requests], ["", []]);
  assert.equal((await fleet.refresh()).clean().changes, "");
}
/** No SIM was charged twice for a change of its plan. */
function assertChargedOnce({ emulator }: FleetHarness, iccids: readonly string[]): void {
  assert.deepEqual(planCharges(emulator).sort(), [...iccids].sort());
}
const plansOf = ({ emulator }: FleetHarness, count = 20) => [
  ...new Set(cards(count).map((each) => emulator.sim(each).plan)),
];

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

describe("dynamic: a change of the plan that is not done", () => {
  it("for a SIM that Hologram paused is reported in its words; the next up asks for that one alone", () =>
    withFleet(charged, async (fleet) => {
      (await fleet.up(fleetOf(PLAN))).clean();
      fleet.emulator.setState(iccid(3), "PAUSED-SYS");
      const failed = await fleet.up(fleetOf(OTHER));
      assert.deepEqual(failed.reasons, [
        "1 SIM not done. Run `pulumi up` again to go on; SIMs that are active by then are not claimed again.",
        `Please contact support to change this plan.: ${iccid(3)}`,
      ]);
      assert.deepEqual(fleet.outputs().unfinished, [
        `${iccid(3)}: Please contact support to change this plan.`,
      ]);
      const done = cards(20).filter((each) => each !== iccid(3));
      assertChargedOnce(fleet, done);

      const again = await fleet.up(fleetOf(OTHER));
      assert.partialDeepStrictEqual(again.preview(), { changePlan: 1, unchanged: 19 });
      assert.deepEqual(
        changesOf(fleet.emulator, again, "changeplan").map(({ iccids }) => iccids),
        [[iccid(3)]],
      );
      fleet.emulator.setState(iccid(3), "LIVE");
      const last = (await fleet.up(fleetOf(OTHER))).clean();
      assert.deepEqual(sentIn(last), ["changeplan 1"]);
      assertChargedOnce(fleet, [...done, iccid(3)]);
      await assertQuiet(fleet, fleetOf(OTHER));
    }));

  it("is warned of in the answer: exactly the SIMs that it names are left", () =>
    withFleet(charged, async (fleet) => {
      (await fleet.up(fleetOf(PLAN))).clean();
      const refused = cards(3, 7);
      fleet.emulator.faults.add({
        ...onChange,
        fault: { kind: "refuse", iccids: refused, reason: "Not today" },
      });
      const failed = await fleet.up(fleetOf(OTHER));
      assert.deepEqual(failed.reasons.slice(1), [`Not today: ${refused.join(", ")}`]);
      assertChargedOnce(
        fleet,
        cards(20).filter((each) => !refused.includes(each)),
      );
      assert.deepEqual(sentIn((await fleet.up(fleetOf(OTHER))).clean()), ["changeplan 3"]);
      assertChargedOnce(fleet, cards(20));
    }));

  it("is waited for while the state of its SIMs is locked, and given up within bounds", () =>
    withFleet({ behaviour: { ...charged.behaviour, settleMilliseconds: MINUTE } }, async (fleet) => {
      (await fleet.up(fleetOf(PLAN))).clean();
      const locked = { kind: "refuse", iccids: [iccid(2)], reason: "SIM state is locked" } as const;
      fleet.emulator.faults.add({ path: "/devices/changeplan", nth: { from: 1, to: 4 }, fault: locked });
      const begun = fleet.timeline.now;
      const up = (await fleet.up(fleetOf(OTHER))).clean();
      assert.deepEqual(sentIn(up), ["changeplan 20", ...Array(4).fill("changeplan 1")]);
      assert(fleet.timeline.now - begun <= 2 * MINUTE);
      assertChargedOnce(fleet, cards(20));
    }));

  it("for want of funds is reported once, in the server's words", () =>
    withFleet({ behaviour: { planChangeCost: "100000" } }, async (fleet) => {
      (await fleet.up(fleetOf(PLAN))).clean();
      const failed = await fleet.up(fleetOf(OTHER));
      assert.match(
        failed.reasons.join("\n"),
        /^20 SIMs not done\. .*\n.*"Insufficient balance".*: 8944.* and 10 more$/,
      );
      assert.deepEqual(sentIn(failed), ["changeplan 20"]);
      fleet.emulator.behaviour.planChangeCost = "0.99";
      (await fleet.up(fleetOf(OTHER))).clean();
      assertChargedOnce(fleet, cards(20));
    }));

  it("keeps what leaves from being released", () =>
    withFleet(charged, async (fleet) => {
      (await fleet.up(fleetOf(PLAN, { onRelease: "pause" }))).clean();
      fleet.emulator.setState(iccid(3), "PAUSED-SYS");
      const shrunk = { simRange: range(10), plan: OTHER, onRelease: "pause" };
      const failed = await fleet.up(shrunk);
      assert.deepEqual(sentIn(failed), ["changeplan 10"]);
      assert.equal(fleet.outputs().simCount, 20);
      fleet.emulator.setState(iccid(3), "LIVE");
      assert.deepEqual(sentIn((await fleet.up(shrunk)).clean()), ["changeplan 1", "state 10"]);
      assert.deepEqual(fleet.outputs().iccids, cards(10));
    }));
});

describe("dynamic: a change of the plan in doubt", () => {
  for (const [form, inputs] of Object.entries(forms)) {
    for (const [what, fault] of Object.entries(landed)) {
      it(`${form}, landed, ${what}: done, and charged once`, () =>
        withFleet(charged, async (fleet) => {
          (await fleet.up({ ...inputs, plan: PLAN, overageLimit: 5 })).clean();
          fleet.emulator.faults.add({ ...onChange, fault });
          const next = { ...inputs, plan: OTHER, overageLimit: 5 };
          const up = (await fleet.up(next)).clean();
          assert.deepEqual(sentIn(up), ["changeplan 20", "usagelimit 20"]);
          assertChargedOnce(fleet, cards(20));
          await assertQuiet(fleet, next);
        }));
    }

    for (const [what, fault] of Object.entries(dropped)) {
      it(`${form}, not landed, ${what}: not sent again before it has settled, then once`, () =>
        withFleet({ behaviour: { ...charged.behaviour, settleMilliseconds: 20 * MINUTE } }, async (fleet) => {
          // Its SIMs are still being activated: that is no reason to send the change once more.
          (await fleet.up({ ...inputs, plan: PLAN })).clean();
          fleet.emulator.faults.add({ ...onChange, fault });
          const next = { ...inputs, plan: OTHER };
          const failed = await fleet.up(next);
          assert.deepEqual(sentIn(failed), ["changeplan 20"]);
          const until = Number(fleet.outputs().__doubtfulUntil);
          const told = new Date(until).toISOString();
          assert.equal(
            failed.reasons[0],
            `20 SIMs not done. Run \`pulumi up\` after ${told} to go on; before that it only reads.`,
          );
          assert.match(failed.reasons[1] ?? "", /may or may not have carried out POST \/devices\/changeplan/);

          await fleet.timeline.advance(until - fleet.timeline.now - 1_000);
          const early = await fleet.up(next);
          assert.deepEqual([early.writes, early.succeeded], [[], false]);
          assert.match(early.reasons[0] ?? "", new RegExp(`^20 SIMs not done .*after ${told}`));
          assert.match(early.text, new RegExp(`plan 2096 instead of 75: doubtful until ${told}`));

          await fleet.timeline.advance(1_000);
          assert.deepEqual(sentIn((await fleet.up(next)).clean()), ["changeplan 20"]);
          assertChargedOnce(fleet, cards(20));
          await assertQuiet(fleet, next);
        }));
    }

    it(`${form}: one that lands while it is read back is done`, () =>
      withFleet(charged, async (fleet) => {
        (await fleet.up({ ...inputs, plan: PLAN, overageLimit: 5 })).clean();
        fleet.emulator.faults.add({ ...onChange, fault: { kind: "lateCommit", milliseconds: MINUTE } });
        const next = { ...inputs, plan: OTHER, overageLimit: 5 };
        (await fleet.up(next)).clean();
        assertChargedOnce(fleet, cards(20));
        await assertQuiet(fleet, next);
      }));

    it(`${form}: one that lands after the read-back is found by the next up, which sets the limits only`, () =>
      withFleet(charged, async (fleet) => {
        (await fleet.up({ ...inputs, plan: PLAN, smsLimit: 7, threshold: 5 })).clean();
        fleet.emulator.faults.add({ ...onChange, fault: { kind: "lateCommit", milliseconds: 5 * MINUTE } });
        const next = { ...inputs, plan: OTHER, smsLimit: 7, threshold: 5 };
        assert.equal((await fleet.up(next)).succeeded, false);
        await fleet.timeline.advance(4 * MINUTE);
        assert.deepEqual(plansOf(fleet), [OTHER]);
        const found = (await fleet.up(next)).clean();
        assert.deepEqual(sentIn(found), ["usagelimit 20"]);
        assertChargedOnce(fleet, cards(20));
        await assertQuiet(fleet, next);
      }));
  }

  it("stops the change of the rest, which goes on afterwards", () =>
    withFleet({ ...charged, pack: { count: 1_010 } }, async (fleet) => {
      const inputs = (plan: number) => ({ sims: cards(1_010), plan });
      (await fleet.up(inputs(PLAN))).clean();
      fleet.emulator.faults.add({ ...onChange, fault: { kind: "drop", commit: true } });
      fleet.emulator.faults.add({
        ...{ path: "/links/cellular", method: "GET", nth: { from: 23 } },
        fault: { kind: "status", status: 503 },
      });
      const failed = await fleet.up(inputs(OTHER));
      assert.deepEqual(sentIn(failed), ["changeplan 1000"]);
      assert.match(failed.reasons.join("\n"), /its plan was not changed after a doubtful answer: 8944/);
      fleet.emulator.faults.clear();
      await fleet.timeline.advance(10 * MINUTE);
      assert.deepEqual(sentIn((await fleet.up(inputs(OTHER))).clean()), ["changeplan 10"]);
      assertChargedOnce(fleet, cards(1_010));
    }));
});
