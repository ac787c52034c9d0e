import type { Account } from "../../fleet/model/account";
import type { Approval } from "../../fleet/model/approval";
import type { Declaration, DeclaredSims, OnRelease } from "../../fleet/model/declaration";
import { messageOf } from "../../fleet/model/fleetErrors";
import type { RecordedSim } from "../../fleet/model/record";
import { isBilled, standingOf } from "../../fleet/model/standing";
import { readDeclared } from "../../fleet/observe/observe";
import { findPrice, type Price } from "../../fleet/observe/price";
import { isVerified, type Preview, type UnverifiedPreview } from "../../fleet/plan/preview";
import { previewFleet } from "../../fleet/run/previewFleet";
import { isUnread } from "../../hologram/errors";
import { defined } from "../../util/defined";
import type { RowReporter } from "../host/engineLog";
import type { Session } from "../host/session";
import { declarationOf } from "../inputs/parse";
import type { Devices } from "../wire/hiddenInputs";
import { mayBeLanding, warnOfBalance, warnOfDoubts } from "./previewAdvice";
import { amountTold, countAgainstCaps } from "./toldAmounts";
import { toldUnseen, type Unseen } from "./toldUnseen";

/** What `check` found out. */
export interface Computed {
  readonly preview: Preview | UnverifiedPreview;
  /** Absent where nothing is to be done, or nothing could be told. */
  readonly approval: Approval | undefined;
  /** ICCIDs that the declaration comes to; absent where nobody can name them. */
  readonly roll: readonly string[] | undefined;
  readonly orgId: number | undefined;
  readonly isSettled: boolean;
}

export type Finding = Computed | { readonly failures: readonly string[] };

export interface PreviewInputs extends Unseen {
  readonly urn: string;
  readonly devices: Devices;
  /** In the preview phase of a command. */
  readonly isDryRun: boolean;
  readonly report: RowReporter;
}

/** Looks at the account. What cannot be read leaves the preview unverified; what certainly cannot be done fails it. */
export async function computePreview(session: Session, asked: PreviewInputs): Promise<Finding> {
  const { inputs, former, report } = asked;
  const declaration = declarationOf(inputs, former?.zone);
  const replaced = former === undefined ? session.replaced.get(asked.urn) : undefined;
  const unverified = (reason: string, orgId = inputs.orgId, price?: Price): Finding => {
    const { preview: told, approval, roll } = toldUnseen(asked, declaration, price);
    const preview = { unverified: reason, ...told, ...defined({ release: replaced?.release.count }) };
    const leaves = replaced?.release.onRelease ?? (former ?? inputs).onRelease;
    // What cannot be priced now the update may be able to price, and then holds against the cap.
    const cap = asked.isDryRun
      ? countAgainstCaps(session, asked.urn, amountTold(preview, leaves), { isPriced: true, counts: true })
      : undefined;
    if (cap !== undefined) return { failures: [`${cap}; nothing was sent`] };
    return { preview, approval, roll, orgId, isSettled: false };
  };
  if (declaration === undefined || inputs.unknown.includes("orgId")) {
    return unverified(`not known before the update: ${inputs.unknown.join(", ")}`);
  }
  if (former !== undefined) expectReplace(session, asked, former.onRelease);
  else if (session.replacedUnseen.has(asked.urn)) return unverified(UNSEEN_REPLACED);
  const settings = session.settings();
  if (settings.apiKey === undefined) return unverified("no API key", inputs.orgId ?? settings.orgId);
  let orgId = inputs.orgId;
  let account: Account | undefined;
  try {
    orgId = await session.resolveOrganization(settings, orgId, report);
    account = await session.account(settings, orgId, report);
    const roll = await formerRoll(account, asked);
    if (roll === undefined) return { failures: [UNKNOWN_FORMER_SIMS] };
    const program = session.program.inUpdate(asked.urn);
    const onRelease = former?.onRelease ?? inputs.onRelease;
    const { last } = asked;
    const result = await previewFleet(
      { account, program },
      {
        declaration,
        roll: roll.map((iccid) => recorded(iccid, asked.devices)),
        onRelease,
        last: last && isVerified(last) ? last : undefined,
        replaced,
      },
    );
    if ("refusals" in result) {
      const landing =
        !result.hasDiffering &&
        (await mayBeLanding(session, { account, settings }, declaration.sims.selection));
      if (landing) return unverified(landing, orgId);
      const isOwn = former !== undefined && result.hasDiffering;
      return { failures: isOwn ? [...result.refusals, PERHAPS_OWN] : result.refusals };
    }
    if (former !== undefined) {
      session.replaced.set(asked.urn, result.replaced);
      session.replacedUnseen.delete(asked.urn);
    }
    const { preview, approval } = result;
    await warnOfBalance(account, preview.dueNow ?? 0, report);
    await warnOfDoubts(session, { account, settings, report }, approval);
    const leaves = replaced?.release.onRelease ?? onRelease;
    const own = amountTold(preview, leaves);
    // In the update phase what is spent is counted, before it is sent.
    const cap = countAgainstCaps(session, asked.urn, own, {
      isPriced: result.isPriced,
      counts: asked.isDryRun,
    });
    if (cap !== undefined) return { failures: [`${cap}; nothing was sent`] };
    return { preview, approval, roll: result.roll, orgId, isSettled: false };
  } catch (error) {
    if (!isUnread(error)) throw error;
    const { approval } = toldUnseen(asked, declaration, undefined);
    const mayTell = approval !== undefined && !/^\/plans/.test(error.place.path);
    const price = account && mayTell ? await priceOf(account, declaration) : undefined;
    return unverified(messageOf(error), orgId, price);
  }
}

