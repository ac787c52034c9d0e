/** Bounds that no operation of a stack measures: selections, the start of the provider process, sizes. */
import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { PROVIDER_TEXT } from "../../provider/resources/providerText";
import { ProviderProcess, ROOT } from "../harness/provider/providerProcess";
import { PLAN, range } from "./pack";
import { FLOOR_TEXT } from "./programs/floorText";
import type { Limit } from "./results";
import type { AlgebraRun } from "./selectionProcess";

export async function measureLimits(quick: boolean): Promise<Limit[]> {
  return [...(await selection()), await start(quick ? 5 : 20), providerText(), packageSize()];
}

async function selection(): Promise<Limit[]> {
  const runs: AlgebraRun[] = [];
  for (let n = 0; n < 5; n++) {
    const child = fork(join(__dirname, "selectionProcess.js"), { execArgv: [] });
    const [run]: AlgebraRun[] = await once(child, "message");
    if (run === undefined) throw new Error("the selections were not measured");
    runs.push(run);
  }
  const what =
    "selection algebra on 1,000,000 members (three built; union, difference, intersection, equality, 1,000,000 look-ups)";
  const seconds = median(runs.map((run) => run.seconds));
  const memory = runs.some((run) => run.memory === undefined)
    ? undefined
    : Math.max(...runs.map((run) => run.memory ?? 0));
  const used = memory === undefined ? "memory not told" : megabytes(memory);
  return [
    {
      what,
      bound: "1 s, 200 MB",
      measured: `${seconds.toFixed(2)} s (median of five), ${used} (largest)`,
      kept: seconds < 1 && (memory ?? 0) < 200e6,
    },
  ];
}

/** From the start of the process to its first answer: an unchanged `check`. Medians of runs that take turns. */
async function start(runs: number): Promise<Limit> {
  const inputs = { simRange: range(0, 100), plan: PLAN, zone: "global" };
  const preview = {
    simCount: 100,
    activate: 100,
    adopt: 0,
    resume: 0,
    changePlan: 0,
    changeLimits: 0,
    release: 0,
    unchanged: 0,
    summary: "",
  };
  const settled = {
    ...inputs,
    orgId: 12345,
    adopt: "matching",
    onRelease: "keep",
    waitForLiveSeconds: 0,
    preview,
  };
  const times = { floor: [] as number[], package: [] as number[] };
  const answer = async (
    kind: keyof typeof times,
    text: string,
    environment: Readonly<Record<string, string>>,
  ) => {
    const began = performance.now();
    const provider = await ProviderProcess.start(join(__dirname, "programs"), "127.0.0.1:9", environment);
    try {
      const { failures } = await provider.check(
        { ...settled, __provider: text },
        { ...inputs, __provider: text },
      );
      times[kind].push(performance.now() - began);
      if (failures.length > 0) throw new Error(failures.join());
    } finally {
      await provider.close();
    }
  };
  const cache = process.env.NODE_COMPILE_CACHE;
  const environment = cache === undefined ? {} : { NODE_COMPILE_CACHE: cache };
  for (let run = 0; run < runs; run++) {
    await answer("floor", FLOOR_TEXT, environment);
    await answer("package", PROVIDER_TEXT, environment);
  }
  const [floor, own] = [median(times.floor), median(times.package)];
  return {
    what: "a provider process ready: from its start to the answer to an unchanged `check`",
    bound: "1.3 × a provider with no dependencies",
    measured: `${own.toFixed(0)} ms, ${(own / floor).toFixed(2)} × ${floor.toFixed(0)} ms`,
    kept: own <= 1.3 * floor,
  };
}

function providerText(): Limit {
  const { length } = PROVIDER_TEXT;
  return {
    what: "`__provider` in state",
    bound: "under 200 bytes",
    measured: `${length} bytes`,
    kept: length < 200,
  };
}

/** What `npm install` brings: the package as npm packs it, and its dependencies without the peers. */
function packageSize(): Limit {
  const packed: [{ unpackedSize: number }] = JSON.parse(
    execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
      cwd: ROOT,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }),
  );
  const folders = [...dependenciesOf(ROOT, new Set())];
  const size = folders.reduce((sum, folder) => sum + sizeOf(folder), 0);
  return {
    what: "installed size: the package, and its dependencies without `@pulumi/pulumi`",
    bound: "none",
    measured: `${megabytes(packed[0].unpackedSize)}, and ${megabytes(size)} in ${folders.length} packages`,
    kept: true,
  };
}

function dependenciesOf(folder: string, found: Set<string>): Set<string> {
  const manifest: { dependencies?: Record<string, string> } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  );
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    const at = resolve(folder, name);
    if (at === undefined || found.has(at)) continue;
    found.add(at);
    dependenciesOf(at, found);
  }
  return found;
}

/** As Node finds a package: in the `node_modules` of the folder, or of one above it. */
function resolve(folder: string, name: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const candidate = join(at, "node_modules", name);
    if (existsSync(candidate)) return candidate;
    if (at === dirname(at)) return undefined;
  }
}

function sizeOf(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
