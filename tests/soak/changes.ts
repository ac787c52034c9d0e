/** One large fleet that is changed again and again: what an operation takes must not grow with the number before it. */
import { startEmulator } from "../../provider/testing/emulator";
import * as pack from "../bench/pack";
import { type Cost, ProcessHarness } from "./processHarness";

export interface Changes {
  readonly sims: number;
  /** A multiple of `CYCLE`, which begins and ends with the same fleet. */
  readonly changes: number;
  readonly progress?: (line: string) => void;
  readonly sdk?: NodeJS.ProcessEnv;
}

/** The operations of one cycle; the last ones undo the first. */
const OTHER_PLAN = 75;
const cycle: readonly Step[] = [
  { grown: true, plan: pack.PLAN },
  { grown: true, plan: pack.PLAN, overageLimit: 5_000_000 },
  { grown: true, plan: OTHER_PLAN, overageLimit: 5_000_000 },
  { grown: false, plan: OTHER_PLAN, overageLimit: 5_000_000 },
  { grown: false, plan: pack.PLAN, overageLimit: -1 },
];

interface Step {
  readonly grown: boolean;
  readonly plan: number;
  readonly overageLimit?: number;
}

export const CYCLE = cycle.length;

/** What each change took, in order. Fails as soon as one fails. */
export async function changeOften({ sims, changes, progress, sdk }: Changes): Promise<Cost[]> {
  const emulator = await startEmulator({ account, behaviour: { settleReads: 0, alreadyActive: "charge" } });
  const larger = sims + Math.ceil(sims / 100);
  emulator.addPack({ first: `${pack.FIRST}`, count: larger, step: pack.STEP });
  const fleet = await ProcessHarness.on(emulator, sdk);
  const costs: Cost[] = [];
  try {
    (await fleet.up({ simRange: pack.range(0, sims), plan: pack.PLAN })).clean();
    await fleet.cost();
    for (let n = 0; n < changes; n++) {
      const { grown = false, ...terms } = cycle[n % CYCLE] ?? {};
      // Memory of this process is not what is measured, and the account's log would fill it.
      emulator.clearRequests();
      const declared = { simRange: pack.range(0, grown ? larger : sims), ...terms, adopt: "always" };
      const report = (await fleet.up(declared)).clean();
      if (report.changes !== "update fleet")
        throw new Error(`change ${n + 1} did ${report.changes || "nothing"}`);
      const cost = await fleet.cost();
      costs.push(cost);
      progress?.(`change ${n + 1}: ${cost.seconds.toFixed(2)} s, ${Math.round((cost.memory ?? 0) / 1e6)} MB`);
    }
    if (emulator.judgement().doubleCharges.length > 0) throw new Error("SIMs were charged twice");
    return costs;
  } finally {
    await fleet.close();
    await emulator.close();
  }
}

/** How much more the last `count` took than the first, as a ratio. */
export function growth(costs: readonly Cost[], count: number, what: (cost: Cost) => number): number {
  const sum = (some: readonly Cost[]): number => some.reduce((all, cost) => all + what(cost), 0);
  return sum(costs.slice(-count)) / sum(costs.slice(0, count));
}

const account = {
  organizations: [{ id: pack.ORG, name: "Fleet Operations", balance: "100000000.00" }],
  keys: [{ key: pack.KEY, role: "admin", orgIds: [pack.ORG] }],
  plans: [
    { id: pack.PLAN, name: "Global Flat", zones: { global: "0.600000" } },
    { id: OTHER_PLAN, name: "Pilot 1 MB", data: 1_000_000, zones: { global: "1.500000" } },
  ],
} as const;
