/** A short form of the crash campaign on both engines; `npm run crash -- --level embedded` and `--level real` are long. */
import assert from "node:assert/strict";
import { everything } from "../harness/engine/form";
import { realEngine } from "../harness/engine/realEngine";
import { engineCampaign } from "./engine/campaign";
import { isClean, table } from "./table";

/** Seconds that a run takes on a machine that is busy with other tests, shrinking included. */
const SLOW = 60;

describe("programs whose operations are cut off", () => {
  if (!everything) {
    it("were not cut off: that is part of the full form (HOLOGRAM_TESTS=all)", function skipped() {
      this.skip();
    });
    return;
  }
  define("embedded", 15);
  if (realEngine() !== undefined) define("real", 10);
});

function define(level: "embedded" | "real", runs: number): void {
  it(`${runs} of them, level ${level}: nothing happens that no preview told, nobody pays twice, nothing is lost`, async function campaign() {
    this.timeout(runs * SLOW * 1_000);
    const tally = await engineCampaign(level, { runs, seed: 41 });
    assert.ok(isClean(tally), table([tally]));
    assert.equal(tally.runs, runs);
    assert.ok(tally.crashes > 0, "something was cut off");
  });
}
