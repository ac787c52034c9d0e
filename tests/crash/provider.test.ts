import assert from "node:assert/strict";
import { providerCampaign } from "./provider/campaign";
import { isClean, table } from "./table";

describe("the crash campaign at the provider level", () => {
  it("finds nothing: no double claim or charge, nothing out of sight, no unwanted pause, all quiet in the end", async () => {
    const tally = await providerCampaign({ runs: 150, seed: 1 });
    assert.ok(isClean(tally), table([tally]));
    assert.ok(tally.faults > 150, "many faults were played");
    assert.ok(tally.crashes > 75, "many processes died");
  });
});
