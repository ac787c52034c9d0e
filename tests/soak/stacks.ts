/** Many stacks that share an account, all at once, while the account refuses a share of the requests as too many. */
import { type Emulator, startEmulator } from "../../provider/testing/emulator";
import * as pack from "../bench/pack";
import { ORG, PLAN, range } from "../bench/pack";
import { ProcessHarness } from "./processHarness";

export interface Crowd {
  readonly stacks: number;
  /** SIMs of each stack. */
  readonly sims: number;
  /** The share of requests that is answered with 429. */
  readonly limited: number;
  readonly sdk?: NodeJS.ProcessEnv;
}

/** What the account saw, and how it ended. */
export interface CrowdResult {
  readonly requests: number;
  /** Of them, those that were answered with 429. */
  readonly refused: number;
  readonly seconds: number;
  /** Sentences of everything that failed in any stack. */
  readonly failures: readonly string[];
  /** Stacks that hold what they declare, and send nothing any more. */
  readonly converged: number;
  readonly doubleCharges: number;
}

/** Every stack lives a life of its own: it is created, grows, changes its limits, is refreshed, and finds nothing to do. */
export async function crowd({ stacks, sims, limited, sdk }: Crowd): Promise<CrowdResult> {
  const emulator = await startEmulator({ account, behaviour: { settleReads: 0, alreadyActive: "charge" } });
  const lives: ProcessHarness[] = [];
  try {
    emulator.addPack({ first: `${pack.FIRST}`, count: 2 * stacks * sims, step: pack.STEP });
    if (limited > 0)
      emulator.faults.add({ probability: limited, fault: { kind: "rateLimit", retryAfter: RETRY_AFTER } });
    for (let i = 0; i < stacks; i++) lives.push(await ProcessHarness.on(emulator, sdk));
    const began = performance.now();
    const ends = await Promise.all(lives.map((life, place) => liveThrough(life, place * 2 * sims, sims)));
    const seconds = (performance.now() - began) / 1_000;
    const refused = emulator.faults.list().reduce((sum, { played }) => sum + played, 0);
    const requests = emulator.requests.length;
    const quiet = await quietOnes(emulator, lives, sims);
    return {
      requests,
      refused,
      seconds,
      failures: ends.flat(),
      converged: quiet,
      doubleCharges: emulator.judgement().doubleCharges.length,
    };
  } finally {
    await Promise.all(lives.map((life) => life.close()));
    await emulator.close();
  }
}

/** Seconds that the account asks to wait. */
const RETRY_AFTER = 1;

const account = {
  organizations: [{ id: ORG, name: "Fleet Operations", balance: "100000000.00" }],
  keys: [{ key: pack.KEY, role: "admin", orgIds: [ORG] }],
  plans: [{ id: PLAN, name: "Global Flat", zones: { global: "0.600000" } }],
} as const;

const declared = (from: number, sims: number, more = {}) => ({
  simRange: range(from, from + sims),
  plan: PLAN,
  ...more,
});
const LIMITS = { overageLimit: 5_000_000 };

async function liveThrough(life: ProcessHarness, from: number, sims: number): Promise<string[]> {
  const larger = sims + Math.ceil(sims / 10);
  const reports = [
    await life.up(declared(from, sims)),
    await life.up(declared(from, larger)),
    await life.up(declared(from, larger, LIMITS)),
    await life.refresh(),
  ];
  return reports.flatMap(({ failures, errors, reasons }) => [...failures, ...errors, ...reasons]);
}

/** How many stacks hold what they declare and have nothing to do, which an `up` without a request shows. */
async function quietOnes(
  emulator: Emulator,
  lives: readonly ProcessHarness[],
  sims: number,
): Promise<number> {
  let quiet = 0;
  const larger = sims + Math.ceil(sims / 10);
  for (const [place, life] of lives.entries()) {
    const before = emulator.requests.length;
    const report = await life.up(declared(place * 2 * sims, larger, LIMITS));
    const isWhole = life.outputs().simCount === larger;
    if (report.succeeded && report.changes === "" && isWhole && emulator.requests.length === before) quiet++;
  }
  return quiet;
}
