import assert from "node:assert/strict";
import { cards, iccid, PLAN, range, type Setup, withFleet } from "../../harness/provider/providerFleet";
import type { FleetHarness } from "../../harness/provider/providerHarness";
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

const OTHER = 75;
const forms = { range: { simRange: range(20) }, list: { sims: cards(20) } };
const fleetOf = (plan: number, more: Values = {}) => ({ ...forms.range, plan, ...more });
const charged: Setup = { behaviour: { planChangeCost: "0.99" } };
const onChange = { path: "/devices/changeplan", nth: 1 } as const;

/** When the only doubt on record ends. */
function doubtEndIn(fleet: FleetHarness): number {
  const { __doubts: doubts } = fleet.outputs();
  assert(Array.isArray(doubts) && doubts.length === 1);
  return Number(doubts[0].sentAtMs) + 10 * MINUTE;
}

const plansOf = ({ emulator }: FleetHarness, count = 20) => [
  ...new Set(cards(count).map((each) => emulator.sim(each).plan)),
];

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

  it("and taken back in the program is left where it is, with a warning; after a refresh it is changed back", () =>
    withFleet(charged, async (fleet) => {
      (await fleet.up(fleetOf(PLAN))).clean();
      fleet.emulator.setState(iccid(3), "PAUSED-SYS");
      assert.equal((await fleet.up(fleetOf(OTHER))).succeeded, false);
      fleet.emulator.setState(iccid(3), "LIVE");
      // The inputs are those of before the failure: nothing tells the check to look.
      const back = (await fleet.up(fleetOf(PLAN))).clean();
      assert.deepEqual(back.writes, []);
      assert.match(
        back.text,
        /19 SIMs on another plan or in another zone, of which no preview told: left alone; run `pulumi refresh`/,
      );
      (await fleet.refresh()).clean();
      const repaired = (await fleet.up(fleetOf(PLAN))).clean();
      assert.partialDeepStrictEqual(repaired.preview(), { changePlan: 19, unchanged: 1 });
      assert.deepEqual(sentIn(repaired), ["changeplan 19"]);
      await assertQuiet(fleet, fleetOf(PLAN));
    }));

  for (const [form, inputs] of Object.entries({
    range: { simRange: range(400) },
    list: { sims: cards(400) },
  })) {
    it(`${form}: goes on with what is left of many`, () =>
      withFleet({ ...charged, pack: { count: 400 } }, async (fleet) => {
        const limits = { overageLimit: 5 };
        (await fleet.up({ ...inputs, ...limits, plan: PLAN })).clean();
        fleet.emulator.setState(iccid(3), "PAUSED-SYS");
        const failed = await fleet.up({ ...inputs, ...limits, plan: OTHER });
        assert.deepEqual(sentIn(failed), ["changeplan 400", "usagelimit 399"]);
        assert.partialDeepStrictEqual(fleet.outputs(), { simCount: 400 });
        fleet.emulator.setState(iccid(3), "LIVE");
        const next = (await fleet.up({ ...inputs, ...limits, plan: OTHER })).clean();
        assert.deepEqual(sentIn(next), ["changeplan 1", "usagelimit 1"]);
        assert.deepEqual(fleet.outputs().iccids, cards(400));
        assertChargedOnce(fleet, cards(400));
      }));
  }

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
          const until = doubtEndIn(fleet);
          const told = new Date(until).toISOString();
          assert.equal(
            failed.reasons[0],
            `20 SIMs not done. Run \`pulumi up\` after ${told} to go on; before that it only reads.`,
          );
          assert.match(failed.reasons[1] ?? "", /may or may not have carried out POST \/devices\/changeplan/);

          await fleet.timeline.advance(until - fleet.timeline.now - 1_000);
          const early = await fleet.up(next);
          assert.deepEqual([early.writes, early.succeeded], [[], false]);
          assert.match(early.reasons[0] ?? "", new RegExp(`^20 SIMs not done\\. .*after ${told}`));
          assert.match(early.text, new RegExp(`until ${told}`));

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

  it("that lands late gets back the limits that nobody declared, also after a refresh", () =>
    withFleet(charged, async (fleet) => {
      (await fleet.up(fleetOf(PLAN))).clean();
      fleet.emulator.dashboard.setLimits(cards(5), { threshold: 8_000_000 });
      fleet.emulator.faults.add({ ...onChange, fault: { kind: "lateCommit", milliseconds: 5 * MINUTE } });
      assert.equal((await fleet.up(fleetOf(OTHER))).succeeded, false);
      await fleet.timeline.advance(11 * MINUTE);
      assert.partialDeepStrictEqual(fleet.emulator.sim(iccid(0)), { plan: OTHER, threshold: -1 });
      (await fleet.refresh()).clean();
      // Somebody was faster with one of them.
      fleet.emulator.dashboard.setLimits([iccid(4)], { threshold: 9 });
      const up = (await fleet.up(fleetOf(OTHER))).clean();
      const limited = changesOf(fleet.emulator, up, "usagelimit").flatMap(({ iccids }) => iccids);
      assert.deepEqual(limited.sort(), cards(4));
      for (const each of cards(4)) assert.equal(fleet.emulator.sim(each).threshold, 8_000_000);
      assert.equal(fleet.emulator.sim(iccid(4)).threshold, 9);
      assert.equal(fleet.outputs().__wiped, undefined);
      await assertQuiet(fleet, fleetOf(OTHER));
    }));

  it("is none where only the limits got no answer: they are set again by the next up", () =>
    withFleet(charged, async (fleet) => {
      (await fleet.up(fleetOf(PLAN))).clean();
      fleet.emulator.dashboard.setLimits(cards(5), { threshold: 8_000_000 });
      const fault = { kind: "status", status: 503 } as const;
      fleet.emulator.faults.add({ path: "/devices/usagelimit", nth: { from: 1, to: 9 }, fault });
      const failed = await fleet.up(fleetOf(OTHER));
      assert.match(
        failed.reasons.join("\n"),
        /^5 SIMs not done\. Run `pulumi up` again .*\n.*threshold 8000000 not set/,
      );
      assert.match(
        failed.text,
        /limits that are not declared are set again after the change of plan: threshold 8000000 \(5 SIMs\)/,
      );
      assert.equal(fleet.outputs().__doubts, undefined);
      const still = await fleet.up(fleetOf(OTHER));
      assert.equal(still.succeeded, false);
      assert.match(still.text, /continues: 5 SIMs whose limits are set again after a change of plan/);
      fleet.emulator.faults.clear();
      const up = (await fleet.up(fleetOf(OTHER))).clean();
      assert.deepEqual(sentIn(up), ["usagelimit 5"]);
      for (const each of cards(5)) assert.equal(fleet.emulator.sim(each).threshold, 8_000_000);
      assertChargedOnce(fleet, cards(20));
      await assertQuiet(fleet, fleetOf(OTHER));
    }));

  it("stops the change of the rest, which goes on afterwards", () =>
    withFleet({ ...charged, pack: { count: 1_010 } }, async (fleet) => {
      const inputs = (plan: number) => ({ sims: cards(1_010), plan });
      (await fleet.up(inputs(PLAN))).clean();
      const look = (await fleet.preview(inputs(OTHER))).clean().requests;
      const pages = look.filter(({ path }) => path === "/links/cellular").length;
      fleet.emulator.faults.add({ ...onChange, fault: { kind: "drop", commit: true } });
      // Check and update of the update phase look once each; what comes after that reads back.
      const between = () =>
        fleet.emulator.faults.add({
          ...{ path: "/links/cellular", method: "GET", nth: { from: 2 * pages + 1 } },
          fault: { kind: "status", status: 503 },
        });
      const failed = await fleet.up(inputs(OTHER), { between });
      assert.deepEqual(sentIn(failed), ["changeplan 1000"]);
      assert.match(failed.reasons.join("\n"), /its plan was not changed after a doubtful answer: 8944/);
      fleet.emulator.faults.clear();
      await fleet.timeline.advance(10 * MINUTE);
      assert.deepEqual(sentIn((await fleet.up(inputs(OTHER))).clean()), ["changeplan 10"]);
      assertChargedOnce(fleet, cards(1_010));
    }));
});
