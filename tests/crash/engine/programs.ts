import { cards, type FleetStack, PLAN, range } from "../../harness/engine/fleetStack";
import type { Fleet, Fleets } from "../provider/programs";
import type { Story } from "./story";

/** The first program: the fleets side by side. */
export function beginning({ fleets }: Story): Fleets {
  let from = 0;
  return fleets.map(({ form, sims }, i): Fleet => {
    const to = from + sims;
    const fleet = { ...untold, name: `fleet-${i}`, form, from, to };
    from = to;
    return fleet;
  });
}

/** How many cards there are: with room to grow. */
export function sizeOf({ fleets }: Story): number {
  return fleets.reduce((sum, { sims }) => sum + sims, 0) + 500;
}

/** What the next operation's program declares. */
export function declare(stack: FleetStack, fleets: Fleets): void {
  stack.declareAll({
    fleets: fleets.map(({ name, form, from, to }) => ({
      name,
      args: { plan: PLAN, ...(form === "list" ? { sims: cards(from, to) } : { simRange: range(from, to) }) },
    })),
    outputs: false,
  });
}

/** What the programs of these stories leave to its default. */
const untold = {
  counted: false,
  onRelease: "keep",
  adopt: "matching",
  offer: 0,
  overageLimit: undefined,
  tagId: undefined,
  waits: false,
} as const;
