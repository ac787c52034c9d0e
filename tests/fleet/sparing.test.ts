import assert from "node:assert/strict";
import { spareDeclared } from "../../provider/fleet/run/sparing";
import { heldSim, iccid } from "../harness/account/fleet";
import { loneFleet, programWith } from "../harness/account/run";
import { World } from "../harness/account/world";

const sims = [heldSim(0), heldSim(1), heldSim(2)];
function ready(): World {
  const world = new World();
  for (const sim of sims) world.addActive(sim.iccid, sim);
  return world;
}

describe("SIMs that leave a fleet", () => {
  it("are released, without a look, where the program has no other fleet", async () => {
    for (const onRelease of ["keep", "pause", "deactivate"] as const) {
      const world = ready();
      const leaving = await spareDeclared(world, loneFleet, sims, onRelease);
      assert.deepEqual(leaving, { release: sims, handedOver: [], deferred: [] });
      assert.equal(world.reads, 0);
    }
  });

  it("are left to another fleet that declares them, and the others are released", async () => {
    for (const onRelease of ["keep", "pause", "deactivate"] as const) {
      const leaving = await spareDeclared(ready(), programWith([iccid(1)]), sims, onRelease);
      assert.deepEqual(leaving, {
        release: [heldSim(0), heldSim(2)],
        handedOver: [heldSim(1)],
        deferred: [],
      });
    }
  });

  it("are spared by their device too: it may be declared under another ICCID, or by EID", async () => {
    const world = ready();
    Object.assign(world.cards.get(iccid(0)) ?? {}, { shownAs: iccid(900) });
    Object.assign(world.cards.get(iccid(1)) ?? {}, { eid: "89049032000000000000000000000001" });
    const program = programWith([iccid(900), "89049032000000000000000000000001"]);
    const { handedOver, release } = await spareDeclared(world, program, sims, "pause");
    assert.deepEqual([handedOver, release], [[heldSim(0), heldSim(1)], [heldSim(2)]]);
  });

  it("wait, unless they are kept, while only a part of the program is known", async () => {
    const program = programWith([iccid(1)], false);
    for (const onRelease of ["pause", "deactivate"] as const) {
      const leaving = await spareDeclared(ready(), program, sims, onRelease);
      assert.deepEqual(leaving, {
        release: [],
        handedOver: [heldSim(1)],
        deferred: [heldSim(0), heldSim(2)],
      });
    }
    const kept = await spareDeclared(ready(), program, sims, "keep");
    assert.deepEqual(kept.deferred, []);
  });

  it("cost no request where there are none", async () => {
    const world = ready();
    await spareDeclared(world, programWith([iccid(1)]), [], "pause");
    await spareDeclared(world, programWith([iccid(1)]), sims, "keep");
    assert.equal(world.reads, 0);
  });
});
