import assert from "node:assert/strict";
import { cards, iccid, ORG, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import { urnOf } from "../../harness/provider/providerHarness";
import type { Report } from "../../harness/provider/providerReport";

const plan = PLAN;
const simRange = range(100);
const none = { activate: 0, adopt: 0, resume: 0, changePlan: 0, changeLimits: 0, release: 0, unchanged: 0 };
const on = "on Global Flat (2096, global)";

describe("dynamic: the preview", () => {
  it("tells what is activated and adopted, and what that costs", () =>
    withFleet({ pack: { count: 100 } }, async (fleet) => {
      fleet.emulator.activateByHand(cards(12, 40), { plan, zone: "global" });
      const report = (await fleet.preview({ simRange, plan })).clean();
      const summary = `activate 88 SIMs, adopt 12 ${on}: about $52.80 now, $60.00/month`;
      assert.deepEqual(report.preview(), {
        ...none,
        ...{ activate: 88, adopt: 12, simCount: 100 },
        ...{ monthlyCost: 60, monthlyCostBefore: 0, dueNow: 52.8, summary },
      });
      assert.deepEqual(report.writes, []);
      // The same text on the resource's own row, and standing when the row is done.
      assert.deepEqual(
        report.lines.map(({ message, urn, ephemeral }) => [message, urn, ephemeral === true]),
        [
          [summary, urnOf("fleet"), true],
          [summary, urnOf("fleet"), false],
        ],
      );
      assert.partialDeepStrictEqual(report.checked.fleet, {
        ...{ simRange, plan, zone: "global", adopt: "matching", onRelease: "keep", orgId: ORG },
      });
    }));

  it("leaves a line that stays where something would change, and none where nothing would or in an update", () =>
    withFleet({}, async (fleet) => {
      const lasting = ({ lines }: Report) => lines.flatMap((line) => (line.ephemeral ? [] : line.message));
      const up = (await fleet.up({ simRange, plan })).clean();
      assert.deepEqual(lasting(up), ["activated 100 SIMs in 1 request, about $60.00"]);
      assert.deepEqual(lasting((await fleet.preview({ simRange, plan })).clean()), []);
      const shrink = { simRange: range(70), plan };
      const told = [
        "release 30 SIMs (keep; they stay active and billed) on Global Flat (2096, global): $42.00/month",
      ];
      assert.deepEqual(lasting((await fleet.preview(shrink)).clean()), told);
      fleet.environment.HOLOGRAM_API_KEY = undefined;
      const [blind = ""] = lasting((await fleet.preview(shrink)).clean());
      assert.match(blind, /^not verified: no API key/);
      assert.deepEqual(lasting((await fleet.preview({ simRange, plan })).clean()), []);
    }));

  it("leaves one line where a fleet is replaced, though it is checked twice", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ sims: cards(10), plan })).clean();
      const { lines } = (await fleet.preview({ sims: cards(20).slice(10), plan })).clean();
      assert.deepEqual(
        lines.flatMap((line) => (line.ephemeral ? [] : line.message)),
        [
          `activate 10 SIMs ${on}: about $6.00 now, $6.00/month; the 10 SIMs of the former declaration are released: keep; they stay active and billed`,
        ],
      );
    }));

  it("is the same however the SIMs are declared, and comes true", () =>
    withFleet({ pack: { count: 100 } }, async (fleet) => {
      const byRange = (await fleet.preview({ simRange, plan })).clean();
      const byList = (await fleet.preview({ sims: cards(100).reverse(), plan })).clean();
      assert.deepEqual(byList.preview(), byRange.preview());
      (await fleet.up({ simRange, plan })).clean();
      assert.partialDeepStrictEqual(fleet.outputs(), { preview: byRange.preview() });
      assert.equal(fleet.emulator.ledger.length, byRange.preview().activate);
    }));

  const releases = [
    ["keep", "release 30 SIMs (keep; they stay active and billed)"],
    ["pause", "release 30 SIMs (pause; still billed)"],
    ["deactivate", "deactivate 30 SIMs FOR EVER"],
  ] as const;
  for (const [onRelease, words] of releases) {
    it(`names the kind of a release: ${onRelease}`, () =>
      withFleet({}, async (fleet) => {
        fleet.environment.HOLOGRAM_MAX_DEACTIVATIONS = "30";
        (await fleet.up({ simRange, plan, onRelease })).clean();
        const shrink = (await fleet.preview({ simRange: range(70), plan, onRelease })).clean();
        assert.deepEqual(shrink.preview(), {
          ...none,
          ...{ release: 30, unchanged: 70, simCount: 70, monthlyCost: 42, monthlyCostBefore: 60, dueNow: 0 },
          summary: `${words} ${on}: $42.00/month`,
        });
        const both = (await fleet.preview({ simRange: range(80, 30), plan, onRelease })).clean();
        const kind = onRelease === "deactivate" ? words : `${words}`;
        assert.equal(
          both.preview().summary,
          `activate 10 SIMs, ${kind} ${on}: about $6.00 now, $48.00/month`,
        );
      }));
  }

  it("counts SIMs that a user paused as resumed, and those that Hologram paused as they are", () =>
    withFleet({}, async (fleet) => {
      const { emulator } = fleet;
      emulator.activateByHand(cards(10), { plan, zone: "global" });
      emulator.setState(iccid(1), "PAUSED-USER");
      emulator.setState(iccid(2), "PAUSED-SYS");
      const report = (await fleet.preview({ simRange: range(10), plan })).clean();
      assert.partialDeepStrictEqual(report.preview(), {
        ...none,
        adopt: 10,
        resume: 1,
        simCount: 10,
        dueNow: 0,
      });
      assert.equal(report.preview().summary, `adopt 10 SIMs, resume 1 ${on}: $6.00/month`);
    }));

  it("rounds to cents once, at the end", () =>
    withFleet({}, async (fleet) => {
      fleet.emulator.addPlan({ id: 3, name: "Odd", zones: { global: "0.605" } });
      const report = (await fleet.preview({ simRange: range(3), plan: 3 })).clean();
      assert.partialDeepStrictEqual(report.preview(), { dueNow: 1.82, monthlyCost: 1.82 });
      const many = (await fleet.preview({ simRange, plan: 3 })).clean();
      assert.partialDeepStrictEqual(many.preview(), { dueNow: 60.5, monthlyCost: 60.5 });
    }));

  it("spreads the price of a longer billing period over its months", () =>
    withFleet({}, async (fleet) => {
      fleet.emulator.addPlan({ id: 12, name: "Yearly", billingPeriod: 12, zones: { global: "12.00" } });
      const report = (await fleet.preview({ simRange: range(10), plan: 12 })).clean();
      assert.partialDeepStrictEqual(report.preview(), { dueNow: 120, monthlyCost: 10 });
    }));

  it("takes the price of the organization's tier, and the highest where that is not known", () =>
    withFleet({}, async (fleet) => {
      const tiers = { GOLD: { global: "0.40" }, LIST: { global: "0.90" } };
      fleet.emulator.addPlan({ id: 5, name: "Tiers", zones: { global: "0.60" }, tiers });
      const told = async () => (await fleet.preview({ simRange: range(10), plan: 5 })).clean().preview();
      assert.partialDeepStrictEqual(await told(), { dueNow: 6 });
      const zones = { global: { amount: "0.60" } };
      const listed = { BASE: { zones }, LIST: { zones: { global: { amount: "0.90" } } } };
      const body = { success: true, data: [{ id: 5, name: "Tiers", tiers: listed }] };
      fleet.emulator.faults.add({ path: /^\/plans$/, fault: { kind: "status", status: 200, body } });
      assert.partialDeepStrictEqual(await told(), { dueNow: 9 });
    }));

  it("says that a plan is switched off", () =>
    withFleet({}, async (fleet) => {
      fleet.emulator.addPlan({ id: 5, name: "Old", zones: { global: "0.60" }, enabled: false });
      const report = await fleet.preview({ simRange: range(10), plan: 5 });
      assert.equal(
        report.preview().summary,
        "activate 10 SIMs on Old (5, global; switched off): about $6.00 now, $6.00/month",
      );
      assert.ok(report.lines.some(({ message }) => message.includes("switched off")));
    }));

  it("that named the zone in another letter case is carried out in the plan's own", () =>
    withFleet({}, async (fleet) => {
      fleet.emulator.behaviour.zoneMatching = "exact";
      for (const id of [5, 6]) fleet.emulator.addPlan({ id, name: "Cased", zones: { Global: "0.60" } });
      const inputs = { simRange: range(3), plan: 5, zone: "gLOBAL" };
      const created = (await fleet.up(inputs)).clean();
      const moved = (await fleet.up({ ...inputs, plan: 6 })).clean();
      const zones = (report: typeof created, path: RegExp) =>
        report.requests.filter((each) => path.test(each.path)).map(({ body }) => body);
      assert.partialDeepStrictEqual(zones(created, /bulkclaim/).at(-1), { plan: 5, zone: "Global" });
      assert.partialDeepStrictEqual(zones(moved, /changeplan/), [{ planid: 6, zone: "Global" }]);
      assert.equal(fleet.outputs().zone, "gLOBAL");
      assert.deepEqual((await fleet.up({ ...inputs, plan: 6, zone: "GLOBAL" })).clean().writes, []);
    }));

  it("does not depend on tag or limits", () =>
    withFleet({}, async (fleet) => {
      const bare = (await fleet.preview({ simRange, plan })).preview();
      const limits = { overageLimit: 5_000_000, threshold: 4_000_000, smsLimit: -1, tagId: 5001 };
      const full = (await fleet.preview({ simRange, plan, ...limits })).clean().preview();
      assert.deepEqual(full, bare);
    }));

  it("fails for SIMs that certainly cannot be activated, names them, and spends nothing", () =>
    withFleet({}, async (fleet) => {
      for (const n of [3, 4, 5]) fleet.emulator.setState(iccid(n), "DEAD");
      for (const inputs of [
        { simRange, plan },
        { sims: cards(100), plan },
      ]) {
        const report = await fleet.up(inputs);
        const [reason = ""] = report.failures;
        assert.equal(report.failures.length, 1);
        assert.equal(
          reason,
          `deactivated for good, it can never be activated again: ${cards(3, 3).join(", ")}`,
        );
        assert.deepEqual([report.writes, fleet.resources, fleet.emulator.ledger], [[], [], []]);
      }
    }));

  it("names ten SIMs and counts the rest", () =>
    withFleet({}, async (fleet) => {
      for (const each of cards(47)) fleet.emulator.setState(each, "DEAD");
      const { failures } = await fleet.preview({ simRange, plan });
      assert.match(failures.join(), new RegExp(`: ${cards(10).join(", ")} and 37 more$`));
    }));
});
