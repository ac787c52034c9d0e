import assert from "node:assert/strict";
import { changeTags } from "../../provider/fleet/apply/changeTerms";
import { ApiError } from "../../provider/hologram/errors";
import { iccid, listener } from "../harness/account/fleet";
import type { World } from "../harness/account/world";
import { activeWorld, heldSims } from "../harness/account/worlds";
import type { ChangeFault } from "../harness/account/worldTypes";

/** What was sent, as "link 3 tagId 8". */
const sentTo = (world: World): string[] =>
  world.sent.flatMap((each) =>
    each.kind === "link" || each.kind === "unlink"
      ? [`${each.kind} ${each.deviceIds.length} tagId ${each.tagId}`]
      : [],
  );

describe("a change of tags", () => {
  const tagged = (...tags: number[]) => activeWorld(3, () => ({ tags: new Set(tags) }));
  const tagsOn = (world: World) => heldSims(3).map((_, n) => [...(world.cards.get(iccid(n))?.tags ?? [])]);
  const all = heldSims(3);
  const swap = { link: { tagId: 8, sims: all }, unlink: { tagId: 7, sims: all } };
  const change = (world: World, work: Parameters<typeof changeTags>[1]) =>
    changeTags({ account: world, report: listener().report, timeoutMs: 120_000 }, work);

  it("puts the new tag on, then takes the old one off", async () => {
    const world = tagged(7, 9);
    const { failed } = await change(world, swap);
    assert.deepEqual(failed, []);
    assert.deepEqual(tagsOn(world), [
      [9, 8],
      [9, 8],
      [9, 8],
    ]);
    assert.deepEqual(sentTo(world), ["link 3 tagId 8", "unlink 3 tagId 7"]);
    assert.equal(world.reads, 0);
  });

  it("leaves the old tag where the new one could not be put on", async () => {
    const world = tagged(7);
    world.linkTag = () =>
      Promise.reject(new ApiError(404, "Tag not found", { method: "POST", path: "/devices/tags/8/link" }));
    const { failed } = await change(world, swap);
    assert.deepEqual(tagsOn(world), [[7], [7], [7]]);
    assert.equal(failed.length, 3);
    assert.match(failed[0]?.reason ?? "", /^not tagged \(8\): Hologram refused .*"Tag not found"/);
    assert.deepEqual(sentTo(world), []);
  });

  it("is sent once more when its answer is lost: it does no harm, and not every listing tells tags", async () => {
    for (const world of [tagged(7), activeWorld(3)]) {
      for (const fault of ["lostBefore", "lostAfter"] as const) {
        world.sent.length = 0;
        world.changeFaults = [fault];
        const { failed, inDoubt } = await change(world, { link: swap.link });
        assert.deepEqual([failed, inDoubt], [[], false]);
        assert.deepEqual(sentTo(world), ["link 3 tagId 8", "link 3 tagId 8"]);
      }
    }
  });

  it("is judged by what the SIMs show, where they show it, when the second answer is lost too", async () => {
    const lost: ChangeFault[] = ["lostBefore", "lostAfter"];
    const told = tagged(7);
    told.changeFaults = [...lost];
    assert.deepEqual((await change(told, { link: swap.link })).failed, []);
    const untold = activeWorld(3);
    untold.changeFaults = [...lost];
    assert.equal((await change(untold, { link: swap.link })).failed.length, 3);
    const twice = tagged(7);
    twice.changeFaults = ["lostBefore", "lostBefore"];
    assert.equal((await change(twice, { link: swap.link })).failed.length, 3);
  });
});
