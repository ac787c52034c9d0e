import { isRefusal, nameSome } from "../../fleet/model/fleetErrors";
import { countOfSims, isOrAre } from "../../fleet/model/money";
import { sameZone } from "../../fleet/model/terms";
import { printIntervals } from "../../fleet/numbers/range";
import {
  describeUnverified,
  hasWork,
  isVerified,
  type Preview,
  type Release,
  settled,
  type UnverifiedPreview,
} from "../../fleet/plan/preview";
import type { Shared } from "../../fleet/run/declaredSims";
import type { RowReporter } from "../host/engineLog";
import type { Session } from "../host/session";
import { contradictions, notesOnChange } from "../inputs/contradictions";
import { defaultsIn, type FleetInputs, limitsEdited, parseInputs } from "../inputs/parse";
import {
  asSecret,
  type HiddenInputs,
  hiddenInputsOf,
  rowOf,
  withoutHidden,
  writeHidden,
} from "../wire/hiddenInputs";
import { packApproval } from "../wire/packedApproval";
import { PREVIEWED, previewIn } from "../wire/previewInput";
import { takeProgramFacts } from "../wire/registration";
import { isUnknown, type Plain, type PlainObject, type Props, plain } from "../wire/values";
import { beyondTold, boundByPreview, type Told, tellForUpdate } from "./approvedEarlier";
import { type Computed, computePreview, type Finding } from "./computePreview";

export interface CheckResult {
  readonly inputs: PlainObject;
  readonly failures: { readonly property: string; readonly reason: string }[];
}

/**
 * Validates the inputs and writes `preview` into them, with the roll and the approval: the one hook that runs before
 * anything is spent, and whose result the reviewer, the policies and a saved plan see. Unchanged inputs send no request.
 */
export async function check(
  session: Session,
  olds: Props,
  news: Props,
  report: RowReporter,
): Promise<CheckResult> {
  try {
    return await checked(session, olds, news, report);
  } catch (error) {
    // A refusal is a failure of the inputs; a fault of this package is not.
    if (isRefusal(error)) return fail(news, [error.message]);
    throw error;
  }
}

async function checked(
  session: Session,
  olds: Props,
  given: Props,
  report: RowReporter,
): Promise<CheckResult> {
  const { props, facts } = takeProgramFacts(given);
  const news = withoutHidden(props);
  const atOdds = facts.settings && session.settingsAtOdds(facts.settings);
  if (atOdds !== undefined) {
    if (atOdds.errors.length > 0) return fail(news, atOdds.errors);
    for (const warning of atOdds.warnings) session.warnOnce(warning, report);
  }
  const parsed = parseInputs(news);
  if ("problems" in parsed) return fail(news, parsed.problems);
  const before = parseInputs(olds);
  const former = "inputs" in before ? before.inputs : undefined;
  const { inputs } = parsed;
  const problems = contradictions(inputs, former);
  if (problems.length > 0) return fail(news, problems);
  for (const note of [...inputs.notes, ...notesOnChange(inputs, former)]) report.warn(note);

  const hidden = hiddenInputsOf(olds, former?.sims);
  const urn = rowOf(news).urn ?? "";
  const isPreview = facts.isDryRun === true;
  const found = await compute(session, {
    ...{ olds, news, inputs, former, hidden, report },
    isDryRun: isPreview,
  });
  if ("failures" in found) return fail(news, found.failures);
  const { sims, unknown } = inputs;
  const isLate = unknown.some((name) => PREVIEWED.has(name));
  const about = { urn, sims, isNew: former === undefined, isLate };
  const isUpdate = facts.isDryRun === false;
  const computed = isUpdate ? boundByPreview(session.program, { ...about, computed: found }) : found;
  // What is created now could not be held to its organization later: the next check sees inputs alone.
  if (isUpdate && computed.orgId === undefined && session.settings().apiKey !== undefined) {
    return fail(news, [found.preview.unverified ?? "the organization is not known"]);
  }
  if (isVerified(computed.preview) && !isVerified(found.preview)) {
    report.warn(
      `the account could not be read again (${found.preview.unverified}): what the preview told holds`,
    );
  }
  if (sims !== undefined) {
    const roll = computed.roll ?? (sims.form === "list" ? sims.iccids : []);
    session.program.declare(urn, sims, sims.form === "eids" ? roll : []);
    const shared = session.program.sharedBy(urn, sims, roll);
    if (shared !== undefined) return fail(news, [sharedSentence(shared)]);
  }
  const told: Told = { ...about, computed };
  const leaves = (former ?? session.replaced.get(urn)?.release ?? inputs).onRelease;
  if (isPreview) {
    const remark = tellForUpdate(session.program, told, leaves);
    if (remark !== undefined) session.warnOnce(remark, report);
  } else if (isUpdate) {
    const beyond = beyondTold(session.program, told);
    if (beyond !== undefined) return fail(news, [beyond]);
  }
  const { preview } = computed;
  const replaced = former === undefined ? session.replaced.get(urn)?.release : undefined;
  const row = rowOfPreview(preview, replaced);
  if (isVerified(preview) && preview.unverified !== undefined) report.warn(notVerified(preview.unverified));
  const change = isPreview && !isNothing(preview) ? row : undefined;
  report.progress(row);
  if (change !== undefined && former === undefined) session.tellPreview(urn, change, report);
  session.checked.set(urn, {
    ...{ isPreview, change },
    hasLooked: isVerified(preview) && !computed.isSettled,
    doubt: isVerified(preview) ? [] : [row],
  });
  return succeed(news, { ...inputs, orgId: computed.orgId }, computed, hidden);
}

