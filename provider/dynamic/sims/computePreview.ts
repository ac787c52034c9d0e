import type { Settings } from "../../account/settings";
import type { Account } from "../../fleet/model/account";
import { type Held, type HeldSim, nothingHeld } from "../../fleet/model/declaration";
import { groupByReason, messageOf } from "../../fleet/model/errors";
import { formatDollars, money } from "../../fleet/model/money";
import { observe } from "../../fleet/observe/observe";
import { type Plan, plan } from "../../fleet/plan/plan";
import { isVerified, type Preview, previewOf, type UnverifiedPreview } from "../../fleet/plan/preview";
import { countBeyondCaps } from "../../fleet/run/bounds";
import {
  ApiError,
  KeyRefusedError,
  RoleTooLowError,
  UnreachableError,
  UnreadableAnswerError,
} from "../../hologram/errors";
import type { RowReporter } from "../host/progress";
import type { Session } from "../host/session";
import { sharesSims } from "../inputs/contradictions";
import { declarationOf, type FleetInputs } from "../inputs/parse";
import { tooManyDeactivations } from "./change";

/** What a look at the account told `check`, or why the inputs certainly cannot be carried out. */
export type Looked =
  | {
      readonly preview: Preview | UnverifiedPreview;
      readonly orgId: number | undefined;
      readonly continuing: number;
      /** SIMs of the fleet that cannot be seen: the next check may not know that they were ever there. */
      readonly hidden: number;
    }
  | { readonly failures: readonly string[] };

/** Looks at the account. What cannot be read leaves the preview unverified; what certainly cannot be done fails it. */
export async function look(
  session: Session,
  inputs: FleetInputs,
  former: FleetInputs | undefined,
  lastPreview: Preview | UnverifiedPreview | undefined,
  hiddenBefore: number,
  report: RowReporter,
): Promise<Looked> {
  const declaration = declarationOf(inputs, former?.zone);
  const unverified = (reason: string, orgId = inputs.orgId): Looked => {
    return { preview: { unverified: reason }, orgId, continuing: 0, hidden: hiddenBefore };
  };
  if (declaration === undefined || inputs.unknown.includes("orgId")) {
    return unverified(`not known before the update: ${inputs.unknown.join(", ")}`);
  }
  const settings = session.settings();
  if (settings.apiKey === undefined) return unverified("no API key", inputs.orgId ?? settings.orgId);
  let orgId = inputs.orgId;
  try {
    orgId = await session.resolveOrganization(settings, orgId, report);
    const account = await session.account(settings, orgId, report);
    const held = heldBefore(inputs, former, lastPreview, hiddenBefore);
    const steps = plan(declaration, held, await observe(account, declaration, held));
    if (declaration.sims.form === "eids") session.checked.checked(declaration.sims, iccidsOf(steps));
    if (steps.refusals.length > 0)
      return { failures: [...groupByReason(steps.refusals), ...adviceOn(steps)] };
    const last = lastPreview && isVerified(lastPreview) ? lastPreview : undefined;
    const preview = previewOf(steps, former?.onRelease ?? inputs.onRelease, last);
    const cap = beyondCaps(preview, steps.release, former, settings, session);
    if (cap !== undefined) return { failures: [cap] };
    await warnOfBalance(account, preview.dueNow ?? 0, report);
    return { preview, orgId, continuing: steps.continuing, hidden: steps.hidden };
  } catch (error) {
    if (!isTrouble(error)) throw error;
    return unverified(messageOf(error), orgId);
  }
}

function adviceOn({ differing }: Plan): string[] {
  return differing === 0
    ? []
    : ['adopt: "always" takes over SIMs that are active on other terms, and changes them'];
}

/**
 * An activation that the balance does not cover is refused by Hologram. What it says of itself is advice only: some
 * contracts are not prepaid, and other charges may come first.
 */
async function warnOfBalance(account: Account, dueNow: number, report: RowReporter): Promise<void> {
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

/** Every SIM that is the fleet's when the plan is carried out, as far as its ICCID is known. */
export function iccidsOf({ keep, adopt, claim }: Plan): string[] {
  return [...keep.map((sim) => sim.iccid), ...adopt.map((sim) => sim.iccid), ...claim];
}

/** The account could not be read just now; that says nothing against the declaration. */
function isTrouble(error: unknown): boolean {
  if (error instanceof KeyRefusedError || error instanceof RoleTooLowError) return false;
  return (
    error instanceof ApiError || error instanceof UnreachableError || error instanceof UnreadableAnswerError
  );
}

/** `check` never sees outputs: what was declared before is taken as held. */
function heldBefore(
  inputs: FleetInputs,
  former: FleetInputs | undefined,
  last: Preview | UnverifiedPreview | undefined,
  hidden: number,
): Held {
  if (former?.sims === undefined || !sharesSims(inputs, former)) return nothingHeld;
  const { sims, expectedSims = 0 } = former;
  const declared = sims.form === "list" ? sims.iccids.length : expectedSims;
  const counted = last !== undefined && isVerified(last) ? last.simCount : 0;
  const most = Math.max(counted + hidden, declared);
  // Whatever was declared then and is not there was never counted by a preview: it is counted now.
  if (last === undefined || !isVerified(last) || last.unverified !== undefined) {
    return { kind: "declared", former: sims, count: 0, most, unapproved: true };
  }
  return { kind: "declared", former: sims, count: Math.max(counted, declared), most };
}

function beyondCaps(
  preview: Preview,
  release: readonly HeldSim[],
  former: FleetInputs | undefined,
  settings: Settings,
  session: Session,
): string | undefined {
  if (former?.onRelease === "deactivate" && release.length > settings.maxDeactivations) {
    return tooManyDeactivations(release.length, settings);
  }
  const caps = { ...session.caps(settings), spent: { activations: 0, dueNow: 0 } };
  return countBeyondCaps(preview.activate, preview.dueNow ?? 0, caps);
}
