/** The names of every setting: configuration key, and the environment variable that stands in for it. */
export const settingNames = {
  apiKey: "HOLOGRAM_API_KEY",
  orgId: "HOLOGRAM_ORG_ID",
  baseUrl: "HOLOGRAM_BASE_URL",
  claimSettleSeconds: "HOLOGRAM_CLAIM_SETTLE_SECONDS",
  maxActivations: "HOLOGRAM_MAX_ACTIVATIONS",
  maxDueNow: "HOLOGRAM_MAX_DUE_NOW",
  maxDeactivations: "HOLOGRAM_MAX_DEACTIVATIONS",
} as const;

export type SettingName = keyof typeof settingNames;

/**
 * Where a `Provider` keeps a setting of the stack's configuration: the engine shows its process nothing but its own
 * arguments (seen on Pulumi 3.255), and a stack that is meant for an emulator must not reach Hologram by it.
 */
export function stackKey(name: string): string {
  return `hologram:stack:${name}`;
}

/** Marks the arguments of an explicit `Provider`, which come before the environment. */
export const EXPLICIT = "hologram:explicit";

/** Of a `Provider` that was given a key without a character: the environment's would be another account's. */
export const EMPTY_KEY =
  "the apiKey of the Provider is empty; leave it out to use the key of the environment";

/** Whether a name is that of a setting but for case, signs between its words, or a last "s". */
export function isLike(name: string, right: string): boolean {
  return lettersOf(name) === lettersOf(right);
}

function lettersOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z]/g, "")
    .replace(/s$/, "");
}
