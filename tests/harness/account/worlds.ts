import type { HeldSim } from "../../../provider/fleet/model/declaration";
import { heldSim } from "./fleet";
import { World } from "./world";
import type { Card, Ways } from "./worldTypes";

/** What a card of such a world is like. */
export type CardTerms = Partial<Omit<Card, "iccid">>;

/** A world in whose inventory these cards lie. */
export function worldOf(numbers: readonly string[], ways: Partial<Ways> = {}): World {
  const world = new World(ways);
  for (const each of numbers) world.add(each);
  return world;
}

/** A world of active SIMs, numbered from 0: all alike, or each as `as` says. */
export function activeWorld(count: number, as: CardTerms | ((n: number) => CardTerms) = {}): World {
  const world = new World();
  heldSims(count).forEach((sim, n) => {
    world.addActive(sim.iccid, { ...sim, ...(typeof as === "function" ? as(n) : as) });
  });
  return world;
}

export function heldSims(count: number, from = 0): HeldSim[] {
  return Array.from({ length: count }, (_, i) => heldSim(from + i));
}
