import { countBeyondCaps } from "../fleet/bounds";
import { type Held, type HeldSim, nothingHeld } from "../fleet/declaration";
import { groupByReason, messageOf } from "../fleet/errors";
import { countOfSims } from "../fleet/money";
import { observe } from "../fleet/observe";
import { plan } from "../fleet/plan";
import { isVerified, type Preview, previewOf, settled, type UnverifiedPreview } from "../fleet/preview";
import {
  ApiError,
  KeyRefusedError,
  RoleTooLowError,
  UnreachableError,
  UnreadableAnswerError,
} from "../hologram/errors";
import { tooManyDeactivations } from "./change";
import type { Settings } from "./configuration";
import { frozenChanges } from "./frozen";
import { declarationOf, type FleetInputs, parseInputs, previewIn } from "./inputs";
import type { RowReporter } from "./progress";
import type { Session } from "./session";
import { isUnknown, type PlainObject, type Props, plain } from "./values";

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
  news: Props,
  report: RowReporter,
): Promise<CheckResult> {
  const parsed = parseInputs(news);
  if ("problems" in parsed) return fail(news, parsed.problems);
  const before = parseInputs(olds);
  const former = "inputs" in before ? before.inputs : undefined;
  const { inputs } = parsed;

  const problems = [...notYet(inputs, former), ...contradictions(inputs, former)];
  if (problems.length > 0) return fail(news, problems);
  for (const note of [...inputs.notes, ...notesOnChange(inputs, former)]) report.warn(note);
  if (inputs.sims !== undefined) session.checked.checked(inputs.sims.selection);

  const orgId = inputs.orgId ?? former?.orgId;
  const lastPreview = previewIn(olds);
  if (
    former !== undefined &&
    lastPreview &&
    isVerified(lastPreview) &&
    isSettled(inputs, former, lastPreview)
  ) {
    return succeed(news, { ...inputs, orgId }, settled(lastPreview), 0);
  }
  try {
    const looked = await look(session, { ...inputs, orgId }, former, lastPreview, report);
    if ("failures" in looked) return fail(news, looked.failures);
    report.progress(
      isVerified(looked.preview) ? looked.preview.summary : `not verified: ${looked.preview.unverified}`,
    );
    return succeed(news, { ...inputs, orgId: looked.orgId }, looked.preview, looked.continuing);
  } catch (error) {
    return fail(news, [messageOf(error)]);
  }
}

type Looked =
  | {
      readonly preview: Preview | UnverifiedPreview;
      readonly orgId: number | undefined;
      readonly continuing: number;
    }
  | { readonly failures: readonly string[] };

/** Looks at the account. What cannot be read leaves the preview unverified; what certainly cannot be done fails it. */
async function look(
  session: Session,
  inputs: FleetInputs,
  former: FleetInputs | undefined,
  lastPreview: Preview | UnverifiedPreview | undefined,
  report: RowReporter,
): Promise<Looked> {
  const declaration = declarationOf(inputs);
  const unverified = (reason: string, orgId = inputs.orgId): Looked => {
    return { preview: { unverified: reason }, orgId, continuing: 0 };
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
    const held: Held = former?.sims === undefined ? nothingHeld : heldBefore(inputs, former);
    const steps = plan(declaration, held, await observe(account, declaration, held));
    if (steps.refusals.length > 0) return { failures: groupByReason(steps.refusals) };
    const last = lastPreview && isVerified(lastPreview) ? lastPreview : undefined;
    const preview = previewOf(steps, former?.onRelease ?? inputs.onRelease, last);
    const cap = beyondCaps(preview, steps.release, former, settings, session);
    if (cap !== undefined) return { failures: [cap] };
    return { preview, orgId, continuing: steps.continuing };
  } catch (error) {
    if (!isTrouble(error)) throw error;
    return unverified(messageOf(error), orgId);
  }
}

/** The account could not be read just now; that says nothing against the declaration. */
function isTrouble(error: unknown): boolean {
  if (error instanceof KeyRefusedError || error instanceof RoleTooLowError) return false;
  return (
    error instanceof ApiError || error instanceof UnreachableError || error instanceof UnreadableAnswerError
  );
}

function heldBefore(inputs: FleetInputs, former: FleetInputs): Held {
  if (former.sims === undefined || !sharesSims(inputs, former)) return nothingHeld;
  return { kind: "declared", former: former.sims };
}

