/** A short form of the crash campaign; `npm run crash -- --level provider` is long. */
import assert from "node:assert/strict";
import { everything } from "../harness/engine/form";
import { providerCampaign } from "./provider/campaign";
import { isClean, table } from "./table";

const RUNS = everything ? 400 : 20;

describe("the crash campaign at the provider level", () => {
  it(`${RUNS} stories: nothing happens that no preview told, nobody pays twice, nothing is lost from sight`, async function campaign() {
    this.timeout(RUNS * 2_000);
    const tally = await providerCampaign({ runs: RUNS, seed: 1 });
    assert.ok(isClean(tally), table([tally]));
    assert.ok(tally.faults > RUNS, "many faults were played");
    assert.ok(tally.deeds > RUNS, "people did much by hand");
    assert.ok(tally.crashes > RUNS / 5, "many processes died");
  });
});
