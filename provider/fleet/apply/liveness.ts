import type { Sim } from "../../hologram/model";
import { poll } from "../../util/poll";
import type { Account, Reporter } from "../model/account";
import { type HeldSim, uniqueByIccid } from "../model/declaration";
import { nameSome, reasonOf } from "../model/fleetErrors";
import { countOfSims, formatCount } from "../model/money";
import { isChanging, standingOf } from "../model/standing";
import { readDevices } from "../observe/observe";

/**
 * Waits until SIMs are live, `seconds` at most, and warns of those that are not: an activation is done all the same.
 * SIMs that waiting does not help, dead or paused by Hologram, are not waited for. Hologram's own tool looks every 5 s
 * for up to 120 s (its Python SDK); its help centre speaks of minutes.
 */
export async function waitUntilLive(
  account: Account,
  entering: readonly HeldSim[],
  seconds: number,
  report: Reporter,
): Promise<void> {
  const { clock } = account;
  if (seconds <= 0 || entering.length === 0) return;
  const sims = uniqueByIccid(entering);
  const stuck: Stuck[] = [];
  let left: readonly HeldSim[] = sims;
  const times = {
    firstMs: FIRST_PAUSE_MS,
    longestMs: LONGEST_PAUSE_MS,
    untilMs: clock.now() + seconds * 1_000,
    onPause: () => {
      const live = sims.length - left.length - stuck.length;
      report.progress(`${formatCount(live)} of ${countOfSims(sims.length)} live`);
    },
  };
  await poll(clock, times, async () => {
    const seen = await look(account, left, report);
    left = seen.left;
    stuck.push(...seen.stuck);
    return left.length === 0 || undefined;
  });
  if (left.length > 0) {
    const late = `not live after ${formatCount(seconds)} s, and activated all the same`;
    report.warn(`${countOfSims(left.length)} ${late}: ${namesOf(left)}`);
  }
  if (stuck.length > 0) {
    const states = [...new Set(stuck.map(({ state }) => state))].sort().join(", ");
    const sentence = `not live (${states}), which waiting does not change`;
    report.warn(`${countOfSims(stuck.length)} ${sentence}: ${namesOf(stuck)}`);
  }
}

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;

type Stuck = Pick<Sim, "iccid" | "state">;

/** Which are not live. Reads that fail tell nothing: then all are still waited for. */
async function look(
  account: Account,
  sims: readonly HeldSim[],
  report: Reporter,
): Promise<{ readonly left: readonly HeldSim[]; readonly stuck: readonly Stuck[] }> {
  try {
    const shown = await readDevices(account, sims);
    const left: HeldSim[] = [];
    const stuck: Stuck[] = [];
    for (const sim of sims) {
      const now = shown.get(sim.deviceId);
      if (now !== undefined && isStuck(now)) stuck.push({ iccid: sim.iccid, state: now.state });
      else if (!isLive(now)) left.push(sim);
    }
    return { left, stuck };
  } catch (error) {
    report.progress(`looking whether the SIMs are live failed: ${reasonOf(error)}`);
    return { left: sims, stuck: [] };
  }
}

function isLive(sim: Sim | undefined): boolean {
  return sim !== undefined && standingOf(sim) === "active" && !isChanging(sim);
}

function isStuck(sim: Sim): boolean {
  return standingOf(sim) === "dead" || standingOf(sim) === "pausedByHologram";
}

function namesOf(sims: readonly { readonly iccid: string }[]): string {
  return nameSome(sims.map(({ iccid }) => iccid));
}
