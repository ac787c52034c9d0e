import assert from "node:assert/strict";
import { everything } from "../harness/engine/form";
import { leanSdk } from "../harness/engine/realEngine";
import { CYCLE, changeOften } from "./changes";
import { crowd } from "./stacks";

describe("the soak, in a short form", () => {
  const size = { stacks: 2, sims: 30, sdk: leanSdk };

  it("stacks that share an account all get through refusals", async function sharing() {
    if (!everything) return this.skip();
    const { failures, converged, doubleCharges, refused } = await crowd({ ...size, limited: 0.1 });
    assert.deepEqual([failures, converged, doubleCharges], [[], size.stacks, 0]);
    assert.ok(refused > 0, "nothing was refused");
  });

  it("and send nothing for them but what was refused, once more", async function calm() {
    if (!everything) return this.skip();
    const [quiet, stormy] = [await crowd({ ...size, limited: 0 }), await crowd({ ...size, limited: 0.1 })];
    assert.equal(quiet.refused, 0);
    assert.equal(stormy.requests - stormy.refused, quiet.requests);
  });

  it("a fleet is changed over and over, every change does what it says, and nothing is charged twice", async () => {
    const changes = everything ? CYCLE : 2;
    const costs = await changeOften({ sims: 200, changes, sdk: leanSdk });
    assert.equal(costs.length, changes);
    assert.ok(costs.every(({ seconds }) => seconds > 0));
  });
});