interface Question {
  readonly olds: Props;
  readonly news: Props;
  readonly inputs: FleetInputs;
  readonly former: FleetInputs | undefined;
  readonly hidden: HiddenInputs;
  readonly isDryRun: boolean;
  readonly report: RowReporter;
}

/** Settled where the inputs are those of last time and nothing has been found since; else by a look at the account. */
async function compute(
  session: Session,
  { olds, news, inputs, former, hidden, isDryRun, report }: Question,
): Promise<Finding> {
  const urn = rowOf(news).urn ?? "";
  if (former?.orgId !== undefined) session.formerOrganizations.set(urn, former.orgId);
  const orgId = inputs.orgId ?? session.formerOrganizations.get(urn);
  const last = previewIn(olds);
  if (
    former !== undefined &&
    last &&
    isVerified(last) &&
    !hidden.looksAgain &&
    isSettled(inputs, former, last)
  ) {
    return { preview: settled(last), approval: undefined, roll: hidden.roll, orgId, isSettled: true };
  }
  const { roll, devices } = hidden;
  return computePreview(session, {
    ...{ urn, former, last, roll, devices, isDryRun, report },
    inputs: { ...inputs, orgId },
  });
}

/** The same SIMs, plan, zone and limits, and a count that still holds: there is nothing to look for. */
function isSettled(inputs: FleetInputs, former: FleetInputs, last: Preview): boolean {
  const [now, then] = [inputs.sims, former.sims];
  if (inputs.unknown.some((name) => name !== "tagId") || now === undefined || then === undefined)
    return false;
  if (last.drift !== undefined || !now.selection.equals(then.selection)) return false;
  if (inputs.plan !== former.plan || !sameZone(inputs.zone, former.zone)) return false;
  if (limitsEdited(inputs, former)) return false;
  const recount = inputs.expectedSims !== former.expectedSims && inputs.expectedSims !== undefined;
  return !recount || (last.unverified === undefined && inputs.expectedSims === last.simCount);
}

/**
 * The preview in a line. If part of it could not be verified, and is therefore not activated, that must not get lost behind
 * the rest.
 */
function rowOfPreview(preview: Preview | UnverifiedPreview, replaced: Release | undefined): string {
  const doubt = preview.unverified === undefined ? undefined : notVerified(preview.unverified);
  if (!isVerified(preview)) return `${doubt}${describeUnverified(preview, replaced)}`;
  return doubt === undefined ? preview.summary : `${preview.summary}; ${doubt}`;
}

function notVerified(why: string): string {
  return `not verified: ${why.replace(/\.$/, "")}`;
}

/** Nothing is to be done, for certain. */
function isNothing(preview: Preview | UnverifiedPreview): boolean {
  return isVerified(preview) && !hasWork(preview);
}

function sharedSentence(shared: Shared): string {
  const name = shared.fleet.split("::").at(-1) ?? shared.fleet;
  const [what, numbers] =
    "iccids" in shared
      ? [`${countOfSims(shared.iccids.length)} ${isOrAre(shared.iccids.length)}`, shared.iccids]
      : ["the same numbers are", shared.numbers.intervals().map((each) => printIntervals([each]))];
  return (
    `${what} declared by ${name} too: ${nameSome(numbers)}. ` +
    "A SIM belongs to one fleet of a program; nothing was sent"
  );
}

function fail(news: Props, reasons: readonly string[]): CheckResult {
  return { inputs: plain(news), failures: reasons.map((reason) => ({ property: "", reason })) };
}

/** The program's own inputs with their defaults, the organization, and the preview. Unknown ones stay unknown. */
function succeed(
  news: Props,
  inputs: FleetInputs,
  { preview, approval, roll }: Computed,
  before: HiddenInputs,
): CheckResult {
  const unknown = Object.fromEntries(Object.entries(news).filter(([, value]) => isUnknown(value)));
  const { isSecret } = rowOf(news);
  const written = plain({
    preview,
    ...writeHidden({
      roll,
      sims: inputs.sims,
      devices: devicesOf(before, roll),
      approval: packApproval(approval, { roll: roll ?? [], leaving: before.roll ?? [] }),
    }),
  });
  const secret = (value: Plain): Plain => (isSecret ? asSecret(value) : value);
  const own = Object.fromEntries(Object.entries(written).map(([key, value]) => [key, secret(value)]));
  const { orgId } = inputs;
  return { inputs: plain({ ...news, ...defaultsIn(inputs), orgId, ...unknown, ...own }), failures: [] };
}

function devicesOf(
  { devices }: HiddenInputs,
  roll: readonly string[] = [],
): HiddenInputs["devices"] | undefined {
  const known = Object.entries(devices);
  if (known.length === 0) return undefined;
  const names = new Set(roll);
  return Object.fromEntries(known.filter(([iccid]) => names.has(iccid)));
}
