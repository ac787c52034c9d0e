import { openOrganization } from "../../account/organizations";
import type { RowReporter } from "../host/progress";
import type { Session } from "../host/session";
import { type PlainObject, type Props, plain, quote } from "../wire/values";
import { readTag } from "./state";

export interface ReadResult {
  /** Empty where the tag is gone: the engine then drops the resource, and the next `up` creates the tag again. */
  readonly id: string;
  readonly props: PlainObject;
  /** Only where somebody renamed the tag. */
  readonly inputs?: PlainObject;
}

/**
 * Reads the tag by its id. Unlike a fleet, a tag that is gone is really gone: no money hangs on it. A tag that was
 * renamed elsewhere shows its new name, so that the next preview tells of the replacement.
 */
export async function read(
  session: Session,
  id: string,
  props: Props,
  report: RowReporter,
): Promise<ReadResult> {
  const { tagId, name, orgId } = readTag(props);
  const { client } = await openOrganization(session, session.settings(), orgId, report);
  const tag = (await client.tags(orgId)).find((each) => each.id === tagId);
  if (tag === undefined) {
    report.warn(`tag ${tagId} ${quote(name)} is gone; the next \`pulumi up\` creates it again`);
    return { id: "", props: {} };
  }
  if (tag.name.trim() === name) return { id, props: plain(props) };
  const drifted = { ...props, name: tag.name.trim() };
  return { id, props: plain(drifted), inputs: plain({ name: drifted.name, orgId, __urn: props.__urn }) };
}
