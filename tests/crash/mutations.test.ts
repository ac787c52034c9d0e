/** A campaign that finds nothing says nothing unless it finds what is really missing. */
import assert from "node:assert/strict";
import { everything } from "../harness/engine/form";
import { providerCampaign } from "./provider/campaign";
import { type Mutation, mutationNames } from "./provider/mutations";

const RUNS = 200;
/** From a story on that has shown it. */
const FEW = 20;

/**
 * What the judge says, and a story that shows it. The whole form begins with story 1, or with `from`: it has to come
 * within 200 stories from there.
 */
const finds: Readonly<
  Record<Mutation, { readonly what: RegExp; readonly seed: number; readonly from?: number }>
> = {
  unboundReleases: { what: /(pause|deactivate) though no preview told it|of a SIM that/, seed: 91 },
  approvalByCount: { what: /though no preview told it/, seed: 991, from: 801 },
  priceNotCompared: { what: /for another price/, seed: 146 },
  doubtForgottenAtDestroy: { what: /deleted while a claim|on no record/, seed: 56 },
  journalNotConsulted: { what: /in doubt|claimed before|charged twice/, seed: 7 },
  sparingByNumber: { what: /of a SIM that \S+ declares/, seed: 71 },
  lostNeverLookedFor: { what: /does not hold|not quiet/, seed: 33 },
  newCardsHeld: { what: /though no preview told it|of a SIM of others|holds/, seed: 4 },
};

describe("the crash campaign, when a safeguard is taken away", () => {
  for (const mutation of mutationNames) {
    it(`fails: ${mutation}`, async function mutated() {
      this.timeout(RUNS * 3_000);
      const { what, seed, from = 1 } = finds[mutation];
      const campaign = everything ? { runs: RUNS, seed: from } : { runs: FEW, seed };
      const { failures, runs } = await providerCampaign({
        ...campaign,
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
