import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Approval,
  approveNothing,
  eachKind,
  join,
  KINDS,
  type Kind,
} from "../../provider/fleet/model/approval";
import { money } from "../../provider/fleet/model/money";
import { Selection } from "../../provider/fleet/numbers/selection";
import { approvalOf, permit } from "../../provider/fleet/plan/approve";
import type { FleetPlan } from "../../provider/fleet/plan/plan";
import type { TermChange } from "../../provider/fleet/plan/termChanges";
import { aList, aPrice, heldSim, iccid, planWith } from "../harness/account/fleet";

const declared = { plan: 2096, zone: "global" };
const one = heldSim(1);
const change = (n: number): TermChange => ({ sim: heldSim(n), now: {}, found: "plan 75 instead of 2096" });
const range = (first: number, last: number): Selection => Selection.ofRange(iccid(first), iccid(last));

interface Told extends Partial<Omit<Approval, "sims">> {
  readonly sims?: Partial<Record<Kind, readonly number[]>>;
}
/** What a preview told, with places for SIMs. */
function told({ sims = {}, ...more }: Told = {}): Approval {
  const names = eachKind((kind) => new Set(sims[kind]?.map(iccid)));
  return { ...approveNothing({ ...declared, price: money("0.60") }), sims: names, ...more };
}
const found = (more: Partial<FleetPlan>): FleetPlan => planWith({ claim: [], ...more });

/** How much of each kind of work is done. */
function done({ plan }: ReturnType<typeof permit>): Record<Kind | "unnamed", number> {
  const { claim, adopt, resume, changePlan, changeLimits, release, claimUnnamed } = plan;
  return {
    activate: claim.length,
    adopt: adopt.length,
    resume: resume.length,
    changePlan: changePlan.length,
    changeLimits: changeLimits.length,
    release: release.length,
    unnamed: claimUnnamed?.atMost ?? 0,
  };
}
const nothing = { activate: 0, adopt: 0, resume: 0, changePlan: 0, changeLimits: 0, release: 0, unnamed: 0 };

