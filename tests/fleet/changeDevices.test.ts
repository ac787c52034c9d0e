import assert from "node:assert/strict";
import fc from "fast-check";
import { changeDevices, type DeviceChange } from "../../provider/fleet/apply/changeDevices";
import { changeState } from "../../provider/fleet/apply/simStates";
import { DoubtfulError } from "../../provider/hologram/errors";
import type { ChangeAnswer, Sim } from "../../provider/hologram/model";
import { heldSim, iccid, iccids, listener } from "../harness/account/fleet";
import { World } from "../harness/account/world";
import { activeWorld, heldSims } from "../harness/account/worlds";
import type { ChangeFault } from "../harness/account/worldTypes";

const MINUTES = 60_000;
const limited = (world: World, more: Partial<DeviceChange> = {}): DeviceChange => ({
  verb: "set the limits of",
  send: (deviceIds) => world.setLimits(deviceIds, { overageLimit: 5 }),
  isDone: (shown: Sim | undefined) => shown?.overageLimit === 5,
  readsBack: true,
  ...more,
});
const context = (world: World, timeoutMs = 2 * MINUTES) => ({
  account: world,
  report: listener().report,
  timeoutMs,
});
const run = (world: World, change: DeviceChange, patience = 2 * MINUTES) =>
  changeDevices(context(world, patience), heldSims(world.cards.size), change);
const askedOf = (world: World) =>
  world.sent.flatMap((each) => ("deviceIds" in each ? [each.deviceIds.length] : []));

/** Takes every change and shows it only after a while. */
class SlowWorld extends World {
  constructor(
    private readonly shownAfter: number,
    count: number,
  ) {
    super();
    for (const sim of heldSims(count)) this.addActive(sim.iccid, sim);
  }

  override async setLimits(deviceIds: readonly number[]): Promise<ChangeAnswer> {
    this.sent.push({ kind: "limits", deviceIds, overageLimit: 5 });
    const due = this.clock.now() + this.shownAfter;
    const pass = this.pass.bind(this);
    this.pass = (milliseconds) => {
      pass(milliseconds);
      if (this.clock.now() < due) return;
      for (const card of this.cards.values()) card.overageLimit = 5;
    };
    return { modified: new Set(deviceIds), warnings: new Map(), remarks: [] };
  }
}

describe("a change that is read back", () => {
  it("believes what is shown, not the answer", async () => {
    const world = activeWorld(3);
    const deaf = limited(world, {
      send: async (deviceIds) => ({ modified: new Set(deviceIds), warnings: new Map(), remarks: [] }),
    });
    const { done, failed, inDoubt } = await run(world, deaf);
    assert.deepEqual([done, inDoubt], [[], false]);
    assert.deepEqual(
      failed,
      iccids(3).map((each) => ({ iccid: each, reason: "Hologram took the change and does not show it" })),
    );
  });

  it("is waited for, within bounds, and not sent again when it shows late", async () => {
    const late = new SlowWorld(MINUTES, 3);
    assert.equal((await run(late, limited(late))).done.length, 3);
    assert.deepEqual(askedOf(late), [3]);

    const never = new SlowWorld(60 * MINUTES, 3);
    const begun = never.clock.now();
    assert.equal((await run(never, limited(never))).failed.length, 3);
    const waited = never.clock.now() - begun;
    assert.ok(waited >= 2 * MINUTES && waited < 3 * MINUTES, `${waited} ms`);
    assert.deepEqual(askedOf(never), [3]);
  });

  it("that a warning speaks against is done where the SIM is as it should be all the same", async () => {
    const world = activeWorld(2);
    Object.assign(world.cards.get(iccid(1)) ?? {}, { overageLimit: 5 });
    world.changeFaults = ["refused"];
    const { done, failed } = await run(world, limited(world));
    assert.deepEqual(done, [heldSim(1)]);
    assert.deepEqual(failed, [{ iccid: iccid(0), reason: "not this time" }]);
  });

  it("takes a remark about no SIM in particular for the reason of all that are not done", async () => {
    const world = activeWorld(2);
    const send = async (): Promise<ChangeAnswer> => ({
      warnings: new Map(),
      remarks: ["Not in your contract"],
    });
    const { failed } = await run(world, limited(world, { send }));
    assert.deepEqual(
      failed.map(({ reason }) => reason),
      ["Not in your contract", "Not in your contract"],
    );
  });

  it("goes out in requests of at most 1,000 devices, and one that is refused does not stop the others", async () => {
    const world = activeWorld(2_001);
    world.changeFaults = [undefined, "refused"];
    const { done, failed } = await run(world, limited(world));
    assert.deepEqual(askedOf(world), [1_000, 1_000, 1]);
    assert.deepEqual([done.length, failed.length], [1_001, 1_000]);
  });

  it("of no SIM sends and reads nothing", async () => {
    const world = activeWorld(0);
    assert.deepEqual(await run(world, limited(world)), { done: [], failed: [], inDoubt: false });
    assert.deepEqual([world.writes, world.reads], [0, 0]);
  });
});

