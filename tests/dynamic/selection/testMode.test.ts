import assert from "node:assert/strict";
import { cards, iccid, PLAN, range, type Setup, withFleet } from "../../harness/provider/providerFleet";
import type { FleetHarness } from "../../harness/provider/providerHarness";
import { simsOf, type Values } from "../../harness/provider/providerReport";
import { assertQuiet, changesOf, MINUTE, planCharges, sentIn } from "../../harness/provider/providerTerms";

const plan = PLAN;
const forms = { range: { simRange: range(20), plan }, list: { sims: cards(20), plan } };
/** Of the twenty cards, these have been in Test Mode, with a plan and a zone of their own. */
const tests = cards(3, 8);
const meanings = ["E1", "E3"] as const;
const found = "activated from Test Mode with plan 75 instead of 2096, zone us instead of global";

async function withTests(more: Setup, work: (fleet: FleetHarness) => Promise<void>, own = 75): Promise<void> {
  const behaviour = { planChangeCost: "0.99", ...more.behaviour };
  await withFleet({ ...more, behaviour, pack: false }, async (fleet) => {
    const { emulator } = fleet;
    emulator.addPack({ first: iccid(0), count: 8, step: 10 });
    const zone = own === 75 ? "us" : "global";
    emulator.addPack({ first: iccid(8), count: 3, step: 10, state: "TEST-ACTIVATE", plan: own, zone });
    emulator.addPack({ first: iccid(11), count: 12, step: 10 });
    await work(fleet);
  });
}
const activated = ({ emulator }: FleetHarness) =>
  emulator.ledger.flatMap(({ kind, iccid: each }) => (kind === "activation" ? [each] : [])).sort();

/** No preview has told that their plan changes: nothing is sent, until a refresh has made it known. */
async function assertLeftAlone(fleet: FleetHarness, inputs: Values): Promise<void> {
  assert.deepEqual((await fleet.up(inputs)).clean().writes, []);
  (await fleet.refresh()).clean();
}

describe("dynamic: SIMs in Test Mode", () => {
  for (const preflight of meanings) {
    for (const [form, inputs] of Object.entries(forms)) {
      it(`${preflight}, ${form}: count as activated, no preview names them, and a plan that they keep is changed next`, () =>
        withTests({ behaviour: { preflight } }, async (fleet) => {
          const { emulator } = fleet;
          const preview = (await fleet.preview(inputs)).clean();
          assert.partialDeepStrictEqual(preview.preview(), {
            activate: 20,
            adopt: 0,
            simCount: 20,
            dueNow: 12,
          });
          const named = preview.previews.flatMap(simsOf);
          assert.deepEqual(
            tests.filter((each) => named.includes(each)),
            [],
          );

          const up = await fleet.up(inputs);
          assert.deepEqual(up.claims.flatMap(simsOf), cards(20));
          assert.equal(Object.keys(Object(up.claims[0]?.body)).includes("invalidatePreflightSims"), false);
          assert.deepEqual(activated(fleet), cards(20));
          assert.deepEqual(up.reasons, [
            "3 SIMs not done (20 certain). Run `pulumi up` again to go on; SIMs that are active by then are not claimed again.",
            `${found}: ${tests.join(", ")}`,
          ]);
          const { iccids, unfinished } = fleet.outputs();
          assert.deepEqual(iccids, cards(20));
          assert.deepEqual(new Set(Object(unfinished)), new Set(tests.map((each) => `${each}: ${found}`)));

          await assertLeftAlone(fleet, inputs);
          const next = (await fleet.up(inputs)).clean();
          assert.equal(next.changes, "update fleet");
          assert.deepEqual(
            changesOf(emulator, next, "changeplan").map(({ iccids }) => iccids),
            [tests],
          );
          assert.deepEqual(sentIn(next), ["changeplan 3"]);
          assert.deepEqual(planCharges(emulator), tests);
          for (const each of cards(20)) {
            assert.partialDeepStrictEqual(emulator.sim(each), { plan, zone: "global", testMode: false });
          }
          await assertQuiet(fleet, inputs);
        }));
    }
  }

  it("on the declared plan already are activated like all others", () =>
    withTests(
      {},
      async (fleet) => {
        (await fleet.up(forms.range)).clean();
        assert.deepEqual(activated(fleet), cards(20));
        await assertQuiet(fleet, forms.range);
      },
      PLAN,
    ));

  it("get the declared limits and tag with the claim, and the limits once more with the plan", () =>
    withTests({}, async (fleet) => {
      const inputs = { ...forms.list, overageLimit: 5_000, threshold: 4_000 };
      assert.equal((await fleet.up(inputs)).succeeded, false);
      await assertLeftAlone(fleet, inputs);
      assert.deepEqual(sentIn((await fleet.up(inputs)).clean()), ["changeplan 3", "usagelimit 3"]);
      for (const each of cards(20)) {
        assert.partialDeepStrictEqual(fleet.emulator.sim(each), {
          plan,
          overageLimit: 5_000,
          threshold: 4_000,
        });
      }
    }));

  it("claimed in doubt and found active are told of in the same way", () =>
    withTests({}, async (fleet) => {
      const claim = { path: "/links/cellular/bulkclaim", preview: false, nth: 1 } as const;
      fleet.emulator.faults.add({ ...claim, fault: { kind: "lateCommit", milliseconds: MINUTE } });
      const up = await fleet.up(forms.list);
      assert.deepEqual(up.reasons.slice(1), [`${found}: ${tests.join(", ")}`]);
      await assertLeftAlone(fleet, forms.list);
      assert.deepEqual(sentIn((await fleet.up(forms.list)).clean()), ["changeplan 3"]);
      assert.deepEqual(activated(fleet), cards(20));
    }));

  it("whose plan cannot be read after the claim leave a warning, and refresh tells of it", () =>
    withTests({}, async (fleet) => {
      const { emulator } = fleet;
      // The check and the create of the update phase each list the SIMs once; what comes after the claim fails.
      const later = { path: "/links/cellular", method: "GET", nth: { from: 3 } } as const;
      const between = () => emulator.faults.add({ ...later, fault: { kind: "status", status: 503 } });
      const up = (await fleet.up(forms.range, { between })).clean();
      const warned = up.lines.filter(({ severity }) => severity === "warning").map(({ message }) => message);
      assert.equal(warned.length, 1);
      assert.match(
        warned.join(),
        /^the plan and zone of 3 SIMs that left Test Mode could not be read \(.*503.*\); a refresh tells whether they are as declared$/,
      );
      emulator.faults.clear();
      (await fleet.refresh()).clean();
      const next = (await fleet.up(forms.range)).clean();
      assert.partialDeepStrictEqual(next.preview(), { changePlan: 3, unchanged: 17 });
      await assertQuiet(fleet, forms.range);
    }));
});