const activation = found({ claim: [iccid(1)] });
const adoption = found({ adopt: [one] });
const onOtherTerms = found({ adopt: [one], changePlan: [change(1)] });
const rows: readonly [string, FleetPlan, Told, Partial<ReturnType<typeof done>>][] = [
  ["an activation that was told", activation, { sims: { activate: [1] } }, { activate: 1 }],
  ["an activation of another SIM", activation, { sims: { activate: [2] } }, {}],
  ["an activation that was told as an adoption", activation, { sims: { adopt: [1] } }, {}],
  [
    "an activation of a SIM without a name",
    activation,
    { unnamed: { numbers: range(0, 9), atMost: 1 } },
    { activate: 1 },
  ],
  ["the same outside of the range", activation, { unnamed: { numbers: range(2, 9), atMost: 1 } }, {}],
  ["the same where the count is used up", activation, { unnamed: { numbers: range(0, 9), atMost: 0 } }, {}],
  ["an activation at a lower price", activation, { sims: { activate: [1] }, price: "0.61" }, { activate: 1 }],
  ["an activation at a higher price", activation, { sims: { activate: [1] }, price: "0.59" }, {}],
  ["an activation on another plan", activation, { sims: { activate: [1] }, plan: 75 }, {}],
  ["an activation in another zone", activation, { sims: { activate: [1] }, zone: "us" }, {}],
  [
    "an activation in the same zone, in capitals",
    activation,
    { sims: { activate: [1] }, zone: "GLOBAL" },
    { activate: 1 },
  ],
  ["an adoption that was told", adoption, { sims: { adopt: [1] } }, { adopt: 1 }],
  [
    "an adoption that was told at a lower price",
    adoption,
    { sims: { adopt: [1] }, price: "0.10" },
    { adopt: 1 },
  ],
  ["an adoption of another SIM", adoption, { sims: { adopt: [2] } }, {}],
  [
    "a SIM that was to be activated and is active by now",
    adoption,
    { sims: { activate: [1] } },
    { adopt: 1 },
  ],
  ["the same without a name", adoption, { unnamed: { numbers: range(0, 9), atMost: 1 } }, { adopt: 1 }],
  ["the same on other terms", onOtherTerms, { sims: { activate: [1] } }, {}],
  [
    "an adoption on other terms, with its change",
    onOtherTerms,
    { sims: { adopt: [1], changePlan: [1] } },
    { adopt: 1, changePlan: 1 },
  ],
  ["an adoption on other terms, without its change", onOtherTerms, { sims: { adopt: [1] } }, { adopt: 1 }],
  ["a change of a SIM that may not be adopted", onOtherTerms, { sims: { changePlan: [1] } }, {}],
  ["a resume that was told", found({ keep: [one], resume: [one] }), { sims: { resume: [1] } }, { resume: 1 }],
  ["a resume that was not", found({ keep: [one], resume: [one] }), { sims: { release: [1] } }, {}],
  [
    "a resume with an adoption that was told",
    found({ adopt: [one], resume: [one] }),
    { sims: { adopt: [1], resume: [1] } },
    { adopt: 1, resume: 1 },
  ],
  [
    "a resume of a SIM that is not held",
    found({ adopt: [one], resume: [one] }),
    { sims: { resume: [1] } },
    {},
  ],
  [
    "a change of plan that was told",
    found({ keep: [one], changePlan: [change(1)] }),
    { sims: { changePlan: [1] } },
    { changePlan: 1 },
  ],
  [
    "a change of plan at a higher price",
    found({ keep: [one], changePlan: [change(1)] }),
    { sims: { changePlan: [1] }, price: "0.59" },
    {},
  ],
  [
    "a change of plan that was told as one of limits",
    found({ keep: [one], changePlan: [change(1)] }),
    { sims: { changeLimits: [1] } },
    {},
  ],
  [
    "a change of limits that was told",
    found({ keep: [one], changeLimits: [change(1)] }),
    { sims: { changeLimits: [1] }, price: "0.10" },
    { changeLimits: 1 },
  ],
  [
    "a change of limits that comes with a change of plan",
    found({ keep: [one], changeLimits: [change(1)] }),
    { sims: { changePlan: [1] } },
    { changeLimits: 1 },
  ],
  [
    "a change of limits for another plan",
    found({ keep: [one], changeLimits: [change(1)] }),
    { sims: { changeLimits: [1] }, plan: 75 },
    {},
  ],
  ["a release that was told", found({ release: [one] }), { sims: { release: [1] } }, { release: 1 }],
  [
    "a release that was told for another plan, zone and price",
    found({ release: [one] }),
    { sims: { release: [1] }, plan: 75, zone: "us", price: "0.01" },
    { release: 1 },
  ],
  ["a release that was not told", found({ release: [one] }), { sims: { release: [2], activate: [1] } }, {}],
  [
    "SIMs without a name, as many as were told",
    found({ claimUnnamed: { numbers: range(0, 9), atMost: 4 } }),
    { unnamed: { numbers: range(0, 9), atMost: 3 } },
    { unnamed: 3 },
  ],
  [
    "SIMs without a name, at a higher price",
    found({ claimUnnamed: { numbers: range(0, 9), atMost: 4 } }),
    { unnamed: { numbers: range(0, 9), atMost: 4 }, price: "0.5" },
    {},
  ],
];

describe("the rule of approval", () => {
  for (const [what, plan, approval, expected] of rows) {
    const isDone = Object.keys(expected).length > 0;
    it(`${isDone ? "does" : "leaves alone"} ${what}`, () => {
      const permitted = permit(plan, declared, told(approval));
      assert.deepEqual(done(permitted), { ...nothing, ...expected });
    });
  }

  it("says how many SIMs it left alone, and why", () => {
    const plan = found({
      keep: [heldSim(4), heldSim(5), heldSim(6)],
      claim: [iccid(1), iccid(2)],
      adopt: [heldSim(3)],
      resume: [heldSim(4)],
      changePlan: [change(5)],
      changeLimits: [change(6)],
      release: [heldSim(7)],
    });
    assert.deepEqual(permit(plan, declared, told()).leftAlone, [
      "1 SIM active already, of which no preview told: left alone",
      "2 SIMs not active, of which no preview told: left alone",
      "1 SIM paused by hand, of which no preview told: left alone",
      "1 SIM on another plan or in another zone, of which no preview told: left alone",
      "1 SIM with other limits, of which no preview told: left alone",
      "1 SIM declared no more, of which no preview told: left alone",
    ]);
    assert.deepEqual(permit(plan, declared, approvalOf(plan, declared)).leftAlone, []);
  });

  it("names the prices where an activation has become dearer", () => {
    const { leftAlone } = permit(activation, declared, told({ sims: { activate: [1] }, price: "0.5" }));
    assert.match(leftAlone.join(), /dearer than was approved \(\$0\.60 a SIM instead of \$0\.50\)/);
  });

  it("takes adopted SIMs off the count of those without a name", () => {
    const plan = found({
      adopt: [heldSim(0), heldSim(1)],
      claim: [iccid(2)],
      claimUnnamed: { numbers: range(3, 9), atMost: 7 },
    });
    const approval = told({ unnamed: { numbers: range(0, 9), atMost: 5 } });
    assert.deepEqual(done(permit(plan, declared, approval)), {
      ...nothing,
      adopt: 2,
      activate: 1,
      unnamed: 2,
    });
  });
});

