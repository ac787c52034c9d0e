import assert from "node:assert/strict";
import { CYCLE, changeOften } from "./changes";
import { crowd } from "./stacks";

describe("the soak, in a short form", () => {
  it("stacks that share an account all get through refusals, and send little more for them", async () => {
    const size = { stacks: 2, sims: 30 };
    const calm = await crowd({ ...size, limited: 0 });
    const stormy = await crowd({ ...size, limited: 0.1 });
    for (const { failures, converged, doubleCharges } of [calm, stormy]) {
      assert.deepEqual([failures, converged, doubleCharges], [[], size.stacks, 0]);
    }
    assert.equal(calm.refused, 0);
    assert.ok(stormy.refused > 0, "nothing was refused");
    assert.equal(stormy.requests - stormy.refused, calm.requests);
  });

  it("a fleet is changed over and over, every change does what it says, and nothing is charged twice", async () => {
    const costs = await changeOften({ sims: 200, changes: CYCLE });
    assert.equal(costs.length, CYCLE);
    assert.ok(costs.every(({ seconds }) => seconds > 0));
  });
});
