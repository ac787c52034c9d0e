/**
 * Rules for `SimActivation`, for a policy pack of your own. Each is a policy object of `@pulumi/policy`; `policies` holds
 * them all. The ready pack, with every rule, is the folder `node_modules/pulumi-hologram/provider/policy/pack`.
 *
 * @example A pack with two of the rules, and their configuration
 * ```ts
 * import { PolicyPack } from "@pulumi/policy";
 * import { largestActivation, noDeactivate, type PolicyConfiguration } from "pulumi-hologram/policy";
 *
 * const configuration: PolicyConfiguration = { "largest-activation": { maxSims: 500 } };
 * new PolicyPack("fleet-rules", { policies: [largestActivation, noDeactivate] }, configuration);
 * ```
 */
import type { EnforcementLevel, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { type AllowedOrganizationsConfig, allowedOrganizations } from "./allowed-organizations";
import { type AllowedPlansConfig, allowedPlans } from "./allowed-plans";
import { type AllowedZonesConfig, allowedZones } from "./allowed-zones";
import { type LargestActivationConfig, largestActivation } from "./largest-activation";
import { type LargestReleaseConfig, largestRelease } from "./largest-release";
import { type LimitName, type LimitsRequiredConfig, limitsRequired } from "./limits-required";
import { type MonthlyCostCeilingConfig, monthlyCostCeiling } from "./monthly-cost-ceiling";
import { noAdoption } from "./no-adoption";
import { noDeactivate } from "./no-deactivate";
import { noOverlappingSelections } from "./no-overlapping-selections";
import { noUnverifiedPreview } from "./no-unverified-preview";
import { protectRequired } from "./protect-required";
import { type StackMonthlyCostCeilingConfig, stackMonthlyCostCeiling } from "./stack-monthly-cost-ceiling";

export {
  type AllowedOrganizationsConfig,
  type AllowedPlansConfig,
  type AllowedZonesConfig,
  allowedOrganizations,
  allowedPlans,
  allowedZones,
  type LargestActivationConfig,
  type LargestReleaseConfig,
  type LimitName,
  type LimitsRequiredConfig,
  largestActivation,
  largestRelease,
  limitsRequired,
  type MonthlyCostCeilingConfig,
  monthlyCostCeiling,
  noAdoption,
  noDeactivate,
  noOverlappingSelections,
  noUnverifiedPreview,
  protectRequired,
  type StackMonthlyCostCeilingConfig,
  stackMonthlyCostCeiling,
};

/** Every rule. Those that need configuration say nothing without it. */
export const policies: (ResourceValidationPolicy | StackValidationPolicy)[] = [
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

/** The level of a rule, or its level and settings. */
export type Configured<Settings = object> =
  | EnforcementLevel
  | (Settings & { readonly enforcementLevel?: EnforcementLevel });

/**
 * What `--policy-pack-config` holds, as JSON: by the name of each rule its settings, its level ("advisory", "mandatory",
 * "disabled"), or both. Rules that are left out keep their own level. A type,
 * not an interface: only so may it be handed to `new PolicyPack`.
 */
export type PolicyConfiguration = {
  /** Level of every rule that is not named itself. */
  all?: EnforcementLevel;
  "largest-activation"?: Configured<LargestActivationConfig>;
  "largest-release"?: Configured<LargestReleaseConfig>;
  "monthly-cost-ceiling"?: Configured<MonthlyCostCeilingConfig>;
  "stack-monthly-cost-ceiling"?: Configured<StackMonthlyCostCeilingConfig>;
  "allowed-plans"?: Configured<AllowedPlansConfig>;
  "allowed-zones"?: Configured<AllowedZonesConfig>;
  "allowed-organizations"?: Configured<AllowedOrganizationsConfig>;
  "no-deactivate"?: Configured;
  "no-adoption"?: Configured;
  "no-unverified-preview"?: Configured;
  "limits-required"?: Configured<LimitsRequiredConfig>;
  "protect-required"?: Configured;
  "no-overlapping-selections"?: Configured;
};