/** A plan over thirty places, and an approval of any of them. */
const places = fc.uniqueArray(fc.nat(29), { maxLength: 30 });
const plans = fc
  .record({
    all: fc.shuffledSubarray(Array.from({ length: 30 }, (_, n) => n)),
    cuts: fc.array(fc.nat(30), { minLength: 3, maxLength: 3 }),
    worked: fc.func<[number], number>(fc.nat(4)),
    price: fc.integer({ min: 1, max: 9 }),
    atMost: fc.nat(5),
  })
  .map(({ all, cuts, worked, price, atMost }) => {
    const [a = 0, b = 0, c = 0] = cuts.toSorted((x, y) => x - y);
    const [keep, adopt] = [all.slice(0, a), all.slice(a, b)];
    const having = (kind: number) => [...keep, ...adopt].filter((n) => worked(n) === kind);
    return found({
      keep: keep.map(heldSim),
      adopt: adopt.map(heldSim),
      claim: all.slice(b, c).map(iccid),
      release: all.slice(c).map(heldSim),
      resume: having(1).map(heldSim),
      changePlan: having(2).map(change),
      changeLimits: having(3).map(change),
      price: aPrice(`0.${price}`),
      ...(atMost === 0 ? {} : { claimUnnamed: { numbers: range(40, 60), atMost } }),
    });
  });
const approvals = fc
  .record({
    sims: fc.record({
      activate: places,
      adopt: places,
      resume: places,
      changePlan: places,
      changeLimits: places,
      release: places,
    }),
    plan: fc.constantFrom(2096, 2096, 2096, 75),
    zone: fc.constantFrom("global", "Global", "us"),
    price: fc.integer({ min: 1, max: 9 }).map((tenths) => `0.${tenths}`),
    unnamed: fc.option(
      fc.record({ numbers: fc.constantFrom(range(0, 15), range(0, 99)), atMost: fc.nat(6) }),
      { nil: undefined },
    ),
  })
  .map(({ unnamed, ...rest }) => told({ ...rest, ...(unnamed === undefined ? {} : { unnamed }) }));
const iccidsOf = (sims: readonly { readonly iccid: string }[]): string[] => sims.map((sim) => sim.iccid);

