import type { ApplyContext } from "../../../provider/fleet/apply/apply";
import type { Reporter } from "../../../provider/fleet/model/account";
import { type Declaration, type HeldSim, listOf, rangeOf } from "../../../provider/fleet/model/declaration";
import type { ClaimJournal } from "../../../provider/fleet/model/journal";
import { money } from "../../../provider/fleet/model/money";
import { emptyRecord } from "../../../provider/fleet/model/record";
import { Selection } from "../../../provider/fleet/numbers/selection";
import { nothingClaimable } from "../../../provider/fleet/observe/claimable";
import type { Observation } from "../../../provider/fleet/observe/observe";
import { type FleetPlan, plan } from "../../../provider/fleet/plan/plan";
import type { World } from "./world";

/** The n-th number of a place high up, where no double can hold it. */
export const iccid = (n: number): string => (89445001021983048260n + BigInt(n)).toString();
export const iccids = (count: number, step = 1, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => iccid(from + i * step));

export const heldSim = (n: number): HeldSim => ({
  iccid: iccid(n),
  deviceId: 10_000 + n,
  linkId: 20_000 + n,
});

/** A declaration on plan 2096, global. */
function declare(sims: Declaration["sims"], more: Partial<Declaration> = {}): Declaration {
  return { ...terms, sims, ...more };
}
const terms = {
  plan: 2096,
  zone: "global",
  limits: {},
  adopt: "matching",
  waitForLiveSeconds: 0,
} as const;
export const aList = (numbers: readonly string[], more?: Partial<Declaration>): Declaration =>
  declare(listOf(numbers), more);
export const aRange = (first: number, last: number, more?: Partial<Declaration>): Declaration =>
  declare(rangeOf(iccid(first), iccid(last)), more);

export const aPrice = (amount = "0.60", billingPeriod = 1) => ({
  planId: 2096,
  planName: "Global Flat",
  planZone: "global",
  zone: "global",
  billingPeriod,
  amount: money(amount),
});

/** An observation of nothing, and a plan that is made of it: whatever fields they have. */
export const seen = (more: Partial<Observation> = {}): Observation => ({ ...sawNothing, ...more });
const sawNothing: Observation = {
  sims: new Map(),
  claimable: nothingClaimable,
  leaving: new Map(),
  price: aPrice(),
  refusals: [],
};
export const planWith = (more: Partial<FleetPlan> = {}): FleetPlan => ({
  ...plan(aList([iccid(0)]), emptyRecord, seen()),
  ...more,
});

/** What an apply is given, on a machine without a journal of its own. */
export const applyContext = (
  world: World,
  declaration: Declaration,
  more: Partial<ApplyContext> = {},
): ApplyContext => ({
  account: world,
  declaration,
  claimSettleSeconds: 600,
  journal: openJournal(),
  readAtMs: world.clock.now(),
  report: listener().report,
  onRelease: "keep",
  ...more,
});

/** A journal that has nothing against any claim. */
export function openJournal(): ClaimJournal {
  return {
    isKept: true,
    doubts: () => [],
    claimedSince: () => Selection.empty,
    claim: async (sims, _readAtMs, send) => ({
      kind: "done",
      sent: await send(sims),
      bought: Selection.empty,
      doubts: [],
    }),
    learn: () => undefined,
    settle: () => undefined,
    settlePlans: () => undefined,
    stop: () => undefined,
    remark: () => undefined,
  };
}

/** Keeps what was said. */
export function listener() {
  const said: string[] = [];
  const say = (message: string): void => void said.push(message);
  const report: Reporter = { progress: say, info: say, warn: say };
  return { said, report };
}