/** A selection that shares nothing with the former is a replace: a new fleet. What is not known yet is taken as shared. */
function sharesSims(inputs: FleetInputs, former: FleetInputs): boolean {
  const [now, then] = [inputs.sims, former.sims];
  return now === undefined || then === undefined || now.selection.overlaps(then.selection);
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

/** The same SIMs, plan, zone and limits, and a count that still holds: there is nothing to look for. */
function isSettled(inputs: FleetInputs, former: FleetInputs, last: Preview): boolean {
  const [now, then] = [inputs.sims, former.sims];
  if (inputs.unknown.length > 0 || now === undefined || then === undefined) return false;
  if (last.drift !== undefined || !now.selection.equals(then.selection)) return false;
  const recount = inputs.expectedSims !== former.expectedSims && inputs.expectedSims !== undefined;
  return !recount || (last.unverified === undefined && inputs.expectedSims === last.simCount);
}

/** What may not change after create in this version, each with its reason. */
function notYet(inputs: FleetInputs, former: FleetInputs | undefined): string[] {
  const problems: string[] = [];
  if (inputs.adopt === "always") {
    problems.push(
      'adopt: "always" is not supported in this version; "matching" takes over SIMs that agree already',
    );
  }
  if (inputs.waitForLiveSeconds > 0)
    problems.push("waitForLiveSeconds: not supported in this version; leave it out");
  if (former === undefined || !sharesSims(inputs, former)) return problems;
  const { plan, zone, tagId, limits } = former;
  const then = {
    plan,
    zone,
    tagId,
    overageLimit: undefined,
    threshold: undefined,
    smsLimit: undefined,
    ...limits,
  };
  return [...problems, ...frozenChanges(inputs, (name) => then[name])];
}

/** What a reviewer might take for more than it does. */
function notesOnChange(inputs: FleetInputs, former: FleetInputs | undefined): string[] {
  if (former === undefined) return [];
  const notes = Object.keys(former.limits)
    .filter((name) => !(name in inputs.limits) && !inputs.unknown.includes(name))
    .map((name) => `${name} is no longer declared: the SIMs keep the value they have`);
  const shrinks = inputs.sims && former.sims && !inputs.sims.selection.covers(former.sims.selection);
  if (shrinks && inputs.onRelease !== former.onRelease) {
    notes.push(
      `the SIMs that leave follow the recorded onRelease "${former.onRelease}"; ` +
        `"${inputs.onRelease}" holds for SIMs that leave after this update`,
    );
  }
  return notes;
}

/** What contradicts the record, and what the inputs alone contradict. */
function contradictions(inputs: FleetInputs, former: FleetInputs | undefined): string[] {
  const problems: string[] = [];
  if (inputs.orgId !== undefined && former?.orgId !== undefined && inputs.orgId !== former.orgId) {
    problems.push(
      `orgId: the SIMs belong to organization ${former.orgId}, and changing it to ${inputs.orgId} is not supported: ` +
        "SIMs move between organizations by a transfer in the dashboard, which drops their tags",
    );
  }
  const { sims, expectedSims } = inputs;
  if (sims?.form === "list" && expectedSims !== undefined && expectedSims !== sims.iccids.length) {
    problems.push(
      `expectedSims is ${expectedSims}, but the selection holds ${countOfSims(sims.iccids.length)}`,
    );
  }
  return problems;
}

function fail(news: Props, reasons: readonly string[]): CheckResult {
  return { inputs: plain(news), failures: reasons.map((reason) => ({ property: "", reason })) };
}

/** The program's own inputs with their defaults, the organization, and the preview. Unknown ones stay unknown. */
function succeed(
  news: Props,
  inputs: FleetInputs,
  preview: Preview | UnverifiedPreview,
  continuing: number,
): CheckResult {
  const { zone, adopt, onRelease, waitForLiveSeconds, orgId } = inputs;
  const withDefaults = { zone, adopt, onRelease, waitForLiveSeconds, orgId };
  const unknown = Object.fromEntries(Object.entries(news).filter(([, value]) => isUnknown(value)));
  const continues = continuing > 0 ? { __continues: continuing } : {};
  return { inputs: plain({ ...news, ...withDefaults, ...unknown, preview, ...continues }), failures: [] };
}
