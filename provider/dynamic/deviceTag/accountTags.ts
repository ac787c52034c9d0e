import type { Reporter } from "../../fleet/model/account";
import { FleetError } from "../../fleet/model/fleetErrors";
import type { Hologram } from "../../hologram/client";
import { ApiError, DoubtfulError } from "../../hologram/errors";
import type { Tag } from "../../hologram/index";
import type { Clock } from "../../util/clock";
import { poll } from "../../util/poll";
import { quote } from "../wire/values";

/**
 * The tag of this name, if there is one. Hologram's documentation does not say that names are unique. If several tags
 * have the name, the oldest is used, with a warning on the row.
 */
export function tagNamed(tags: readonly Tag[], name: string, report: Reporter): Tag | undefined {
  const found = tags.filter((tag) => tag.name.trim() === name).sort((a, b) => a.id - b.id);
  const [first] = found;
  if (first !== undefined && found.length > 1) {
    const ids = found.map(({ id }) => id).join(", ");
    report.warn(
      `${found.length} tags have the name ${quote(name)} (${ids}); ${first.id}, the oldest, is used`,
    );
  }
  return first;
}

/** Where a tag is created: the organization, and who waits for it. */
export interface TagContext {
  readonly client: Hologram;
  readonly orgId: number;
  readonly clock: Clock;
  readonly report: Reporter;
}

/** A request without an answer may have created the tag: it is read back by name for half a minute, never sent again. */
export async function createTag({ client, orgId, clock, report }: TagContext, name: string): Promise<Tag> {
  try {
    return await client.createTag(orgId, name);
  } catch (error) {
    if (!(error instanceof DoubtfulError)) throw error;
    const times = {
      firstMs: 1_000,
      untilMs: clock.now() + READ_BACK_MS,
      onPause: (pauseMs: number) =>
        report.progress(`no clear answer; looking for the tag again in ${pauseMs / 1_000} s`),
    };
    const tag = await poll(clock, times, async () => tagNamed(await client.tags(orgId), name, report));
    if (tag !== undefined) return tag;
    throw new FleetError(
      `${error.message} Tag ${quote(name)} was not there within half a minute. Run \`pulumi up\` again: if it is ` +
        "there by then, it is taken over and not made a second time.",
    );
  }
}

/** Deleting again is safe, so one look is enough after a request without an answer. */
export async function deleteTag(
  client: Hologram,
  orgId: number,
  tagId: number,
): Promise<"deleted" | "alreadyGone"> {
  try {
    await client.deleteTag(orgId, tagId);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return "alreadyGone";
    if (!(error instanceof DoubtfulError)) throw error;
    const tags = await client.tags(orgId);
    if (tags.some(({ id }) => id === tagId)) {
      throw new FleetError(`${error.message} The tag is still there; run the command again.`);
    }
  }
  return "deleted";
}

const READ_BACK_MS = 30_000;
