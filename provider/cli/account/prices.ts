import type { Account } from "../../fleet/model/account";
import type { Money } from "../../fleet/model/money";
import { findPrice, monthlyCost, type Price } from "../../fleet/observe/price";
import type { Sim } from "../../hologram/model";

/** What a SIM costs, and by which of a device's profiles. */
export interface Priced {
  readonly sim: Sim;
  readonly price: Price;
  /** For a month of 30 days; absent where Hologram names no price. */
  readonly cost: Money | undefined;
}

/** The organization's prices, each asked for once; as in previews, of several the highest. */
export class PriceList {
  readonly #found = new Map<string, ReturnType<typeof findPrice>>();

  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
  }

  /** The profile that costs most: what a device is billed by is at most that. */
  async dearest(sims: readonly Sim[]): Promise<Priced | undefined> {
    let dearest: Priced | undefined;
    for (const sim of sims) {
      if (sim.plan === undefined || sim.zone === undefined) continue;
      const price = await this.of(sim.plan, sim.zone);
      if (price === undefined) continue;
      const cost = monthlyCost(price, 1);
      const isDearer = cost !== undefined && (dearest?.cost === undefined || cost.gt(dearest.cost));
      if (dearest === undefined || isDearer) dearest = { sim, price, cost };
    }
    return dearest;
  }

  /** Undefined where the organization has no such plan or zone. */
  async of(plan: number, zone: string): Promise<Price | undefined> {
    const key = `${plan} ${zone.toLowerCase()}`;
    const finding = this.#found.get(key) ?? findPrice(this.#account, plan, zone);
    this.#found.set(key, finding);
    const result = await finding;
    return "price" in result ? result.price : undefined;
  }
}