describe("a change whose SIMs are locked", () => {
  const locked = (world: World, until: number) =>
    limited(world, {
      send: async (deviceIds) => {
        const isLocked = world.clock.now() < until;
        for (const card of world.cards.values()) if (!isLocked) card.state = "LIVE";
        const answer = await world.setLimits(deviceIds, isLocked ? {} : { overageLimit: 5 });
        const words = deviceIds.map((each) => [each, "SIM state is locked"] as const);
        return isLocked ? { modified: new Set(), warnings: new Map(words), remarks: [] } : answer;
      },
    });

  it("is sent again until it goes through", async () => {
    const world = activeWorld(2, { state: "LIVE-PENDING" });
    const { done } = await run(world, locked(world, world.clock.now() + MINUTES));
    assert.equal(done.length, 2);
    assert.ok(askedOf(world).length > 2 && askedOf(world).length < 10);
  });

  it("is given up, with the server's words, when time is up", async () => {
    const world = activeWorld(2, { state: "LIVE-PENDING" });
    const begun = world.clock.now();
    const { failed } = await run(world, locked(world, begun + 60 * MINUTES));
    assert.deepEqual(
      failed,
      iccids(2).map((each) => ({ iccid: each, reason: "SIM state is locked" })),
    );
    assert.ok(world.clock.now() - begun < 3 * MINUTES);
  });

  it("is not taken for done because a bare answer says nothing else", async () => {
    for (const [state, taken] of [
      ["LIVE-PENDING", 0],
      ["LIVE", 2],
    ] as const) {
      const world = activeWorld(2, { state });
      const send = async (): Promise<ChangeAnswer> => ({ warnings: new Map(), remarks: [] });
      const pause: DeviceChange = {
        verb: "paused",
        send,
        isDone: (shown) => shown?.state === "PAUSED-USER",
        locks: true,
      };
      assert.equal((await run(world, pause)).done.length, taken, state);
      assert.equal((await run(world, { ...pause, locks: false })).done.length, 2, state);
    }
  });

  it("of a state are tried again after a bare answer too, until they are unlocked", async () => {
    const world = activeWorld(2, { state: "LIVE-PENDING" });
    const free = world.clock.now() + MINUTES;
    const setState = world.setState.bind(world);
    world.setState = async (deviceIds, command): Promise<ChangeAnswer> => {
      if (world.clock.now() >= free) await setState(deviceIds, command);
      else world.pass(200);
      return { warnings: new Map(), remarks: [] };
    };
    const { done } = await changeState(context(world), heldSims(2), "pause");
    assert.equal(done.length, 2);
    for (const { state } of world.cards.values()) assert.equal(state, "PAUSED-USER");
  });

  it("is not waited for where nothing is on its way", async () => {
    const world = activeWorld(2, { state: "LIVE" });
    const begun = world.clock.now();
    assert.equal((await run(world, locked(world, begun + MINUTES))).failed.length, 2);
    assert.deepEqual(askedOf(world), [2]);
  });
});

describe("a change in doubt", () => {
  const once = (world: World) => limited(world, { once: true });

  it("counts as done where it landed, and is in doubt where it did not", async () => {
    const landed = activeWorld(3);
    landed.changeFaults = ["lostAfter"];
    assert.deepEqual(await run(landed, once(landed)), { done: heldSims(3), failed: [], inDoubt: false });

    const dropped = activeWorld(3);
    dropped.changeFaults = ["lostBefore"];
    const { done, failed, inDoubt } = await run(dropped, once(dropped));
    assert.deepEqual([done, failed.length, inDoubt], [[], 3, true]);
    assert.match(failed[0]?.reason ?? "", /may or may not have carried out .*connection dropped/);
  });

  it("that may cost money is not sent again, whatever its SIMs' states", async () => {
    for (const state of ["LIVE", "LIVE-PENDING"]) {
      const world = activeWorld(3, { state });
      world.changeFaults = ["lostBefore"];
      const { failed, inDoubt } = await run(world, once(world));
      assert.deepEqual([askedOf(world), failed.length, inDoubt], [[3], 3, true], state);
      assert.match(failed[0]?.reason ?? "", /connection dropped/);
    }
  });

  it("that lands a while later is found by reading", async () => {
    const slow = new SlowWorld(MINUTES, 3);
    const change = once(slow);
    const send = async (deviceIds: readonly number[]): Promise<ChangeAnswer> => {
      await change.send(deviceIds);
      throw new DoubtfulError({ method: "POST", path: "/devices" }, "the connection dropped");
    };
    assert.deepEqual(await run(slow, { ...change, send }), { done: heldSims(3), failed: [], inDoubt: false });
    assert.deepEqual(askedOf(slow), [3]);
  });

  it("is no doubt about other requests of the same change", async () => {
    const world = activeWorld(1_003);
    world.changeFaults = ["lostAfter", "refused"];
    const { done, failed, inDoubt } = await run(world, once(world));
    assert.deepEqual([done.length, failed.length, inDoubt], [1_000, 3, false]);
  });

  it("stays in doubt when nothing can be read", async () => {
    const world = activeWorld(3);
    world.changeFaults = ["lostAfter"];
    world.failingReads = 99;
    const { done, failed, inDoubt } = await run(world, once(world));
    assert.deepEqual([done, failed.length, inDoubt], [[], 3, true]);
  });

  it("tells of each SIM once, and calls done only what is", async () => {
    const faults = fc.array(
      fc.constantFrom<ChangeFault | undefined>("lostBefore", "lostAfter", "unlisted", "refused", undefined),
      { maxLength: 3 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1_500),
        faults,
        fc.nat(3),
        fc.boolean(),
        fc.boolean(),
        async (count, script, failing, sendsOnce, pending) => {
          const world = activeWorld(count, { state: pending ? "LIVE-PENDING" : "LIVE" });
          world.changeFaults = [...script];
          world.failingReads = failing;
          const { done, failed, inDoubt } = await run(world, limited(world, { once: sendsOnce }));
          const told = [...done, ...failed].map((each) => each.iccid);
          assert.deepEqual(told.sort(), iccids(count).sort());
          for (const sim of done) assert.equal(world.cards.get(sim.iccid)?.overageLimit, 5);
          if (inDoubt) assert.ok(failed.length > 0);
          if (!script.includes("lostBefore") && !script.includes("lostAfter")) assert.equal(inDoubt, false);
        },
      ),
      { numRuns: 50 },
    );
  });
});
