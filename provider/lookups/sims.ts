import * as pulumi from "@pulumi/pulumi";
import { Lookup } from "./lookup";
import type { InputsOf, LookupOptions, LookupOutputOptions } from "./options";

/**
 * One SIM profile as Hologram lists it, flat. PIN, PUK and private addresses are dropped as it is read. Fields that
 * Hologram does not tell are absent.
 */
export interface Sim {
  /** As Hologram spells it; 18 to 22 digits. */
  readonly iccid: string;
  /** Of an eSIM. */
  readonly eid?: string;
  /** Absent until the SIM is activated. */
  readonly deviceId?: number;
  readonly linkId: number;
  /** The physical card (`simcardid`), always as text. */
  readonly simCardId?: string;
  readonly orgId?: number;
  /** As Hologram spells it; an open set: `LIVE`, `PAUSED-USER`, `INACTIVE`, … */
  readonly state: string;
  /** Activated and not gone, so that a fee is due, paused or not. */
  readonly billed: boolean;
  /** In Test Mode, not yet bought. */
  readonly testMode: boolean;
  /** Id of the data plan. */
  readonly plan?: number;
  readonly zone?: string;
  /** Data limit in bytes; `-1` none. */
  readonly overageLimit?: number;
  /** Usage at which Hologram raises an event, in bytes; `-1` none. */
  readonly threshold?: number;
  /** SMS per cycle; Hologram shows its default of 100 where none was set. */
  readonly smsLimit?: number;
  readonly deviceName?: string;
  /** Tags of the device. Hologram's list of links does not tell them; filter by `tagId` instead. */
  readonly tagIds?: readonly number[];
}

/** Filters, all of which a SIM must meet; none is every SIM of the organization. */
export interface GetSimsArgs {
  /** Default: `hologram:orgId`, else the key's only organization. Several and none named is an error that lists them. */
  readonly orgId?: number | undefined;
  /** First and last ICCID, `"first-last"`, both included. Not together with `sims`. */
  readonly simRange?: string | undefined;
  /** ICCIDs; those that the organization does not show are left out. */
  readonly sims?: readonly string[] | undefined;
  /** Id of a data plan. */
  readonly plan?: number | undefined;
  /** The whole name of a state, without regard to case. */
  readonly state?: string | undefined;
  /** Id of a tag that the device bears. */
  readonly tagId?: number | undefined;
}

/**
 * SIMs of an organization, by ascending ICCID, in any state: also inventory that was never activated, where Hologram
 * lists it. Reads 1,000 SIMs in a request, 100 for a list. Fails with one sentence for what fails `getPlans`, for a
 * range or ICCID that is none, and for a tag that is not there.
 *
 * Kept for the run: after activations, ask with `dependsOn`.
 *
 * @example SIMs that are paused
 * ```ts
 * const paused = await hologram.getSims({ state: "PAUSED-USER" });
 * export const iccids = paused.map(({ iccid }) => iccid);
 * ```
 *
 * @see https://docs.hologram.io/api/1/devices/get
 */
export function getSims(args: GetSimsArgs = {}, options: LookupOptions = {}): Promise<readonly Sim[]> {
  return sims.get(args, options);
}

/**
 * As `getSims`, with Outputs; not known while an argument or a dependency is not.
 *
 * @example SIMs as they are once the fleet is there
 * ```ts
 * const fleet = new hologram.SimActivation("trucks", { simRange: "…-…", plan: 2096 });
 * export const sims = hologram.getSimsOutput({ simRange: fleet.simRange }, { dependsOn: fleet });
 * ```
 */
export function getSimsOutput(
  args: InputsOf<GetSimsArgs> = {},
  options: LookupOutputOptions = {},
): pulumi.Output<readonly Sim[]> {
  return sims.output(pulumi.output(args), options);
}

const sims = new Lookup<GetSimsArgs, readonly Sim[]>("getSims", async () => {
  const { readSims } = await import("./reads/sims.js");
  return readSims;
});
