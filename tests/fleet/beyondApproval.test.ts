import assert from "node:assert/strict";
import {
  type Approval,
  approveNothing,
  eachKind,
  KINDS,
  type Kind,
} from "../../provider/fleet/model/approval";
import { money } from "../../provider/fleet/model/money";
import { Selection } from "../../provider/fleet/numbers/selection";
import { beyondApproval } from "../../provider/fleet/plan/beyondApproval";
import { iccid } from "../harness/account/fleet";

/** An approval of SIMs by their places. */
function approvalOf(sims: Partial<Record<Kind, readonly number[]>>, more: Partial<Approval> = {}): Approval {
  const names = eachKind((kind) => new Set(sims[kind]?.map(iccid)));
  return {
    ...approveNothing({ plan: 2096, zone: "global", price: money("0.60") }),
    sims: names,
    ...more,
  };
}

const unnamed = (atMost: number) => ({ numbers: Selection.ofRange(iccid(0), iccid(99)), atMost });

describe("an approval of the update phase", () => {
  it("is within what was told where it names the same SIMs, or fewer", () => {
    for (const kind of KINDS) {
      const told = approvalOf({ [kind]: [1, 2] });
      assert.equal(beyondApproval(told, told), undefined);
      assert.equal(beyondApproval(approvalOf({ [kind]: [2] }), told), undefined);
    }
  });

  it("goes beyond it for each SIM that was not named for this work, however many were", () => {
    for (const kind of KINDS) {
      const told = approvalOf({ [kind]: [1, 2, 3] });
      const words = beyondApproval(approvalOf({ [kind]: [3, 4] }), told);
      assert.match(words ?? "", /^the account has changed since the preview: .+ 1 more\. Nothing was sent/);
    }
  });

  it("may adopt what was to be activated, and set the limits of what was to change its plan", () => {
    assert.equal(beyondApproval(approvalOf({ adopt: [1] }), approvalOf({ activate: [1] })), undefined);
    assert.equal(
      beyondApproval(approvalOf({ changeLimits: [1] }), approvalOf({ changePlan: [1] })),
      undefined,
    );
    assert.match(
      beyondApproval(approvalOf({ activate: [1] }), approvalOf({ adopt: [1] })) ?? "",
      /activate 1 more/,
    );
  });

  it("may name SIMs of a range that was told by its count, and no more than were counted", () => {
    const told = approvalOf({}, { unnamed: unnamed(5) });
    assert.equal(beyondApproval(approvalOf({ activate: [1], adopt: [2] }), told), undefined);
    const more = approvalOf({}, { unnamed: unnamed(7) });
    assert.match(beyondApproval(more, told) ?? "", /activate 2 more/);
  });

  it("counts the SIMs that were told by their count and are named by now, claimed or held", () => {
    const told = approvalOf({ activate: [1] }, { unnamed: unnamed(4) });
    const beyond = (sims: Partial<Record<Kind, readonly number[]>>, atMost?: number) =>
      beyondApproval(approvalOf(sims, atMost === undefined ? {} : { unnamed: unnamed(atMost) }), told) ?? "";
    assert.equal(beyond({ activate: [1, 2, 3], adopt: [4, 5] }), "");
    assert.equal(beyond({ activate: [1, 2, 3] }, 2), "");
    assert.match(beyond({ activate: [2, 3, 4, 5, 6, 7, 8] }), /: activate 3 more\./);
    assert.match(beyond({ adopt: [2, 3, 4, 5, 6, 7, 8] }), /: adopt 3 more\./);
    assert.match(beyond({ activate: [1, 2, 3], adopt: [4, 5, 6] }), /: adopt 1 more\./);
    assert.match(beyond({ activate: [1, 2, 3], adopt: [4] }, 2), /: adopt 1 more\./);
    assert.match(beyond({ activate: [2, 3] }, 5), /: activate 3 more\./);
  });

  it("goes beyond it at a higher price, where it buys or changes plans", () => {
    const told = approvalOf({ activate: [1] });
    for (const sims of [{ activate: [1] }, { changePlan: [1] }, { adopt: [1], changePlan: [1] }]) {
      const dearer = approvalOf(sims, { price: "0.70" });
      assert.match(beyondApproval(dearer, approvalOf(sims)) ?? "", /\$0\.70 a SIM instead of \$0\.60/);
    }
    assert.equal(beyondApproval(approvalOf({ activate: [1] }, { price: "0.50" }), told), undefined);
    assert.equal(beyondApproval(approvalOf({ adopt: [1] }, { price: "0.70" }), told), undefined);
  });
});
