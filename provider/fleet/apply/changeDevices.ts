import { DoubtfulError } from "../../hologram/errors";
import { type ChangeAnswer, DEVICES_PER_CHANGE, type Sim } from "../../hologram/model";
import { chunksOf } from "../../util/chunks";
import { poll } from "../../util/poll";
import type { Account, Reporter } from "../model/account";
import type { HeldSim } from "../model/declaration";
import { type Refusal, reasonOf } from "../model/fleetErrors";
import { countOfSims, formatCount } from "../model/money";
import { isChanging } from "../model/standing";
import { readDevices } from "../observe/observe";

/** One kind of bulk change. Sent again, it must leave as it is what is there already. */
export interface DeviceChange {
  /** What has been done to a SIM, for people: "paused". */
  readonly verb: string;
  send(deviceIds: readonly number[]): Promise<ChangeAnswer>;
  /** Whether the SIM is as it should be. Undefined: the account does not show its device any more. */
  isDone(shown: Sim | undefined): boolean;
  /** Believe only what is shown afterwards, not the answer. Default false. */
  readonly readsBack?: boolean;
  /** May cost money each time, so that it is not sent again while it may still be landing. Default false. */
  readonly once?: boolean;
  /** Refused while another change of the SIM is on its way, which a bare answer does not tell. Default false. */
  readonly locks?: boolean;
}

/** What every change of devices is given. */
export interface ChangeContext {
  readonly account: Account;
  readonly report: Reporter;
  /** How long a change may take to show. */
  readonly timeoutMs: number;
}

/** Which SIMs came to what was asked for, and why the others did not. */
export interface ChangeOutcome {
  readonly done: readonly HeldSim[];
  readonly failed: readonly Refusal[];
  /** True when a request got no answer that tells, and not all that it named is done: it may still be landing. */
  readonly inDoubt: boolean;
}

/**
 * Changes SIMs by device id, at most 1,000 in a request. The answer "success" with a warning and no modified device is
 * a failure for that SIM (docs.hologram.io, devices/batch/state), and a lost answer is no answer: in both cases the SIM
 * is read. One that is as it should be already counts as done.
 *
 * While another change of a SIM is on its way (`LIVE-PENDING` after an activation), Hologram locks its state; such SIMs
 * are tried again for `timeoutMs`, and then reported.
 */
export async function changeDevices(
  { account, report, timeoutMs }: ChangeContext,
  sims: readonly HeldSim[],
  change: DeviceChange,
): Promise<ChangeOutcome> {
  const { clock } = account;
  const done: HeldSim[] = [];
  const failed: Refusal[] = [];
  const doubted = new Set<string>();
  let left: readonly Waiting[] = sims.map((sim) => ({ sim, send: true, reason: NOT_SHOWN }));
  const times = {
    firstMs: FIRST_PAUSE_MS,
    longestMs: LONGEST_PAUSE_MS,
    untilMs: clock.now() + timeoutMs,
    onPause: () => report.progress(`waiting for ${countOfSims(left.length)} whose state is just changing`),
  };
  await poll(clock, times, async () => {
    const waiting: Waiting[] = [];
    for (const asked of chunksOf(left, DEVICES_PER_CHANGE)) {
      const round = await changeOnce(account, asked, change);
      done.push(...round.done);
      failed.push(...round.failed);
      waiting.push(...round.waiting);
      for (const iccid of round.doubted) doubted.add(iccid);
      report.progress(`${change.verb} ${formatCount(done.length)} of ${countOfSims(sims.length)}`);
    }
    left = waiting;
    return left.length === 0 || undefined;
  });
  for (const { sim, reason } of left) failed.push({ iccid: sim.iccid, reason });
  return { done, failed, inDoubt: failed.some(({ iccid = "" }) => doubted.has(iccid)) };
}

/** What nothing has to be sent for. */
export const nothingChanged: ChangeOutcome = { done: [], failed: [], inDoubt: false };

/** A SIM that is locked, to be sent again; or one to be read again, because its change does not show yet. */
interface Waiting {
  readonly sim: HeldSim;
  readonly send: boolean;
  /** What is to be said when time is up. */
  readonly reason: string;
}

interface Round extends Pick<ChangeOutcome, "done" | "failed"> {
  readonly waiting: readonly Waiting[];
  /** ICCIDs that were sent and got no answer that tells. */
  readonly doubted: readonly string[];
}

/** An activation settles within seconds or, in rare cases, hours. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** One request, and a look at what it did not confirm. */
async function changeOnce(account: Account, asked: readonly Waiting[], change: DeviceChange): Promise<Round> {
  const toSend = asked.filter(({ send }) => send).map(({ sim }) => sim);
  const { words, inDoubt, isBare } = await send(toSend, change);
  const mustSee = ({ sim }: Waiting): boolean =>
    change.readsBack === true || (change.locks === true && isBare) || words.has(sim.deviceId);
  const done = asked.filter((each) => !mustSee(each)).map(({ sim }) => sim);
  const unsure = asked.filter(mustSee);
  const failed: Refusal[] = [];
  const waiting: Waiting[] = [];
  const shown = await lookAt(
    account,
    unsure.map(({ sim }) => sim),
  );
  for (const { sim, reason: before } of unsure) {
    const state = shown?.get(sim.deviceId);
    const refusal = words.get(sim.deviceId);
    const reason = refusal ?? before;
    const isLocked = state !== undefined && isChanging(state);
    if (shown !== undefined && change.isDone(state)) done.push(sim);
    else if (inDoubt && change.once === true) waiting.push({ sim, send: false, reason });
    else if (refusal !== undefined && !isLocked) failed.push({ iccid: sim.iccid, reason });
    else if (change.readsBack === true && refusal === undefined) waiting.push({ sim, send: false, reason });
    else if (isLocked) waiting.push({ sim, send: true, reason });
    // Not refused, and a state may take its time to show.
    else done.push(sim);
  }
  return { done, failed, waiting, doubted: inDoubt ? toSend.map(({ iccid }) => iccid) : [] };
}

const NOT_SHOWN = "Hologram took the change and does not show it";

interface Sent {
  /** The devices whose outcome is not certain, with the reason. */
  readonly words: ReadonlyMap<number, string>;
  readonly inDoubt: boolean;
  /** The answer says that it is a success, and not of which devices. */
  readonly isBare: boolean;
}

async function send(sims: readonly HeldSim[], change: DeviceChange): Promise<Sent> {
  if (sims.length === 0) return { words: new Map(), inDoubt: false, isBare: false };
  try {
    const { warnings, modified, remarks } = await change.send(sims.map((sim) => sim.deviceId));
    const remark = remarks.join("; ");
    const unlisted = remark || "Hologram's answer does not list it as modified";
    const words = sims.flatMap(({ deviceId }) => {
      const warning = warnings.get(deviceId);
      const isModified = modified?.has(deviceId) ?? remark === "";
      if (warning !== undefined) return [[deviceId, warning] as const];
      return isModified ? [] : [[deviceId, unlisted] as const];
    });
    return { words: new Map(words), inDoubt: false, isBare: modified === undefined };
  } catch (error) {
    const words = new Map(sims.map((sim) => [sim.deviceId, reasonOf(error)]));
    return { words, inDoubt: error instanceof DoubtfulError, isBare: false };
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
