import assert from "node:assert/strict";
import { cards, iccid, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import { simsOf } from "../../harness/provider/providerReport";

const plan = PLAN;
const terms = { plan, zone: "global" };

const advice =
  'adopt: "always" takes over SIMs that are active on other terms, and changes them (an upgrade is charged); ' +
  "else declare them as they are. Nothing was sent";

describe("dynamic: adopting SIMs that are active already", () => {
  for (const inputs of [{ simRange: range(20) }, { sims: cards(20) }]) {
    const form = Object.keys(inputs).join();

    it(`${form}: those that agree are taken over, charged for never, claimed never`, () =>
      withFleet({}, async (fleet) => {
        fleet.emulator.activateByHand(cards(12, 4), terms);
        const before = cards(12, 4).map((each) => fleet.emulator.sim(each));
        const report = (await fleet.up({ ...inputs, plan })).clean();
        assert.partialDeepStrictEqual(report.preview(), { activate: 8, adopt: 12 });
        assert.deepEqual(fleet.outputs().iccids, cards(20));
        assert.deepEqual(
          cards(12, 4).map((each) => fleet.emulator.sim(each)),
          before,
        );
        assert.deepEqual(fleet.emulator.judgement().doubleClaims, []);
        assert.equal(fleet.emulator.ledger.length, 20);
        assert(report.lines.some(({ message }) => message === "adopted 12 SIMs that were active already"));
      }));

    it(`${form}: a fleet that is active in full is adopted without a claim`, () =>
      withFleet({}, async (fleet) => {
        fleet.emulator.activateByHand(cards(20), terms);
        const report = (await fleet.up({ ...inputs, plan })).clean();
        assert.deepEqual([report.writes, fleet.outputs().iccids], [[], cards(20)]);
        assert.partialDeepStrictEqual(report.preview(), {
          activate: 0,
          adopt: 20,
          dueNow: 0,
          monthlyCost: 12,
        });
      }));
  }

  const mismatches = [
    ["plan", { plan: 75, zone: "global" }, {}, "plan 75 instead of 2096"],
    ["overage limit", { ...terms, overageLimit: 7 }, { overageLimit: 5 }, "overageLimit 7 instead of 5"],
    ["no overage limit", terms, { overageLimit: 5 }, "overageLimit -1 instead of 5"],
    ["SMS limit", { ...terms, smsLimit: 7 }, { smsLimit: 5 }, "smsLimit 7 instead of 5"],
  ] as const;
  for (const [what, byHand, declared, words] of mismatches) {
    it(`another ${what} is a failure that names the SIMs`, () =>
      withFleet({}, async (fleet) => {
        fleet.emulator.activateByHand(cards(3, 5), byHand);
        const report = await fleet.up({ simRange: range(20), plan, ...declared });
        assert.deepEqual(report.failures, [
          `already active with ${words}: ${cards(3, 5).join(", ")}`,
          advice,
        ]);
        assert.deepEqual([report.writes, fleet.resources], [[], []]);
      }));
  }

  it("another zone is a failure that names the SIMs", () =>
    withFleet({}, async (fleet) => {
      fleet.emulator.activateByHand(cards(3, 5), { plan: 75, zone: "us" });
      const report = await fleet.up({ simRange: range(20), plan: 75 });
      assert.deepEqual(report.failures, [
        `already active with zone us instead of global: ${cards(3, 5).join(", ")}`,
        advice,
      ]);
    }));

  it("every difference is named at once, most frequent first", () =>
    withFleet({}, async (fleet) => {
      fleet.emulator.activateByHand([iccid(0)], { plan: 75, zone: "us", overageLimit: 9 });
      fleet.emulator.activateByHand(cards(2, 1), { ...terms, overageLimit: 9 });
      const report = await fleet.preview({ simRange: range(20), plan, overageLimit: 5 });
      assert.deepEqual(report.failures, [
        `already active with overageLimit 9 instead of 5: ${cards(2, 1).join(", ")}`,
        `already active with plan 75 instead of 2096, zone us instead of global, overageLimit 9 instead of 5: ${iccid(0)}`,
        advice,
      ]);
    }));

  const agreements = [
    ["a limit that is not declared", { ...terms, overageLimit: 9, threshold: 3, smsLimit: 4 }, {}],
    ["a zone in capitals", { plan, zone: "Global" }, { zone: "GLOBAL" }],
    ["100 SMS where none was to be the limit", terms, { smsLimit: -1 }],
    [
      "declared limits that are in place",
      { ...terms, overageLimit: 9, threshold: 3 },
      { overageLimit: 9, threshold: 3 },
    ],
  ] as const;
  for (const [what, byHand, declared] of agreements) {
    it(`${what} is no difference`, () =>
      withFleet({ behaviour: { zoneSpelling: "capitalised" } }, async (fleet) => {
        fleet.emulator.activateByHand(cards(20), byHand);
        const report = (await fleet.up({ simRange: range(20), plan, ...declared })).clean();
        assert.deepEqual([report.writes, fleet.outputs().simCount], [[], 20]);
      }));
  }

  it("SIMs that a user paused are resumed on entering, those that Hologram paused are left", () =>
    withFleet({}, async (fleet) => {
      const { emulator } = fleet;
      emulator.activateByHand(cards(10), terms);
      for (const n of [2, 3]) emulator.setState(iccid(n), "PAUSED-USER");
      emulator.setState(iccid(4), "PAUSED-SYS");
      const report = (await fleet.up({ simRange: range(10), plan })).clean();
      assert.deepEqual(
        report.writes.map(({ path }) => path),
        ["/devices/state"],
      );
      assert.partialDeepStrictEqual(report.writes[0]?.body, { state: "live" });
      assert.deepEqual(
        [2, 3, 4].map((n) => emulator.sim(iccid(n)).state),
        ["LIVE", "LIVE", "PAUSED-SYS"],
      );
      const said = report.lines.map(({ message }) => message);
      assert(said.includes("resumed 2 SIMs"));
      assert(said.includes(`1 SIM paused by Hologram, for lack of funds or at a limit: ${iccid(4)}`));
    }));

  it("is how a create that died is finished: nothing is bought twice", () =>
    withFleet({ pack: { count: 3_000 } }, async (fleet) => {
      const inputs = { sims: cards(3_000), plan };
      fleet.emulator.activateByHand(cards(2_400), terms);
      const report = (await fleet.up(inputs)).clean();
      assert.partialDeepStrictEqual(report.preview(), { activate: 600, adopt: 2_400 });
      assert.deepEqual(fleet.outputs().iccids, cards(3_000));
      assert.equal(fleet.emulator.ledger.length, 3_000);
      assert.deepEqual(fleet.emulator.judgement().doubleClaims, []);
    }));

  it("a SIM that becomes active on the told terms after the preview is held without a claim", () =>
    withFleet({}, async (fleet) => {
      const between = () => fleet.emulator.activateByHand([iccid(7)], terms);
      const report = (await fleet.up({ simRange: range(20), plan }, { between })).clean();
      assert.deepEqual(
        report.claims.flatMap(simsOf),
        cards(20).filter((each) => each !== iccid(7)),
      );
      assert.deepEqual(fleet.outputs().iccids, cards(20));
      assert.deepEqual(fleet.emulator.judgement().doubleClaims, []);
    }));

  it("one that becomes active on other terms after the preview stops the update phase", () =>
    withFleet({}, async (fleet) => {
      const between = () => fleet.emulator.activateByHand([iccid(7)], { plan: 75, zone: "us" });
      const report = await fleet.up({ simRange: range(20), plan }, { between });
      assert.match(report.failures.join(), /^already active with plan 75 instead of 2096, zone us .*: 8944/);
      assert.deepEqual(report.writes, []);
    }));
});
