/**
 * `npm run crash -- --runs N`: random programs and faults, processes that die, and a table of what the account saw.
 * `--seed` does a campaign again, `--seed` and `--path` a single run. Ends with code 1 when anything went wrong.
 */
import { parseArgs } from "node:util";
import type { CampaignOptions, Level, Tally } from "./campaign";
import { isClean, table } from "./table";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: "string", default: "1000" },
      seed: { type: "string" },
      path: { type: "string" },
      level: { type: "string", default: "provider" },
    },
  });
  const { level } = values;
  if (!isLevel(level)) throw new Error(`--level is ${level}; it must be one of ${levels.join(", ")}`);
  const runs = wholeNumber("runs", values.runs);
  const seed = values.seed === undefined ? Date.now() % 1_000_000_000 : wholeNumber("seed", values.seed);
  const began = performance.now();
  say(`${runs} runs at level ${level}, seed ${seed}`);
  const path = values.path === undefined ? {} : { path: values.path };
  const tally = await campaign(level, { runs, seed, ...path, progress: say });
  say(table([tally]));
  say(`${((performance.now() - began) / 1_000).toFixed(1)} s`);
  if (!isClean(tally)) process.exitCode = 1;
}

async function campaign(level: Level, options: CampaignOptions): Promise<Tally> {
  if (level === "provider") return (await import("./provider/campaign.js")).providerCampaign(options);
  return (await import("./engine/campaign.js")).engineCampaign(level, options);
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
