import assert from "node:assert/strict";
import { emptyRecord, type FleetRecord } from "../../provider/fleet/model/record";
import { Selection } from "../../provider/fleet/numbers/selection";
import { observe, type Question } from "../../provider/fleet/observe/observe";
import { aList, aRange, heldSim, iccid, iccids } from "../harness/account/fleet";
import { World } from "../harness/account/world";

const holding = (numbers: readonly number[], more: Partial<FleetRecord> = {}): FleetRecord => ({
  ...emptyRecord,
  sims: numbers.map(heldSim),
  ...more,
});
const everything: Question = { claims: "all", leaving: true };
function withHeld(...numbers: number[]): World {
  const world = new World();
  for (const n of numbers) world.addActive(iccid(n), heldSim(n));
  return world;
}

describe("observing", () => {
  it("sends no write, and asks for no price twice", async () => {
    const world = withHeld(0, 1);
    for (const each of iccids(5, 1, 2)) world.add(each);
    const seen = await observe(world, aRange(0, 9), emptyRecord, everything);
    assert.equal(world.writes, 0);
    assert.deepEqual([...seen.sims.keys()], iccids(2));
    assert.deepEqual(seen.claimable.named, iccids(5, 1, 2));
    assert.equal(seen.price?.amount?.toFixed(), "0.6");
  });

  it("looks for nothing to claim while a claim may still be landing, or the plan is unknown", async () => {
    for (const [more, claims] of [
      [{}, "none"],
      [{ plan: 1 }, "all"],
    ] as const) {
      const world = withHeld(0);
      world.add(iccid(1));
      const seen = await observe(world, aList(iccids(2), more), emptyRecord, { claims, leaving: true });
      assert.deepEqual([seen.claimable.named, world.previews.length], [[], 0]);
      assert.equal(seen.refusals.length, claims === "all" ? 1 : 0);
    }
  });

  it("finds a held SIM by its device when it shows another ICCID, and does not ask to buy it", async () => {
    for (const declaration of [aList(iccids(2)), aRange(0, 1)]) {
      const world = withHeld(0, 1);
      const swapped = world.cards.get(iccid(1));
      if (swapped) swapped.shownAs = iccid(5_000);
      const seen = await observe(world, declaration, holding([0, 1]), everything);
      assert.equal(seen.sims.get(iccid(1))?.deviceId, heldSim(1).deviceId);
      assert.ok(!world.previews.some((each) => each.iccids.includes(iccid(1)) && "sims" in each.target));
    }
  });

  it("never asks for SIMs that are lost", async () => {
    const world = withHeld(0);
    world.add(iccid(1));
    const seen = await observe(world, aList(iccids(3)), holding([0], { lost: [iccid(1)] }), everything);
    assert.deepEqual(
      world.previews.map((each) => each.iccids),
      [[iccid(2)]],
    );
    assert.deepEqual([...seen.claimable.refused.keys()], [iccid(2)]);
  });

  it("in a change asks only for what was approved, by name", async () => {
    const world = withHeld(0);
    for (const each of iccids(5, 1, 1)) world.add(each);
    const claims = { activate: new Set([iccid(2), iccid(4)]) };
    for (const declaration of [aList(iccids(6)), aRange(0, 9)]) {
      world.sent.length = 0;
      const seen = await observe(world, declaration, holding([0]), { claims, leaving: false });
      assert.deepEqual(seen.claimable.named, [iccid(2), iccid(4)]);
      assert.deepEqual(
        world.previews.map((each) => each.iccids),
        [[iccid(2), iccid(4)]],
      );
    }
  });

  it("in a change asks for no number that was not approved without a name", async () => {
    const world = new World({ preview: "costOnly" });
    for (const each of iccids(10)) world.add(each);
    const unnamed = { numbers: Selection.ofRange(iccid(3), iccid(6)), atMost: 4 };
    const claims = { activate: new Set<string>(), unnamed };
    const seen = await observe(world, aRange(0, 9), emptyRecord, { claims, leaving: false });
    assert.ok(unnamed.numbers.covers(seen.claimable.unnamed));
    assert.deepEqual(
      world.previews.map((each) => each.target),
      [{ simRange: `${iccid(3)}-${iccid(6)}` }],
    );
  });

  it("looks at the SIMs that leave where it is asked to, and tells their states", async () => {
    const world = withHeld(0, 1, 2);
    world.addActive(iccid(3), { state: "DEAD" });
    for (const declaration of [aList([iccid(0)]), aRange(0, 0)]) {
      const record = holding([0, 1, 2, 3]);
      const seen = await observe(world, declaration, record, everything);
      assert.deepEqual([...seen.leaving.keys()], iccids(3, 1, 1));
      assert.equal(seen.leaving.get(iccid(3))?.state, "DEAD");
      const unasked = await observe(world, declaration, record, { ...everything, leaving: false });
      assert.equal(unasked.leaving.size, 0);
    }
  });

  it("takes the living one of two links that show the same ICCID, in either order", async () => {
    for (const order of [
      ["DEAD", "LIVE"],
      ["LIVE", "DEAD"],
    ]) {
      const world = new World();
      for (const [i, state] of order.entries()) world.addActive(iccid(100 + i), { state, shownAs: iccid(0) });
      const seen = await observe(world, aList([iccid(0)]), emptyRecord, everything);
      assert.equal(seen.sims.get(iccid(0))?.state, "LIVE");
    }
  });

  it("fails when the account cannot be read: half a reading would look like lost SIMs", async () => {
    for (const failAt of [1, 2, 3]) {
      const world = withHeld(0);
      const reads = world.simsByIccid.bind(world);
      world.simsByIccid = (numbers) => {
        world.failingReads = 1;
        return reads(numbers);
      };
      await assert.rejects(observe(world, aList(iccids(failAt)), holding([0]), everything), /status 503/);
    }
  });
});
