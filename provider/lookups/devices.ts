import * as pulumi from "@pulumi/pulumi";
import { Lookup } from "./lookup";
import type { InputsOf, LookupOptions, LookupOutputOptions } from "./options";
import type { Sim } from "./sims";

/** A device: what Hologram keeps of a SIM once it is activated. The id stays when an eSIM changes its profile. */
export interface Device {
  readonly deviceId: number;
  /** Absent where Hologram does not tell it, like all below. */
  readonly name?: string;
  readonly orgId?: number;
  /** The physical card (`simcardid`), always as text. */
  readonly simCardId?: string;
  /** Hologram's list of links does not tell them; filter by `tagId` instead. */
  readonly tagIds?: readonly number[];
  /** Its profiles, by ascending ICCID: one, but for eSIMs that hold several. */
  readonly sims: readonly Sim[];
}

/** Filters, all of which a device must meet; none is every device of the organization. */
export interface GetDevicesArgs {
  /** Default: `hologram:orgId`, else the key's only organization. Several and none named is an error that lists them. */
  readonly orgId?: number | undefined;
  /** Ids; those that the organization does not show are left out. */
  readonly deviceIds?: readonly number[] | undefined;
  /** A part of the name, without regard to case. */
  readonly name?: string | undefined;
  /** Id of a tag that the device bears. */
  readonly tagId?: number | undefined;
}

/**
 * Devices of an organization, by ascending id. Reads 1,000 SIMs in a request, 100 for a list of ids. Fails with one
 * sentence for what fails `getPlans`, and for a tag that is not there.
 *
 * Kept for the run: after activations, ask with `dependsOn`.
 *
 * @example
 * ```ts
 * const trucks = await hologram.getDevices({ name: "truck" });
 * export const names = trucks.map(({ deviceId, name }) => `${deviceId} ${name}`);
 * ```
 *
 * @see https://docs.hologram.io/api/1/devices/get
 */
export function getDevices(
  args: GetDevicesArgs = {},
  options: LookupOptions = {},
): Promise<readonly Device[]> {
  return devices.get(args, options);
}

/** As `getDevices`, with Outputs; not known while an argument or a dependency is not. */
export function getDevicesOutput(
  args: InputsOf<GetDevicesArgs> = {},
  options: LookupOutputOptions = {},
): pulumi.Output<readonly Device[]> {
  return devices.output(pulumi.output(args), options);
}

const devices = new Lookup<GetDevicesArgs, readonly Device[]>("getDevices", async () => {
  const { readDevices } = await import("./reads/devices.js");
  return readDevices;
});
