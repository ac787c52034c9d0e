/** A campaign that finds nothing says nothing unless it finds what is really missing. */
import assert from "node:assert/strict";
import { everything } from "../harness/engine/form";
import { providerCampaign } from "./provider/campaign";
import { type Mutation, mutationNames } from "./provider/mutations";

const RUNS = 200;
/** What the judge says within 200 stories, from story 1 on or from another. */
const finds: Readonly<Record<Mutation, { readonly what: RegExp; readonly from?: number }>> = {
  unboundReleases: { what: /(pause|deactivate) though no preview told it|of a SIM that/, from: 61 },
  approvalByCount: { what: /though no preview told it/, from: 951 },
  priceNotCompared: { what: /for another price/, from: 101 },
  doubtForgottenAtDestroy: { what: /deleted while a claim|on no record/ },
  journalNotConsulted: { what: /in doubt|claimed before|charged twice/ },
  sparingByNumber: { what: /of a SIM that \S+ declares/ },
  lostNeverLookedFor: { what: /does not hold|not quiet/ },
  newCardsHeld: { what: /though no preview told it|of a SIM of others|holds/ },
};

describe("the crash campaign, when a safeguard is taken away", () => {
  for (const mutation of mutationNames) {
    it(`fails: ${mutation}`, async function mutated() {
      if (!everything) return this.skip();
      this.timeout(RUNS * 3_000);
      const { what, from = 1 } = finds[mutation];
      const { failures, runs } = await providerCampaign({
        ...{ runs: RUNS, seed: from },
        mostFailures: 1,
        shrinks: false,
        mutation,
      });
      const [failure] = failures;
      assert.ok(failure !== undefined, `${runs} runs without a failure`);
      assert.match(failure.what, what);
    });
  }
});
