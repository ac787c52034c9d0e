import { DEVICES_PER_CHANGE, type Sim, type StateCommand } from "../hologram/model";
import type { Account, Reporter } from "./account";
import type { HeldSim, OnRelease } from "./declaration";
import { messageOf, type Refusal } from "./errors";
import { countOfSims, formatCount } from "./money";
import { readDevices } from "./observe";
import { isChanging, type Standing, standingOf } from "./simState";

/** Which SIMs came to the state that was asked for, and why the others did not. */
export interface StateChange {
  readonly done: readonly HeldSim[];
  readonly failed: readonly Refusal[];
}

/**
 * Pauses, resumes or deactivates SIMs by device id. The answer "success" with a warning and no modified device is a
 * failure for that SIM (docs.hologram.io, devices/batch/state), and a lost answer is no answer: in both cases the
 * state is read. A SIM that is there already, or is gone when it was to leave, counts as done: the change is idempotent.
 *
 * While another change of a SIM is on its way (`LIVE-PENDING` after an activation), Hologram locks its state; such SIMs
 * are tried again for `patience` milliseconds, and then reported.
 */
export async function changeState(
  account: Account,
  sims: readonly HeldSim[],
  command: StateCommand,
  report: Reporter,
  patience: number,
): Promise<StateChange> {
  const { clock } = account;
  const end = clock.now() + patience;
  const done: HeldSim[] = [];
  const failed: Refusal[] = [];
  for (let left = sims, pause = FIRST_PAUSE; left.length > 0; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    const locked: Locked[] = [];
    for (let i = 0; i < left.length; i += DEVICES_PER_CHANGE) {
      const round = await changeOnce(account, left.slice(i, i + DEVICES_PER_CHANGE), command);
      done.push(...round.done);
      failed.push(...round.failed);
      locked.push(...round.locked);
      report.progress(`${verbs[command]} ${formatCount(done.length)} of ${countOfSims(sims.length)}`);
    }
    const remaining = end - clock.now();
    if (locked.length > 0 && remaining <= 0) {
      for (const { sim, reason } of locked) failed.push({ iccid: sim.iccid, reason });
      break;
    }
    left = locked.map(({ sim }) => sim);
    if (left.length === 0) break;
    report.progress(`waiting for ${countOfSims(left.length)} whose state is just changing`);
    await clock.sleep(Math.min(pause, remaining));
  }
  return { done, failed };
}

interface Locked {
  readonly sim: HeldSim;
  readonly reason: string;
}

/** Milliseconds: an activation settles within seconds or, in rare cases, hours. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

/** One request, and a look at what it did not confirm. */
async function changeOnce(
  account: Account,
  sims: readonly HeldSim[],
  command: StateCommand,
): Promise<StateChange & { readonly locked: readonly Locked[] }> {
  const words = await send(account, sims, command);
  const done = sims.filter((sim) => !words.has(sim.deviceId));
  const failed: Refusal[] = [];
  const locked: Locked[] = [];
  const unsure = sims.filter((sim) => words.has(sim.deviceId));
  const shown = await lookAt(account, unsure);
  for (const sim of unsure) {
    const reason = words.get(sim.deviceId) ?? "not confirmed";
    const state = shown?.get(sim.deviceId);
    if (shown !== undefined && isThere(state, command)) done.push(sim);
    else if (state !== undefined && isChanging(state)) locked.push({ sim, reason });
    else failed.push({ iccid: sim.iccid, reason });
  }
  return { done, failed, locked };
}

/** What becomes of SIMs that leave a fleet. `keep` sends nothing: they stay active and billed. */
export async function release(
  account: Account,
  sims: readonly HeldSim[],
  onRelease: OnRelease,
  report: Reporter,
  patience: number,
): Promise<StateChange> {
  if (onRelease === "keep") return { done: sims, failed: [] };
  return changeState(account, sims, onRelease, report, patience);
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

/** The SIMs of these devices, as they are now; undefined when they cannot be read. */
async function lookAt(account: Account, sims: readonly HeldSim[]): Promise<Map<number, Sim> | undefined> {
  try {
    return sims.length === 0 ? new Map() : await readDevices(account, sims);
  } catch {
    return undefined;
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
