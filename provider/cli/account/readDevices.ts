import type { Account, Reporter } from "../../fleet/model/account";
import { countOfSims } from "../../fleet/model/money";
import { standingOf } from "../../fleet/model/standing";
import { compareNumbers } from "../../fleet/numbers/selection";
import type { Sim } from "../../hologram/model";

/** What is not dead, by device: each with its profiles, in ascending order. SIMs without a device stand alone. */
export async function readDevices(account: Account, report: Reporter): Promise<readonly (readonly Sim[])[]> {
  const seen = new Map<string, Sim>();
  let read = 0;
  for await (const sims of account.allSims()) {
    read += sims.length;
    report.progress(`organization ${account.orgId}: ${countOfSims(read)} read`);
    // By link: a list may show one record twice.
    for (const sim of sims) if (standingOf(sim) !== "dead") seen.set(`${sim.linkId}`, sim);
  }
  const ascending = [...seen.values()].sort((a, b) => compareNumbers(a.iccid, b.iccid));
  return [
    ...Map.groupBy(
      ascending,
      ({ deviceId, linkId }) => deviceId ?? `without a device, link ${linkId}`,
    ).values(),
  ];
}
