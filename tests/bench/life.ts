/** The life of a contender: every operation once, in order, with what each took. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Account } from "./account";
import type { Sent, Traffic } from "./accountProcess";
import type { Peak } from "./memory";
import { KEY } from "./pack";
import { type Contender, OPERATIONS, type Operation, type Row } from "./results";
import { type Command, openStack, type Stack } from "./stack";

export interface Life {
  readonly contender: Exclude<Contender, "script">;
  readonly sims: number;
  readonly resources: number;
  readonly delay: number;
  /** Default: all. */
  readonly operations?: readonly Operation[];
}

const COMMANDS: Readonly<Record<Operation, Command>> = {
  preview: "preview",
  up: "up",
  "unchanged preview": "preview",
  "unchanged up": "up",
  "grow by 1 %": "up",
  refresh: "refresh",
  destroy: "destroy",
};

const PROGRAMS = {
  package: "fleet",
  list: "fleet",
  floor: "floor",
  command: "command",
  perSim: "perSim",
} as const;

/** What one life measured, and what it sent in each operation. */
export interface Lived {
  readonly rows: readonly Row[];
  readonly sent: ReadonlyMap<Operation, readonly Sent[]>;
}

/** Lives one life on an account and a stack of its own, and leaves nothing behind. */
export async function live(life: Life): Promise<Lived> {
  const { contender, sims, delay, resources } = life;
  const directory = mkdtempSync(join(tmpdir(), "bench-"));
  const account = await Account.start({ cards: grown(sims), delay });
  const env = {
    HOLOGRAM_API_KEY: KEY,
    HOLOGRAM_BASE_URL: account.url,
    HOLOGRAM_JOURNAL: join(directory, "journal"),
    HOLOGRAM_ORG_ID: "",
    BENCH_RESOURCES: `${resources}`,
    BENCH_FORM: contender === "list" ? "list" : "range",
  };
  const program = join(__dirname, "programs", `${PROGRAMS[contender]}.js`);
  mkdirSync(join(directory, "state"));
  const stack = await openStack({ program, directory: join(directory, "state"), env });
  try {
    return await operate(stack, account, life, env);
  } finally {
    await stack.close();
    await account.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function operate(
  stack: Stack,
  account: Account,
  life: Life,
  env: Readonly<Record<string, string>>,
): Promise<Lived> {
  const { contender, sims, resources, delay, operations = OPERATIONS } = life;
  const rows: Row[] = [];
  const sent = new Map<Operation, readonly Sent[]>();
  let declared = sims;
  for (const operation of operations) {
    if (operation === "grow by 1 %") declared = grown(sims);
    stack.setEnv({ ...env, BENCH_SIMS: `${declared}` });
    await account.traffic();
    const { seconds, peak } = await timed(stack, operation);
    const traffic = await account.traffic();
    sent.set(operation, traffic.requests);
    const state = (await stack.state()).length;
    rows.push({
      ...{ contender, sims, resources, delay, operation, seconds, ...figures(traffic), state },
      ...(peak.provider === undefined ? {} : { providerMemory: peak.provider }),
      ...(peak.engine === undefined ? {} : { engineMemory: peak.engine }),
    });
  }
  return { rows, sent };
}

/** What changes nothing is run three times, and the median counts: a machine is often busy for some seconds. */
async function timed(stack: Stack, operation: Operation): Promise<{ seconds: number; peak: Peak }> {
  const runs: { seconds: number; peak: Peak }[] = [];
  const times = operation.startsWith("unchanged") ? 3 : 1;
  while (runs.length < times) {
    const started = performance.now();
    const peak = await stack.run(COMMANDS[operation]);
    runs.push({ seconds: (performance.now() - started) / 1_000, peak });
  }
  const median = runs.toSorted((a, b) => a.seconds - b.seconds)[Math.floor(times / 2)];
  if (median === undefined) throw new RangeError("nothing was run");
  return median;
}

/** Sends what another life sent, from a bare script, to an account as it was before. */
export async function replay({ sims, resources, delay }: Life, sent: Lived["sent"]): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), "bench-"));
  const account = await Account.start({ cards: grown(sims), delay });
  const rows: Row[] = [];
  try {
    for (const [operation, requests] of sent) {
      const file = join(directory, "requests.json");
      writeFileSync(file, JSON.stringify(requests));
      await account.traffic();
      const started = performance.now();
      if (requests.length > 0) await script(account.url, file);
      const seconds = requests.length > 0 ? (performance.now() - started) / 1_000 : 0;
      const traffic = await account.traffic();
      rows.push({ contender: "script", sims, resources, delay, operation, seconds, ...figures(traffic) });
    }
  } finally {
    await account.stop();
    rmSync(directory, { recursive: true, force: true });
  }
  return rows;
}

async function script(url: string, file: string): Promise<void> {
  const child = spawn(process.execPath, [join(__dirname, "script.js"), url, file], { stdio: "inherit" });
  const [code]: unknown[] = await once(child, "exit");
  if (code !== 0) throw new Error("the script failed");
}

function figures(traffic: Traffic): Pick<Row, "requests" | "claims" | "sent" | "read"> {
  const { requests, received, answered } = traffic;
  const claims = requests.filter(
    ({ path, query }) => path.endsWith("/bulkclaim") && query.preview === undefined,
  );
  return { requests: requests.length, claims: claims.length, sent: received, read: answered };
}

export function grown(sims: number): number {
  return sims + Math.ceil(sims / 100);
}
