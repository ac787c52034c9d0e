import fc from "fast-check";
import type { CampaignOptions, Failure, Tally } from "../campaign";
import { type Story, stories, tell } from "../story/stories";
import { ListeningEngine } from "./listeningEngine";
import type { Mutation } from "./mutations";
import { play, type Verdict } from "./play";

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
  const sum = new Sum();
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
      if (result.failed) sum.failures.push(failureOf(result, seed + n));
      if ((n + 1) % 250 === 0) progress(sum.line(n + 1, runs));
    }
  } finally {
    engine.stop();
  }
  return sum.tally();
}

/** A smaller story is looked for in at most so many tries. */
const TRIES = 100;

class Wrong extends Error {
  override readonly name = "Wrong";

  constructor(readonly verdict: Verdict) {
    super(verdict.problems.join("; "));
  }
}

function failureOf(result: fc.RunDetails<[Story]>, seed: number): Failure {
  const path = result.counterexamplePath ?? "0";
  const error = result.errorInstance;
  const story = result.counterexample === null ? "" : tell(result.counterexample[0]);
  const trace = error instanceof Wrong ? error.verdict.trace : [];
  return {
    what: error instanceof Error ? error.message : String(error),
    replay: `npm run crash -- --level provider --seed ${seed} --path ${path} --runs 1`,
    story: [story, "What happened:", ...trace].join("\n"),
  };
}

/** Adds up the verdicts, and keeps none of them. */
class Sum {
  readonly failures: Failure[] = [];
  private readonly total = {
    runs: 0,
    commands: 0,
    faults: 0,
    deeds: 0,
    crashes: 0,
    untold: 0,
    doubleClaims: 0,
    doubleCharges: 0,
    outOfSight: 0,
    landedLate: 0,
    notConverged: 0,
  };

  add(verdict: Verdict): void {
    const { total } = this;
    total.runs++;
    for (const each of counted) total[each] += verdict[each];
    total.notConverged += verdict.converged ? 0 : 1;
  }

  line(done: number, runs: number): string {
    const { commands, faults, deeds, crashes } = this.total;
    const played = `${commands} commands, ${faults} faults, ${deeds} deeds, ${crashes} crashes`;
    return `${done} of ${runs} runs: ${played}, ${this.failures.length} failures`;
  }

  tally(): Tally {
    return { level: "provider", ...this.total, failures: this.failures };
  }
}

const counted = [
  "commands",
  "faults",
  "deeds",
  "crashes",
  "untold",
  "doubleClaims",
  "doubleCharges",
  "outOfSight",
  "landedLate",
] as const;
