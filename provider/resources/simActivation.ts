import * as pulumi from "@pulumi/pulumi";
import { settingsIn } from "../account/programSettings";
import { registrationKeys } from "../dynamic/inputs/fields";
import { machineryOf, programFactKeys, REGISTERED_SECRETS } from "../dynamic/wire/registration";
import type { Preview, UnverifiedPreview } from "../fleet/plan/preview";
import { announceFleet } from "./announceFleet";
import { ownUrn } from "./ownUrn";
import { checkPreconditions } from "./preconditions";
import { PROVIDER_TEXT, SIM_ACTIVATION_TYPE } from "./providerText";

/** What a fleet is: exactly one of `simRange`, `sims` and `eidRange`, a plan, and what may vary. */
export interface SimActivationArgs {
  /**
   * First and last ICCID of a pack, `"first-last"`, both included. The width of a range is not a count of SIMs: printed
   * ICCIDs may end in a check digit, and then one number in ten is a card. Hologram says how many there are.
   */
  simRange?: pulumi.Input<string>;
  /** ICCIDs, 18 to 22 digits, always as text. Repeated ones count once, with a note. */
  sims?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * First and last EID of eSIMs, `"first-last"`, both included, 32 digits each. Hologram is asked which SIMs they belong
   * to, and exactly those are activated; where it does not say, none is. A fleet cannot change between ICCIDs and EIDs.
   */
  eidRange?: pulumi.Input<string>;
  /**
   * Id of the data plan; a wrong one fails the preview, which lists the organization's plans. A change is made in place,
   * for every SIM at once; Hologram charges an upgrade pro rata and wipes data limits, which are then set again.
   */
  plan: pulumi.Input<number>;
  /** Zone of the plan, compared without regard to case. Default `"global"`. */
  zone?: pulumi.Input<string>;
  /**
   * Organization that owns the SIMs. Default: `hologram:orgId`, else the key's only organization. Fixed at the first
   * update; several and none named is an error that lists them.
   */
  orgId?: pulumi.Input<number>;
  /**
   * How many SIMs the selection holds. Another number fails the preview. Required to activate a range whose SIMs
   * Hologram does not name beforehand.
   */
  expectedSims?: pulumi.Input<number>;
  /** Data limit per SIM and billing period, in bytes; `-1` none. Absent: left as it is. */
  overageLimit?: pulumi.Input<number>;
  /** Usage at which Hologram raises an event, in bytes, below `overageLimit`; `-1` none. Absent: left as it is. */
  threshold?: pulumi.Input<number>;
  /** SMS per SIM and cycle; `-1` none. Hologram may keep its default of 100; that is no drift. */
  smsLimit?: pulumi.Input<number>;
  /** Tag put on every SIM of the fleet; taken off again when it is removed here. SIMs that leave the fleet keep it. */
  tagId?: pulumi.Input<number>;
  /**
   * Sent with claims only when set. Hologram's documentation describes it in two ways: Test Mode SIMs are reported as
   * invalid, or are activated afresh with this plan and zone (docs.hologram.io, links/cellular/bulkclaim).
   */
  invalidatePreflightSims?: pulumi.Input<boolean>;
  /**
   * SIMs that are active in the organization already. `"matching"` (default): taken over when plan, zone and every
   * declared limit agree, else the preview fails and names them. This is also how an `up` after a crash finds its own.
   * `"always"`: taken over, and changed to this plan, zone and these limits.
   */
  adopt?: pulumi.Input<"matching" | "always">;
  /**
   * What happens to a SIM that leaves the declaration, by a smaller selection or by destroy. `"keep"` (default): it
   * stays active and billed. `"pause"`: paused, **still billed**. `"deactivate"`: gone for ever, and only with
   * `hologram:maxDeactivations`. What the last `up` recorded counts, not what is being changed.
   */
  onRelease?: pulumi.Input<"keep" | "pause" | "deactivate">;
  /** Seconds to wait until new SIMs are live, at most 86,400. Default 0. A time-out warns and does not fail. */
  waitForLiveSeconds?: pulumi.Input<number>;
}

/** Money of the claims of the newest change, in US dollars; empty where Hologram sends none. */
export interface Order {
  readonly salesTax?: number;
  readonly shippingCost?: number;
  readonly totalCost?: number;
}

/** One SIM with its ids. */
export interface SimDevice {
  readonly iccid: string;
  readonly deviceId: number;
  readonly linkId: number;
}

/**
 * A fleet of Hologram SIMs that are active. Creating it activates them, **which charges at once**; the preview tells
 * how many and what that costs, before anything is spent. A SIM that is active already is taken over, not bought again.
 *
 * Errors are sentences with the ICCIDs they are about. What cannot be activated, an unknown plan, several organizations
 * and none named, or another number than `expectedSims` fail the preview, before anything is sent. A change that ends
 * part-way fails the resource and records what it holds; the next `up` goes on, and claims nothing twice.
 *
 * @example A pack of SIMs, by the first and last number printed on it
 * ```ts
 * const fleet = new hologram.SimActivation("cold-chain", {
 *   simRange: "89445001021983048260-89445001021983049259",
 *   plan: 2096,
 * });
 * export const preview = fleet.preview;
 * export const devices = fleet.devices;
 * ```
 *
 * @example A list, with a data limit, paused when SIMs leave it
 * ```ts
 * new hologram.SimActivation("meters", {
 *   sims: ["89445001021983048260", "89445001021983048278"],
 *   plan: 2096,
 *   overageLimit: 5_000_000,
 *   onRelease: "pause",
 * });
 * ```
 *
 * @see https://docs.hologram.io/api/1/links/cellular/bulkclaim/post
 */
