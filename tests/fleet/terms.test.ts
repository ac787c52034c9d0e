import assert from "node:assert/strict";
import fc from "fast-check";
import { listOf, rangeOf } from "../../provider/fleet/model/declaration";
import { describeDifference, differences, sameZone } from "../../provider/fleet/model/terms";
import type { Limits, Sim } from "../../provider/hologram/model";
import { aList, iccid } from "../harness/account/fleet";

const agreeing: Sim = {
  iccid: iccid(0),
  linkId: 1,
  deviceId: 2,
  state: "LIVE",
  testMode: false,
  plan: 2096,
  zone: "Global",
};
const withLimits = (limits: Limits) => aList([iccid(0)], { limits });

describe("declared SIMs", () => {
  it("of a list are each once and in numeric order, 19 digits before 20", () => {
    const short = "8944500102198304826";
    const declared = listOf([iccid(5), short, iccid(1), iccid(5)]);
    assert.equal(declared.form, "list");
    assert.deepEqual(declared.form === "list" && declared.iccids, [short, iccid(1), iccid(5)]);
    assert.equal(declared.selection.width, 3n);
  });

  it("of a range are all its numbers", () => {
    const { selection } = rangeOf(iccid(0), iccid(9));
    assert.equal(selection.width, 10n);
    assert.ok(selection.equals(listOf(Array.from({ length: 10 }, (_, i) => iccid(i))).selection));
  });
});

describe("differences of a SIM from what is declared", () => {
  it("are none where all agrees, letter case of the zone apart", () => {
    assert.deepEqual(differences(agreeing, aList([iccid(0)])), []);
    assert.ok(sameZone("gLoBal", "GLObal"));
  });

  it("name what is and what should be", () => {
    const sim = { ...agreeing, plan: 75, zone: "us", overageLimit: 5, threshold: 6, smsLimit: 7 };
    const limits = { overageLimit: 50, threshold: 60, smsLimit: 70 };
    assert.deepEqual(differences(sim, withLimits(limits)).map(describeDifference), [
      "plan 75 instead of 2096",
      "zone us instead of global",
      "overageLimit 5 instead of 50",
      "threshold 6 instead of 60",
      "smsLimit 7 instead of 70",
    ]);
  });

  it("are none where the API does not tell, or tells a zone as a number", () => {
    const { plan: _plan, zone: _zone, ...untold } = agreeing;
    assert.deepEqual(differences(untold, withLimits({ overageLimit: 1, threshold: 1, smsLimit: 1 })), []);
    assert.deepEqual(differences({ ...agreeing, zone: "1" }, aList([iccid(0)])), []);
  });

  it("are none where a limit is not declared, whatever the SIM has", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.integer(), (overageLimit, threshold, smsLimit) => {
        assert.deepEqual(differences({ ...agreeing, overageLimit, threshold, smsLimit }, withLimits({})), []);
      }),
    );
  });

  it("take 100 SMS for the unlimited that was asked for, and a threshold of 0 for none", () => {
    assert.deepEqual(differences({ ...agreeing, smsLimit: 100 }, withLimits({ smsLimit: -1 })), []);
    assert.deepEqual(differences({ ...agreeing, threshold: 0 }, withLimits({ threshold: -1 })), []);
    assert.equal(differences({ ...agreeing, smsLimit: 100 }, withLimits({ smsLimit: 50 })).length, 1);
    assert.equal(differences({ ...agreeing, smsLimit: 99 }, withLimits({ smsLimit: -1 })).length, 1);
    assert.equal(differences({ ...agreeing, threshold: 0 }, withLimits({ threshold: 5 })).length, 1);
    assert.equal(differences({ ...agreeing, overageLimit: 0 }, withLimits({ overageLimit: -1 })).length, 1);
  });
});
