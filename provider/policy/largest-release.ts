import type { ResourceValidationPolicy } from "@pulumi/policy";
import { countOfSims, formatCount } from "../fleet/model/money";
import { eachFleet } from "./fleets";

/** Settings of `largest-release`. */
export interface LargestReleaseConfig {
  /** Most SIMs that may leave one fleet in one change. No default: without it the rule says nothing. */
  readonly maxSims?: number;
}

/**
 * Stops a change after which more SIMs leave a fleet than allowed, whatever `onRelease` then does to them. `protect`
 * does not stop a smaller selection; this does.
 *
 * Releases by destroy, replace and rename are not seen: Pulumi shows policies what is declared, not what is deleted.
 * `protect` stops the first two (policy protect-required), and `hologram:maxDeactivations` every deactivation. Nor is a
 * change seen whose preview could not be read: policy no-unverified-preview.
 *
 * Level: mandatory.
 *
 * @example Policy configuration
 * ```json
 * { "largest-release": { "maxSims": 20 } }
 * ```
 */
export const largestRelease: ResourceValidationPolicy = {
  name: "largest-release",
  description: "No more SIMs leave a fleet in one change than allowed.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      maxSims: {
        type: "integer",
        minimum: 0,
        description: "Most SIMs that may leave one fleet in one change.",
      },
    },
  },
  validateResource: eachFleet<LargestReleaseConfig>(({ name, preview }, { maxSims }, notApplicable) => {
    if (maxSims === undefined) return notApplicable("maxSims is not configured");
    if (preview.kind !== "told" || preview.preview.release <= maxSims) return undefined;
    return (
      `${countOfSims(preview.preview.release)} would leave "${name}" in one change; at most ` +
      `${formatCount(maxSims)} may. Declare them again, release them in smaller steps, or raise maxSims of the ` +
      "policy largest-release."
    );
  }),
};
