import assert from "node:assert/strict";
import { poll } from "../../provider/util/poll";
import { JumpingClock } from "../hologram/support";

describe("poll", () => {
  it("looks at once, and does not wait for what is there", async () => {
    const clock = new JumpingClock();
    const found = await poll(clock, { firstMs: 1000, untilMs: clock.now() + 60_000 }, async () => "there");
    assert.equal(found, "there");
    assert.deepEqual(clock.sleeps, []);
  });

  it("doubles its pauses up to the longest, and cuts the last one short", async () => {
    const clock = new JumpingClock();
    const untilMs = clock.now() + 20_000;
    const looks: number[] = [];
    const found = await poll(clock, { firstMs: 1000, longestMs: 5000, untilMs }, async () => {
      looks.push(untilMs - clock.now());
    });
    assert.equal(found, undefined);
    assert.deepEqual(clock.sleeps, [1000, 2000, 4000, 5000, 5000, 3000]);
    assert.equal(looks.at(-1), 0, "the last look is when time is up");
  });

  it("starts with the longest pause where the first would be longer", async () => {
    const clock = new JumpingClock();
    await poll(
      clock,
      { firstMs: 9000, longestMs: 5000, untilMs: clock.now() + 10_000 },
      async () => undefined,
    );
    assert.deepEqual(clock.sleeps, [5000, 5000]);
  });

  it("looks once where time was up before it began", async () => {
    const clock = new JumpingClock();
    let looks = 0;
    const look = async () => {
      looks++;
    };
    assert.equal(await poll(clock, { firstMs: 1000, untilMs: clock.now() - 1 }, look), undefined);
    assert.equal(looks, 1);
    assert.deepEqual(clock.sleeps, []);
  });

  it("takes false and 0 for an answer, and only undefined for none", async () => {
    const clock = new JumpingClock();
    const times = { firstMs: 1000, untilMs: clock.now() + 60_000 };
    assert.equal(await poll(clock, times, async () => false), false);
    assert.equal(await poll(clock, times, async () => 0), 0);
  });

  it("calls onPause before each pause with its length, and not when it gives up", async () => {
    const clock = new JumpingClock();
    const pauses: number[][] = [];
    const start = clock.now();
    const onPause = (pauseMs: number) => pauses.push([clock.now() - start, pauseMs]);
    await poll(clock, { firstMs: 1000, untilMs: start + 2500, onPause }, async () => undefined);
    assert.deepEqual(pauses, [
      [0, 1000],
      [1000, 1500],
    ]);
  });

  it("throws the error of a look", async () => {
    const clock = new JumpingClock();
    const look = async () => {
      throw new Error("no network");
    };
    await assert.rejects(poll(clock, { firstMs: 1000, untilMs: clock.now() + 60_000 }, look), /no network/);
    assert.deepEqual(clock.sleeps, []);
  });
});
