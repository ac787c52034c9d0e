import assert from "node:assert/strict";
import { cards, iccid, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import { urnOf } from "../../harness/provider/providerHarness";

const plan = PLAN;
const simRange = range(100);
const nothing = [[], [], []];

describe("dynamic: caps of one run", () => {
  const caps = [
    [
      "HOLOGRAM_MAX_ACTIVATIONS",
      "hologram:maxActivations",
      "99",
      "100",
      /^this run would activate 100 SIMs, and hologram:maxActivations allows 99; .*`pulumi config set hologram:maxActivations 100`/,
    ],
    [
      "HOLOGRAM_MAX_DUE_NOW",
      "hologram:maxDueNow",
      "59.99",
      "60",
      /^this run would cost about \$60\.00 now, and hologram:maxDueNow allows \$59\.99; .*`pulumi config set hologram:maxDueNow 60`/,
    ],
  ] as const;
  for (const [variable, key, low, enough, says] of caps) {
    it(`${key}: the preview fails already, and nothing is sent`, () =>
      withFleet({}, async (fleet) => {
        for (const [environment, config] of [
          [low, {}],
          [undefined, { [key]: low }],
        ] as const) {
          fleet.environment[variable] = environment;
          fleet.config = config;
          for (const report of [
            await fleet.preview({ simRange, plan }),
            await fleet.up({ simRange, plan }),
          ]) {
            assert.equal(report.failures.length, 1);
            assert.match(report.failures.join(), says);
            assert.deepEqual([report.writes, fleet.resources, fleet.emulator.ledger], nothing);
          }
        }
        fleet.config = { [key]: enough };
        (await fleet.up({ simRange, plan })).clean();
        assert.equal(fleet.emulator.ledger.length, 100);
      }));

    it(`${key}: holds over all resources of the run, before the first claim of each`, () =>
      withFleet({}, async (fleet) => {
        fleet.environment[variable] = enough;
        const program = { a: { simRange: range(60), plan }, b: { simRange: range(60, 60), plan } };
        const report = await fleet.upProgram(program);
        assert.equal(report.errors.length, 1);
        assert.match(
          report.errors.join(),
          /^nothing was sent: this run would (activate 120 SIMs|cost about \$72\.00 now)/,
        );
        assert.equal(fleet.emulator.ledger.length, 60);
        assert.equal(fleet.resources.length, 1);
        // A new run counts from nothing.
        (await fleet.upProgram(program)).clean();
        assert.equal(fleet.emulator.ledger.length, 120);
      }));

    it(`${key}: a value that cannot be read is an error that names it`, () =>
      withFleet({}, async (fleet) => {
        fleet.config = { [key]: "many" };
        const report = await fleet.up({ simRange, plan });
        assert.equal(report.failures.length, 1);
        assert.match(
          report.failures.join(),
          new RegExp(`^${key} \\(${variable}\\) is "many"; it must be .*Nothing was sent`),
        );
      }));
  }

  it("adopted SIMs are free, and do not count", () =>
    withFleet({}, async (fleet) => {
      fleet.emulator.activateByHand(cards(95), { plan, zone: "global" });
      fleet.environment.HOLOGRAM_MAX_ACTIVATIONS = "5";
      fleet.environment.HOLOGRAM_MAX_DUE_NOW = "3";
      (await fleet.up({ simRange, plan })).clean();
      assert.equal(fleet.outputs().simCount, 100);
    }));

  it("an unchanged program is within every cap", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ simRange, plan })).clean();
      fleet.environment.HOLOGRAM_MAX_ACTIVATIONS = "0";
      fleet.environment.HOLOGRAM_MAX_DUE_NOW = "0";
      (await fleet.up({ simRange, plan })).clean();
      assert.match((await fleet.up({ simRange: range(101), plan })).failures.join(), /would activate 1 SIM,/);
    }));
});

describe("dynamic: bounds of one change", () => {
  /** Something happens in the account after check has looked, before create looks. */
  async function between(
    act: (fleet: Parameters<Parameters<typeof withFleet>[1]>[0]) => void,
    says: RegExp,
    inputs: object,
  ) {
    await withFleet({}, async (fleet) => {
      const { check, create } = fleet.newProcess();
      const checked = await check({}, { ...inputs, __urn: urnOf("fleet") });
      assert.deepEqual(checked.failures, []);
      act(fleet);
      await assert.rejects(create(checked.inputs), says);
      assert.deepEqual(
        [fleet.emulator.writes(), fleet.emulator.ledger.filter(({ by }) => by === "claim")],
        [[], []],
      );
    });
  }

  it("more SIMs to activate than the preview said: nothing is sent", () =>
    between(
      (fleet) => void fleet.emulator.addPack({ first: `${BigInt(iccid(0)) + 5n}`, count: 1, step: 1 }),
      /^Error: nothing was sent: 101 SIMs would be activated, but the preview said 100\. Run `pulumi preview`/,
      { simRange, plan },
    ));

  it("more SIMs to adopt than it said: nothing is sent", () =>
    between(
      (fleet) => fleet.emulator.activateByHand(cards(2), { plan, zone: "global" }),
      /^Error: nothing was sent: 2 SIMs would be adopted, but the preview said 0\./,
      { simRange, plan },
    ));

  it("a higher price than it said: nothing is sent", () =>
    between(
      (fleet) => fleet.emulator.addPlan({ id: PLAN, name: "Global Flat", zones: { global: "0.61" } }),
      /^Error: nothing was sent: the activation would cost about \$61\.00, but the preview said \$60\.00\./,
      { simRange, plan },
    ));

  it("the same, of a list", () =>
    between(
      (fleet) => fleet.emulator.addPlan({ id: PLAN, name: "Global Flat", zones: { global: "0.61" } }),
      /^Error: nothing was sent: the activation would cost about \$61\.00/,
      { sims: cards(100), plan },
    ));

  it("fewer SIMs or a lower price is no reason to stop", () =>
    withFleet({}, async (fleet) => {
      const { check, create } = fleet.newProcess();
      const checked = await check({}, { simRange, plan, __urn: urnOf("fleet") });
      fleet.emulator.addPlan({ id: PLAN, name: "Global Flat", zones: { global: "0.50" } });
      const { outs } = await create(checked.inputs);
      assert.equal(outs.simCount, 100);
    }));
});
