import assert from "node:assert/strict";
import fc from "fast-check";
import { isBilled, isChanging, type Standing, standingOf } from "../../provider/fleet/model/standing";
import type { Sim } from "../../provider/hologram/model";
import { iccid } from "../harness/account/fleet";

const sim = (state: string, more: Partial<Sim> = {}): Sim => ({
  iccid: iccid(0),
  linkId: 1,
  deviceId: 2,
  state,
  testMode: false,
  ...more,
});
const unclaimed = (state: string): Sim => ({ iccid: iccid(0), linkId: 1, state, testMode: false });

describe("the standing of a SIM", () => {
  const standings: [Standing, string[]][] = [
    ["active", ["LIVE", "live", "LIVE-PENDING", "ACTIVE", "UNKNOWN", "SOMETHING-NEW"]],
    ["unclaimed", ["INACTIVE", "inactive"]],
    ["pausedByUser", ["PAUSED-USER", "PAUSED-PENDING-USER", "PAUSE-PENDING-USER", "PAUSED", "PAUSE"]],
    [
      "pausedByHologram",
      ["PAUSED-SYS", "PAUSED-SYSTEM", "PAUSE-PENDING-SYS", "PAUSED-PENDING-SYS", "FROZEN", "Paused-Sys"],
    ],
    ["dead", ["DEAD", "DEAD-PENDING", "DEACTIVATED", "DEACTIVATE", "dead"]],
  ];
  for (const [standing, states] of standings) {
    for (const state of states) {
      it(`${state} is ${standing}`, () => assert.equal(standingOf(sim(state)), standing));
    }
  }

  it("without a device nothing was claimed, whatever the state says", () => {
    for (const state of ["LIVE", "PAUSED-USER", "FROZEN", "INACTIVE"]) {
      assert.equal(standingOf(unclaimed(state)), "unclaimed");
    }
    assert.equal(standingOf(unclaimed("DEAD")), "dead");
  });

  it("Test Mode is no purchase, with a device or without", () => {
    assert.equal(standingOf(sim("TEST-ACTIVATE", { testMode: true })), "test");
    assert.equal(standingOf({ ...unclaimed("LIVE"), testMode: true }), "test");
    assert.equal(standingOf(sim("DEAD", { testMode: true })), "dead");
  });

  it("takes any unknown state of a SIM with a device for one that is billed: claiming it again would cost", () => {
    const known = /^(DEAD|INACTIVE$|PAUSE|FROZEN)|DEACTIVAT/i;
    fc.assert(
      fc.property(fc.string(), (state) => {
        fc.pre(!known.test(state));
        assert.ok(isBilled(standingOf(sim(state))));
      }),
    );
  });

  it("bills what runs and what is paused", () => {
    const billed: Standing[] = ["active", "pausedByUser", "pausedByHologram"];
    const free: Standing[] = ["unclaimed", "test", "dead"];
    assert.deepEqual([...billed, ...free].filter(isBilled), billed);
  });

  it("tells a state whose change is on its way", () => {
    assert.deepEqual(
      ["LIVE", "LIVE-PENDING", "paused-pending-user", "PAUSED-USER"].map((state) => isChanging(sim(state))),
      [false, true, true, false],
    );
  });
});