export class SimActivation extends pulumi.CustomResource {
  /** What `@pulumi/policy` recognises the type by. */
  static readonly __pulumiType = SIM_ACTIVATION_TYPE;

  /** ICCIDs of the SIMs held, ascending, as they were claimed. */
  declare readonly iccids: pulumi.Output<string[]>;
  /** Device ids, in the order of `iccids`. */
  declare readonly deviceIds: pulumi.Output<number[]>;
  /** Link ids, in the order of `iccids`. */
  declare readonly linkIds: pulumi.Output<number[]>;
  /** How many SIMs are held. */
  declare readonly simCount: pulumi.Output<number>;
  /** What the newest change was to do and costs. Known during preview. */
  declare readonly preview: pulumi.Output<Preview | UnverifiedPreview>;
  /** Money of the claims of the newest change; empty where Hologram sends none. */
  declare readonly order: pulumi.Output<Order>;
  /** `"<iccid>: <reason>"`, declared and not done yet: ten and a count at most. The next `up` goes on. */
  declare readonly unfinished: pulumi.Output<string[]>;
  /** SIMs that are gone: deactivated, or moved to another organization. Never claimed again. */
  declare readonly lost: pulumi.Output<string[]>;
  /** The input, as declared. */
  declare readonly simRange: pulumi.Output<string | undefined>;
  /** The input, as declared. */
  declare readonly eidRange: pulumi.Output<string | undefined>;
  /** Id of the plan that the SIMs are on. */
  declare readonly plan: pulumi.Output<number>;
  /** Zone of the plan; `"global"` where none was declared. */
  declare readonly zone: pulumi.Output<string>;
  /** Organization that owns the SIMs, known from the first update on. */
  declare readonly orgId: pulumi.Output<number>;
  /** The input, as declared. */
  declare readonly expectedSims: pulumi.Output<number | undefined>;
  /** Data limit in bytes, `-1` none; undefined where none is declared. */
  declare readonly overageLimit: pulumi.Output<number | undefined>;
  /** Usage alert in bytes, `-1` none; undefined where none is declared. */
  declare readonly threshold: pulumi.Output<number | undefined>;
  /** SMS per cycle, `-1` none; undefined where none is declared. */
  declare readonly smsLimit: pulumi.Output<number | undefined>;
  /** Tag on the SIMs; undefined where none is declared. */
  declare readonly tagId: pulumi.Output<number | undefined>;
  /** The input, as declared. */
  declare readonly invalidatePreflightSims: pulumi.Output<boolean | undefined>;
  /** The input, or `"matching"`. */
  declare readonly adopt: pulumi.Output<"matching" | "always">;
  /** What a release does as recorded: the input of the last `up`, or `"keep"`. */
  declare readonly onRelease: pulumi.Output<"keep" | "pause" | "deactivate">;
  /** The input, or 0. */
  declare readonly waitForLiveSeconds: pulumi.Output<number>;

  constructor(name: string, args: SimActivationArgs, options: pulumi.CustomResourceOptions = {}) {
    checkPreconditions(name, options);
    announceFleet(name, SIM_ACTIVATION_TYPE, options.parent, args);
    const secret = secretWhere([args.simRange, args.sims, args.eidRange]);
    const machinery = {
      ...machineryOf({
        provider: PROVIDER_TEXT,
        urn: ownUrn(name, SIM_ACTIVATION_TYPE, options.parent),
      }),
      ...programFactKeys({ isDryRun: pulumi.runtime.isDryRun(), settings: settingsIn(process.env) }),
    };
    super(
      SIM_ACTIVATION_TYPE,
      name,
      { ...outputs, ...args, ...secret, ...machinery },
      {
        ...options,
        hideDiffs: ["sims", ...(options.hideDiffs ?? [])],
      },
    );
  }

  /** The three aligned outputs as objects. Not in state: arrays of objects cost the engine five times more. */
  get devices(): pulumi.Output<SimDevice[]> {
    const ids = pulumi.all([orNone(this.iccids), orNone(this.deviceIds), orNone(this.linkIds)]);
    return ids.apply(([iccids, deviceIds, linkIds]) =>
      iccids.flatMap((iccid, i) => {
        const [deviceId, linkId] = [deviceIds[i], linkIds[i]];
        return deviceId === undefined || linkId === undefined ? [] : [{ iccid, deviceId, linkId }];
      }),
    );
  }
}

/** Mocks of unit tests answer with the inputs as a rule, so without these outputs. */
function orNone<T>(list: pulumi.Output<T[] | undefined>): pulumi.Output<T[]> {
  return list.apply((items) => items ?? []);
}

/** Every output needs a key in the registration, or the SDK does not resolve it. */
const outputs = {
  iccids: undefined,
  deviceIds: undefined,
  linkIds: undefined,
  simCount: undefined,
  preview: undefined,
  order: undefined,
  unfinished: undefined,
  lost: undefined,
  ...registrationKeys(),
};

/**
 * A secret selection must not leave through the outputs that name its SIMs. The engine marks an output secret when an
 * input of the same key is; so these keys go in as a secret null when, and only when, the selection is secret.
 */
function secretWhere(selections: readonly pulumi.Input<unknown>[]): Record<string, pulumi.Output<undefined>> {
  const named = selections.filter((selection) => selection !== undefined);
  const marker = pulumi.all(named).apply(() => undefined);
  return Object.fromEntries(REGISTERED_SECRETS.map((key) => [key, marker]));
}
