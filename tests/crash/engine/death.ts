import { setTimeout as sleep } from "node:timers/promises";
import type { FleetStack, Operation } from "../../harness/engine/fleetStack";
import { CLAIM } from "./faults";
import type { Death } from "./story";

/** How an operation was cut off; undefined where it was over before. */
export type Struck =
  | {
      /** When all was over, in milliseconds since the epoch. */
      readonly at: number;
      /** A claim was on its way, or its answer lost. */
      readonly inDoubt: boolean;
    }
  | undefined;

/**
 * Waits for the moment of a death, and kills, or presses Ctrl-C; then for what was leaving in that moment. Nothing that
 * arrives later has been sent by a living process, or, after the death of an engine alone, should have been sent.
 */
export async function strike(fleets: FleetStack, death: Death, running: Promise<Operation>): Promise<Struck> {
  const life = { isOver: false };
  const over = (): void => {
    life.isOver = true;
  };
  const ended = running.then(over, over);
  const { stack } = fleets;
  await momentOf(fleets, death, life);
  if (life.isOver) return undefined;
  const inDoubt = fleets.emulator.writes().some(({ path, status }) => path === CLAIM && status === 0);
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
      // The engine goes at once; it tells its providers to end on its way out.
      await Promise.race([ended, sleep(SILENCE)]);
      break;
    default:
      if (!(await stack.kill(death.kind))) return undefined;
  }
  await sleep(BREATH);
  return { at: Date.now(), inDoubt };
}

/** Milliseconds: a claim that was past its last look for the engine arrives within them, also on a busy machine. */
const BREATH = 1_000;

/** A moment that never comes, because everything waits for a held request, is over after so long without a request. */
const SILENCE = 10_000;

/** By the clock of the machine only where that is what the story says: how fast processes start is no part of it. */
async function momentOf(
  fleets: FleetStack,
  { at, nth, lag }: Death,
  life: { readonly isOver: boolean },
): Promise<void> {
  const { requests } = fleets.emulator;
  const began = Date.now();
  const hasCome = (): boolean => {
    const [first, last] = [requests.at(0)?.at, requests.at(-1)?.at];
    if (at === "start") return Date.now() >= began + nth * 10;
    if (first === undefined || last === undefined) return false;
    if (at === "time") return Date.now() >= first + nth * 10;
    return countOf(fleets, at) >= nth || Date.now() > last + SILENCE;
  };
  while (!life.isOver && !hasCome()) await sleep(2);
  if (!life.isOver) await sleep(lag);
}

function countOf({ emulator }: FleetStack, what: "claim" | "request"): number {
  const { requests } = emulator;
  return what === "request" ? requests.length : emulator.writes().filter(({ path }) => path === CLAIM).length;
}
