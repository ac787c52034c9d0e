import fc from "fast-check";
import type { CampaignOptions, Tally } from "../campaign";
import { type Story, stories, tell } from "../story/stories";
import { failureOf, Sum, type Verdict, Wrong } from "../tally";
import { ListeningEngine } from "./listeningEngine";
import type { Mutation } from "./mutations";
import { play } from "./play";

export interface ProviderOptions extends CampaignOptions {
  /** A safeguard to take away. */
  readonly mutation?: Mutation;
  /** Ends the campaign; default 5. */
  readonly mostFailures?: number;
  /** Looks for the smallest story that fails in the same way; default true. */
  readonly shrinks?: boolean;
}

/**
 * Random programs, worlds, faults and deaths against the provider in this process. Each run has a seed of its own, the
 * campaign's plus its number, so that it can be done again alone.
 */
export async function providerCampaign(options: ProviderOptions): Promise<Tally> {
  const {
    runs,
    seed,
    path,
    progress = () => undefined,
    mutation,
    mostFailures = 5,
    shrinks = true,
  } = options;
  const engine = await ListeningEngine.start();
  const sum = new Sum("provider");
  try {
    for (let n = 0; n < runs && sum.failures.length < mostFailures; n++) {
      let first: Verdict | undefined;
      let tries = 0;
      const property = fc.asyncProperty(stories, async (story: Story) => {
        if (tries++ > TRIES) return;
        const verdict = await play(story, engine, mutation);
        first ??= verdict;
        if (verdict.problems.length > 0) throw new Wrong(verdict);
      });
      const own = {
        seed: seed + n,
        numRuns: 1,
        unbiased: true,
        endOnFailure: !shrinks || path !== undefined,
        // A path is that of the smallest story found already.
        ...(path === undefined ? {} : { path }),
      };
      const result = await fc.check(property, own);
      if (first !== undefined) sum.add(first);
      if (result.failed) sum.failures.push(failureOf("provider", result, seed + n, tell));
      if ((n + 1) % 250 === 0) progress(sum.line(runs));
    }
  } finally {
    engine.stop();
  }
  return sum.tally();
}

/** A smaller story is looked for in at most so many tries. */
const TRIES = 100;
