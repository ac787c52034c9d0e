import * as pulumi from "@pulumi/pulumi";
import { machineryOf, programFactKeys } from "../dynamic/wire/registration";
import { ownUrn } from "./ownUrn";
import { checkPreconditions } from "./preconditions";
import { DEVICE_TAG_TYPE, TAG_PROVIDER_TEXT } from "./providerText";

/** What a tag is: a name in an organization. */
export interface DeviceTagArgs {
  /**
   * Name of the tag; spaces around it do not count. Hologram cannot rename a tag: another name makes a new tag, to
   * which the program's fleets move, and deletes the old one, **which takes it off every device**, also of devices that
   * were tagged by hand.
   */
  name: pulumi.Input<string>;
  /**
   * Organization of the tag; fleets can use it there only. Default: `hologram:orgId`, else the key's only organization,
   * fixed at the first update. Several and none named is an error that lists them. A change makes a new tag, as above.
   */
  orgId?: pulumi.Input<number>;
}

/**
 * A tag on devices, as a resource. Its `tagId` feeds `SimActivation`, which puts it on the fleet's SIMs, and takes it off
 * when the fleet declares it no more; SIMs that leave the fleet keep it. A tag costs nothing.
 *
 * A tag of that name which is in the organization already is taken over, not made a second time, and the row of the
 * preview says so. Such a tag was not made here, so destroying the resource leaves it. After a crash, or when the
 * resource was renamed without an alias, `pulumi up` takes over its own tag in the same way; then it is left too.
 *
 * A tag that somebody deleted is created again by the first `up` after a refresh. Errors are sentences; the role
 * Manager or Admin is needed to create and delete, Editor to read (docs.hologram.io, introduction).
 *
 * @example A tag on every SIM of a fleet
 * ```ts
 * const tag = new hologram.DeviceTag("cold-chain", { name: "cold-chain" });
 * new hologram.SimActivation("trucks", { simRange: "…-…", plan: 2096, tagId: tag.tagId });
 * ```
 *
 * @see https://docs.hologram.io/api/1/devices/tags/post
 */
export class DeviceTag extends pulumi.CustomResource {
  /** What `@pulumi/policy` recognises the type by. */
  static readonly __pulumiType = DEVICE_TAG_TYPE;

  /** Id of the tag, for `SimActivation`; not known in the preview that creates it. */
  declare readonly tagId: pulumi.Output<number>;
  /** Name of the tag, without spaces around it. */
  declare readonly name: pulumi.Output<string>;
  /** Organization of the tag. */
  declare readonly orgId: pulumi.Output<number>;

  constructor(name: string, args: DeviceTagArgs, options: pulumi.CustomResourceOptions = {}) {
    checkPreconditions(name, options);
    const urn = ownUrn(name, DEVICE_TAG_TYPE, options.parent);
    const machinery = {
      ...machineryOf({ provider: TAG_PROVIDER_TEXT, urn }),
      ...programFactKeys({ isDryRun: pulumi.runtime.isDryRun(), settings: undefined }),
    };
    super(DEVICE_TAG_TYPE, name, { ...outputs, ...args, ...machinery }, options);
  }
}

/** Every output needs a key in the registration, or the SDK does not resolve it. */
const outputs = { tagId: undefined, name: undefined, orgId: undefined };
