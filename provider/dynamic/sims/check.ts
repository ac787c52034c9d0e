import { messageOf } from "../../fleet/model/errors";
import { sameZone } from "../../fleet/model/terms";
import { isVerified, type Preview, settled, type UnverifiedPreview } from "../../fleet/plan/preview";
import type { RowReporter } from "../host/progress";
import type { Session } from "../host/session";
import { contradictions, notesOnChange } from "../inputs/contradictions";
import { defaultsIn, type FleetInputs, LIMITS, parseInputs } from "../inputs/parse";
import { takeProgramFacts } from "../inputs/programFacts";
import { previewIn } from "../wire/preview";
import { isUnknown, type PlainObject, type Props, plain } from "../wire/values";
import { look } from "./computePreview";

export interface CheckResult {
  readonly inputs: PlainObject;
  readonly failures: { readonly property: string; readonly reason: string }[];
}

/**
 * Validates the inputs and writes `preview` into them: the one hook that runs before anything is spent, and whose
 * result the reviewer, the policies and a saved plan see. Unchanged inputs send no request.
 */
export async function check(
  session: Session,
  olds: Props,
  given: Props,
  report: RowReporter,
): Promise<CheckResult> {
  const { props: news, facts } = takeProgramFacts(given);
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
  if (inputs.sims !== undefined) session.checked.checked(inputs.sims);
  session.doubts.remember(news.__urn, former?.sims?.selection);

  const orgId = inputs.orgId ?? former?.orgId;
  const lastPreview = previewIn(olds);
  const hidden = typeof olds.__hidden === "number" ? olds.__hidden : 0;
  if (
    former !== undefined &&
    lastPreview &&
    isVerified(lastPreview) &&
    isSettled(inputs, former, lastPreview)
  ) {
    return succeed(news, { ...inputs, orgId }, settled(lastPreview), { continuing: 0, hidden });
  }
  try {
    const looked = await look(session, { ...inputs, orgId }, former, lastPreview, hidden, report);
    if ("failures" in looked) return fail(news, looked.failures);
    tell(looked.preview, report);
    return succeed(news, { ...inputs, orgId: looked.orgId }, looked.preview, looked);
  } catch (error) {
    return fail(news, [messageOf(error)]);
  }
}

/** On the row. That a part of the SIMs cannot be told, and is not activated, must not be lost behind what can. */
function tell(preview: Preview | UnverifiedPreview, report: RowReporter): void {
  const doubt = preview.unverified === undefined ? undefined : `not verified: ${preview.unverified}`;
  if (isVerified(preview)) {
    report.progress(doubt === undefined ? preview.summary : `${preview.summary}; ${doubt}`);
    if (doubt !== undefined) report.warn(doubt);
  } else if (doubt !== undefined) report.progress(doubt);
}

/** The same SIMs, plan, zone and limits, and a count that still holds: there is nothing to look for. */
function isSettled(inputs: FleetInputs, former: FleetInputs, last: Preview): boolean {
  const [now, then] = [inputs.sims, former.sims];
  if (inputs.unknown.some((name) => name !== "tagId") || now === undefined || then === undefined)
    return false;
  if (last.drift !== undefined || !now.selection.equals(then.selection)) return false;
  if (inputs.plan !== former.plan || !sameZone(inputs.zone, former.zone)) return false;
  if (
    LIMITS.some((name) => inputs.limits[name] !== undefined && inputs.limits[name] !== former.limits[name])
  ) {
    return false;
  }
  const recount = inputs.expectedSims !== former.expectedSims && inputs.expectedSims !== undefined;
  return !recount || (last.unverified === undefined && inputs.expectedSims === last.simCount);
}

function fail(news: Props, reasons: readonly string[]): CheckResult {
  return { inputs: plain(news), failures: reasons.map((reason) => ({ property: "", reason })) };
}

/** The program's own inputs with their defaults, the organization, and the preview. Unknown ones stay unknown. */
function succeed(
  news: Props,
  inputs: FleetInputs,
  preview: Preview | UnverifiedPreview,
  { continuing, hidden }: { readonly continuing: number; readonly hidden: number },
): CheckResult {
  const withDefaults = { ...defaultsIn(inputs), orgId: inputs.orgId };
  const unknown = Object.fromEntries(Object.entries(news).filter(([, value]) => isUnknown(value)));
  const own = {
    ...(continuing > 0 ? { __continues: continuing } : {}),
    ...(hidden > 0 ? { __hidden: hidden } : {}),
  };
  return { inputs: plain({ ...news, ...withDefaults, ...unknown, preview, ...own }), failures: [] };
}
