/** What people do in the dashboard, and with programs of their own, beside the stacks of the story. */
import fc from "fast-check";
import type { Emulator, SimSnapshot } from "../../../provider/testing/emulator";
import {
  between,
  ELSEWHERE,
  iccidOf,
  isBilled,
  isDead,
  MOST_CARDS,
  ORG,
  offers,
  printed,
  simsByNumber,
  swapped,
} from "./cards";

const what = [
  "activate",
  "pause",
  "resume",
  "changePlan",
  "changeLimit",
  "deactivate",
  "moveAway",
  "moveBack",
  "swapProfile",
  "newCard",
  "price",
] as const;

export interface Deed {
  readonly what: (typeof what)[number];
  /** The first card that it is done to. */
  readonly card: number;
  /** To how many cards in a row. */
  readonly count: number;
}

/** What somebody must be kept from doing, because no program could make up for it. */
export interface Restraint {
  /** A claim of the SIM may be landing: who buys it by hand meanwhile pays twice, whatever this package does. */
  isBeingBought(iccid: string): boolean;
  /** A record names the SIM's device: only by that is one known which shows another number. */
  isOnRecord(iccid: string): boolean;
}

export const deeds: fc.Arbitrary<readonly Deed[]> = fc.array(
  fc.record({
    what: fc.constantFrom("activate", "pause", "newCard", "moveAway", "swapProfile", "swapProfile", ...what),
    card: fc.nat(MOST_CARDS - 1),
    count: fc.constantFrom(1, 1, 2, 5),
  }),
  { minLength: 1, maxLength: 2 },
);

export function tellDeed({ what: deed, card, count }: Deed): string {
  if (deed === "price") return `by hand the price of plan ${planOf(card)}`;
  return `by hand ${deed} #${card}${count > 1 ? `-${card + count - 1}` : ""}`;
}

/** The people, and the prices that Hologram asks of them. */
export class People {
  private readonly factors = new Map<number, number>();

  constructor(
    private readonly emulator: Emulator,
    private readonly listed: boolean,
    private readonly restraint: Restraint,
  ) {}

  do(deed: Deed): void {
    if (deed.what === "price") this.raise(planOf(deed.card));
    const sims = simsByNumber(this.emulator);
    for (let n = deed.card; n < deed.card + deed.count; n++) {
      const [iccid, sim] = [between(n), sims.get(iccidOf(n))];
      if (deed.what !== "newCard") this.toOne(deed.what, sim);
      else if (!sims.has(iccid))
        this.emulator.dashboard.addCards([iccid], { listed: this.listed, orgId: ORG });
    }
  }

  /** Dollars that one activation costs at the moment. */
  priceOf(plan: number, zone: string): number {
    return (MONTHLY[`${plan} ${zone}`] ?? 0) * (this.factors.get(plan) ?? 1);
  }

  /** The balance is topped up, and Hologram lets go of what it had paused. */
  letGo(): void {
    for (const { iccid, state } of this.emulator.sims()) {
      if (state.startsWith("PAUSED-SYS")) this.emulator.setState(iccid, "LIVE");
    }
  }

  /** Whatever was moved away. */
  moveBack(): void {
    for (const { iccid, orgId } of this.emulator.sims()) {
      if (orgId === ELSEWHERE) this.emulator.dashboard.move([iccid], ORG);
    }
  }

  private raise(plan: number): void {
    this.factors.set(plan, (this.factors.get(plan) ?? 1) * 5);
    for (const offer of offers) {
      if (offer.plan !== plan) continue;
      this.emulator.dashboard.setPrice(plan, offer.zone, this.priceOf(plan, offer.zone).toFixed(6));
    }
  }

  private toOne(deed: Deed["what"], sim: SimSnapshot | undefined): void {
    const { restraint } = this;
    const { dashboard } = this.emulator;
    if (sim === undefined || isDead(sim)) return;
    const { iccid } = sim;
    if (deed === "moveBack" && sim.orgId === ELSEWHERE) dashboard.move([iccid], ORG);
    if (sim.orgId !== ORG) return;
    const isFree = sim.deviceId === undefined && !restraint.isBeingBought(printed(iccid));
    if (deed === "activate" && isFree) dashboard.activate([iccid], offers[0]);
    if (isBilled(sim)) this.toActive(deed, iccid);
  }

  private toActive(deed: Deed["what"], iccid: string): void {
    const { emulator, restraint } = this;
    const { dashboard } = emulator;
    const onRecord = (work: () => void) => () => {
      if (restraint.isOnRecord(printed(iccid))) work();
    };
    const actions: Partial<Record<Deed["what"], () => void>> = {
      pause: () => emulator.setState(iccid, "PAUSED-USER"),
      resume: () => emulator.setState(iccid, "LIVE"),
      changePlan: () => dashboard.changePlan([iccid], offers[2]),
      changeLimit: () => dashboard.setLimits([iccid], { overageLimit: 7_000_000 }),
      deactivate: () => emulator.setState(iccid, "DEAD"),
      // What stands in no record, and in no list of the account any more, might never have been bought.
      moveAway: onRecord(() => dashboard.move([iccid], ELSEWHERE)),
      swapProfile: onRecord(() => {
        if (iccid === printed(iccid)) dashboard.swapProfile(iccid, swapped(iccid));
      }),
    };
    actions[deed]?.();
  }
}

const MONTHLY: Readonly<Record<string, number>> = { "2096 global": 0.6, "75 global": 1.5, "75 us": 1 };

function planOf(n: number): number {
  return offers[n % 2]?.plan ?? 0;
}
