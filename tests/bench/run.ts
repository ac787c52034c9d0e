/** `npm run bench`: measures, and writes the report. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../harness/provider/providerProcess";
import { type Life, live, replay } from "./life";
import { measureLimits } from "./limits";
import { draw } from "./plot";
import { report } from "./report";
import {
  merge,
  noResults,
  OPERATIONS,
  type Operation,
  type Results,
  type Row,
  readResults,
  writeResults,
} from "./results";
import { setting } from "./setting";
import { hasCommandPlugin } from "./stack";

const usage = `npm run bench -- [options]
  --quick            10 and 1,000 SIMs without a delay; the report goes to dist/benchmarks
  --sims 10,1000     numbers of SIMs; default 10,1000,10000,100000
  --delay 0,50       milliseconds that every answer is held back; default 0,50
  --only a,b         contenders: package, list, floor, command, perSim, limits; default all
  --operations a,b   of "preview", "up", "unchanged preview" and so on; default all
  --million          1,000,000 SIMs in one resource and in ten, instead of the rest
  --merge            keep what the last report measured and this run does not
  --out FOLDER       folder of the report; default docs
`;

/** One resource per SIM is measured up to here, and scaled by the number of SIMs above it. */
export const MOST_RESOURCES = 1_000;
const MILLION = 1_000_000;
/** A script does not know what it claimed before: it cannot be told to claim what is new. */
const OF_A_SCRIPT = OPERATIONS.filter((operation) => operation !== "grow by 1 %");
const million: readonly Operation[] = ["up", "unchanged preview", "destroy"];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      sims: { type: "string" },
      delay: { type: "string" },
      only: { type: "string" },
      operations: { type: "string" },
      million: { type: "boolean", default: false },
      merge: { type: "boolean", default: false },
      out: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const { quick } = values;
  const named = values.operations?.split(",");
  const operations = named && OPERATIONS.filter((operation) => named.includes(operation));
  const out = values.out ?? (quick ? join(ROOT, "dist", "benchmarks") : join(ROOT, "docs"));
  const chosen = values.only?.split(",");
  const wants = (name: string): boolean => chosen?.includes(name) ?? true;
  mkdirSync(out, { recursive: true });
  const file = join(out, "benchmarks.json");
  let results = values.merge ? readResults(file) : noResults;
  const keep = async (more: Partial<Results>): Promise<void> => {
    results = merge(results, { ...noResults, setting: setting(), ...more });
    writeResults(file, results);
    await draw(results, join(out, "benchmarks.svg"));
    report(results, join(out, "benchmarks.md"));
  };

  for (const life of livesOf(
    values.million,
    numbers(values.sims) ?? (quick ? [10, 1_000] : [10, 1_000, 10_000, 100_000]),
    numbers(values.delay) ?? (quick ? [0] : [0, 50]),
  )) {
    if (!wants(life.contender)) continue;
    const possible = life.contender === "command" ? OF_A_SCRIPT : (life.operations ?? OPERATIONS);
    const wanted = possible.filter((operation) => operations?.includes(operation) ?? true);
    await keep({ rows: await measure({ ...life, operations: wanted }) });
  }
  if (wants("limits")) await keep({ limits: await measureLimits(quick) });
  process.stdout.write(`${join(out, "benchmarks.md")}\n`);
}

function livesOf(isMillion: boolean, sims: readonly number[], delays: readonly number[]): Life[] {
  if (isMillion) {
    return [1, 10].flatMap((resources) =>
      (["floor", "package"] as const).map((contender): Life => {
        return { contender, sims: MILLION, resources, delay: 0, operations: million };
      }),
    );
  }
  const all: Life[] = [];
  for (const delay of delays) {
    for (const count of sims) {
      const contenders: Life["contender"][] = [
        "floor",
        "package",
        "list",
        ...(hasCommandPlugin() ? ["command" as const] : []),
        ...(count <= MOST_RESOURCES ? ["perSim" as const] : []),
      ];
      for (const contender of contenders) all.push({ contender, sims: count, resources: 1, delay });
    }
  }
  return all;
}

/** A life, and beside it, for this package, the bare script that sends the same. */
async function measure(life: Life): Promise<Row[]> {
  const { contender, sims, resources, delay } = life;
  process.stderr.write(`${contender}, ${sims} SIMs in ${resources}, ${delay} ms\n`);
  const { rows, sent } = await live(life);
  for (const { operation, seconds, requests } of rows) {
    process.stderr.write(`  ${operation}: ${seconds.toFixed(2)} s, ${requests} requests\n`);
  }
  return contender === "package" ? [...rows, ...(await replay(life, sent))] : [...rows];
}

function numbers(list: string | undefined): number[] | undefined {
  return list?.split(",").map(Number);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
