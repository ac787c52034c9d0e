/**
 * Policies for `SimActivation`, for a policy pack of your own. Each is a policy object of `@pulumi/policy`; `policies`
 * holds them all. The ready-made pack with every policy is the folder `node_modules/pulumi-hologram/provider/policy/pack`.
 *
 * @example A pack with two of the policies, and their configuration
 * ```ts
 * import { PolicyPack } from "@pulumi/policy";
 * import { largestActivation, noDeactivate, type PolicyConfiguration } from "pulumi-hologram/policy";
 *
 * const configuration: PolicyConfiguration = { "largest-activation": { maxSims: 500 } };
 * new PolicyPack("fleet-rules", { policies: [largestActivation, noDeactivate] }, configuration);
 * ```
 */
import type { EnforcementLevel } from "@pulumi/policy";
import { allowedOrganizations } from "./allowed-organizations";
import { allowedPlans } from "./allowed-plans";
import { allowedZones } from "./allowed-zones";
import { largestActivation } from "./largest-activation";
import { largestRelease } from "./largest-release";
import { limitsRequired } from "./limits-required";
import { monthlyCostCeiling } from "./monthly-cost-ceiling";
import { noAdoption } from "./no-adoption";
import { noDeactivate } from "./no-deactivate";
import { noOverlappingSelections } from "./no-overlapping-selections";
import { noUnverifiedPreview } from "./no-unverified-preview";
import { protectRequired } from "./protect-required";
import { stackMonthlyCostCeiling } from "./stack-monthly-cost-ceiling";

export type {
  AsReadonly,
  Configurable,
  FleetPolicy,
  Settings,
  SettingsRead,
  StackPolicy,
} from "./definePolicy";
export {
  allowedOrganizations,
  allowedPlans,
  allowedZones,
  largestActivation,
  largestRelease,
  limitsRequired,
  monthlyCostCeiling,
  noAdoption,
  noDeactivate,
  noOverlappingSelections,
  noUnverifiedPreview,
  protectRequired,
  stackMonthlyCostCeiling,
};

/** Every policy. A policy that needs a setting is silent without it. */
export const policies = [
  largestActivation,
  largestRelease,
  monthlyCostCeiling,
  stackMonthlyCostCeiling,
  allowedPlans,
  allowedZones,
  allowedOrganizations,
  noDeactivate,
  noAdoption,
  noUnverifiedPreview,
  limitsRequired,
  protectRequired,
  noOverlappingSelections,
];

/** The level of a policy, or its level and settings. */
export type Configured<Settings = object> =
  | EnforcementLevel
  | (Settings & { readonly enforcementLevel?: EnforcementLevel });

/** Any of the policies. */
export type Policy = (typeof policies)[number];

/** The settings of a policy, as a user writes them. */
export type SettingsOf<P extends Policy> = Parameters<P["readSettings"]>[0];

/**
 * The content of the file for `--policy-pack-config`: for each policy, by name, its settings, its level ("advisory",
 * "mandatory", "disabled"), or both. Policies that are left out keep their own level. This is a type and not an interface
 * because `new PolicyPack` accepts only a type.
 */
export type PolicyConfiguration = {
  /** Level of every policy that is not named itself. */
  all?: EnforcementLevel;
} & { [P in Policy as P["name"]]?: Configured<SettingsOf<P>> };

/** Settings of `allowed-organizations`. */
export type AllowedOrganizationsConfig = SettingsOf<typeof allowedOrganizations>;
/** Settings of `allowed-plans`. */
export type AllowedPlansConfig = SettingsOf<typeof allowedPlans>;
/** Settings of `allowed-zones`. */
export type AllowedZonesConfig = SettingsOf<typeof allowedZones>;
/** Settings of `largest-activation`. */
export type LargestActivationConfig = SettingsOf<typeof largestActivation>;
/** Settings of `largest-release`. */
export type LargestReleaseConfig = SettingsOf<typeof largestRelease>;
/** Settings of `limits-required`. */
export type LimitsRequiredConfig = SettingsOf<typeof limitsRequired>;
/** Settings of `monthly-cost-ceiling`. */
export type MonthlyCostCeilingConfig = SettingsOf<typeof monthlyCostCeiling>;
/** Settings of `stack-monthly-cost-ceiling`. */
export type StackMonthlyCostCeilingConfig = SettingsOf<typeof stackMonthlyCostCeiling>;
/** Limits of a fleet that can be required. */
export type LimitName = NonNullable<LimitsRequiredConfig["limits"]>[number];
