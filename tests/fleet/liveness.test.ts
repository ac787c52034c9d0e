import assert from "node:assert/strict";
import { waitUntilLive } from "../../provider/fleet/apply/liveness";
import { iccid, iccids, listener } from "../harness/account/fleet";
import type { World } from "../harness/account/world";
import { activeWorld, heldSims } from "../harness/account/worlds";

/** A world of active SIMs in these states. */
const inStates = (...states: string[]): World =>
  activeWorld(states.length, (n) => ({ state: states[n] ?? "LIVE" }));

/** The SIM goes live after so many milliseconds. */
function liveAfter(world: World, n: number, milliseconds: number): void {
  const due = world.clock.now() + milliseconds;
  const pass = world.pass.bind(world);
  world.pass = (each) => {
    pass(each);
    if (world.clock.now() >= due) Object.assign(world.cards.get(iccid(n)) ?? {}, { state: "LIVE" });
  };
}
async function wait(world: World, seconds: number, held = heldSims(world.cards.size)) {
  const { said, report } = listener();
  const warned: string[] = [];
  const begun = world.clock.now();
  await waitUntilLive(world, held, seconds, { ...report, warn: (message) => void warned.push(message) });
  return { said, warned, seconds: (world.clock.now() - begun) / 1_000 };
}

describe("waiting until SIMs are live", () => {
  it("does not begin where it is not asked for, or there is no SIM", async () => {
    const world = inStates("LIVE-PENDING");
    await wait(world, 0);
    await wait(world, 60, []);
    assert.equal(world.reads, 0);
  });

  it("ends with the look that finds all of them live, and says nothing that stays", async () => {
    const world = inStates("LIVE", "LIVE-PENDING", "LIVE-PENDING");
    liveAfter(world, 1, 8_000);
    liveAfter(world, 2, 90_000);
    const waited = await wait(world, 600);
    assert.ok(waited.seconds >= 90 && waited.seconds < 160, `${waited.seconds} s`);
    assert.deepEqual(waited.warned, []);
    assert.deepEqual([waited.said[0], waited.said.at(-1)], ["1 of 3 SIMs live", "2 of 3 SIMs live"]);
  });

  it("looks only for those that are not live yet, at growing intervals", async () => {
    const world = inStates("LIVE", "LIVE-PENDING");
    const asked: (readonly number[])[] = [];
    const simsByDevice = world.simsByDevice.bind(world);
    world.simsByDevice = (deviceIds) => {
      asked.push(deviceIds);
      return simsByDevice(deviceIds);
    };
    await wait(world, 3_600);
    assert.deepEqual(asked.slice(0, 3), [[10_000, 10_001], [10_001], [10_001]]);
    assert.ok(asked.length < 70, `${asked.length} looks in an hour`);
  });

  it("ends when time is up, and names the SIMs in one warning", async () => {
    const world = inStates("LIVE", ...Array.from({ length: 12 }, () => "LIVE-PENDING"));
    const waited = await wait(world, 120);
    assert.ok(waited.seconds >= 120 && waited.seconds < 121, `${waited.seconds} s`);
    const names = iccids(10, 1, 1).join(", ");
    assert.deepEqual(waited.warned, [
      `12 SIMs not live after 120 s, and activated all the same: ${names} and 2 more`,
    ]);
  });

  it("does not wait for SIMs that will not become live by waiting, and names them", async () => {
    const world = inStates("DEAD", "DEAD-PENDING", "PAUSED-SYS", "LIVE");
    const waited = await wait(world, 86_400);
    assert.ok(waited.seconds < 1, `${waited.seconds} s`);
    assert.deepEqual(waited.warned, [
      `3 SIMs not live (DEAD, DEAD-PENDING, PAUSED-SYS), which waiting does not change: ${iccids(3).join(", ")}`,
    ]);
  });

  it("takes a state that nobody documented for live: it is neither pending nor paused nor dead", async () => {
    const waited = await wait(inStates("ACTIVE", "SOMETHING-NEW", "live"), 600);
    assert.deepEqual([waited.warned, waited.seconds < 1], [[], true]);
  });

  it("goes on past a state nobody shows, a pause that is to end, and reads that fail", async () => {
    const world = inStates("PAUSED-USER", "LIVE-PENDING");
    world.failingReads = 3;
    liveAfter(world, 0, 20_000);
    liveAfter(world, 1, 30_000);
    const found = await wait(world, 600);
    assert.deepEqual(found.warned, []);
    assert.ok(found.said.some((line) => /^looking whether the SIMs are live failed: .*503/.test(line)));

    const gone = await wait(inStates("LIVE"), 30, heldSims(2));
    assert.deepEqual(gone.warned, [`1 SIM not live after 30 s, and activated all the same: ${iccid(1)}`]);
  });

  it("only warns when nothing can be read at all", async () => {
    const world = inStates("LIVE");
    world.failingReads = 999;
    const waited = await wait(world, 60);
    assert.equal(waited.warned.length, 1);
    assert.ok(waited.seconds >= 60 && waited.seconds < 61);
  });
});
