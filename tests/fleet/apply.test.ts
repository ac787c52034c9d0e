import assert from "node:assert/strict";
import fc from "fast-check";
import { type ApplyContext, apply } from "../../provider/fleet/apply/apply";
import type { FleetPlan } from "../../provider/fleet/plan/plan";
import { aList, aPrice, applyContext, heldSim, iccid, iccids, planWith } from "../harness/account/fleet";
import { World } from "../harness/account/world";
import type { ClaimFault } from "../harness/account/worldTypes";

/** SIMs 0 to 9 are active, 10 to 19 are not. */
function ready(): World {
  const world = new World();
  for (let n = 0; n < 10; n++) world.addActive(iccid(n), heldSim(n));
  for (let n = 10; n < 20; n++) world.add(iccid(n));
  return world;
}
const sims = (...numbers: number[]) => numbers.map(heldSim);
function run(world: World, steps: Partial<FleetPlan>, more: Partial<ApplyContext> = {}) {
  return apply(applyContext(world, aList(iccids(20)), more), planWith({ claim: [], ...steps }));
}
const pause = (world: World, n: number): void =>
  void Object.assign(world.cards.get(iccid(n)) ?? {}, { state: "PAUSED-USER" });
const commands = (world: World): string[] =>
  world.sent.flatMap((each) => (each.kind === "state" ? [each.command] : []));

