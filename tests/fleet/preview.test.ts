import assert from "node:assert/strict";
import fc from "fast-check";
import type { OnRelease } from "../../provider/fleet/model/declaration";
import { money, toDollars } from "../../provider/fleet/model/money";
import { Selection } from "../../provider/fleet/numbers/selection";
import type { FleetPlan } from "../../provider/fleet/plan/plan";
import { hasWork, isVerified, type Preview, previewOf, settled } from "../../provider/fleet/plan/preview";
import { aPrice, iccid, iccids, planWith } from "../harness/account/fleet";
import { heldSims } from "../harness/account/worlds";

/** The preview of a plan all of whose releases are told. */
const look = (steps: FleetPlan, before?: Preview, onRelease: OnRelease = "keep") =>
  previewOf(steps, { count: steps.release.length, onRelease }, before);
const counts = fc.record({
  keep: fc.nat(50),
  pausedKept: fc.nat(50),
  pausedEntering: fc.nat(50),
  adopt: fc.nat(50),
  claim: fc.nat(50),
  unnamed: fc.nat(50),
  release: fc.nat(50),
  cents: fc.nat(999),
});
type Counts = typeof counts extends fc.Arbitrary<infer T> ? T : never;

function planOf(c: Counts) {
  const [keep, adopt] = [heldSims(c.keep, 0), heldSims(c.adopt, 100)];
  return planWith({
    keep,
    adopt,
    resume: [...keep.slice(0, c.pausedKept), ...adopt.slice(0, c.pausedEntering)],
    claim: iccids(c.claim, 1, 200),
    claimUnnamed: { numbers: Selection.ofRange(iccid(300), iccid(900)), atMost: c.unnamed },
    release: heldSims(c.release, 1_000),
    price: aPrice((c.cents / 100).toFixed(2)),
  });
}
const summary = (more: Parameters<typeof planWith>[0], onRelease: OnRelease = "keep"): string =>
  look(planWith({ claim: [], ...more }), undefined, onRelease).summary;

describe("the preview of a plan", () => {
  it("adds up: every SIM held afterwards is unchanged, resumed, adopted or activated", () => {
    fc.assert(
      fc.property(counts, (c) => {
        const preview = look(planOf(c));
        const resumedKept = Math.min(c.keep, c.pausedKept);
        assert.equal(preview.simCount, preview.unchanged + resumedKept + preview.adopt + preview.activate);
        assert.equal(preview.activate, c.claim + c.unnamed);
        assert.equal(preview.resume, resumedKept + Math.min(c.adopt, c.pausedEntering));
        assert.equal(preview.release, c.release);
      }),
    );
  });

  it("costs the activations now, and all SIMs each month", () => {
    fc.assert(
      fc.property(counts, (c) => {
        const preview = look(planOf(c));
        assert.equal(preview.dueNow, (c.cents * preview.activate) / 100);
        assert.equal(preview.monthlyCost, (c.cents * preview.simCount) / 100);
        assert.equal(preview.monthlyCostBefore, (c.cents * (c.keep + c.release)) / 100);
      }),
    );
  });

  it("names no costs, and says so, where the API names no price", () => {
    const { amount: _amount, ...unpriced } = aPrice();
    const preview = look(planWith({ price: unpriced }));
    assert.equal("dueNow" in preview || "monthlyCost" in preview, false);
    assert.match(preview.unverified ?? "", /names no price for plan 2096/);
  });

  it("settles into no work at the same cost, and stays settled", () => {
    fc.assert(
      fc.property(counts, (c) => {
        const preview = look(planOf(c));
        const rest = settled(preview);
        assert.equal(hasWork(rest), false);
        assert.equal(rest.unchanged, preview.simCount);
        assert.equal(rest.simCount, preview.simCount);
        assert.equal(rest.dueNow, 0);
        assert.equal(rest.monthlyCost, preview.monthlyCost);
        assert.equal(rest.monthlyCostBefore, preview.monthlyCost);
        assert.deepEqual(settled(rest), rest);
        assert.deepEqual(settled({ ...preview, drift: ["x"] }), rest);
      }),
    );
  });

  it("tells what the fleet cost before", () => {
    const before = look(planWith({ keep: heldSims(10, 0), claim: [] }));
    const after = look(planWith({ keep: heldSims(10, 0), claim: iccids(5, 1, 50) }), before);
    assert.deepEqual([after.monthlyCostBefore, after.monthlyCost, after.dueNow], [6, 9, 3]);
  });

  it("does not guess what another plan has cost, whose price nobody has read", () => {
    const keep = heldSims(10, 0);
    const changePlan = keep.map((sim) => ({ sim, now: {}, found: "plan 75 instead of 2096" }));
    const {
      monthlyCost: _month,
      monthlyCostBefore: _before,
      dueNow: _due,
      ...unpriced
    } = look(planWith({ keep, claim: [] }));
    const preview = look(planWith({ keep, claim: [], changePlan }), unpriced);
    assert.deepEqual([preview.monthlyCost, "monthlyCostBefore" in preview], [6, false]);
  });

  it("rounds costs once, at the end", () => {
    const preview = look(planWith({ claim: iccids(100), price: aPrice("0.004") }));
    assert.equal(preview.dueNow, toDollars(money("0.4")));
  });

  it("tells work from none, and a verified preview from one that is not", () => {
    assert.equal(hasWork(look(planWith({ claim: [], keep: heldSims(3, 0) }))), false);
    for (const more of [{ adopt: heldSims(1, 0) }, { release: heldSims(1, 0) }, { claim: iccids(1) }]) {
      assert.equal(hasWork(look(planWith({ claim: [], ...more }))), true);
    }
    const verified: Preview = look(planWith());
    assert.deepEqual([isVerified(verified), isVerified({ unverified: "no API key" })], [true, false]);
  });
});

