import type { StateCommand } from "../hologram/model";
import { type Account, DEVICES_PER_CHANGE, type Reporter } from "./account";
import type { HeldSim, OnRelease } from "./declaration";
import { messageOf, type Refusal } from "./errors";
import { countOfSims, formatCount } from "./money";
import { readDevices } from "./observe";
import { type Standing, standingOf } from "./simState";

/** Which SIMs came to the state that was asked for, and why the others did not. */
export interface StateChange {
  readonly done: readonly HeldSim[];
  readonly failed: readonly Refusal[];
}

/**
 * Pauses, resumes or deactivates SIMs by device id. The answer "success" with a warning and no modified device is a
 * failure for that SIM (docs.hologram.io, devices/batch/state), and a lost answer is no answer: in both cases the
 * state is read. A SIM that is there already, or is gone when it was to leave, counts as done: the change is idempotent.
 */
export async function changeState(
  account: Account,
  sims: readonly HeldSim[],
  command: StateCommand,
  report: Reporter,
): Promise<StateChange> {
  const done: HeldSim[] = [];
  const failed: Refusal[] = [];
  for (let i = 0; i < sims.length; i += DEVICES_PER_CHANGE) {
    const some = sims.slice(i, i + DEVICES_PER_CHANGE);
    const words = await send(account, some, command);
    const unsure = some.filter((sim) => words.has(sim.deviceId));
    done.push(...some.filter((sim) => !words.has(sim.deviceId)));
    const there = await alreadyThere(account, unsure, command);
    for (const sim of unsure) {
      if (there.has(sim.deviceId)) done.push(sim);
      else failed.push({ iccid: sim.iccid, reason: words.get(sim.deviceId) ?? "not confirmed" });
    }
    report.progress(`${verbs[command]} ${formatCount(done.length)} of ${countOfSims(sims.length)}`);
  }
  return { done, failed };
}

/** What becomes of SIMs that leave a fleet. `keep` sends nothing: they stay active and billed. */
export async function release(
  account: Account,
  sims: readonly HeldSim[],
  onRelease: OnRelease,
  report: Reporter,
): Promise<StateChange> {
  if (onRelease === "keep") return { done: sims, failed: [] };
  return changeState(account, sims, onRelease, report);
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

/** Sends one change. Returns the devices whose outcome is not certain, with the reason. */
async function send(
  account: Account,
  sims: readonly HeldSim[],
  command: StateCommand,
): Promise<ReadonlyMap<number, string>> {
  try {
    const answer = await account.setState(
      sims.map((sim) => sim.deviceId),
      command,
    );
    const remark = answer.remarks.join("; ");
    const unlisted = remark || "Hologram's answer does not list it as modified";
    return new Map(
      sims.flatMap(({ deviceId }) => {
        const warning = answer.warnings.get(deviceId);
        const modified = answer.modified?.has(deviceId) ?? remark === "";
        if (warning !== undefined) return [[deviceId, warning] as const];
        return modified ? [] : [[deviceId, unlisted] as const];
      }),
    );
  } catch (error) {
    const words = messageOf(error);
    return new Map(sims.map((sim) => [sim.deviceId, words]));
  }
}

/** Of these, the devices that are in the state asked for, or gone when they were to leave. Unreadable is not there. */
async function alreadyThere(
  account: Account,
  sims: readonly HeldSim[],
  command: StateCommand,
): Promise<ReadonlySet<number>> {
  if (sims.length === 0) return new Set();
  try {
    const shown = await readDevices(account, sims);
    const there = sims.filter(({ deviceId }) => {
      const sim = shown.get(deviceId);
      return sim === undefined ? command !== "live" : reached[command].has(standingOf(sim));
    });
    return new Set(there.map((sim) => sim.deviceId));
  } catch {
    return new Set();
  }
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
