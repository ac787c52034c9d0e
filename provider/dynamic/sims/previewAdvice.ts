import type { Settings } from "../../account/settings";
import type { Account } from "../../fleet/model/account";
import type { Approval } from "../../fleet/model/approval";
import { countOfSims, formatDollars, money } from "../../fleet/model/money";
import { claimsInDoubt, type Doubt, doubtEndsAtMs } from "../../fleet/model/record";
import type { Selection } from "../../fleet/numbers/selection";
import type { RowReporter } from "../host/engineLog";
import type { Session } from "../host/session";

interface Asked {
  readonly account: Account;
  readonly settings: Settings;
}

/**
 * Why SIMs of a selection that seem not to be there may be there all the same: this machine has sent a claim of them that
 * got no answer. Undefined where it has not.
 */
export async function mayBeLanding(
  session: Session,
  { account, settings }: Asked,
  numbers: Selection,
): Promise<string | undefined> {
  const all = (await session.journal(account.orgId, settings)).doubts();
  const doubts = all.filter(({ kind, sims }) => kind === undefined && sims.overlaps(numbers));
  if (doubts.length === 0) return undefined;
  return `a claim of SIMs among these got no answer, and may be landing until ${lastEnd(doubts, account, settings)}`;
}

/** What this machine has sent, and what got no answer, is not claimed again before the doubt is over. */
export async function warnOfDoubts(
  session: Session,
  asked: Asked & { readonly report: RowReporter },
  { sims: { activate }, unnamed }: Approval,
): Promise<void> {
  if (activate.size === 0 && unnamed === undefined) return;
  const { account, settings, report } = asked;
  const all = (await session.journal(account.orgId, settings)).doubts();
  const doubts = all.filter(({ kind }) => kind === undefined);
  const inDoubt = claimsInDoubt(doubts);
  const named = [...activate].filter((iccid) => inDoubt.has(iccid)).length;
  const count = named + (unnamed?.numbers.overlaps(inDoubt) ? unnamed.atMost : 0);
  if (count === 0) return;
  const are = count === 1 ? "it is" : "they are";
  report.warn(
    `${countOfSims(count)} of these may be in a claim that got no answer, and that may still be landing: ${are} not ` +
      `activated before ${lastEnd(doubts, account, settings)}`,
  );
}

function lastEnd(doubts: readonly Doubt[], { clock }: Account, { claimSettleSeconds }: Settings): string {
  const now = clock.now();
  return new Date(
    Math.max(...doubts.map((doubt) => doubtEndsAtMs(doubt, now, claimSettleSeconds))),
  ).toISOString();
}

/**
 * Hologram refuses an activation that the balance does not cover. This warning is only advice: some contracts are not
 * prepaid, and other charges may be made first.
 */
export async function warnOfBalance(account: Account, dueNow: number, report: RowReporter): Promise<void> {
  if (dueNow === 0) return;
  try {
    const balance = await account.balance();
    if (balance === undefined || money(balance).gte(dueNow)) return;
    report.warn(
      `the balance of organization ${account.orgId} is ${formatDollars(Number(balance))}, and this activation costs ` +
        `about ${formatDollars(dueNow)} before tax: Hologram may refuse it`,
    );
  } catch {
    // It is advice, and the activation itself will tell.
  }
}
