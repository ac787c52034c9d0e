import { DoubtfulError } from "../hologram/errors";
import { type ChangeAnswer, DEVICES_PER_CHANGE, type Sim } from "../hologram/model";
import type { Account, Reporter } from "./account";
import type { HeldSim } from "./declaration";
import { messageOf, type Refusal } from "./errors";
import { countOfSims, formatCount } from "./money";
import { readDevices } from "./observe";
import { isChanging } from "./simState";

/** One kind of bulk change. It must be harmless to send it again: what is there already stays as it is. */
export interface DeviceChange {
  /** What has been done to a SIM, for people: "paused". */
  readonly verb: string;
  send(deviceIds: readonly number[]): Promise<ChangeAnswer>;
  /** Whether the SIM is as it should be. Undefined: the account does not show its device any more. */
  isDone(shown: Sim | undefined): boolean;
  /** Believe only what is shown afterwards, not the answer. Default false. */
  readonly readsBack?: boolean;
}

/** Which SIMs came to what was asked for, and why the others did not. */
export interface ChangeOutcome {
  readonly done: readonly HeldSim[];
  readonly failed: readonly Refusal[];
  /** True when a request got no answer that tells, and not all it named is done: it may still be landing. */
  readonly inDoubt: boolean;
}

/**
 * Changes SIMs by device id, at most 1,000 in a request. The answer "success" with a warning and no modified device is
 * a failure for that SIM (docs.hologram.io, devices/batch/state), and a lost answer is no answer: in both cases the SIM
 * is read. One that is as it should be already counts as done.
 *
 * While another change of a SIM is on its way (`LIVE-PENDING` after an activation), Hologram locks its state; such SIMs
 * are tried again for `patience` milliseconds, and then reported.
 */
export async function changeDevices(
  account: Account,
  sims: readonly HeldSim[],
  change: DeviceChange,
  report: Reporter,
  patience: number,
): Promise<ChangeOutcome> {
  const { clock } = account;
  const end = clock.now() + patience;
  const done: HeldSim[] = [];
  const failed: Refusal[] = [];
  let inDoubt = false;
  let left: readonly Waiting[] = sims.map((sim) => ({ sim, send: true, reason: "" }));
  for (let pause = FIRST_PAUSE; left.length > 0; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    const waiting: Waiting[] = [];
    for (let i = 0; i < left.length; i += DEVICES_PER_CHANGE) {
      const round = await changeOnce(account, left.slice(i, i + DEVICES_PER_CHANGE), change);
      done.push(...round.done);
      failed.push(...round.failed);
      waiting.push(...round.waiting);
      inDoubt ||= round.inDoubt;
      report.progress(`${change.verb} ${formatCount(done.length)} of ${countOfSims(sims.length)}`);
    }
    const remaining = end - clock.now();
    if (waiting.length === 0) break;
    if (remaining <= 0) {
      for (const { sim, reason } of waiting) failed.push({ iccid: sim.iccid, reason });
      break;
    }
    left = waiting;
    report.progress(`waiting for ${countOfSims(left.length)} whose state is just changing`);
    await clock.sleep(Math.min(pause, remaining));
  }
  return { done, failed, inDoubt };
}

/** What nothing has to be sent for. */
export const nothingChanged: ChangeOutcome = { done: [], failed: [], inDoubt: false };

/** A SIM that is locked, to be sent again; or confirmed and not shown yet, to be read again. */
interface Waiting {
  readonly sim: HeldSim;
  readonly send: boolean;
  readonly reason: string;
}

interface Round extends ChangeOutcome {
  readonly waiting: readonly Waiting[];
}

/** Milliseconds: an activation settles within seconds or, in rare cases, hours. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

/** One request, and a look at what it did not confirm. */
async function changeOnce(account: Account, asked: readonly Waiting[], change: DeviceChange): Promise<Round> {
  const sims = asked.map(({ sim }) => sim);
  const toSend = asked.filter(({ send }) => send).map(({ sim }) => sim);
  const { words, inDoubt } = await send(toSend, change);
  const mustSee = (sim: HeldSim): boolean => change.readsBack === true || words.has(sim.deviceId);
  const done = sims.filter((sim) => !mustSee(sim));
  const unsure = sims.filter(mustSee);
  const failed: Refusal[] = [];
  const waiting: Waiting[] = [];
  const shown = await lookAt(account, unsure);
  for (const sim of unsure) {
    const state = shown?.get(sim.deviceId);
    const reason = words.get(sim.deviceId);
    if (shown !== undefined && change.isDone(state)) done.push(sim);
    else if (reason === undefined) waiting.push({ sim, send: false, reason: NOT_SHOWN });
    else if (state !== undefined && isChanging(state)) waiting.push({ sim, send: true, reason });
    else failed.push({ iccid: sim.iccid, reason });
  }
  return { done, failed, waiting, inDoubt: inDoubt && failed.length > 0 };
}

const NOT_SHOWN = "Hologram took the change and does not show it";

interface Sent {
  /** The devices whose outcome is not certain, with the reason. */
  readonly words: ReadonlyMap<number, string>;
  readonly inDoubt: boolean;
}

async function send(sims: readonly HeldSim[], change: DeviceChange): Promise<Sent> {
  if (sims.length === 0) return { words: new Map(), inDoubt: false };
  try {
    const answer = await change.send(sims.map((sim) => sim.deviceId));
    const remark = answer.remarks.join("; ");
    const unlisted = remark || "Hologram's answer does not list it as modified";
    const words = sims.flatMap(({ deviceId }) => {
      const warning = answer.warnings.get(deviceId);
      const modified = answer.modified?.has(deviceId) ?? remark === "";
      if (warning !== undefined) return [[deviceId, warning] as const];
      return modified ? [] : [[deviceId, unlisted] as const];
    });
    return { words: new Map(words), inDoubt: false };
  } catch (error) {
    const words = new Map(sims.map((sim) => [sim.deviceId, messageOf(error)]));
    return { words, inDoubt: error instanceof DoubtfulError };
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
