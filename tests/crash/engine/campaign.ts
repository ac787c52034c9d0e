import fc from "fast-check";
import type { Engine } from "../../../provider/testing/engine";
import { embeddedEngine } from "../../../provider/testing/engine";
import { realEngine } from "../../harness/engine/realEngine";
import type { CampaignOptions, Level, Tally } from "../campaign";
import { failureOf, Sum, type Verdict, Wrong } from "../tally";
import { play } from "./play";
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
  if (result.failed) sum.failures.push(failureOf(level, result, seed + n, tell));
}
