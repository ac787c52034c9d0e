/**
 * `npm run crash -- --runs N`: random stories, and a table of what the account saw. `--seed` does a campaign again,
 * `--seed` and `--path` a single run. Ends with code 1 when anything went wrong.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import type { CampaignOptions, Level, Tally } from "./campaign";
import { isClean, sum, table } from "./table";

/** So many stories share a process of the provider level: what they leave open, files and memory, ends with it. */
const BATCH = 250;
/** The campaign ends when so many failures are known. */
const MOST_FAILURES = 5;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: "string", default: "1000" },
      seed: { type: "string" },
      path: { type: "string" },
      level: { type: "string", default: "provider" },
      lanes: { type: "string", default: "1" },
    },
  });
  const { level, path } = values;
  if (!isLevel(level)) throw new Error(`--level is ${level}; it must be one of ${levels.join(", ")}`);
  const runs = wholeNumber("runs", values.runs);
  const seed = values.seed === undefined ? Date.now() % 1_000_000_000 : wholeNumber("seed", values.seed);
  const options = { runs, seed, ...(path === undefined ? {} : { path }) };
  if (process.send !== undefined) {
    process.send(await campaign(level, options));
    return;
  }
  const began = performance.now();
  say(`${runs} runs at level ${level}, seed ${seed}`);
  const isLong = level === "provider" && runs > BATCH;
  const tally = isLong
    ? await inBatches(options, wholeNumber("lanes", values.lanes))
    : await campaign(level, { ...options, progress: say });
  say(table([tally]));
  say(`${((performance.now() - began) / 1_000).toFixed(1)} s`);
  if (!isClean(tally)) process.exitCode = 1;
}

async function campaign(level: Level, options: CampaignOptions): Promise<Tally> {
  if (level === "provider") return (await import("./provider/campaign.js")).providerCampaign(options);
  return (await import("./engine/campaign.js")).engineCampaign(level, options);
}

/** Each batch in a process of its own, `lanes` of them side by side. */
async function inBatches({ runs, seed }: CampaignOptions, lanes: number): Promise<Tally> {
  const tallies: Tally[] = [];
  let begun = 0;
  const failures = (): number => tallies.reduce((all, tally) => all + tally.failures.length, 0);
  const lane = async (): Promise<void> => {
    while (begun < runs && failures() < MOST_FAILURES) {
      const [from, count] = [begun, Math.min(BATCH, runs - begun)];
      begun += count;
      const tally = await batch(count, seed + from);
      tallies.push(tally);
      for (const { what, replay } of tally.failures) say(`${what}\n  again: ${replay}`);
      const { commands, faults, crashes, runs: done } = sum(tallies);
      say(
        `${done} of ${runs} runs: ${commands} commands, ${faults} faults, ${crashes} crashes, ${failures()} failures`,
      );
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return sum(tallies);
}

async function batch(runs: number, seed: number): Promise<Tally> {
  const child = fork(__filename, ["--level", "provider", "--runs", `${runs}`, "--seed", `${seed}`], {
    serialization: "advanced",
  });
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`the batch from seed ${seed} ended with code ${code}`);
  });
  const [tally]: unknown[] = await Promise.race([once(child, "message"), ended]);
  ended.catch(() => undefined);
  child.disconnect();
  if (!isTally(tally)) throw new Error(`the batch from seed ${seed} answered ${JSON.stringify(tally)}`);
  return tally;
}

function isTally(value: unknown): value is Tally {
  return typeof value === "object" && value !== null && "failures" in value;
}

const levels: readonly Level[] = ["provider", "embedded", "real"];

function isLevel(text: string): text is Level {
  return levels.some((level) => level === text);
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new Error(`--${name} is ${text}; it must be a whole number`);
  return value;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

void main();
