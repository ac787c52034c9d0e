import assert from "node:assert/strict";
import { providerCampaign } from "./provider/campaign";
import type { Mutation } from "./provider/mutations";

const mutations: readonly [what: string, mutation: Mutation, finds: RegExp][] = [
  ["reading back after a claim", "noReadBack", /charged twice/],
  ["the rule for doubtful claims", "noDoubt", /in doubt/],
  ["observing before the first claim", "noObservation", /charged twice|claimed before/],
];

describe("the crash campaign, when a safeguard is taken away", () => {
  for (const [what, mutation, finds] of mutations) {
    it(`fails within 200 runs without ${what}`, async () => {
      const campaign = { runs: 200, seed: 1, mostFailures: 1, shrinks: false };
      const { failures, runs } = await providerCampaign({ ...campaign, mutation });
      const [failure] = failures;
      assert.ok(failure !== undefined, `${runs} runs without a failure`);
      assert.match(failure.what, finds);
    });
  }
});