/** The account answered something badly; perhaps it tells the price all the same. */
async function priceOf(
  account: Account,
  { plan, zone }: Pick<Declaration, "plan" | "zone">,
): Promise<Price | undefined> {
  try {
    const finding = await findPrice(account, plan, zone);
    return "price" in finding ? finding.price : undefined;
  } catch (error) {
    if (!isUnread(error)) throw error;
    return undefined;
  }
}

function recorded(iccid: string, devices: Devices): RecordedSim {
  const [deviceId, linkId] = devices[iccid] ?? [];
  return deviceId === undefined || linkId === undefined ? { iccid } : { iccid, deviceId, linkId };
}

/**
 * The SIMs that the former declaration came to. Where an older package, or a preview that could not name them, left no
 * roll, what the account lists of that declaration is taken for it, as long as the count agrees.
 */
async function formerRoll(
  account: Account,
  { former, last, roll }: PreviewInputs,
): Promise<readonly string[] | undefined> {
  if (former?.sims === undefined) return [];
  if (roll !== undefined) return roll;
  const listed = await activeIn(account, former.sims);
  const counted = last !== undefined && isVerified(last) ? last.simCount : former.expectedSims;
  const count = counted ?? (former.sims.form === "list" ? former.sims.iccids.length : undefined);
  if (listed.length === count) return listed;
  // Nothing was told of any SIM, and none is active: then none belongs to the fleet yet.
  if (listed.length === 0 && last !== undefined && !isVerified(last)) return [];
  // A list names its SIMs itself; what is not active of it is lost or open, and an operation goes by the record.
  return former.sims.form === "list" ? former.sims.iccids : undefined;
}

async function activeIn(account: Account, sims: DeclaredSims): Promise<string[]> {
  const shown = await readDeclared(account, sims);
  return [...shown].flatMap(([iccid, sim]) => (isBilled(standingOf(sim)) ? [iccid] : []));
}

const PERHAPS_OWN =
  "SIMs that this fleet itself activated in a change that then failed, and eSIMs of it that show another ICCID, are its own " +
  "again after `pulumi refresh`";

const UNSEEN_REPLACED = "nobody could tell which SIMs of the former declaration are released";

const UNKNOWN_FORMER_SIMS =
  "which SIMs of the former declaration belong to this fleet is not known: run `pulumi refresh`, then go on";

/** In case this turns out to be a replace and the account cannot be read: assume that every SIM on the roll is released. */
function expectReplace(
  { replaced, replacedUnseen }: Session,
  { urn, roll }: PreviewInputs,
  onRelease: OnRelease,
): void {
  if (roll === undefined) replacedUnseen.add(urn);
  else {
    const release = { count: roll.length, onRelease, isReplace: true };
    replaced.set(urn, { release, roll, unseen: roll, devices: new Set() });
  }
}
