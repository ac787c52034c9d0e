import assert from "node:assert/strict";
import { cards, iccid, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import { urnOf } from "../../harness/provider/providerHarness";
import {
  assertQuiet,
  byHand,
  changesOf,
  MINUTE,
  newTag,
  planCharges,
  sentIn,
} from "../../harness/provider/providerTerms";

const OTHER = 75;
const terms = { plan: PLAN, zone: "global" };
const forms = { range: { simRange: range(100) }, list: { sims: cards(100) } };

describe("dynamic: adopting 100 SIMs that were activated by hand", () => {
  const limits = { overageLimit: 5_000, threshold: 4_000, smsLimit: 20 };
  for (const adopt of ["matching", "always"] as const) {
    for (const [form, selection] of Object.entries(forms)) {
      it(`${adopt}, ${form}: no charge and no write where plan, zone and declared limits agree`, () =>
        withFleet({ behaviour: { zoneSpelling: "capitalised" } }, async (fleet) => {
          const { emulator } = fleet;
          emulator.activateByHand(cards(100), { ...terms, ...limits });
          const before = emulator.sims();
          const inputs = { ...selection, plan: PLAN, ...limits, adopt };
          const up = (await fleet.up(inputs)).clean();
          assert.partialDeepStrictEqual(up.preview(), {
            adopt: 100,
            changePlan: 0,
            changeLimits: 0,
            dueNow: 0,
          });
          assert.deepEqual(up.writes, []);
          assert.deepEqual(emulator.sims(), before);
          assert.ok(emulator.ledger.every(({ by }) => by === "hand"));
          await assertQuiet(fleet, inputs);
        }));
    }
  }

  for (const [form, selection] of Object.entries(forms)) {
    it(`${form}: one on another plan stops \`matching\`, which names it, and is changed by \`always\``, () =>
      withFleet({ behaviour: { planChangeCost: "0.99" } }, async (fleet) => {
        const { emulator } = fleet;
        emulator.activateByHand(cards(99), terms);
        emulator.activateByHand([iccid(99)], { plan: OTHER, zone: "global" });
        const matching = await fleet.up({ ...selection, plan: PLAN });
        assert.equal(matching.failures[0], `already active with plan 75 instead of 2096: ${iccid(99)}`);
        assert.deepEqual([matching.writes, fleet.resources], [[], []]);

        const inputs = { ...selection, plan: PLAN, adopt: "always" };
        const preview = (await fleet.preview(inputs)).clean();
        assert.partialDeepStrictEqual(preview.preview(), {
          ...{ activate: 0, adopt: 100, changePlan: 1, simCount: 100, monthlyCost: 60, dueNow: 0 },
          summary:
            "adopt 100 SIMs, change the plan of 1 SIM (an upgrade is charged pro rata) on Global Flat (2096, global): $60.00/month",
        });
        const up = (await fleet.up(inputs)).clean();
        assert.deepEqual(
          changesOf(emulator, up, "changeplan").map(({ iccids }) => iccids),
          [[iccid(99)]],
        );
        assert.deepEqual(sentIn(up), ["changeplan 1"]);
        assert.deepEqual(planCharges(emulator), [iccid(99)]);
        assert.equal(emulator.sim(iccid(99)).plan, PLAN);
        await assertQuiet(fleet, inputs);
      }));
  }
});

describe("dynamic: adopt always", () => {
  for (const [form, selection] of Object.entries({
    range: { simRange: range(30) },
    list: { sims: cards(30) },
  })) {
    it(`${form}: changes plan, zone and limits, tags and resumes, each only where it differs`, () =>
      withFleet({ behaviour: { planChangeCost: "0.99" } }, async (fleet) => {
        const { emulator } = fleet;
        const declared = { plan: OTHER, zone: "global", overageLimit: 5_000 };
        const agreeing = cards(10);
        const [otherPlan, otherZone, otherLimit, paused] = [
          cards(4, 10),
          cards(3, 14),
          cards(2, 17),
          cards(6, 19),
        ];
        emulator.activateByHand(agreeing, declared);
        emulator.activateByHand(otherPlan, { ...terms, threshold: 77 });
        emulator.activateByHand(otherZone, { ...declared, zone: "us" });
        emulator.activateByHand(otherLimit, { ...declared, overageLimit: 6_000 });
        emulator.activateByHand(paused, declared);
        for (const each of paused) emulator.setState(each, "PAUSED-USER");
        const before = agreeing.map((each) => emulator.sim(each));
        const tagId = await newTag(emulator, "cold chain");

        const inputs = { ...selection, ...declared, zone: "GLOBAL", tagId, adopt: "always" };
        const up = (await fleet.up(inputs)).clean();
        assert.partialDeepStrictEqual(up.preview(), {
          ...{ activate: 5, adopt: 25, changePlan: 7, changeLimits: 2, resume: 6, simCount: 30 },
          ...{ dueNow: 7.5, monthlyCost: 45 },
          summary:
            "activate 5 SIMs, adopt 25, resume 6, change the plan of 7 SIMs (an upgrade is charged pro rata), " +
            "change the limits of 2 on Pilot 1 MB (75, GLOBAL): about $7.50 now, $45.00/month",
        });
        assert.deepEqual(up.claims.length, 1);
        assert.deepEqual(planCharges(emulator).sort(), [...otherPlan, ...otherZone]);
        const named = (kind: string) =>
          changesOf(emulator, up, kind)
            .flatMap(({ iccids }) => iccids)
            .sort();
        assert.deepEqual(named("usagelimit"), [...otherPlan, ...otherZone, ...otherLimit]);
        assert.deepEqual(named("state"), paused);
        assert.deepEqual(named("link"), cards(25));
        for (const each of cards(30)) {
          assert.partialDeepStrictEqual(emulator.sim(each), { ...declared, state: "LIVE", tagIds: [tagId] });
        }
        for (const each of otherPlan) assert.equal(emulator.sim(each).threshold, 77, "nobody declared it");
        assert.deepEqual(
          agreeing.map((each) => emulator.sim(each)),
          before.map((sim) => ({ ...sim, tagIds: [tagId] })),
        );
        assert.partialDeepStrictEqual(fleet.outputs(), { iccids: cards(30), unfinished: [] });
        await assertQuiet(fleet, inputs);
      }));
  }

  it("does not take over what is dead or somebody else's", () =>
    withFleet({}, async (fleet) => {
      const { emulator } = fleet;
      emulator.activateByHand(cards(20), { plan: OTHER, zone: "global" });
      emulator.setState(iccid(3), "DEAD");
      emulator.move(iccid(4), emulator.addOrganization({ name: "Others" }));
      const report = await fleet.up({ sims: cards(20), plan: PLAN, adopt: "always" });
      assert.deepEqual([report.writes, report.succeeded], [[], false]);
      assert.match(
        report.text,
        new RegExp(`deactivated for good, it can never be activated again: ${iccid(3)}`),
      );
      assert.match(report.text, new RegExp(`not in this organization: ${iccid(4)}`));
    }));

  it("goes on with a SIM that could not be changed, and with that one alone", () =>
    withFleet({ behaviour: { planChangeCost: "0.99" } }, async (fleet) => {
      const { emulator } = fleet;
      emulator.activateByHand(cards(20), { plan: OTHER, zone: "us" });
      emulator.setState(iccid(7), "PAUSED-SYS");
      const inputs = { simRange: range(20), plan: PLAN, adopt: "always" };
      const failed = await fleet.up(inputs);
      assert.deepEqual(failed.reasons, [
        "1 SIM not done (20 certain). Run `pulumi up` again to go on; SIMs that are active by then are not claimed again.",
        `Please contact support to change this plan.: ${iccid(7)}`,
      ]);
      assert(failed.lines.some(({ message }) => message.startsWith("1 SIM paused by Hologram")));
      assert.partialDeepStrictEqual(fleet.outputs(), { iccids: cards(20), simCount: 20 });
      emulator.setState(iccid(7), "LIVE");
      const next = (await fleet.up(inputs)).clean();
      assert.deepEqual(
        changesOf(emulator, next, "changeplan").map(({ iccids }) => iccids),
        [[iccid(7)]],
      );
      assert.equal(new Set(planCharges(emulator)).size, 20);
      assert.equal(planCharges(emulator).length, 20);
      await assertQuiet(fleet, inputs);
    }));

  it("tells of a SIM that several things could not be done to as of one", () =>
    withFleet({}, async (fleet) => {
      const { emulator } = fleet;
      emulator.activateByHand(cards(20), { plan: OTHER, zone: "us" });
      emulator.setState(iccid(7), "PAUSED-USER");
      const refused = { kind: "refuse", iccids: [iccid(7)], reason: "Not this one" } as const;
      emulator.faults.add({ path: "/devices/changeplan", fault: refused });
      emulator.faults.add({ path: "/devices/state", fault: refused });
      const failed = await fleet.up({ simRange: range(20), plan: PLAN, adopt: "always" });
      assert.match(failed.reasons[0] ?? "", /^1 SIM not done \(20 certain\)/);
      assert.deepEqual(fleet.outputs().unfinished, [`${iccid(7)}: Not this one`]);
    }));

  it("in doubt about the plans of what it took over, holds it and goes on when that has settled", () =>
    withFleet({ behaviour: { planChangeCost: "0.99" } }, async (fleet) => {
      const { emulator } = fleet;
      emulator.activateByHand(cards(20), { plan: OTHER, zone: "us" });
      emulator.faults.add({ path: "/devices/changeplan", nth: 1, fault: { kind: "drop", commit: false } });
      const inputs = { simRange: range(20), plan: PLAN, adopt: "always" };
      assert.equal((await fleet.up(inputs)).succeeded, false);
      assert.partialDeepStrictEqual(fleet.outputs(), { iccids: cards(20), simCount: 20 });
      assert.deepEqual((await fleet.up(inputs)).writes, []);
      await fleet.timeline.advance(10 * MINUTE);
      assert.deepEqual(sentIn((await fleet.up(inputs)).clean()), ["changeplan 20"]);
      assert.equal(planCharges(emulator).length, 20);
      await assertQuiet(fleet, inputs);
    }));

  for (const isChecked of [true, false]) {
    it(`changes no more plans than the preview told ${isChecked ? "in the same command" : "before its check"}`, () =>
      withFleet({}, async (fleet) => {
        const { emulator } = fleet;
        emulator.activateByHand(cards(17), terms);
        emulator.activateByHand(cards(3, 17), { plan: OTHER, zone: "global" });
        const inputs = { simRange: range(20), plan: PLAN, adopt: "always" };
        const between = async () => {
          await byHand(emulator, "POST", "/devices/changeplan", {
            ...{
              deviceids: [emulator.sim(iccid(0)).deviceId],
              planid: OTHER,
              zone: "us",
              orgid: emulator.orgId,
            },
          });
          emulator.clearRequests();
        };
        if (isChecked) {
          const report = await fleet.up(inputs, { between });
          assert.match(
            report.failures.join(),
            /^the account has changed since the preview: change the plan of 1 more\./,
          );
          assert.deepEqual(emulator.writes(), []);
          return;
        }
        const { check, create } = fleet.newProcess();
        const checked = await check({}, { ...inputs, __urn: urnOf("fleet") });
        assert.deepEqual(checked.failures, []);
        await between();
        const { outs } = await create(checked.inputs);
        assert.partialDeepStrictEqual(outs, { iccids: cards(20), unfinished: [] });
        const { plan: left } = emulator.sim(iccid(0));
        assert.deepEqual(
          [left, new Set(cards(19, 1).map((each) => emulator.sim(each).plan))],
          [OTHER, new Set([PLAN])],
        );
      }));
  }

  it("lets a growth take over SIMs that differ; the ones held before are not looked into", () =>
    withFleet({}, async (fleet) => {
      const { emulator } = fleet;
      emulator.activateByHand(cards(5, 20), { plan: OTHER, zone: "us", smsLimit: 3 });
      (await fleet.up({ simRange: range(20), plan: PLAN })).clean();
      const refused = await fleet.up({ simRange: range(25), plan: PLAN });
      assert.match(refused.failures[0] ?? "", /^already active with plan 75 .*: 8944/);
      const inputs = { simRange: range(25), plan: PLAN, adopt: "always" };
      const up = (await fleet.up(inputs)).clean();
      assert.partialDeepStrictEqual(up.preview(), { adopt: 5, changePlan: 5, unchanged: 20, activate: 0 });
      assert.deepEqual(sentIn(up), ["changeplan 5", "usagelimit 5"]);
      assert.partialDeepStrictEqual(emulator.sim(iccid(22)), { ...terms, smsLimit: 3 });
      await assertQuiet(fleet, inputs);
    }));
});
