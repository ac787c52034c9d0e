import * as readingBack from "../../../provider/fleet/apply/confirmClaims";
import * as settling from "../../../provider/fleet/apply/settling";
import { Selection } from "../../../provider/fleet/numbers/selection";
import * as observing from "../../../provider/fleet/observe/observe";
import { findPrice } from "../../../provider/fleet/observe/price";

/** One of the safeguards taken away, to see that the campaign notices. */
export type Mutation = keyof typeof mutations;

/** Does the work with a provider that lacks a safeguard: functions of its own modules are replaced meanwhile. */
export async function mutated<T>(mutation: Mutation | undefined, work: () => Promise<T>): Promise<T> {
  if (mutation === undefined) return work();
  const { of, by } = mutations[mutation];
  const original = { ...of };
  Object.assign(of, by);
  try {
    return await work();
  } finally {
    Object.assign(of, original);
  }
}

const mutations = {
  /** What became of a claim is never looked for. */
  noReadBack: { of: readingBack, by: { awaitActive: foundNothing, lookUp: foundNothing } },
  /** A claim without an answer has failed: the next run need not wait for it. */
  noDoubt: { of: settling, by: { doubtEnds: (now: number) => now } },
  /** What is declared is claimed, whatever the account holds already. */
  noObservation: { of: observing, by: { observe: seeNothing } },
};

const { observe } = observing;

async function foundNothing(): Promise<Map<string, never>> {
  return new Map<string, never>();
}

async function seeNothing(...args: Parameters<typeof observe>): ReturnType<typeof observe> {
  const [account, { sims, plan, zone }] = args;
  // EIDs cannot be claimed unseen: the account tells which SIMs they are.
  if (sims.form === "eids") return observe(...args);
  const finding = await findPrice(account, plan, zone);
  const [named, unnamed] = sims.form === "list" ? [sims.iccids, Selection.empty] : [[], sims.selection];
  const claimable = { named, unnamed, refused: new Map<string, string>() };
  const price = "price" in finding ? finding.price : undefined;
  return { sims: new Map<string, never>(), claimable, leaving: [], price, refusals: [] };
}