describe("what is permitted", () => {
  it("is a part of the plan, and never more than the approval names", () => {
    fc.assert(
      fc.property(plans, approvals, (plan, approval) => {
        const { plan: may } = permit(plan, declared, approval);
        const { sims, unnamed } = approval;
        const isDearer = money(approval.price ?? "0").lt(plan.price?.amount ?? 0);
        const isOther = approval.plan !== 2096 || approval.zone === "us";
        if (isOther) assert.deepEqual(done({ plan: { ...may, release: [] }, leftAlone: [] }), nothing);
        const inRange = (each: string): boolean => unnamed?.numbers.has(each) ?? false;
        const byCount = [
          ...may.claim.filter((each) => !sims.activate.has(each)),
          ...iccidsOf(may.adopt).filter((each) => !sims.adopt.has(each) && !sims.activate.has(each)),
        ];
        assert.ok(byCount.every(inRange));
        assert.ok(byCount.length + (may.claimUnnamed?.atMost ?? 0) <= (unnamed?.atMost ?? 0));
        if (isDearer) assert.deepEqual([may.claim, may.claimUnnamed, may.changePlan], [[], undefined, []]);
        assert.ok(iccidsOf(may.resume).every((each) => sims.resume.has(each)));
        assert.ok(may.changePlan.every(({ sim }) => sims.changePlan.has(sim.iccid)));
        assert.ok(
          may.changeLimits.every(
            ({ sim: { iccid: each } }) => sims.changeLimits.has(each) || sims.changePlan.has(each),
          ),
        );
        assert.ok(iccidsOf(may.release).every((each) => sims.release.has(each)));
        const held = new Set(iccidsOf([...plan.keep, ...may.adopt]));
        for (const { sim } of [...may.changePlan, ...may.changeLimits]) assert.ok(held.has(sim.iccid));
        for (const kind of ["claim", "adopt", "resume", "release"] as const) {
          const all = new Set<unknown>(plan[kind]);
          assert.ok(may[kind].every((each) => all.has(each)));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("is the whole plan where its own preview told it, and the same again when it is asked once more", () => {
    fc.assert(
      fc.property(plans, approvals, (plan, approval) => {
        const own = permit(plan, declared, approvalOf(plan, declared));
        assert.deepEqual([own.plan, own.leftAlone], [plan, []]);
        const may = permit(plan, declared, approval).plan;
        assert.deepEqual(permit(may, declared, approval).plan, may);
      }),
    );
  });
});

describe("two approvals together", () => {
  const permits = (plan: FleetPlan, approval: Approval) => done(permit(plan, declared, approval));

  it("permit no more than either of them does", () => {
    fc.assert(
      fc.property(plans, approvals, approvals, (plan, newer, older) => {
        const { unnamed: _one, ...named } = newer;
        const { unnamed: _other, ...before } = older;
        const both = permit(plan, declared, join(named, before)).plan;
        const either = [permit(plan, declared, named).plan, permit(plan, declared, before).plan];
        const union = (of: (plan: FleetPlan) => readonly string[]): Set<string> =>
          new Set(either.flatMap((each) => [...of(each)]));
        assert.ok(both.claim.every((each) => union(({ claim }) => claim).has(each)));
        assert.ok(iccidsOf(both.adopt).every((each) => union(({ adopt }) => iccidsOf(adopt)).has(each)));
        assert.ok(iccidsOf(both.release).every((each) => union((may) => iccidsOf(may.release)).has(each)));
      }),
      { numRuns: 300 },
    );
  });

  it("are the older one where the newer one looked at nothing, and the newer where there is no older", () => {
    const older = told({ sims: { activate: [1] }, plan: 75, price: "0.10" });
    assert.equal(join(told(), older), older);
    const newer = told({ sims: { adopt: [2] } });
    assert.equal(join(newer, undefined), newer);
  });

  it("leave out what the older one told on other terms, its releases apart", () => {
    const older = { sims: { activate: [1], adopt: [1], resume: [1], release: [7] } };
    const newer = told({ sims: { activate: [2] } });
    const sims = (approval: Approval) => KINDS.map((kind) => approval.sims[kind].size);
    assert.deepEqual(sims(join(newer, told(older))), [2, 1, 1, 0, 0, 1]);
    assert.deepEqual(sims(join(newer, told({ ...older, price: "0.10" }))), [1, 1, 1, 0, 0, 1]);
    assert.deepEqual(sims(join(newer, told({ ...older, plan: 75 }))), [1, 0, 0, 0, 0, 1]);
  });

  it("never add up what was told of SIMs without a name", () => {
    const unnamed = { numbers: range(40, 60), atMost: 3 };
    const twice = join(told({ unnamed }), told({ unnamed }));
    const plan = found({ claimUnnamed: { numbers: range(40, 60), atMost: 9 } });
    assert.equal(permits(plan, twice).unnamed, 3);
  });

  it("of a declaration and its plan name what the preview counts", () => {
    const plan = found({ claim: [iccid(1)], adopt: [heldSim(2)], release: [heldSim(3)] });
    const { sims, price } = approvalOf(plan, aList([iccid(1), iccid(2)]));
    assert.deepEqual(
      [[...sims.activate], [...sims.adopt], [...sims.release], price],
      [[iccid(1)], [iccid(2)], [iccid(3)], "0.6"],
    );
  });
});
