import type { Account, Reporter } from "../fleet/account";
import { nothingDone, type Outcome } from "../fleet/apply";
import type { Declaration, Held } from "../fleet/declaration";
import { countOfSims } from "../fleet/money";
import { tagsToChange } from "../fleet/refits";
import { patienceOf, type Settling } from "../fleet/settling";
import { changeTags } from "../fleet/termChanges";

/** Another tag and nothing else: what is on record bears it, and no look at the account is needed. */
export async function retag(
  account: Account,
  declaration: Declaration,
  held: Extract<Held, { kind: "listed" }>,
  settling: Settling,
  report: Reporter,
): Promise<Outcome> {
  const work = tagsToChange(declaration, held, held.sims, []);
  const { failed } = await changeTags(account, work, report, patienceOf(settling));
  if (failed.length === 0) report.info(`changed the tag of ${countOfSims(held.sims.length)}`);
  return { ...nothingDone, held: held.sims, lost: held.lost, unfinished: failed };
}
