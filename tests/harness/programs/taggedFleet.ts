/** A fleet whose tag is a resource of the same program. What is declared comes from a file, as in `fleets.ts`. */
import { readFileSync } from "node:fs";
import * as hologram from "pulumi-hologram";

export interface TaggedFleet {
  /** Name of the resource; default `tag`. */
  readonly resource?: string;
  readonly tag: { readonly name: string };
  readonly fleet: { readonly plan: number; readonly simRange: string };
}

const declared: TaggedFleet = JSON.parse(readFileSync(process.env.FLEETS ?? "", "utf8"));
const tag = new hologram.DeviceTag(declared.resource ?? "tag", declared.tag);
const fleet = new hologram.SimActivation("fleet", { ...declared.fleet, tagId: tag.tagId });

export const tagId = tag.tagId;
export const name = tag.name;
export const orgId = tag.orgId;
/** As in `fleets.ts`, by the name of the fleet. */
export const previews = { fleet: fleet.preview };
export const fleetTag = fleet.tagId;
