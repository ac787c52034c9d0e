import type { OpenOrganization } from "../../account/organizations";
import { FleetError, nameSome } from "../../fleet/model/fleetErrors";
import type { Sim } from "../../hologram/model";

/** Whether a SIM's device bears a tag. */
export interface Bearers {
  /** The devices, where the tag lists them: SIMs of others need not be read. */
  readonly deviceIds?: readonly number[];
  bears(sim: Sim): boolean;
}

/**
 * The devices that bear a tag, from `GET /devices/tags`. Where that does not list them, each SIM is asked for its tags,
 * and it is an error if one does not say: leaving it out would be a wrong answer.
 */
export async function bearersOf({ client, orgId }: OpenOrganization, tagId: number): Promise<Bearers> {
  const tags = await client.tags(orgId);
  const tag = tags.find(({ id }) => id === tagId);
  if (tag === undefined) {
    const names = tags.map(({ id, name }) => `${id} (${name})`);
    throw new FleetError(
      `organization ${orgId} has no tag ${tagId}. Its tags are ${nameSome(names, 50) || "none"}`,
    );
  }
  const { deviceIds } = tag;
  if (deviceIds === undefined) return { bears: (sim) => tellsTag(sim, tagId) };
  const ids = new Set(deviceIds);
  return { deviceIds, bears: ({ deviceId }) => deviceId !== undefined && ids.has(deviceId) };
}

function tellsTag({ deviceId, tagIds }: Sim, tagId: number): boolean {
  if (deviceId === undefined) return false;
  if (tagIds === undefined) throw new FleetError(`Hologram does not tell which devices bear tag ${tagId}`);
  return tagIds.includes(tagId);
}
