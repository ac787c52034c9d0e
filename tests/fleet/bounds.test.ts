import assert from "node:assert/strict";
import fc from "fast-check";
import type { Plan } from "../../provider/fleet/plan/plan";
import { previewOf } from "../../provider/fleet/plan/preview";
import {
  type Bounds,
  beyondBounds,
  type Caps,
  countBeyondCaps,
  withinPreview,
} from "../../provider/fleet/run/bounds";
import { aList, aPrice, aRange, heldSim, iccid, iccids, planWith } from "../harness/account/fleet";

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
const sims = (count: number, from = 0) => Array.from({ length: count }, (_, i) => heldSim(from + i));
const refits = (count: number, from = 0) =>
  sims(count, from).map((sim) => ({ sim, now: {}, found: "plan 75 instead of 2096" }));
/** Keeps 100 SIMs, and changes the plans of so many new and held ones. */
const moving = (kept: number, entering = 0) =>
  planWith({
    claim: [],
    keep: sims(100),
    adopt: sims(entering, 100),
    changePlan: { kept: refits(kept), entering: refits(entering, 100) },
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
        // What is taken over costs nothing, and `check` cannot tell what landed since from what is new.
        const mostAdopted = adopt + Math.max(continuing, unfinished);
        assert.match(beyondBounds(buying(claim, mostAdopted + 1), listed, bounds) ?? "", /would be adopted/);
        const ranged = { ...bounds, ofRange: true };
        const mostInRange = claim + Math.max(continuing, unfinished);
        assert.match(beyondBounds(buying(mostInRange + 1), listed, ranged) ?? "", /would be activated/);
        assert.equal(beyondBounds(buying(mostInRange), listed, ranged), undefined);
      }),
    );
  });

  it("let be activated what the inputs that the engine kept lack, and make no other change for it", () => {
    const preview = previewOf(buying(0), "keep", undefined);
    const open = within({ preview, unfinished: 1, missing: 4 });
    assert.equal(beyondBounds(buying(4), listed, open), undefined);
    assert.match(beyondBounds(buying(5), listed, open) ?? "", /5 SIMs would be activated/);
    assert.match(beyondBounds(moving(4), listed, open) ?? "", /the plan of 4 SIMs/);
  });

  it("stop every plan that changes more plans: an upgrade is charged", () => {
    fc.assert(
      fc.property(few, few, few, few, (kept, entering, unfinished, continuing) => {
        const said = previewOf(moving(kept, entering), "keep", undefined);
        assert.equal(beyondBounds(moving(kept, entering), listed, within({ preview: said })), undefined);
        const bounds = within({ preview: said, unfinished, continuing });
        const most = Math.max(kept + entering + continuing, unfinished);
        assert.equal(beyondBounds(moving(most), listed, bounds), undefined);
        assert.match(
          beyondBounds(moving(most + 1), listed, bounds) ?? "",
          /^the plan of [\d,]+ SIMs? would be changed, but the preview said \d+$/,
        );
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

  it("without a verified preview let so many plans be changed, too", () => {
    const hundred = aList(iccids(100));
    assert.equal(beyondBounds(moving(100), hundred, within({})), undefined);
    assert.equal(beyondBounds(moving(40), aRange(0, 99, { expectedSims: 40 }), within({})), undefined);
    assert.match(beyondBounds(moving(3), aRange(0, 99, { expectedSims: 2 }), within({})) ?? "", /said 2$/);
    assert.match(
      beyondBounds(moving(1), aRange(0, 99), within({})) ?? "",
      /and a range without expectedSims is then not changed to another plan$/,
    );
  });
});

describe("what a preview did not count", () => {
  /** Work on held SIMs and on new ones, in each of the three kinds that can be drift. */
  const drifted = (kept: number, entering: number): Plan => ({
    ...moving(kept, entering),
    resume: { kept: sims(kept), entering: sims(entering, 100) },
    changeLimits: { kept: refits(kept), entering: refits(entering, 100) },
  });
  const keptIn = ({ steps }: ReturnType<typeof withinPreview>): number[] =>
    [steps.resume, steps.changePlan, steps.changeLimits].map(({ kept }) => kept.length);

  it("is left as it is, with a remark that says how to change it back; new SIMs are not concerned", () => {
    const preview = previewOf(drifted(0, 2), "keep", undefined);
    const approved = withinPreview(drifted(3, 2), within({ preview }));
    assert.deepEqual(keptIn(approved), [0, 0, 0]);
    const { resume, changePlan, changeLimits } = approved.steps;
    for (const { entering } of [resume, changePlan, changeLimits]) assert.equal(entering.length, 2);
    const how =
      "which the preview did not count: left as it is. Run `pulumi refresh` and then `pulumi up` to change it back.";
    assert.deepEqual(approved.remarks, [
      `3 SIMs paused by hand, ${how}`,
      `3 SIMs on another plan or in another zone, ${how}`,
      `3 SIMs with other limits, ${how}`,
    ]);
    assert.equal(beyondBounds(approved.steps, listed, within({ preview })), undefined);
  });

  it("is changed where it counted such SIMs, or an earlier run left as many", () => {
    const counted = within({ preview: previewOf(drifted(3, 2), "keep", undefined) });
    const left = within({ preview: previewOf(drifted(0, 2), "keep", undefined), unfinished: 3 });
    for (const bounds of [counted, left]) {
      const approved = withinPreview(drifted(3, 2), bounds);
      assert.deepEqual([keptIn(approved), approved.remarks], [[3, 3, 3], []]);
    }
    assert.deepEqual(keptIn(withinPreview(drifted(4, 2), left)), [0, 0, 0]);
  });

  it("is changed where the preview could not be verified: the declaration says what is wanted", () => {
    assert.deepEqual(keptIn(withinPreview(drifted(3, 0), within({}))), [3, 3, 3]);
  });

  it("because it shows another ICCID goes with what it counted, or with an edit, and counts for no bound", () => {
    const hidden = refits(2, 50).map((each) => ({ ...each, hidden: true as const }));
    const wanted = (kept: number): Plan => ({
      ...planWith({ claim: [], keep: sims(100) }),
      changePlan: { kept: [...refits(kept), ...hidden], entering: [] },
      changeLimits: { kept: hidden, entering: [] },
    });
    const preview = previewOf(moving(3), "keep", undefined);
    const kept = (bounds: Bounds, seen: number): number[] => {
      const { steps } = withinPreview(wanted(seen), bounds);
      assert.equal(beyondBounds(steps, listed, bounds), undefined);
      return [steps.changePlan.kept.length, steps.changeLimits.kept.length];
    };
    assert.deepEqual(kept(within({ preview }), 3), [5, 0]);
    const settled = previewOf(moving(0), "keep", undefined);
    assert.deepEqual(kept(within({ preview: settled }), 0), [0, 0]);
    assert.deepEqual(kept(within({ preview: settled, edited: true }), 0), [2, 2]);
    assert.match(
      withinPreview(wanted(0), within({ preview: settled })).remarks.join(),
      /^2 SIMs on another plan/,
    );
  });

  it("costs nothing that was not counted, whatever happens in between", () => {
    fc.assert(
      fc.property(few, few, few, few, few, (saidKept, saidEntering, kept, entering, unfinished) => {
        const bounds = within({
          preview: previewOf(moving(saidKept, saidEntering), "keep", undefined),
          unfinished,
        });
        const { steps } = withinPreview(moving(kept, entering), bounds);
        fc.pre(beyondBounds(steps, listed, bounds) === undefined);
        const changed = steps.changePlan.kept.length + steps.changePlan.entering.length;
        assert.ok(changed <= Math.max(saidKept + saidEntering, unfinished));
      }),
    );
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
