import { nothingDone, type Outcome } from "../../fleet/apply/apply";
import { changeTags } from "../../fleet/apply/changeTerms";
import { patienceOf, type Settling } from "../../fleet/apply/settling";
import type { Account, Reporter } from "../../fleet/model/account";
import type { Declaration, Held } from "../../fleet/model/declaration";
import { countOfSims } from "../../fleet/model/money";
import { tagsToChange } from "../../fleet/plan/termChanges";

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
