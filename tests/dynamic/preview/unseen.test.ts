import assert from "node:assert/strict";
import { cards, iccid, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import type { FleetHarness } from "../../harness/provider/providerHarness";
import { planCharges, sentIn } from "../../harness/provider/providerTerms";

const plan = PLAN;
const OTHER = 3000;
const eid = 89044045000000000000000000000001n;
const eidRange = (count: number) => `${eid}-${eid + BigInt(count) - 1n}`;
const esims = { pack: { eids: `${eid}` } };
const forms = {
  list: (count: number) => ({ sims: cards(count) }),
  range: (count: number) => ({ simRange: range(count), expectedSims: count }),
  EIDs: (count: number) => ({ eidRange: eidRange(count), expectedSims: count }),
};

/** Nothing lists the SIMs during the preview phase; the price can be read. */
function blind({ emulator }: FleetHarness): void {
  emulator.faults.add({ method: "GET", path: "/links/cellular", fault: { kind: "status", status: 503 } });
}

const price = (amount: string) => ({ id: OTHER, name: "Other", zones: { global: amount } });

/** An `up` whose preview phase sees nothing, and whose update phase sees everything. */
function upUnseen(fleet: FleetHarness, inputs: object, between: () => void = () => undefined) {
  blind(fleet);
  return fleet.up(
    { ...inputs },
    {
      between: () => {
        fleet.emulator.faults.clear();
        between();
      },
    },
  );
}

const plansOf = ({ emulator }: FleetHarness, count: number) =>
  cards(count).map((each) => emulator.sim(each).plan);

const limitsIn = ({ emulator }: FleetHarness, count: number) =>
  cards(count).map((each) => emulator.sim(each).smsLimit);

describe("dynamic: a preview that cannot list the SIMs", () => {
  for (const [form, select] of Object.entries(forms)) {
    it(`${form}: tells how many are activated at most, and the price, and is bound by both`, () =>
      withFleet(esims, async (fleet) => {
        fleet.emulator.addPlan(price("0.60"));
        blind(fleet);
        const preview = (await fleet.preview({ ...select(3), plan: OTHER })).clean();
        assert.partialDeepStrictEqual(preview.preview(), { activate: 3, dueNow: 1.8 });
        assert.match(preview.text, /^not verified: .*; at most 3 SIMs are activated, about \$1\.80 now$/m);
        const dearer = await upUnseen(fleet, { ...select(3), plan: OTHER }, () =>
          fleet.emulator.addPlan(price("0.61")),
        );
        assert.deepEqual([dearer.writes, fleet.emulator.ledger], [[], []]);
        assert.match(dearer.errors.join(), /not on the terms that were approved/);
        fleet.emulator.addPlan(price("0.60"));
        (await upUnseen(fleet, { ...select(3), plan: OTHER })).clean();
        assert.deepEqual([fleet.outputs().iccids, fleet.emulator.ledger.length], [cards(3), 3]);
      }));

    it(`${form}: what grows is counted beyond the SIMs of before`, () =>
      withFleet(esims, async (fleet) => {
        (await fleet.up({ ...select(4), plan })).clean();
        blind(fleet);
        const preview = (await fleet.preview({ ...select(6), plan })).clean().preview();
        assert.partialDeepStrictEqual(preview, { activate: 2, dueNow: 1.2 });
        (await upUnseen(fleet, { ...select(6), plan })).clean();
        assert.equal(fleet.emulator.ledger.length, 6);
      }));

    it(`${form}: an edited plan is told with its SIMs and its price, and is bound by both`, () =>
      withFleet({ ...esims, behaviour: { planChangeCost: "1.00" } }, async (fleet) => {
        const { emulator } = fleet;
        emulator.addPlan(price("2.00"));
        (await fleet.up({ ...select(4), plan })).clean();
        const moved = { ...select(4), plan: OTHER };
        blind(fleet);
        const preview = (await fleet.preview(moved)).clean();
        assert.partialDeepStrictEqual(preview.preview(), { changePlan: 4, monthlyCost: 8 });
        assert.match(
          preview.text,
          /^not verified: .*; the plan of at most 4 SIMs is changed \(an upgrade is charged pro rata\): \$8\.00\/month$/m,
        );
        const dearer = await upUnseen(fleet, moved, () => emulator.addPlan(price("2.01")));
        assert.match(dearer.reasons.join(), /^4 SIMs not done\..*not as the preview found it/);
        assert.deepEqual([dearer.writes, planCharges(emulator)], [[], []]);
      }));

    it(`${form}: an edited plan is changed as it was told`, () =>
      withFleet({ ...esims, behaviour: { planChangeCost: "1.00" } }, async (fleet) => {
        const { emulator } = fleet;
        emulator.addPlan(price("2.00"));
        (await fleet.up({ ...select(4), plan })).clean();
        (await upUnseen(fleet, { ...select(4), plan: OTHER })).clean();
        assert.deepEqual(plansOf(fleet, 4), [OTHER, OTHER, OTHER, OTHER]);
        const quiet = (await fleet.up({ ...select(4), plan: OTHER })).clean();
        assert.deepEqual([quiet.writes, quiet.preview().changePlan], [[], 0]);
      }));
  }

  it("a range without expectedSims changes the plan of the SIMs of before, and of no others", () =>
    withFleet({}, async (fleet) => {
      const { emulator } = fleet;
      emulator.addPlan(price("2.00"));
      (await fleet.up({ simRange: range(4), plan })).clean();
      const up = (await upUnseen(fleet, { simRange: range(4), plan: OTHER })).clean();
      assert.partialDeepStrictEqual(up.preview(), { changePlan: 4 });
      assert.deepEqual(plansOf(fleet, 4), [OTHER, OTHER, OTHER, OTHER]);
      const quiet = (await fleet.up({ simRange: range(4), plan: OTHER })).clean();
      assert.deepEqual([quiet.writes, quiet.preview().unchanged], [[], 4]);
    }));

  it("an edited zone is told as an edited plan is", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ sims: cards(2), plan: 75 })).clean();
      (await upUnseen(fleet, { sims: cards(2), plan: 75, zone: "us" })).clean();
      assert.deepEqual(
        cards(2).map((each) => fleet.emulator.sim(each).zone),
        ["us", "us"],
      );
    }));

  it("a price that could not be read binds a change of plan no more than an activation", () =>
    withFleet({}, async (fleet) => {
      fleet.emulator.addPlan(price("2.00"));
      (await fleet.up({ sims: cards(2), plan })).clean();
      fleet.emulator.faults.add({ path: "/plans", fault: { kind: "status", status: 503 } });
      const moved = { sims: cards(3), plan: OTHER };
      const preview = (await fleet.preview(moved)).clean();
      assert.match(
        preview.text,
        /at most 1 SIM is activated; the plan of at most 2 SIMs is changed \(an upgrade is charged pro rata\)$/m,
      );
      (await fleet.up(moved, { between: () => fleet.emulator.faults.clear() })).clean();
      assert.deepEqual(plansOf(fleet, 3), [OTHER, OTHER, OTHER]);
    }));

  it("SIMs that were to be activated and are active on another plan stay on it", () =>
    withFleet({ behaviour: { planChangeCost: "1.00" } }, async (fleet) => {
      const { emulator } = fleet;
      emulator.activateByHand(cards(3), { plan: 75, zone: "global" });
      const inputs = { sims: cards(3), plan, adopt: "always" };
      const up = (await upUnseen(fleet, inputs)).clean();
      assert.match(up.text, /3 SIMs on another plan .*, of which no preview told: left alone/);
      assert.deepEqual([up.writes, planCharges(emulator), plansOf(fleet, 3)], [[], [], [75, 75, 75]]);
      const told = (await fleet.up(inputs)).clean();
      assert.partialDeepStrictEqual(told.preview(), { changePlan: 3 });
      assert.deepEqual(plansOf(fleet, 3), [plan, plan, plan]);
    }));

  it("what others have moved to another plan stays there, whether a refresh has seen it or not", () =>
    withFleet({}, async (fleet) => {
      const { emulator } = fleet;
      const inputs = { sims: cards(3), plan };
      (await fleet.up(inputs)).clean();
      emulator.dashboard.changePlan(cards(3), { plan: 75, zone: "global" });
      (await fleet.refresh()).clean();
      const up = (await upUnseen(fleet, inputs)).clean();
      assert.equal(up.preview().changePlan, undefined);
      assert.deepEqual([up.writes, plansOf(fleet, 3)], [[], [75, 75, 75]]);
    }));

  for (const [form, select] of Object.entries(forms))
    it(`${form}: edited limits are told with their SIMs, and changed as they were told`, () =>
      withFleet(esims, async (fleet) => {
        (await fleet.up({ ...select(3), plan, smsLimit: 50 })).clean();
        const up = (await upUnseen(fleet, { ...select(4), plan, smsLimit: 60 })).clean();
        assert.partialDeepStrictEqual(up.preview(), { activate: 1, changeLimits: 3 });
        assert.match(up.text, /; at most 1 SIM is activated.*; the limits of at most 3 SIMs are changed$/m);
        assert.deepEqual(limitsIn(fleet, 4), [60, 60, 60, 60]);
      }));

  it("limits that others have set, of SIMs of before or of such as it holds now, stay as they are", () =>
    withFleet({}, async (fleet) => {
      const { emulator } = fleet;
      const inputs = (count: number) => ({ sims: cards(count), plan, smsLimit: 50, adopt: "always" });
      (await fleet.up(inputs(3))).clean();
      emulator.dashboard.setLimits(cards(2), { smsLimit: 70 });
      emulator.activateByHand(cards(1, 3), { plan, zone: "global" });
      emulator.dashboard.setLimits(cards(1, 3), { smsLimit: 80 });
      const up = await upUnseen(fleet, inputs(5));
      assert.equal(up.clean().preview().changeLimits, undefined);
      assert.match(up.text, /3 SIMs with other limits, of which no preview told: left alone/);
      assert.deepEqual([limitsIn(fleet, 5), sentIn(up)], [[70, 70, 50, 80, 50], ["bulkclaim 1"]]);
      (await fleet.refresh()).clean();
      assert.equal((await fleet.up(inputs(5))).clean().preview().changeLimits, 3);
      assert.deepEqual(limitsIn(fleet, 5), [50, 50, 50, 50, 50]);
    }));

  it("what leaves stays on record until a preview tells it, also where nothing is sent for it", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ sims: cards(5), plan })).clean();
      const up = (await upUnseen(fleet, { sims: cards(3), plan })).clean();
      assert.match(up.text, /2 SIMs declared no more, of which no preview told: left alone/);
      assert.deepEqual(fleet.outputs().iccids, cards(5));
      (await fleet.refresh()).clean();
      assert.equal((await fleet.up({ sims: cards(3), plan })).clean().preview().release, 2);
      assert.deepEqual(fleet.outputs().iccids, cards(3));
    }));

  it("never claims more than it told, whatever the declaration still lacks", () =>
    withFleet({ pack: { count: 4 } }, async (fleet) => {
      const { emulator } = fleet;
      (await fleet.up({ simRange: range(5), plan, expectedSims: 4 })).clean();
      emulator.move(iccid(0), emulator.addOrganization({ name: "Others" }));
      emulator.addPack({ first: iccid(4), count: 1, step: 10 });
      const up = await upUnseen(fleet, { simRange: range(5), plan, expectedSims: 4, overageLimit: 5_000 });
      assert.equal(up.preview().activate, 0);
      assert.deepEqual([up.claims, emulator.ledger.length], [[], 4]);
    }));

  for (const [cap, low, enough] of [
    ["HOLOGRAM_MAX_ACTIVATIONS", "7", "8"],
    ["HOLOGRAM_MAX_DUE_NOW", "4.79", "4.80"],
  ] as const) {
    it(`${cap}: is summed over such previews too, and nothing is sent beyond it`, () =>
      withFleet({}, async (fleet) => {
        const program = {
          a: { sims: cards(4), plan },
          b: { simRange: range(4, 4), plan, expectedSims: 4 },
        };
        const up = () => {
          blind(fleet);
          return fleet.upProgram(program, { between: () => fleet.emulator.faults.clear() });
        };
        fleet.environment[cap] = low;
        const refused = await up();
        assert.match(
          refused.failures.join(),
          /^this run would (activate 8 SIMs|cost about \$4\.80 now).*; nothing was sent$/,
        );
        assert.deepEqual([refused.writes, fleet.emulator.ledger], [[], []]);
        fleet.environment[cap] = enough;
        (await up()).clean();
        assert.equal(fleet.emulator.ledger.length, 8);
      }));
  }

  it("counts against the caps beside work that is open, each SIM once", () =>
    withFleet({}, async (fleet) => {
      const refusal = { kind: "refuse", iccids: cards(2, 2), reason: "SIM is broken" } as const;
      const path = "/links/cellular/bulkclaim";
      fleet.emulator.faults.add({ path, preview: false, fault: refusal });
      assert.match((await fleet.up({ sims: cards(4), plan })).reasons.join(), /^2 SIMs not done/);
      fleet.emulator.faults.clear();
      const grown = { sims: cards(6), plan };
      blind(fleet);
      fleet.environment.HOLOGRAM_MAX_ACTIVATIONS = "3";
      assert.match((await fleet.preview(grown)).text, /this run would activate 4 SIMs/);
      fleet.environment.HOLOGRAM_MAX_ACTIVATIONS = "4";
      (await fleet.preview(grown)).clean();
    }));

  it("without a key a cap on money is no reason to stop", () =>
    withFleet({}, async (fleet) => {
      Object.assign(fleet.environment, { HOLOGRAM_API_KEY: undefined, HOLOGRAM_MAX_DUE_NOW: "1" });
      assert.equal((await fleet.preview({ sims: cards(3), plan })).clean().preview().activate, 3);
    }));

  it("an update that cannot look is held to what the preview told, not to what a list can come to", () =>
    withFleet({}, async (fleet) => {
      fleet.emulator.activateByHand(cards(9), { plan, zone: "global" });
      fleet.environment.HOLOGRAM_MAX_ACTIVATIONS = "1";
      const outage = { kind: "status", status: 503 } as const;
      const up = await fleet.up(
        { sims: cards(10), plan },
        {
          between: () =>
            fleet.emulator.faults.add({
              method: "GET",
              path: "/links/cellular",
              nth: { from: 1, to: 4 },
              fault: outage,
            }),
        },
      );
      assert.match(up.clean().text, /what the preview told holds/);
      assert.deepEqual(sentIn(up), ["bulkclaim 1"]);
    }));
});
