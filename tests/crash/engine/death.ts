import { setTimeout as sleep } from "node:timers/promises";
import type { FleetStack, Operation } from "../../support/fleetStack";
import { CLAIM } from "./faults";
import type { Death } from "./story";

/** When the operation had been cut off, in milliseconds since the epoch; undefined where it was over before. */
export type Struck = number | undefined;

/**
 * Waits for the moment of a death, and kills, or presses Ctrl-C; then for what was leaving in that moment. Nothing that
 * arrives later has been sent by a living process, or, after the death of an engine alone, should have been sent.
 */
export async function strike(fleets: FleetStack, death: Death, running: Promise<Operation>): Promise<Struck> {
  const life = { isOver: false };
  const over = (): void => {
    life.isOver = true;
  };
  running.then(over, over);
  const { stack } = fleets;
  await momentOf(fleets, death, life);
  if (life.isOver) return undefined;
  switch (death.kind) {
    case "once":
      await stack.cancel();
      break;
    case "twice":
      await stack.cancel();
      // Two signals of the same kind at the same time are one.
      await sleep(20 + death.lag);
      // What has ended in the meantime must not be taken for a stack that is locked.
      if (!life.isOver) await stack.cancel();
      break;
    default:
      if (!(await stack.kill(death.kind))) return undefined;
  }
  await sleep(BREATH);
  return Date.now();
}

const BREATH = 200;

/** A moment that never comes, because everything waits for a held request, is over after so many milliseconds. */
const LONGEST = 8_000;

async function momentOf(
  fleets: FleetStack,
  { at, nth, lag }: Death,
  life: { readonly isOver: boolean },
): Promise<void> {
  const end = Date.now() + (at === "time" ? nth * 10 : LONGEST);
  const hasCome = (): boolean => at !== "time" && countOf(fleets, at) >= nth;
  while (!life.isOver && !hasCome() && Date.now() < end) await sleep(2);
  if (!life.isOver) await sleep(lag);
}

function countOf({ emulator }: FleetStack, what: "claim" | "request"): number {
  const { requests } = emulator;
  return what === "request" ? requests.length : emulator.writes().filter(({ path }) => path === CLAIM).length;
}
