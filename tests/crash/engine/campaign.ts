import fc from "fast-check";
import type { Engine } from "../../../provider/testing/engine";
import { embeddedEngine } from "../../../provider/testing/engine";
import { realEngine } from "../../harness/engine/realEngine";
import type { CampaignOptions, Failure, Level, Tally } from "../campaign";
import { play, type Verdict } from "./play";
import { type Story, storiesOf, tell } from "./story";

type EngineLevel = Exclude<Level, "provider">;

/**
 * Whole programs whose operations are cut off: processes are killed, Ctrl-C is pressed, claims go wrong meanwhile. Each
 * run has a seed of its own, the campaign's plus its number, so that it can be done again alone. Some run side by side.
 *
 * The moment of a death is counted in requests, but it is met by the clock of the machine: a story that failed may go
 * well the next time. Then it is reported as it was, and not made smaller.
 */
export async function engineCampaign(level: EngineLevel, options: CampaignOptions): Promise<Tally> {
  const engine = engineOf(level);
  const { runs, progress = () => undefined } = options;
  const sum = new Sum(level);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < runs && sum.failures.length < MOST_FAILURES) {
      const n = next++;
      await playOne(engine, level, options, n, sum);
      if (sum.runs % REPORTED === 0 || sum.runs === runs) progress(sum.line(runs));
    }
  };
  await Promise.all(Array.from({ length: Math.min(runs, LANES) }, lane));
  return sum.tally();
}

/** So many runs at a time: much of each is waiting. */
const LANES = 4;
/** The campaign ends after so many failures. */
const MOST_FAILURES = 5;
/** So many runs from one line for people to the next. */
const REPORTED = 10;
/** A smaller story is looked for in at most so many tries: each takes as long as a run. */
const TRIES = { embedded: 25, real: 10 };

function engineOf(level: EngineLevel): Engine {
  const engine = level === "embedded" ? embeddedEngine() : realEngine();
  if (engine === undefined) throw new Error("the Pulumi CLI was not found: the level `real` needs it");
  return engine;
}

/** One run; when it fails, smaller ones, as far as the tries go. */
async function playOne(
  engine: Engine,
  level: EngineLevel,
  { seed, path, progress = () => undefined }: CampaignOptions,
  n: number,
  sum: Sum,
): Promise<void> {
  let first: Verdict | undefined;
  let tries = 0;
  const property = fc.asyncProperty(storiesOf(level), async (story: Story) => {
    if (tries++ > TRIES[level]) return;
    const verdict = await play(story, engine);
    first ??= verdict;
    if (verdict.problems.length === 0) return;
    progress(`run ${n}: ${verdict.problems.join("; ").slice(0, 300)}`);
    throw new Wrong(verdict);
  });
  const own = { seed: seed + n, numRuns: 1, unbiased: true };
  // A path is that of the smallest story found already.
  const replayed = path === undefined ? own : { ...own, path, endOnFailure: true };
  const result = await fc.check(property, replayed);
  if (first !== undefined) sum.add(first);
  if (result.failed) sum.failures.push(failureOf(level, result, seed + n));
}

class Wrong extends Error {
  override readonly name = "Wrong";

  constructor(readonly verdict: Verdict) {
    super(verdict.problems.join("; "));
  }
}

function failureOf(level: EngineLevel, result: fc.RunDetails<[Story]>, seed: number): Failure {
  const path = result.counterexamplePath ?? "0";
  const error = result.errorInstance;
  const story = result.counterexample === null ? "" : tell(result.counterexample[0]);
  const trace = error instanceof Wrong ? error.verdict.trace : [];
  return {
    what: error instanceof Error ? error.message : String(error),
    replay: `npm run crash -- --level ${level} --seed ${seed} --path ${path} --runs 1`,
    story: [story, "What happened:", ...trace].join("\n"),
  };
}

/** Adds up the verdicts, and keeps none of them. */
class Sum {
  readonly failures: Failure[] = [];
  private readonly deaths: Record<string, number> = {};
  private readonly total = {
    runs: 0,
    commands: 0,
    faults: 0,
    deeds: 0,
    crashes: 0,
    crashesInDoubt: 0,
    untold: 0,
    doubleClaims: 0,
    doubleCharges: 0,
    outOfSight: 0,
    landedLate: 0,
    notConverged: 0,
  };

  constructor(private readonly level: EngineLevel) {}

  get runs(): number {
    return this.total.runs;
  }

  add(verdict: Verdict): void {
    const { total } = this;
    total.runs++;
    for (const each of counted) total[each] += verdict[each];
    for (const death of verdict.deaths) this.deaths[death] = (this.deaths[death] ?? 0) + 1;
    total.notConverged += Math.min(1, verdict.notConverged);
  }

  line(runs: number): string {
    const { faults, crashes, runs: done } = this.total;
    return `${done} of ${runs} runs: ${faults} faults, ${crashes} crashes, ${this.failures.length} failures`;
  }

  tally(): Tally {
    const { level, total, deaths, failures } = this;
    return { level, ...total, deaths, failures };
  }
}

const counted = [
  "commands",
  "faults",
  "deeds",
  "crashes",
  "crashesInDoubt",
  "untold",
  "doubleClaims",
  "doubleCharges",
  "outOfSight",
  "landedLate",
] as const;
