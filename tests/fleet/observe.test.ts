import assert from "node:assert/strict";
import { type Held, listOf, nothingHeld, rangeOf } from "../../provider/fleet/model/declaration";
import { observe } from "../../provider/fleet/observe/observe";
import { aList, aRange, heldSim, iccid, iccids } from "../harness/account/fleet";
import { World } from "../harness/account/world";

const holding = (
  numbers: readonly number[],
  more: Partial<Extract<Held, { kind: "listed" }>> = {},
): Held => ({
  lost: [],
  unfinished: 0,
  kind: "listed",
  sims: numbers.map(heldSim),
  ...more,
});
function withHeld(...numbers: number[]): World {
  const world = new World();
  for (const n of numbers) world.addActive(iccid(n), heldSim(n));
  return world;
}

describe("observing", () => {
  it("sends no write, and asks for no price twice", async () => {
    const world = withHeld(0, 1);
    for (const each of iccids(5, 1, 2)) world.add(each);
    const seen = await observe(world, aRange(0, 9), nothingHeld);
    assert.equal(world.writes, 0);
    assert.deepEqual([...seen.sims.keys()], iccids(2));
    assert.deepEqual(seen.claimable.named, iccids(5, 1, 2));
    assert.equal(seen.price?.amount?.toFixed(), "0.6");
  });

  it("looks for nothing to claim while a claim may still be landing, or the plan is unknown", async () => {
    for (const [more, mayClaim] of [
      [{}, false],
      [{ plan: 1 }, true],
    ] as const) {
      const world = withHeld(0);
      world.add(iccid(1));
      const seen = await observe(world, aList(iccids(2), more), nothingHeld, { mayClaim });
      assert.deepEqual([seen.claimable.named, world.previews.length], [[], 0]);
      assert.equal(seen.refusals.length, mayClaim ? 1 : 0);
    }
  });

  it("finds a held SIM by its device when it shows another ICCID, and does not ask to buy it", async () => {
    for (const declaration of [aList(iccids(2)), aRange(0, 1)]) {
      const world = withHeld(0, 1);
      const swapped = world.cards.get(iccid(1));
      if (swapped) swapped.shownAs = iccid(5_000);
      const seen = await observe(world, declaration, holding([0, 1]));
      assert.equal(seen.sims.get(iccid(1))?.deviceId, heldSim(1).deviceId);
      assert.ok(!world.previews.some((each) => each.iccids.includes(iccid(1)) && "sims" in each.target));
    }
  });

  it("never asks for SIMs that are lost", async () => {
    const world = withHeld(0);
    world.add(iccid(1));
    const seen = await observe(world, aList(iccids(3)), holding([0], { lost: [iccid(1)] }));
    assert.deepEqual(
      world.previews.map((each) => each.iccids),
      [[iccid(2)]],
    );
    assert.deepEqual([...seen.claimable.refused.keys()], [iccid(2)]);
  });

  it("asks only for what is new in a range whose former one is done", async () => {
    const world = withHeld(0, 10, 20);
    for (const each of iccids(3, 10, 30)) world.add(each);
    const former = rangeOf(iccid(0), iccid(29));
    const seen = await observe(world, aRange(0, 59), holding([0, 10, 20], { former }));
    assert.deepEqual(seen.claimable.named, iccids(3, 10, 30));
    assert.deepEqual(
      world.previews.map((each) => each.target),
      [{ simRange: `${iccid(30)}-${iccid(59)}` }],
    );
  });

  it("in a check asks only for what was not declared before", async () => {
    const world = withHeld(0);
    for (const each of iccids(3, 1, 1)) world.add(each);
    await observe(world, aList(iccids(4)), { kind: "declared", former: listOf(iccids(3)), count: 3 });
    assert.deepEqual(
      world.previews.map((each) => each.iccids),
      [[iccid(3)]],
    );
  });

  it("finds the SIMs that leave where the record does not list them", async () => {
    for (const former of [listOf(iccids(4)), rangeOf(iccid(0), iccid(3))]) {
      const world = withHeld(0, 1, 2);
      world.addActive(iccid(3), { state: "DEAD" });
      for (const held of [
        { kind: "declared", former, count: 0 } as const,
        { kind: "counted", count: 3, lost: [], unfinished: 0, former } as const,
      ]) {
        const seen = await observe(world, aList([iccid(0)]), held);
        assert.deepEqual(
          seen.leaving,
          [heldSim(1), heldSim(2)].map((sim) => ({
            ...sim,
            linkId: world.cards.get(sim.iccid)?.linkId,
          })),
        );
      }
    }
  });

  it("takes the living one of two links that show the same ICCID, in either order", async () => {
    for (const order of [
      ["DEAD", "LIVE"],
      ["LIVE", "DEAD"],
    ]) {
      const world = new World();
      for (const [i, state] of order.entries()) world.addActive(iccid(100 + i), { state, shownAs: iccid(0) });
      const seen = await observe(world, aList([iccid(0)]), nothingHeld);
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
      await assert.rejects(observe(world, aList(iccids(failAt)), holding([0])), /status 503/);
    }
  });
});
