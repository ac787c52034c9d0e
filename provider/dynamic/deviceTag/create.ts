import { type OpenOrganization, openOrganization } from "../../account/organizations";
import type { Reporter } from "../../fleet/model/account";
import { FleetError } from "../../fleet/model/errors";
import { DoubtfulError } from "../../hologram/errors";
import type { Tag } from "../../hologram/index";
import type { Clock } from "../../util/clock";
import type { RowReporter } from "../host/progress";
import type { Session } from "../host/session";
import { type PlainObject, type Props, quote } from "../wire/values";
import type { DeclaredTags } from "./declaredTags";
import { tagNamed } from "./find";
import { knownTag } from "./inputs";
import { writeTag } from "./state";

export interface CreateResult {
  readonly id: string;
  readonly outs: PlainObject;
}

/**
 * Makes the tag, or takes over the one of that name: creating it again would make a second, and a create that died
 * half-way is so finished by the next one. It ends done or not done, nothing between.
 */
export async function create(
  session: Session,
  declared: DeclaredTags,
  props: Props,
  report: RowReporter,
): Promise<CreateResult> {
  const { name, orgId: given } = knownTag(props);
  const organization = await openOrganization(session, session.settings(), given, report);
  const { orgId, client } = organization;
  declared.declare(orgId, name);
  return declared.oneAtATime(orgId, async () => {
    const found = tagNamed(await client.tags(orgId), name, report);
    const { id: tagId } = found ?? (await make(organization, name, session.clock, report));
    const adopted = found !== undefined && !declared.made(tagId);
    if (found === undefined) declared.isOwn(tagId);
    report.info(`${found === undefined ? "created" : "took over"} tag ${tagId} ${quote(name)}`);
    return { id: String(tagId), outs: writeTag({ tagId, name, orgId, adopted }, props.__urn) };
  });
}

/** A request without an answer may have made the tag: then it is read back by name, never sent again. */
async function make(
  { client, orgId }: OpenOrganization,
  name: string,
  clock: Clock,
  report: Reporter,
): Promise<Tag> {
  try {
    return await client.createTag(orgId, name);
  } catch (error) {
    if (!(error instanceof DoubtfulError)) throw error;
    for (const seconds of READ_BACK) {
      report.progress(`no clear answer; looking for the tag again in ${seconds} s`);
      await clock.sleep(seconds * 1_000);
      const tag = tagNamed(await client.tags(orgId), name, report);
      if (tag !== undefined) return tag;
    }
    throw new FleetError(
      `${error.message} Tag ${quote(name)} was not there within half a minute. Run \`pulumi up\` again: if it is ` +
        "there by then, it is taken over and not made a second time.",
    );
  }
}

/** Seconds between two looks: half a minute in all. */
const READ_BACK = [1, 2, 4, 8, 15];
