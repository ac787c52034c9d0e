/** One site with its SIMs: a component resource, to be declared as often as there are sites. */
import * as pulumi from "@pulumi/pulumi";
import * as hologram from "pulumi-hologram";

export interface SiteArgs {
  /** First and last ICCID of the pack that was delivered to the site. */
  simRange: pulumi.Input<string>;
  /** Number of SIMs on the delivery note; another number fails the preview. */
  expectedSims: pulumi.Input<number>;
  /** Id of the data plan. */
  plan: pulumi.Input<number>;
  /** Bytes in a billing cycle after which a SIM is cut off. Default: 5 MB. */
  overageLimit?: pulumi.Input<number>;
}

/**
 * A tag with the site's name, and the site's SIMs under it. What is passed as `provider`, `protect` or `transformations`
 * holds for both, as for every component.
 */
export class Site extends pulumi.ComponentResource {
  readonly tagId: pulumi.Output<number>;
  readonly simCount: pulumi.Output<number>;
  /** For whoever installs the devices: which SIM is which device. */
  readonly devices: pulumi.Output<hologram.SimDevice[]>;

  constructor(name: string, args: SiteArgs, options?: pulumi.ComponentResourceOptions) {
    super("acme:iot:Site", name, {}, options);
    const tag = new hologram.DeviceTag(name, { name: `site ${name}` }, { parent: this });
    const sims = new hologram.SimActivation(
      name,
      {
        simRange: args.simRange,
        plan: args.plan,
        expectedSims: args.expectedSims,
        overageLimit: args.overageLimit ?? 5_000_000,
        tagId: tag.tagId,
      },
      { parent: this },
    );
    this.tagId = tag.tagId;
    this.simCount = sims.simCount;
    this.devices = sims.devices;
    this.registerOutputs({ tagId: this.tagId, simCount: this.simCount, devices: this.devices });
  }
}
