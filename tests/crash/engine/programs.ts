/** The programs of the stories on an engine: real ones, in a file that says what they declare. */
import type { FleetStack } from "../../harness/engine/fleetStack";
import type { Values } from "../judge/command";
import { iccidOf } from "../story/cards";
import { type Fleet, type Fleets, placesOf, selectionOf, termsOf } from "../story/program";
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

/**
 * The arguments of a fleet. Whatever is active already is taken over. What `isHopeless` nobody can activate, so a list
 * without it is written instead; undefined where nothing is left.
 */
export function argumentsOf(fleet: Fleet, isHopeless: (iccid: string) => boolean): Values | undefined {
  const { onRelease } = fleet;
  const iccids = placesOf(fleet).map(iccidOf);
  const sims = iccids.filter((iccid) => !isHopeless(iccid));
  if (sims.length === 0) return undefined;
  const selection = sims.length === iccids.length ? selectionOf(fleet) : { sims };
  return { ...termsOf(fleet), ...selection, onRelease, adopt: "always" };
}

/** What the next operation's program declares: these fleets, as far as there are arguments. */
export function declare(
  stack: FleetStack,
  program: Fleets,
  argumentsByName: ReadonlyMap<string, Values>,
): void {
  const fleets = program.filter(({ name }) => argumentsByName.has(name));
  stack.declareAll({
    providers: fleets.some(({ provider }) => provider > 0) ? [{ name: "own", args: {} }] : [],
    fleets: fleets.map((fleet, i) => ({
      name: fleet.name,
      args: { ...argumentsByName.get(fleet.name) },
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
