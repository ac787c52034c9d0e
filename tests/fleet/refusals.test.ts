import assert from "node:assert/strict";
import fc from "fast-check";
import { rangeOf } from "../../provider/fleet/model/declaration";
import { emptyRecord } from "../../provider/fleet/model/record";
import { Selection } from "../../provider/fleet/numbers/selection";
import { plan } from "../../provider/fleet/plan/plan";
import { activations } from "../../provider/fleet/plan/purchases";
import { aList, aRange, heldSim, iccid, iccids, seen } from "../harness/account/fleet";

describe("the refusals of a plan", () => {
  it("name SIMs that are dead, active otherwise, or not to be had", () => {
    const live = { ...heldSim(1), state: "LIVE", testMode: false, plan: 75 };
    const dead = { ...heldSim(0), state: "DEAD", testMode: false };
    const claimable = {
      named: [],
      refused: new Map([[iccid(2), "SIM not found"]]),
      unnamed: Selection.empty,
    };
    const sims = new Map([dead, live].map((sim) => [sim.iccid, sim]));
    const { refusals } = plan(aList(iccids(3)), emptyRecord, seen({ sims, claimable }));
    assert.deepEqual(
      refusals.map((each) => each.iccid),
      iccids(3),
    );
    assert.match(refusals[0]?.reason ?? "", /deactivated for good/);
    assert.match(refusals[1]?.reason ?? "", /already active with plan 75 instead of 2096/);
    assert.match(refusals[2]?.reason ?? "", /SIM not found/);
  });

  it("come with another number of SIMs than expected, more or fewer", () => {
    const claimable = { named: iccids(3), refused: new Map(), unnamed: Selection.empty };
    for (const expectedSims of [2, 4]) {
      const { countRefusals } = plan(aRange(0, 9, { expectedSims }), emptyRecord, seen({ claimable }));
      assert.deepEqual(countRefusals, [
        { reason: `expectedSims is ${expectedSims}, but the selection holds 3 SIMs` },
      ]);
    }
    assert.deepEqual(
      plan(aRange(0, 9, { expectedSims: 3 }), emptyRecord, seen({ claimable })).countRefusals,
      [],
    );
  });

  it("do not come with a SIM that was lost: the selection still holds it", () => {
    const record = { ...emptyRecord, sims: [heldSim(0), heldSim(1)], lost: [iccid(2)] };
    const sims = new Map([{ ...heldSim(0), state: "LIVE", testMode: false }].map((sim) => [sim.iccid, sim]));
    for (const declaration of [aList(iccids(3), { expectedSims: 3 }), aRange(0, 9, { expectedSims: 3 })]) {
      const steps = plan(declaration, record, seen({ sims }));
      assert.deepEqual([steps.lost, steps.refusals], [[iccid(1), iccid(2)], []]);
    }
  });
});

describe("a range whose SIMs nobody names", () => {
  const claimable = {
    named: [],
    refused: new Map<string, string>(),
    unnamed: rangeOf(iccid(0), iccid(99)).selection,
  };

  it("is not claimed without expectedSims, and the plan says what to do", () => {
    const steps = plan(aRange(0, 99), emptyRecord, seen({ claimable }));
    assert.equal(activations(steps), 0);
    assert.match(steps.unverified ?? "", /set expectedSims/);
  });

  it("is claimed for no more than is missing of expectedSims, around what is there", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(99), { maxLength: 30 }),
        fc.nat(10),
        fc.nat(40),
        (active, lost, expected) => {
          const sims = new Map(
            active.map((n) => [iccid(n), { ...heldSim(n), state: "LIVE", testMode: false }]),
          );
          const record = { ...emptyRecord, lost: iccids(lost, 1, 200) };
          const steps = plan(aRange(0, 299, { expectedSims: expected }), record, seen({ sims, claimable }));
          assert.equal(activations(steps), Math.max(0, expected - active.length - lost));
          for (const n of active) assert.equal(steps.claimUnnamed?.numbers.has(iccid(n)) ?? false, false);
        },
      ),
    );
  });
});
