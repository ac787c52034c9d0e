import { type OpenOrganization, openOrganization } from "../../account/organizations";
import { FleetError } from "../../fleet/model/errors";
import { ApiError, DoubtfulError } from "../../hologram/errors";
import type { RowReporter } from "../host/progress";
import type { Session } from "../host/session";
import { type Props, quote } from "../wire/values";
import type { DeclaredTags } from "./declaredTags";
import { readTag } from "./state";

/**
 * Deletes the tag, which takes it off its devices. Idempotent: a tag that is gone already is done. Left alone are a tag
 * that was there before this resource, and one that the program still declares under another resource.
 */
export async function remove(
  session: Session,
  declared: DeclaredTags,
  props: Props,
  report: RowReporter,
): Promise<void> {
  const { tagId, name, orgId, adopted } = readTag(props);
  const tag = `tag ${tagId} ${quote(name)}`;
  if (declared.declares(orgId, name)) {
    report.info(`${tag} stays: the program declares it`);
    return;
  }
  if (adopted) {
    report.info(
      `${tag} stays: it was there before it was declared. Delete it in the dashboard if nothing needs it`,
    );
    return;
  }
  const organization = await openOrganization(session, session.settings(), orgId, report);
  try {
    await organization.client.deleteTag(orgId, tagId);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return;
    if (!(error instanceof DoubtfulError)) throw error;
    await confirm(organization, tagId, error);
  }
  report.info(`deleted ${tag}`);
}

/** After a request without an answer: deleting again is safe, so one look is enough. */
async function confirm(
  { client, orgId }: OpenOrganization,
  tagId: number,
  doubt: DoubtfulError,
): Promise<void> {
  const tags = await client.tags(orgId);
  if (!tags.some(({ id }) => id === tagId)) return;
  throw new FleetError(`${doubt.message} The tag is still there; run the command again.`);
}
