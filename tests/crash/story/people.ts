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

/** Deeds at once, also while a request of a fleet is on its way. */
const quick = [
  "activate",
  "pause",
  "resume",
  "deactivate",
  "moveAway",
  "moveBack",
  "swapProfile",
  "newCard",
  "price",
] as const;
/** Deeds that take a request of their own. */
const slow = ["changePlan", "changeLimit"] as const;

export interface Deed {
  readonly what: (typeof quick)[number] | (typeof slow)[number];
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

/** Marks requests of people in their query. */
export const BY_HAND = "byhand";

const deedsOf = (...what: readonly Deed["what"][]): fc.Arbitrary<readonly Deed[]> =>
  fc.array(
    fc.record({
      what: fc.constantFrom(...what),
      card: fc.nat(MOST_CARDS - 1),
      count: fc.constantFrom(1, 1, 2, 5),
    }),
    { minLength: 1, maxLength: 2 },
  );

/** Between two operations, and while a request is on its way. */
export const deeds = deedsOf("activate", "pause", "newCard", ...quick, ...slow);
export const quickDeeds = deedsOf("activate", "pause", "newCard", ...quick);

export function tellDeed({ what, card, count }: Deed): string {
  return what === "price"
    ? `by hand price`
    : `by hand ${what} #${card}${count > 1 ? `-${card + count - 1}` : ""}`;
}

/** The people, and the prices that Hologram asks of them. */
export class People {
  private readonly factors = new Map<number, number>();

  constructor(
    private readonly emulator: Emulator,
    private readonly listed: boolean,
    private readonly restraint: Restraint,
  ) {}

  async do(deed: Deed): Promise<void> {
    if (deed.what === "price") return this.raise(offers[deed.card % offers.length]?.plan ?? 0);
    const sims = simsByNumber(this.emulator);
    for (let n = deed.card; n < deed.card + deed.count; n++) {
      if (deed.what === "newCard") this.deliver(between(n), sims);
      else await this.toOne(deed.what, sims.get(iccidOf(n)));
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

  private raise(plan: number): void {
    const factor = (this.factors.get(plan) ?? 1) * 5;
    this.factors.set(plan, factor);
    const zones = [...new Set(offers.flatMap((offer) => (offer.plan === plan ? [offer.zone] : [])))];
    const prices = zones.map((zone) => [zone, this.priceOf(plan, zone).toFixed(6)]);
    this.emulator.addPlan({ id: plan, name: `Plan ${plan}`, zones: Object.fromEntries(prices) });
  }

  /** A card comes into the inventory. */
  private deliver(iccid: string, sims: ReadonlyMap<string, SimSnapshot>): void {
    const { emulator, listed } = this;
    if (!sims.has(iccid)) emulator.addPack({ first: iccid, count: 1, listed, orgId: ORG });
  }

  private async toOne(what: Deed["what"], sim: SimSnapshot | undefined): Promise<void> {
    const { emulator, restraint } = this;
    if (sim === undefined || isDead(sim)) return;
    const { iccid } = sim;
    if (what === "moveBack" && sim.orgId === ELSEWHERE) return emulator.move(iccid, ORG);
    if (sim.orgId !== ORG) return;
    if (what === "activate") {
      if (sim.deviceId !== undefined || restraint.isBeingBought(printed(iccid))) return;
      return emulator.activateByHand([iccid], offers[0]);
    }
    if (!isBilled(sim)) return;
    switch (what) {
      case "pause":
        return emulator.setState(iccid, "PAUSED-USER");
      case "resume":
        return emulator.setState(iccid, "LIVE");
      case "changePlan":
        return this.change("/devices/changeplan", {
          deviceids: [sim.deviceId],
          orgid: ORG,
          planid: 75,
          zone: "us",
        });
      case "changeLimit":
        return this.change("/devices/usagelimit", {
          deviceids: [sim.deviceId],
          orgid: ORG,
          overagelimit: 7_000_000,
        });
      case "deactivate":
        return emulator.setState(iccid, "DEAD");
      case "moveAway":
        // What stands in no record, and in no list of the account any more, might never have been bought.
        return restraint.isOnRecord(printed(iccid)) ? emulator.move(iccid, ELSEWHERE) : undefined;
      case "swapProfile":
        if (iccid === printed(iccid) && restraint.isOnRecord(iccid))
          emulator.swapProfile(iccid, swapped(iccid));
    }
  }

  /** Through the API, marked as somebody else's request. */
  private async change(path: string, body: object): Promise<void> {
    const { url, apiKey } = this.emulator;
    const authorization = `Basic ${Buffer.from(`apikey:${apiKey}`).toString("base64")}`;
    const headers = { authorization, "content-type": "application/json" };
    const target = `${url}${path}?${BY_HAND}=1`;
    const answer = await fetch(target, { method: "POST", headers, body: JSON.stringify(body) });
    await answer.arrayBuffer();
  }
}

const MONTHLY: Readonly<Record<string, number>> = { "2096 global": 0.6, "75 global": 1.5, "75 us": 1 };
