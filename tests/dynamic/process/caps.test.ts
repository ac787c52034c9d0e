import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withFolder } from "../../harness/account/journalFolder";
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
      /^this run would activate 100 SIMs, and hologram:maxActivations allows 99; if that is meant, (set HOLOGRAM_MAX_ACTIVATIONS=100|run `pulumi config set hologram:maxActivations 100`)/,
    ],
    [
      "HOLOGRAM_MAX_DUE_NOW",
      "hologram:maxDueNow",
      "59.99",
      "60",
      /^this run would cost about \$60\.00 now, and hologram:maxDueNow allows \$59\.99; if that is meant, (set HOLOGRAM_MAX_DUE_NOW=60|run `pulumi config set hologram:maxDueNow 60`)/,
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

    it(`${key}: is summed over all resources of the program in the preview, and nothing is sent`, () =>
      withFleet({}, async (fleet) => {
        fleet.environment[variable] = enough;
        const program = { a: { simRange: range(60), plan }, b: { simRange: range(60, 60), plan } };
        for (const report of [await fleet.previewProgram(program), await fleet.upProgram(program)]) {
          assert.match(
            report.failures.join(),
            /^this run would (activate 120 SIMs|cost about \$72\.00 now).*; nothing was sent$/,
          );
          assert.deepEqual([report.writes, fleet.resources, fleet.emulator.ledger], nothing);
        }
      }));

    it(`${key}: holds over all resources of a run without a preview, before the first claim of each`, () =>
      withFleet({}, async (fleet) => {
        fleet.environment[variable] = enough;
        const program = { a: { simRange: range(60), plan }, b: { simRange: range(60, 60), plan } };
        const report = await fleet.upProgram(program, { skipPreview: true });
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

type Fleet = Parameters<Parameters<typeof withFleet>[1]>[0];

describe("dynamic: what happens to the account after a preview", () => {
  const terms = { plan, zone: "global" };
  const anotherCard = ({ emulator }: Fleet): void =>
    void emulator.addPack({ first: `${BigInt(iccid(0)) + 5n}`, count: 1, step: 1 });
  const dearer = ({ emulator }: Fleet): void =>
    emulator.addPlan({ id: PLAN, name: "Global Flat", zones: { global: "0.61" } });
  const forms = { range: { simRange, plan }, list: { sims: cards(100), plan } };

  for (const isActive of [false, true])
    it(`a count of SIMs that nothing named holds for those that are named by now, ${isActive ? "active" : "for sale"}`, () =>
      withFleet(
        { pack: { listed: false, count: 5 }, behaviour: { previewAnswer: "costOnly" } },
        async (fleet) => {
          const { emulator } = fleet;
          const inputs = { simRange: range(40), plan, expectedSims: 5 };
          (await fleet.up(inputs)).clean();
          // What is lost counts as expected as long as nothing names the rest.
          emulator.dashboard.deactivate(cards(3));
          (await fleet.refresh()).clean();
          emulator.addPack({ first: iccid(10), count: 4, step: 10, listed: false });
          const grown = { ...inputs, expectedSims: 9 };
          assert.equal((await fleet.preview(grown)).clean().preview().activate, 4);
          const up = await fleet.up(grown, {
            between: () => {
              emulator.addPack({ first: iccid(20), count: 7, step: 10, listed: !isActive });
              if (isActive) emulator.activateByHand(cards(7, 20), terms);
            },
          });
          const verb = isActive ? "adopt" : "activate";
          assert.match(up.failures.join(), new RegExp(`since the preview: ${verb} 3 more. Nothing was sent`));
          assert.deepEqual([up.writes, fleet.outputs().simCount], [[], 2]);
        },
      ));

  for (const [what, act, says, inputs] of [
    [
      "a SIM more to activate",
      anotherCard,
      /activate 1 more\. Nothing was sent; run the command again$/,
      forms.range,
    ],
    ["a higher price, range", dearer, /: \$0\.61 a SIM instead of \$0\.60\. Nothing was sent/, forms.range],
    ["a higher price, list", dearer, /: \$0\.61 a SIM instead of \$0\.60\. Nothing was sent/, forms.list],
  ] as const) {
    it(`${what}: the update phase of the same command fails, and nothing is sent`, () =>
      withFleet({}, async (fleet) => {
        const report = await fleet.up(inputs, { between: () => act(fleet) });
        assert.equal(report.failures.length, 1);
        assert.match(report.failures.join(), says);
        assert.match(report.failures.join(), /^the account has changed since the preview/);
        assert.deepEqual([report.writes, fleet.resources, fleet.emulator.ledger], nothing);
      }));
  }

  it("binds the update also where the journal cannot be written; where nothing can, the preview says it does not", () =>
    withFolder(async (folder) => {
      const [file, spare] = [join(folder, "file"), join(folder, "temporary")];
      writeFileSync(file, "");
      mkdirSync(spare);
      for (const [temporary, isBound] of [
        [spare, true],
        [file, false],
      ] as const) {
        await withFleet({}, async (fleet) => {
          const { TMPDIR: before } = process.env;
          const { journal } = fleet;
          fleet.environment.HOLOGRAM_JOURNAL = join(file, "journal");
          process.env.TMPDIR = temporary;
          try {
            const preview = await fleet.preview(forms.list);
            assert.equal(/its price and names do not bind the update/.test(preview.text), !isBound);
            const report = await fleet.up(forms.list, { between: () => dearer(fleet) });
            assert.equal(report.succeeded, !isBound);
            assert.equal(fleet.emulator.ledger.length, isBound ? 0 : 100);
          } finally {
            if (before === undefined) delete process.env.TMPDIR;
            else process.env.TMPDIR = before;
            fleet.environment.HOLOGRAM_JOURNAL = journal;
          }
        });
      }
    }));

  for (const adopt of ["matching", "always"])
    it(`a higher price of the plan that SIMs are moved to (adopt: ${adopt}): nothing is sent`, () =>
      withFleet({ behaviour: { planChangeCost: "5.00" } }, async (fleet) => {
        const { emulator } = fleet;
        const from = { plan: 75, zone: "global" };
        if (adopt === "always") emulator.activateByHand(cards(10), from);
        else (await fleet.up({ sims: cards(10), plan: 75 })).clean();
        const report = await fleet.up({ sims: cards(10), plan, adopt }, { between: () => dearer(fleet) });
        assert.match(
          report.failures.join(),
          /^the account has changed .*: \$0\.61 a SIM instead of \$0\.60\. Nothing was sent/,
        );
        assert.deepEqual(report.writes, []);
      }));

  /** Something happens after the check of the update phase itself, before create looks. */
  async function afterCheck(
    inputs: object,
    act: (fleet: Fleet) => void,
    then: (fleet: Fleet, outs: unknown) => void,
  ) {
    await withFleet({}, async (fleet) => {
      const { check, create } = fleet.newProcess();
      const checked = await check({}, { ...inputs, __urn: urnOf("fleet") });
      assert.deepEqual(checked.failures, []);
      act(fleet);
      const outs = await create(checked.inputs).then(
        (created) => created.outs,
        (error: unknown) => error,
      );
      then(fleet, outs);
    });
  }

  it("a SIM more to activate than was told is left alone", () =>
    afterCheck(forms.range, anotherCard, (fleet, outs) => {
      assert.partialDeepStrictEqual(outs, { simCount: 100, iccids: cards(100) });
      assert.equal(fleet.emulator.ledger.length, 100);
    }));

  it("a SIM that was to be activated and is active by now on the told terms is held without a claim", () =>
    afterCheck(
      forms.range,
      ({ emulator }) => void emulator.activateByHand(cards(2), terms),
      ({ emulator }, outs) => {
        assert.partialDeepStrictEqual(outs, { simCount: 100, iccids: cards(100) });
        const claimed = emulator.ledger.flatMap(({ by, iccid: each }) => (by === "claim" ? [each] : []));
        assert.deepEqual(claimed.sort(), cards(98, 2));
      },
    ));

  for (const [form, inputs] of Object.entries(forms)) {
    it(`${form}: at a higher price than was told nothing is sent`, () =>
      afterCheck(inputs, dearer, ({ emulator }, outs) => {
        assert.match(
          String(outs),
          /^Error: nothing was activated: not on the terms that were approved \(plan, zone or price\); run `pulumi refresh`/,
        );
        assert.deepEqual([emulator.writes(), emulator.ledger], [[], []]);
      }));
  }

  it("fewer SIMs or a lower price is no reason to stop", () =>
    withFleet({}, async (fleet) => {
      const { check, create } = fleet.newProcess();
      const checked = await check({}, { simRange, plan, __urn: urnOf("fleet") });
      fleet.emulator.addPlan({ id: PLAN, name: "Global Flat", zones: { global: "0.50" } });
      const { outs } = await create(checked.inputs);
      assert.equal(outs.simCount, 100);
    }));
});
