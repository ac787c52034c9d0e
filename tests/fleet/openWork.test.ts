import assert from "node:assert/strict";
import { type Approval, approveNothing, eachKind, type Kind } from "../../provider/fleet/model/approval";
import { eidsOf, listOf } from "../../provider/fleet/model/declaration";
import { money } from "../../provider/fleet/model/money";
import { emptyRecord } from "../../provider/fleet/model/record";
import { Selection } from "../../provider/fleet/numbers/selection";
import { amountOf, describeOpen, type OpenRecord, untoldOf } from "../../provider/fleet/plan/openWork";
import { heldSim, iccid } from "../harness/account/fleet";

const now = { sims: listOf([1, 2, 3].map(iccid)), plan: 2096, zone: "global" };
const unseen = { hasLooked: false, former: undefined, howToRefresh: "look again" };

/** A record on which work of these SIMs is open. */
function openOf(sims: Partial<Record<Kind, readonly number[]>>, more: Partial<OpenRecord> = {}): OpenRecord {
  const names = eachKind((kind) => new Set(sims[kind]?.map(iccid)));
  const open: Approval = {
    ...approveNothing({ plan: 2096, zone: "global", price: money("0.60") }),
    onRelease: "pause",
    sims: names,
  };
  return { record: { ...emptyRecord, open }, onRelease: "pause", isUnfinished: false, ...more };
}

describe("open work", () => {
  it("is said with what it costs", () => {
    const words = describeOpen(openOf({ activate: [1, 2], release: [9] }), now, unseen);
    assert.equal(words, "continues: 2 SIMs still to activate, about $1.20; 1 SIM still to be paused");
    assert.equal(describeOpen({ ...openOf({}), record: emptyRecord }, now, unseen), undefined);
  });

  it("is what is declared still, and releases of what is not", () => {
    const untold = untoldOf(openOf({ activate: [3, 4], release: [2, 9] }), now, false);
    assert.deepEqual(untold?.sims.activate, new Set([iccid(3)]));
    assert.deepEqual(untold?.sims.release, new Set([iccid(9)]));
  });

  it("is its releases alone, where a check has told the rest or the terms are others", () => {
    const state = openOf({ activate: [1], release: [9] });
    assert.equal(
      describeOpen(state, now, { ...unseen, hasLooked: true }),
      "continues: 1 SIM still to be paused",
    );
    assert.equal(describeOpen(state, { ...now, plan: 75 }, unseen), "continues: 1 SIM still to be paused");
    assert.equal(
      describeOpen(openOf({ activate: [1] }), { ...now, plan: 75 }, unseen),
      "a change that was taken back ended part-way: look again, and the next preview tells what is left",
    );
  });

  it("is not what a change that was taken back brought: that is held until a preview tells its release", () => {
    const held = {
      record: { ...emptyRecord, sims: [1, 2, 3, 8, 9].map(heldSim) },
      roll: [1, 2, 3].map(iccid),
    };
    const says =
      "of a change that was taken back are held: look again, and the next preview tells their release";
    assert.equal(describeOpen(openOf({}, held), now, unseen), `2 SIMs ${says}`);
    const [eids, roll] = [
      { ...now, sims: eidsOf("89044045000000000000000000000001", "89044045000000000000000000000003") },
      held.roll,
    ];
    assert.equal(describeOpen(openOf({}, held), eids, { ...unseen, roll }), `2 SIMs ${says}`);
    assert.equal(describeOpen(openOf({}, held), eids, unseen), undefined);
    const open = { ...held, record: { ...openOf({ release: [9] }).record, ...{ sims: held.record.sims } } };
    assert.equal(
      describeOpen(openOf({}, open), now, unseen),
      "continues: 1 SIM still to be paused; 1 SIM of a change that was taken back is held: look again, and the next preview tells its release",
    );
    // What leaves the former declaration is told by the check of this one.
    const smaller = { ...now, sims: listOf([1, 8, 9].map(iccid)) };
    assert.equal(describeOpen(openOf({}, held), smaller, { ...unseen, hasLooked: true }), undefined);
  });

  it("releases nothing in another way than was told", () => {
    assert.equal(untoldOf(openOf({ release: [9] }, { onRelease: "deactivate" }), now, false), undefined);
  });

  it("tells what may still be landing", () => {
    const doubts = [{ sims: Selection.ofList([iccid(1)]), sentAtMs: 0 }];
    const state = { ...openOf({}), record: { ...emptyRecord, doubts } };
    assert.match(describeOpen(state, now, unseen) ?? "", /a claim without an answer may still be landing$/);
  });

  it("counts as an older package left it, where it named nothing", () => {
    const record = { ...emptyRecord, sims: [heldSim(1)] };
    const words = describeOpen({ record, onRelease: "keep", isUnfinished: true }, now, unseen);
    assert.match(words ?? "", /2 SIMs still to activate, which an older version/);
  });

  it("comes to an amount for the caps", () => {
    const { open } = openOf({ activate: [1, 2, 3], release: [8, 9] }).record;
    assert.ok(open);
    assert.deepEqual(amountOf(open, "deactivate"), { activations: 3, dueNow: 1.8, deactivations: 2 });
    assert.equal(amountOf(open, "pause").deactivations, 0);
  });
});
