import type { ApplyOptions } from "../../../provider/fleet/apply/apply";
import { InFlight } from "../../../provider/fleet/apply/inFlight";
import type { Reporter } from "../../../provider/fleet/model/account";
import {
  type Declaration,
  type Held,
  type HeldSim,
  listOf,
  nothingHeld,
  rangeOf,
} from "../../../provider/fleet/model/declaration";
import { money } from "../../../provider/fleet/model/money";
import { nothingClaimable } from "../../../provider/fleet/observe/claimable";
import { type Observation, observe } from "../../../provider/fleet/observe/observe";
import { type Plan, plan } from "../../../provider/fleet/plan/plan";
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
  zone: "global",
  billingPeriod,
  amount: money(amount),
});

/** An observation of nothing, and a plan that is made of it: whatever fields they have. */
export const seen = (more: Partial<Observation> = {}): Observation => ({ ...sawNothing, ...more });
const sawNothing: Observation = {
  sims: new Map(),
  claimable: nothingClaimable,
  leaving: [],
  price: aPrice(),
  refusals: [],
};
export const planWith = (more: Partial<Plan> = {}): Plan => ({
  ...plan(aList([iccid(0)]), nothingHeld, seen()),
  ...more,
});

export const options = (more: Partial<ApplyOptions> = {}): ApplyOptions => ({
  claimSettleSeconds: 600,
  inFlight: new InFlight(),
  onRelease: "keep",
  ...more,
});

/** Keeps what was said. */
export function listener() {
  const said: string[] = [];
  const say = (message: string): void => void said.push(message);
  const report: Reporter = { progress: say, info: say, warn: say };
  return { said, report };
}

/** Looks, and plans. */
export async function lookAndPlan(
  world: World,
  declaration: Declaration,
  held: Held = nothingHeld,
): Promise<Plan> {
  return plan(declaration, held, await observe(world, declaration, held));
}
