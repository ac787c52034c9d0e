import assert from "node:assert/strict";
import fc from "fast-check";
import { changeState, release, releaseSentence } from "../../provider/fleet/apply/simStates";
import type { StateCommand } from "../../provider/hologram/model";
import { heldSim, iccid, listener } from "../harness/account/fleet";
import type { World } from "../harness/account/world";
import { activeWorld, heldSims } from "../harness/account/worlds";
import type { ChangeFault } from "../harness/account/worldTypes";

function lock(world: World, n: number, state: string): void {
  Object.assign(world.cards.get(iccid(n)) ?? {}, { locked: true, state });
}
const context = (world: World) => ({ account: world, report: listener().report, timeoutMs: 120_000 });
const change = (world: World, command: StateCommand, count = world.cards.size) =>
  changeState(context(world), heldSims(count), command);
const after: Record<StateCommand, string> = { pause: "PAUSED-USER", live: "LIVE", deactivate: "DEAD" };
const commands: StateCommand[] = ["pause", "live", "deactivate"];

describe("a change of state", () => {
  it("goes out in requests of at most 1,000 devices and reaches every SIM", async () => {
    const world = activeWorld(2_300);
    const { done, failed } = await change(world, "pause");
    assert.deepEqual([done.length, failed.length], [2_300, 0]);
    const sizes = world.sent.flatMap((each) => (each.kind === "state" ? [each.deviceIds.length] : []));
    assert.deepEqual(sizes, [1_000, 1_000, 300]);
    assert.ok([...world.cards.values()].every(({ state }) => state === "PAUSED-USER"));
  });

  it("that is answered with a warning and no modified device failed for that SIM, in the server's words", async () => {
    const world = activeWorld(3);
    lock(world, 1, "LIVE-PENDING");
    const { done, failed } = await change(world, "pause");
    assert.deepEqual(done, [heldSim(0), heldSim(2)]);
    assert.deepEqual(failed, [
      { iccid: iccid(1), reason: "SIM state is locked (LIVE-PENDING). Contact support" },
    ]);
  });

  it("that the SIM is in already is done, warning or not", async () => {
    const world = activeWorld(2);
    lock(world, 1, "PAUSED-PENDING-USER");
    assert.equal((await change(world, "pause")).done.length, 2);
    const dead = activeWorld(2, { state: "DEAD" });
    assert.equal((await change(dead, "deactivate")).done.length, 2);
  });

  it("is judged by what the SIMs show when its answer is lost", async () => {
    for (const command of commands) {
      const from = command === "live" ? "PAUSED-USER" : "LIVE";
      const landed = activeWorld(3, { state: from });
      landed.changeFaults = ["lostAfter"];
      assert.equal((await change(landed, command)).done.length, 3);
      const dropped = activeWorld(3, { state: from });
      dropped.changeFaults = ["lostBefore"];
      const { done, failed } = await change(dropped, command);
      assert.deepEqual([done.length, failed.length], [0, 3]);
      assert.match(failed[0]?.reason ?? "", /connection dropped/);
    }
  });

  it("is a failure, not an error, when it can be neither made nor read", async () => {
    const world = activeWorld(3);
    world.changeFaults = ["lostAfter"];
    world.failingReads = 99;
    const { done, failed } = await change(world, "pause");
    assert.deepEqual([done.length, failed.length], [0, 3]);
  });

  it("takes every device without a warning for modified where the answer lists none", async () => {
    const world = activeWorld(3);
    world.changeFaults = ["unlisted"];
    lock(world, 2, "LIVE-PENDING");
    const { done, failed } = await change(world, "pause");
    assert.deepEqual([done.length, failed.length], [2, 1]);
  });

  it("that a SIM leaves by is done when the SIM is gone; it cannot be resumed then", async () => {
    for (const command of commands) {
      const { done, failed } = await change(activeWorld(1), command, 2);
      assert.deepEqual([done.length, failed.length], command === "live" ? [1, 1] : [2, 0]);
    }
  });

  it("does not take a SIM that Hologram paused for one that runs again", async () => {
    const world = activeWorld(2, { state: "PAUSED-USER" });
    lock(world, 0, "PAUSED-SYS");
    assert.deepEqual((await change(world, "live")).done, [heldSim(1)]);
  });

  it("tells of each SIM once, truly, and can be repeated until all are done", async () => {
    const faults = fc.array(
      fc.constantFrom<ChangeFault | undefined>("lostBefore", "lostAfter", "unlisted", undefined),
      { maxLength: 3 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...commands),
        fc.nat(30),
        faults,
        fc.nat(3),
        async (command, count, script, failing) => {
          const world = activeWorld(count, { state: command === "live" ? "PAUSED-USER" : "LIVE" });
          world.changeFaults = script;
          world.failingReads = failing;
          for (let round = 0; round < 5; round++) {
            const { done, failed } = await change(world, command, count);
            assert.deepEqual(
              [...done, ...failed].map((each) => each.iccid).sort(),
              heldSims(count).map((each) => each.iccid),
            );
            for (const sim of done) assert.equal(world.cards.get(sim.iccid)?.state, after[command]);
          }
          assert.equal((await change(world, command, count)).failed.length, 0);
        },
      ),
    );
  });
});

describe("a release", () => {
  it("with keep sends nothing", async () => {
    const world = activeWorld(3);
    const released = await release(context(world), heldSims(3), "keep");
    assert.deepEqual([released.done.length, world.writes, world.reads], [3, 0, 0]);
  });

  it("says what it came to, and that the default costs money on", () => {
    assert.equal(releaseSentence(100, "keep"), "100 SIMs stay active and billed (onRelease: keep)");
    assert.equal(releaseSentence(1, "keep"), "1 SIM stays active and billed (onRelease: keep)");
    assert.equal(releaseSentence(2, "pause"), "2 SIMs paused, still billed (onRelease: pause)");
    assert.equal(releaseSentence(2, "deactivate"), "2 SIMs deactivated for ever (onRelease: deactivate)");
  });
});
