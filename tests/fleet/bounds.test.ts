import assert from "node:assert/strict";
import fc from "fast-check";
import { type Bounds, beyondBounds, type Caps, countBeyondCaps } from "../../provider/fleet/bounds";
import { previewOf } from "../../provider/fleet/preview";
import { aList, aPrice, aRange, heldSim, iccid, iccids, planWith } from "../support/fleet";

const noCaps: Caps = { spent: { activations: 0, dueNow: 0 } };
const listed = aList([iccid(0)]);
const buying = (claim: number, adopt = 0, price = aPrice()) =>
  planWith({
    claim: iccids(claim),
    adopt: Array.from({ length: adopt }, (_, i) => heldSim(1_000 + i)),
    price,
  });
const within = (more: Partial<Bounds>): Bounds => ({
  preview: { unverified: "no API key" },
  unfinished: 0,
  continuing: 0,
  caps: noCaps,
  ...more,
});
const price = fc.nat(5_000_000).map((micros) => aPrice((micros / 1_000_000).toFixed(6)));
const few = fc.nat(40);

describe("the bounds of a change", () => {
  it("let through exactly what was previewed, whatever the price", () => {
    fc.assert(
      fc.property(few, few, price, (claim, adopt, each) => {
        const steps = buying(claim, adopt, each);
        const preview = previewOf(steps, "keep", undefined);
        assert.equal(beyondBounds(steps, listed, within({ preview })), undefined);
      }),
    );
  });

  it("let an earlier run go on: what it left undone comes on top, whatever the price", () => {
    fc.assert(
      fc.property(few, few, few, price, (claim, continuing, adopt, each) => {
        const preview = previewOf(buying(claim, adopt, each), "keep", undefined);
        const bounds = within({ preview, continuing });
        assert.equal(beyondBounds(buying(claim + continuing, adopt, each), listed, bounds), undefined);
        const nothingNew = previewOf(buying(0, 0, each), "keep", undefined);
        const goingOn = within({ preview: nothingNew, unfinished: claim });
        assert.equal(beyondBounds(buying(claim, 0, each), listed, goingOn), undefined);
        assert.equal(beyondBounds(buying(0, claim, each), listed, goingOn), undefined);
      }),
    );
  });

  it("stop every plan that activates or adopts more", () => {
    fc.assert(
      fc.property(few, few, few, few, (claim, adopt, unfinished, continuing) => {
        const preview = previewOf(buying(claim, adopt), "keep", undefined);
        const bounds = within({ preview, unfinished, continuing });
        const most = (said: number): number => Math.max(said + continuing, unfinished);
        assert.match(beyondBounds(buying(most(claim) + 1), listed, bounds) ?? "", /would be activated/);
        assert.match(beyondBounds(buying(0, most(adopt) + 1), listed, bounds) ?? "", /would be adopted/);
      }),
    );
  });

  it("stop a plan whose price has risen", () => {
    const preview = previewOf(buying(10), "keep", undefined);
    assert.equal(
      beyondBounds(buying(10, 0, aPrice("0.70")), listed, within({ preview })),
      "the activation would cost about $7.00, but the preview said $6.00",
    );
    assert.equal(beyondBounds(buying(10, 0, aPrice("0.50")), listed, within({ preview })), undefined);
  });

  it("without a verified preview let a list, or a counted range, be activated, and never more than that", () => {
    const three = aList(iccids(3));
    assert.equal(beyondBounds(buying(3), three, within({})), undefined);
    assert.match(beyondBounds(buying(4), three, within({})) ?? "", /4 SIMs would be activated/);
    assert.equal(beyondBounds(buying(5), aRange(0, 99, { expectedSims: 5 }), within({})), undefined);
    assert.match(beyondBounds(buying(6), aRange(0, 99, { expectedSims: 5 }), within({})) ?? "", /said 5/);
    assert.match(
      beyondBounds(buying(1), aRange(0, 99), within({})) ?? "",
      /could not be verified \(no API key\), and a range without expectedSims is then not activated/,
    );
    assert.equal(beyondBounds(buying(0), aRange(0, 99), within({})), undefined);
  });
});

describe("the caps of a run", () => {
  it("count what the run's other resources did", () => {
    fc.assert(
      fc.property(few, few, few, (activate, spent, maxActivations) => {
        const caps = { maxActivations, spent: { activations: spent, dueNow: 0 } };
        const beyond = activate > 0 && activate + spent > maxActivations;
        assert.equal(countBeyondCaps(activate, 0, caps) !== undefined, beyond);
      }),
    );
  });

  it("are in cents: a sum that is exactly the cap is within it", () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100_000), (spent, due) => {
        const caps = (maxDueNow: number): Caps => ({
          maxDueNow,
          spent: { activations: 0, dueNow: spent / 100 },
        });
        assert.equal(countBeyondCaps(1, due / 100, caps((spent + due) / 100)), undefined);
        fc.pre(due > 0);
        assert.notEqual(countBeyondCaps(1, due / 100, caps((spent + due - 1) / 100)), undefined);
      }),
    );
  });

  it("say the number and the command", () => {
    const spent = { activations: 5, dueNow: 3 };
    assert.equal(
      countBeyondCaps(10, 6, { maxActivations: 12, spent }),
      "this run would activate 15 SIMs, and hologram:maxActivations allows 12; " +
        "if that is meant, run `pulumi config set hologram:maxActivations 15`",
    );
    assert.equal(
      countBeyondCaps(10, 6, { maxDueNow: 8, spent }),
      "this run would cost about $9.00 now, and hologram:maxDueNow allows $8.00; " +
        "if that is meant, run `pulumi config set hologram:maxDueNow 9`",
    );
  });

  it("hold for a plan too, and never stop one that buys nothing", () => {
    const caps = { maxActivations: 0, maxDueNow: 0, spent: { activations: 0, dueNow: 0 } };
    const preview = previewOf(buying(3), "keep", undefined);
    assert.match(beyondBounds(buying(3), listed, within({ preview, caps })) ?? "", /maxActivations allows 0/);
    assert.equal(
      beyondBounds(
        buying(0, 3),
        listed,
        within({ preview: previewOf(buying(0, 3), "keep", undefined), caps }),
      ),
      undefined,
    );
  });
});