describe("applying a plan", () => {
  it("holds what was kept, adopted and claimed, ascending, and what could not be released", async () => {
    const world = ready();
    const held = sims(3, 0, 1);
    const outcome = await run(world, {
      keep: held,
      adopt: sims(2),
      claim: iccids(2, 1, 10),
      release: sims(4),
      lost: [iccid(5)],
    });
    assert.deepEqual(
      outcome.sims.map((sim) => sim.iccid),
      [...iccids(4), ...iccids(2, 1, 10)],
    );
    assert.deepEqual([outcome.undone, outcome.lost], [[], [iccid(5)]]);
    const { activate, adopt, release } = outcome.done;
    assert.deepEqual([activate, outcome.requests, adopt, release], [2, 1, 1, 1]);
  });

  it("names the zone as the plan spells it, and keeps its notes as it is declared", async () => {
    const world = ready();
    world.changeFaults = ["lostBefore"];
    Object.assign(world.cards.get(iccid(0)) ?? {}, { plan: 75 });
    const [sim = assert.fail()] = sims(0);
    const price = { ...aPrice("1"), planZone: "Global" };
    const changePlan = [{ sim, now: {}, found: "" }];
    const outcome = await run(world, { claim: [iccid(10)], keep: [sim], changePlan, price });
    assert.equal(world.cards.get(iccid(10))?.zone, "Global");
    assert.partialDeepStrictEqual(world.sent.at(-1), { kind: "plan", zone: "Global" });
    assert.deepEqual(
      outcome.doubts.map(({ to }) => to),
      [{ plan: 2096, zone: "global" }],
    );
  });

  it("claims, then resumes, then releases", async () => {
    const world = ready();
    pause(world, 0);
    const steps = {
      claim: [iccid(10)],
      keep: sims(0),
      resume: sims(0),
      release: sims(1),
    };
    await run(world, steps, { onRelease: "pause" });
    assert.deepEqual(
      world.sent.map((each) => (each.kind === "state" ? each.command : each.kind)),
      ["claim", "live", "pause"],
    );
  });

  it("releases nothing before the rest is done, and says so", async () => {
    const faults: ClaimFault[] = [
      { kind: "lostBefore" },
      { kind: "refuses", iccids: [iccid(10)] },
      { kind: "lostHalfway" },
    ];
    for (const fault of faults) {
      for (const onRelease of ["keep", "pause", "deactivate"] as const) {
        const world = ready();
        world.claimFaults = [fault];
        const outcome = await run(world, { claim: iccids(2, 1, 10), release: sims(1) }, { onRelease });
        assert.deepEqual(commands(world), []);
        assert.ok(
          outcome.sims.some((sim) => sim.iccid === iccid(1)),
          "it is still held",
        );
        assert.equal(outcome.done.release, 0);
        assert.ok(
          outcome.undone.some((each) => each.iccid === iccid(1) && /not released yet/.test(each.reason)),
        );
      }
    }
  });

  it("releases nothing when a SIM could not be resumed", async () => {
    const world = ready();
    Object.assign(world.cards.get(iccid(0)) ?? {}, { state: "PAUSED-SYS", locked: true });
    const steps = { keep: sims(0), resume: sims(0), release: sims(1) };
    const outcome = await run(world, steps, { onRelease: "deactivate" });
    assert.deepEqual(commands(world), ["live"]);
    assert.equal(outcome.undone.length, 2);
  });

  it("holds on to a SIM whose release failed", async () => {
    const world = ready();
    Object.assign(world.cards.get(iccid(1)) ?? {}, { locked: true });
    const outcome = await run(world, { keep: sims(0), release: sims(1, 2) }, { onRelease: "pause" });
    assert.deepEqual(outcome.sims, sims(0, 1));
    assert.deepEqual(
      outcome.undone.map((each) => each.iccid),
      [iccid(1)],
    );
  });

  it("resumes what entered paused, and what was paused by hand", async () => {
    const world = ready();
    for (const n of [0, 1]) pause(world, n);
    const resume = sims(0, 1);
    const outcome = await run(world, { keep: sims(0), adopt: sims(1), resume });
    assert.deepEqual([world.cards.get(iccid(0))?.state, world.cards.get(iccid(1))?.state], ["LIVE", "LIVE"]);
    assert.equal(outcome.done.resume, 2);
  });

  it("sums the orders, exactly, and has none where nothing was claimed", async () => {
    const outcome = await run(ready(), { claim: iccids(3, 1, 10) });
    assert.equal(outcome.order?.salesTax.toFixed(), "0.06");
    assert.equal(outcome.order?.totalCost?.toFixed(), "1.5");
    assert.equal((await run(ready(), { keep: sims(0) })).order, undefined);
  });

  it("with nothing to do sends nothing, and reads nothing", async () => {
    const world = ready();
    const outcome = await run(world, { keep: sims(0, 1) });
    assert.deepEqual([world.writes, world.reads, outcome.undone], [0, 0, []]);
  });

  it("loses no SIM from sight, whatever happens", async () => {
    const fault = fc.constantFrom<ClaimFault | undefined>(
      undefined,
      { kind: "lostBefore" },
      { kind: "lostAfter" },
      { kind: "lostHalfway" },
      { kind: "fewer", count: 2 },
    );
    const state = fc.constantFrom("lostBefore" as const, "lostAfter" as const, undefined);
    await fc.assert(
      fc.asyncProperty(
        fault,
        state,
        fc.nat(3),
        fc.constantFrom("keep" as const, "pause" as const),
        async (claimFault, changeFault, failing, onRelease) => {
          const world = ready();
          Object.assign(world, {
            claimFaults: [claimFault],
            changeFaults: [changeFault, changeFault],
            failingReads: failing,
          });
          const steps = {
            keep: sims(0),
            adopt: sims(1),
            claim: iccids(5, 1, 10),
            release: sims(2, 3),
            lost: [iccid(4)],
          };
          const outcome = await run(world, steps, { onRelease });
          const left = outcome.done.release === 2 ? 0 : 2 - outcome.done.release;
          assert.equal(outcome.sims.length, 2 + outcome.done.activate + left);
          const known = new Set([...outcome.sims, ...outcome.undone].map((each) => each.iccid));
          for (const each of [...iccids(2), ...iccids(5, 1, 10)]) assert.ok(known.has(each));
        },
      ),
    );
  });
});
