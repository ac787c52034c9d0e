import type { Sim } from "../hologram/model";
import type { Account, Reporter } from "./account";
import type { HeldSim } from "./declaration";
import { messageOf, nameSome } from "./errors";
import { countOfSims, formatCount } from "./money";
import { readDevices } from "./observe";
import { isChanging, standingOf } from "./simState";

/**
 * Waits until SIMs are live, `seconds` at most, and warns of those that are not: an activation is done all the same.
 * Hologram's own tool looks every 5 s for up to 120 s (its Python SDK); its help centre speaks of minutes.
 */
export async function waitUntilLive(
  account: Account,
  sims: readonly HeldSim[],
  seconds: number,
  report: Reporter,
): Promise<void> {
  const { clock } = account;
  const end = clock.now() + seconds * 1000;
  let left = seconds > 0 ? sims : [];
  for (let pause = FIRST_PAUSE; left.length > 0; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    left = await notLive(account, left, report);
    const remaining = end - clock.now();
    if (left.length === 0 || remaining <= 0) break;
    report.progress(`${formatCount(sims.length - left.length)} of ${countOfSims(sims.length)} live`);
    await clock.sleep(Math.min(pause, remaining));
  }
  if (left.length === 0) return;
  const names = nameSome(left.map((sim) => sim.iccid));
  report.warn(
    `${countOfSims(left.length)} not live after ${formatCount(seconds)} s, and activated all the same: ${names}`,
  );
}

const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 60_000;

/** Reads that fail tell nothing: then all are still waited for. */
async function notLive(
  account: Account,
  sims: readonly HeldSim[],
  report: Reporter,
): Promise<readonly HeldSim[]> {
  try {
    const shown = await readDevices(account, sims);
    return sims.filter((sim) => !isLive(shown.get(sim.deviceId)));
  } catch (error) {
    report.progress(`looking whether the SIMs are live failed: ${messageOf(error)}`);
    return sims;
  }
}

function isLive(sim: Sim | undefined): boolean {
  return sim !== undefined && standingOf(sim) === "active" && !isChanging(sim);
}
