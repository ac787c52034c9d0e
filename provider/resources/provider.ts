import * as pulumi from "@pulumi/pulumi";
import { EMPTY_KEY, EXPLICIT, isLike, settingNames, stackKey } from "../account/settingNames";
import { isSecretSetting } from "./preconditions";

/**
 * Settings of one account. Each stands before the environment, and that before the stack's configuration: what is left out
 * comes from there, as for resources without a provider of their own.
 */
export interface ProviderArgs {
  /** API key; becomes a secret. */
  apiKey?: pulumi.Input<string>;
  /** Organization for fleets that name none. */
  orgId?: pulumi.Input<number>;
  /** In the end `https://dashboard.hologram.io/api/1`; plain HTTP only to this machine. */
  baseUrl?: pulumi.Input<string>;
  /** How long a claim without an answer may still be landing, in seconds; in the end 600. */
  claimSettleSeconds?: pulumi.Input<number>;
  /** Most SIMs that one run may activate. */
  maxActivations?: pulumi.Input<number>;
  /** Most that the activations of one run may cost at once, in US dollars. */
  maxDueNow?: pulumi.Input<number>;
  /** Most SIMs that one run may deactivate; in the end 0. */
  maxDeactivations?: pulumi.Input<number>;
}

/**
 * An account of its own: pass it to resources as `opts.provider`. Programs with one account need none. A setting that
 * cannot be read, such as caps that are no numbers, is an error of the first resource that uses it; nothing is sent then.
 *
 * Give it to the fleets and tags themselves, as `provider`. In the `providers` of a component it would be that of every
 * dynamic resource in there, also of other packages, and take the stack's configuration from them.
 *
 * @example Two accounts in one program
 * ```ts
 * const europe = new hologram.Provider("europe", { apiKey: config.requireSecret("europeKey"), orgId: 12345 });
 * new hologram.SimActivation("pilot", { simRange: "…-…", plan: 2096 }, { provider: europe });
 * ```
 */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs = {}, options: pulumi.ResourceOptions = {}) {
    const { apiKey, ...others } = args;
    refuseOtherSettings(name, args);
    const settings: Record<string, pulumi.Input<unknown>> = { [EXPLICIT]: "true" };
    for (const [key, value] of Object.entries(others)) {
      if (value !== undefined) settings[`hologram:${key}`] = pulumi.output(value).apply(String);
    }
    for (const name of Object.keys(settingNames)) {
      const value = pulumi.runtime.getConfig(`hologram:${name}`);
      const isSecret = isSecretSetting(`hologram:${name}`);
      // A key in clear text is for no account: the first resource of the program refuses it.
      if (value === undefined || (name === "apiKey" && !isSecret)) continue;
      settings[stackKey(name)] = isSecret ? pulumi.secret(value) : value;
    }
    if (apiKey !== undefined) settings["hologram:apiKey"] = pulumi.secret(apiKey);
    super("pulumi-nodejs", name, settings, options);
    kept.set(this, pulumi.unsecret(pulumi.output(settings)));
  }
}

/**
 * A cap under another name caps nothing, and a key under another name is no secret; and whoever passes an empty key means
 * another account than the environment's.
 */
function refuseOtherSettings(name: string, args: ProviderArgs): void {
  const names = Object.keys(settingNames);
  for (const key of Object.keys(args)) {
    if (names.includes(key)) continue;
    const near = names.find((each) => isLike(key, each));
    const advice = near === undefined ? `it takes ${names.join(", ")}` : `did you mean ${near}?`;
    throw new pulumi.RunError(`${name}: ${key} is not a setting of Provider; ${advice} Nothing was sent.`);
  }
  if (typeof args.apiKey === "string" && args.apiKey.trim() === "") {
    throw new pulumi.RunError(`${name}: ${EMPTY_KEY}. Nothing was sent.`);
  }
}

/**
 * The settings of a provider as look-ups read them, which run in the program: `hologram:orgId` and so on, the key among
 * them. Undefined for what is no `Provider` of this package. Kept beside the object, so that showing it shows no key.
 */
export function settingsOf(
  provider: pulumi.ProviderResource,
): pulumi.OutputInstance<ProviderSettings> | undefined {
  return kept.get(provider);
}

/** By configuration key. */
export type ProviderSettings = Readonly<Record<string, unknown>>;

const kept = new WeakMap<pulumi.ProviderResource, pulumi.OutputInstance<ProviderSettings>>();
