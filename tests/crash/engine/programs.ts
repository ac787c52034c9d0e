/** The programs of the stories on an engine: real ones, in a file that says what they declare. */
import type { FleetStack } from "../../harness/engine/fleetStack";
import type { Values } from "../judge/command";
import { type Fleet, type Fleets, selectionOf, termsOf } from "../story/program";
import type { Story } from "./story";

/** The first program: the fleets side by side. */
export function beginning({ fleets }: Story): Fleets {
  let from = 0;
  return fleets.map(({ form, sims, onRelease }, i): Fleet => {
    const to = from + sims;
    const fleet: Fleet = { ...untold, name: `fleet-${i}`, form, from, to, onRelease };
    from = to;
    return fleet;
  });
}

/** How many cards there are: with room to grow. */
export function sizeOf({ fleets }: Story): number {
  return fleets.reduce((sum, { sims }) => sum + sims, 0) + 500;
}

/** The arguments of a fleet. Whatever is active already is taken over, so nothing that people do makes a program wrong. */
export function argumentsOf(fleet: Fleet): Values {
  const { onRelease } = fleet;
  return { ...termsOf(fleet), ...selectionOf(fleet), onRelease, adopt: "always" };
}

/** What the next operation's program declares. */
export function declare(stack: FleetStack, fleets: Fleets): void {
  stack.declareAll({
    providers: fleets.some(({ provider }) => provider > 0) ? [{ name: "own", args: {} }] : [],
    fleets: fleets.map((fleet, i) => ({
      name: fleet.name,
      args: argumentsOf(fleet),
      dependsOn: fleet.waits ? fleets.slice(Math.max(0, i - 1), i).map(({ name }) => name) : [],
      ...(fleet.provider > 0 ? { provider: "own" } : {}),
    })),
    outputs: false,
  });
}

/** What the programs of these stories leave to its default. */
const untold = {
  every: 1,
  counted: false,
  adopt: "always",
  offer: 0,
  overageLimit: undefined,
  tagId: undefined,
  provider: 0,
  follows: false,
  waits: false,
} as const;
