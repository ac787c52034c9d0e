/** How the runs of a campaign went: each as a verdict, all of them as a tally. */
import type fc from "fast-check";
import type { Failure, Level, Tally } from "./campaign";

/** What is counted in each run, and added up. */
export const COUNTS = [
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

/** How one run went. */
export interface Verdict extends Readonly<Record<(typeof COUNTS)[number], number>> {
  /** Whether it was quiet after the faults had ended. */
  readonly converged: boolean;
  /** How each of the crashes came, in words; where there are several kinds. */
  readonly deaths?: readonly string[];
  /** Crashes in which a claim was on its way, or its answer lost; where that can be told. */
  readonly crashesInDoubt?: number;
  /** Sentences. */
  readonly problems: readonly string[];
  /** What happened, one text a command. */
  readonly trace: readonly string[];
}

/** Thrown by a property: the run has failed. */
export class Wrong extends Error {
  override readonly name = "Wrong";

  constructor(readonly verdict: Verdict) {
    super(verdict.problems.join("; "));
  }
}

/** The smallest story that was found, with the command that plays it again. */
export function failureOf<Story>(
  level: Level,
  { counterexamplePath, counterexample, errorInstance }: fc.RunDetails<[Story]>,
  seed: number,
  tell: (story: Story) => string,
): Failure {
  const story = counterexample === null ? "" : tell(counterexample[0]);
  const trace = errorInstance instanceof Wrong ? errorInstance.verdict.trace : [];
  return {
    what: errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
    replay: `npm run crash -- --level ${level} --seed ${seed} --path ${counterexamplePath ?? "0"} --runs 1`,
    story: [story, "What happened:", ...trace].join("\n"),
  };
}

/** Adds up verdicts, and keeps none of them. */
export class Sum {
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
  private readonly deaths: Record<string, number> = {};
  private crashesInDoubt = 0;

  constructor(private readonly level: Level) {}

  get runs(): number {
    return this.total.runs;
  }

  add(verdict: Verdict): void {
    const { total, deaths } = this;
    total.runs++;
    for (const each of COUNTS) total[each] += verdict[each];
    total.notConverged += verdict.converged ? 0 : 1;
    this.crashesInDoubt += verdict.crashesInDoubt ?? 0;
    for (const death of verdict.deaths ?? []) deaths[death] = (deaths[death] ?? 0) + 1;
  }

  line(runs: number): string {
    const { commands, faults, deeds, crashes, runs: done } = this.total;
    const played = `${commands} commands, ${faults} faults, ${deeds} deeds, ${crashes} crashes`;
    return `${done} of ${runs} runs: ${played}, ${this.failures.length} failures`;
  }

  tally(): Tally {
    const { level, total, deaths, crashesInDoubt, failures } = this;
    const kinds = Object.keys(deaths).length === 0 ? {} : { deaths, crashesInDoubt };
    return { level, ...total, ...kinds, failures };
  }
}
