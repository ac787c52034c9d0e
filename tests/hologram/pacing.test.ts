import assert from "node:assert/strict";
import { AccountPace, paceOf } from "../../provider/hologram/pacing";

const turns = () => new Promise(setImmediate);

describe("pacing", () => {
  it("knows an account by its address and key", () => {
    assert.equal(paceOf("http://a", "k1"), paceOf("http://a", "k1"));
    assert.notEqual(paceOf("http://a", "k1"), paceOf("http://a", "k2"));
    assert.notEqual(paceOf("http://a", "k1"), paceOf("http://b", "k1"));
  });

  it("lets four in at a time, in the order they came", async () => {
    const pace = new AccountPace();
    const inside: number[] = [];
    for (let n = 1; n <= 6; n++) void pace.enter().then(() => inside.push(n));
    await turns();
    assert.deepEqual(inside, [1, 2, 3, 4]);
    pace.leave();
    await turns();
    assert.deepEqual(inside, [1, 2, 3, 4, 5]);
  });

  it("lets nobody in until every hold is over, however it ends, and the holder first", async () => {
    const pace = new AccountPace();
    const inside: string[] = [];
    const ends: (() => void)[] = [];
    pace.hold(new Promise((resolve) => ends.push(resolve)));
    pace.hold(new Promise((_, reject) => ends.push(() => reject(new Error("interrupted")))));
    void pace.enter().then(() => inside.push("other"));
    void pace.enter(true).then(() => inside.push("holder"));
    for (const end of ends) {
      await turns();
      assert.deepEqual(inside, []);
      end();
    }
    await turns();
    assert.deepEqual(inside, ["holder", "other"]);
  });
});