describe("dynamic: invalidatePreflightSims", () => {
  it("E3: takes SIMs in Test Mode as fresh ones, on the declared plan", () =>
    withTests({ behaviour: { preflight: "E3" } }, async (fleet) => {
      const inputs = { ...forms.range, invalidatePreflightSims: true };
      const up = (await fleet.up(inputs)).clean();
      assert.partialDeepStrictEqual(up.preview(), { activate: 20, dueNow: 12 });
      assert.partialDeepStrictEqual(up.claims[0]?.body, { invalidatePreflightSims: true });
      for (const each of cards(20))
        assert.partialDeepStrictEqual(fleet.emulator.sim(each), { plan, zone: "global" });
      assert.deepEqual([activated(fleet), planCharges(fleet.emulator)], [cards(20), []]);
      await assertQuiet(fleet, inputs);
    }));

  for (const [form, selection] of Object.entries(forms)) {
    it(`E1, ${form}: SIMs in Test Mode are refused and reported, the others activated`, () =>
      withTests({ behaviour: { preflight: "E1" } }, async (fleet) => {
        const { emulator } = fleet;
        const inputs = { ...selection, invalidatePreflightSims: true };
        const others = cards(20).filter((each) => !tests.includes(each));
        const up = await fleet.up(inputs);
        assert.deepEqual(
          up.claims.map((claim) => simsOf(claim).length),
          [20, 17],
        );
        assert.deepEqual(up.reasons, [
          "3 SIMs not done (17 certain, 3 refused). Run `pulumi up` again to go on; SIMs that are active by then are not claimed again.",
          `SIM is in Test Mode: ${tests.join(", ")}`,
        ]);
        assert.deepEqual(activated(fleet), others);
        assert.partialDeepStrictEqual(fleet.outputs(), { iccids: others, simCount: 17 });
        assert(tests.every((each) => emulator.sim(each).testMode));

        const again = await fleet.up(inputs);
        assert.deepEqual(again.claims.flatMap(simsOf), tests);
        assert.match(again.reasons[1] ?? "", /^SIM is in Test Mode: /);
        // Without the flag they go from test to live, and then to the declared plan.
        const without = await fleet.up(selection);
        assert.deepEqual(without.claims.flatMap(simsOf), tests);
        assert.deepEqual(without.reasons.slice(1), [`${found}: ${tests.join(", ")}`]);
        await assertLeftAlone(fleet, selection);
        assert.deepEqual(sentIn((await fleet.up(selection)).clean()), ["changeplan 3"]);
        assert.deepEqual(activated(fleet), cards(20));
        await assertQuiet(fleet, selection);
      }));
  }

  it("alone is no reason for a request", () =>
    withTests({}, async (fleet) => {
      const inputs = { sims: cards(5), plan };
      (await fleet.up(inputs)).clean();
      for (const invalidatePreflightSims of [true, false]) {
        const up = (await fleet.up({ ...inputs, invalidatePreflightSims })).clean();
        assert.deepEqual([up.changes, up.requests], ["update fleet", []]);
      }
    }));
});

describe("dynamic: a growth by SIMs in Test Mode", () => {
  it("that keep their plan is refused next time, until the program says that they may be changed", () =>
    withTests({}, async (fleet) => {
      (await fleet.up({ simRange: range(8), plan })).clean();
      const grown = { simRange: range(12), plan };
      const up = await fleet.up(grown);
      assert.deepEqual(up.reasons.slice(1), [`${found}: ${tests.join(", ")}`]);
      const refused = await fleet.up(grown);
      assert.match(
        refused.failures[0] ?? "",
        /^already active with plan 75 instead of 2096, zone us .*: 8944/,
      );
      assert.deepEqual(refused.writes, []);
      const always = { ...grown, adopt: "always" };
      const next = (await fleet.up(always)).clean();
      assert.partialDeepStrictEqual(next.preview(), { activate: 0, adopt: 4, changePlan: 3, unchanged: 8 });
      assert.deepEqual(sentIn(next), ["changeplan 3"]);
      assert.deepEqual(activated(fleet), cards(12));
      await assertQuiet(fleet, always);
    }));
});