describe("the summary of a preview", () => {
  it("names each kind of work, the plan and the money", () => {
    assert.equal(
      summary({ claim: iccids(88), adopt: heldSims(12, 200) }),
      "activate 88 SIMs, adopt 12 on Global Flat (2096, global): about $52.80 now, $60.00/month",
    );
    assert.equal(
      summary({ claim: iccids(1) }),
      "activate 1 SIM on Global Flat (2096, global): about $0.60 now, $0.60/month",
    );
    assert.equal(
      summary({ keep: heldSims(5, 0), resume: heldSims(2, 0) }),
      "resume 2 SIMs on Global Flat (2096, global): $3.00/month",
    );
    assert.equal(
      summary({ keep: heldSims(5, 0) }),
      "5 SIMs unchanged on Global Flat (2096, global): $3.00/month",
    );
  });

  it("never hides what becomes of the SIMs that leave", () => {
    const release = heldSims(30, 0);
    assert.match(summary({ release }, "keep"), /^release 30 SIMs \(keep; they stay active and billed\)/);
    assert.match(summary({ release }, "pause"), /^release 30 SIMs \(pause; still billed\)/);
    assert.match(summary({ release }, "deactivate"), /^deactivate 30 SIMs FOR EVER/);
    assert.match(
      summary({ release, claim: iccids(2, 1, 90) }, "deactivate"),
      /^activate 2 SIMs, deactivate 30 SIMs FOR EVER on/,
    );
  });

  it("of a settled preview is short", () => {
    const preview = look(planWith({ claim: iccids(100) }));
    assert.equal(settled(preview).summary, "100 SIMs unchanged: $60.00/month");
  });

  it("tells in a replace what becomes of the former SIMs, whatever leaves otherwise", () => {
    const replace = (count: number, onRelease: OnRelease) =>
      previewOf(planWith({ claim: iccids(2) }), { count, onRelease, isReplace: true }, undefined);
    const ten = replace(10, "pause");
    assert.equal(ten.release, 10);
    assert.match(
      ten.summary,
      /^activate 2 SIMs on .*; the 10 SIMs of the former declaration are released: pause; still billed$/,
    );
    assert.match(
      replace(1, "deactivate").summary,
      /; the 1 SIM of the former declaration is released: .*FOR EVER$/,
    );
    assert.match(replace(0, "deactivate").summary, /\/month$/);
  });
});
