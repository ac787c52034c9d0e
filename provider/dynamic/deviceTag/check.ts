import { openOrganization } from "../../account/organizations";
import { messageOf } from "../../fleet/model/errors";
import {
  ApiError,
  KeyRefusedError,
  RoleTooLowError,
  UnreachableError,
  UnreadableAnswerError,
} from "../../hologram/errors";
import type { RowReporter } from "../host/progress";
import type { Session } from "../host/session";
import { dropUndefined, type PlainObject, type Props, plain, quote } from "../wire/values";
import type { DeclaredTags } from "./declaredTags";
import { tagNamed } from "./find";
import { parseTag, type TagInputs } from "./inputs";

export interface CheckResult {
  readonly inputs: PlainObject;
  readonly failures: { readonly property: string; readonly reason: string }[];
}

/**
 * Validates the inputs, writes the organization into them, and says on the row whether a tag is created or taken over.
 * Unchanged inputs send no request. An account that cannot be read just now says nothing against the declaration.
 */
export async function check(
  session: Session,
  declared: DeclaredTags,
  olds: Props,
  news: Props,
  report: RowReporter,
): Promise<CheckResult> {
  const parsed = parseTag(news);
  if ("problems" in parsed) return fail(news, parsed.problems);
  const { inputs } = parsed;
  const before = parseTag(olds);
  const former = "inputs" in before ? before.inputs : undefined;
  const orgId = inputs.unknown.includes("orgId") ? undefined : (inputs.orgId ?? former?.orgId);
  const isSettled = orgId !== undefined && orgId === former?.orgId && inputs.name === former.name;
  try {
    const looked = isSettled ? orgId : await look(session, { ...inputs, orgId }, report);
    if (looked !== undefined && inputs.name !== undefined) declared.declare(looked, inputs.name);
    const known = dropUndefined({ name: inputs.name, orgId: looked });
    return { inputs: plain({ ...news, ...known }), failures: [] };
  } catch (error) {
    return fail(news, [messageOf(error)]);
  }
}

/** Looks at the account, and tells its organization as far as it is known. */
async function look(session: Session, inputs: TagInputs, report: RowReporter): Promise<number | undefined> {
  const { name, unknown } = inputs;
  if (unknown.includes("orgId") || name === undefined) {
    report.progress(`not verified: not known before the update: ${unknown.join(", ")}`);
    return inputs.orgId;
  }
  const settings = session.settings();
  const named = inputs.orgId ?? settings.orgId;
  if (settings.apiKey === undefined) {
    report.progress("not verified: no API key");
    return named;
  }
  try {
    const { orgId, client } = await openOrganization(session, settings, inputs.orgId, report);
    const found = tagNamed(await client.tags(orgId), name, report);
    report.progress(
      found === undefined
        ? `creates tag ${quote(name)} in organization ${orgId}`
        : `takes over tag ${found.id} ${quote(name)}, which exists already`,
    );
    return orgId;
  } catch (error) {
    if (!isTrouble(error)) throw error;
    report.progress(`not verified: ${messageOf(error)}`);
    return named;
  }
}

/** The account could not be read just now. A key that is refused, or may not read, will not do better later. */
function isTrouble(error: unknown): boolean {
  if (error instanceof KeyRefusedError || error instanceof RoleTooLowError) return false;
  return (
    error instanceof ApiError || error instanceof UnreachableError || error instanceof UnreadableAnswerError
  );
}

function fail(news: Props, reasons: readonly string[]): CheckResult {
  return { inputs: plain(news), failures: reasons.map((reason) => ({ property: "", reason })) };
}
