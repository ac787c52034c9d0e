import type { Sim, StateCommand } from "../../hologram/model";
import type { HeldSim, OnRelease } from "../model/declaration";
import { countOfSims } from "../model/money";
import { type Standing, standingOf } from "../model/standing";
import { type ChangeContext, type ChangeOutcome, changeDevices } from "./changeDevices";

/** Pauses, resumes or deactivates SIMs. One that is there already, or is gone when it was to leave, counts as done. */
export async function changeState(
  context: ChangeContext,
  sims: readonly HeldSim[],
  command: StateCommand,
): Promise<ChangeOutcome> {
  const change = {
    verb: verbs[command],
    send: (deviceIds: readonly number[]) => context.account.setState(deviceIds, command),
    isDone: (shown: Sim | undefined) => isThere(shown, command),
    locks: true,
  };
  return changeDevices(context, sims, change);
}

/** What becomes of SIMs that leave a fleet. `keep` sends nothing: they stay active and billed. */
export async function release(
  context: ChangeContext,
  sims: readonly HeldSim[],
  onRelease: OnRelease,
): Promise<ChangeOutcome> {
  if (onRelease === "keep") return { done: sims, failed: [], inDoubt: false };
  return changeState(context, sims, onRelease);
}

/** What a release came to, for the row: the default costs money on, and that must not be missed. */
export function releaseSentence(count: number, onRelease: OnRelease): string {
  const sims = countOfSims(count);
  const stay = count === 1 ? "stays" : "stay";
  switch (onRelease) {
    case "keep":
      return `${sims} ${stay} active and billed (onRelease: keep)`;
    case "pause":
      return `${sims} paused, still billed (onRelease: pause)`;
    case "deactivate":
      return `${sims} deactivated for ever (onRelease: deactivate)`;
  }
}

/** In the state asked for, or gone when it was to leave. */
function isThere(sim: Sim | undefined, command: StateCommand): boolean {
  return sim === undefined ? command !== "live" : reached[command].has(standingOf(sim));
}

const reached: Readonly<Record<StateCommand, ReadonlySet<Standing>>> = {
  live: new Set(["active"]),
  pause: new Set(["pausedByUser", "pausedByHologram", "dead"]),
  deactivate: new Set(["dead"]),
};

const verbs: Readonly<Record<StateCommand, string>> = {
  live: "resumed",
  pause: "paused",
  deactivate: "deactivated",
};
