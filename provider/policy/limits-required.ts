import type { ResourceValidationPolicy } from "@pulumi/policy";
import { eachFleet } from "./fleets";

/** Limits of a fleet that can be required. */
export type LimitName = "overageLimit" | "threshold" | "smsLimit";

/** Settings of `limits-required`. */
export interface LimitsRequiredConfig {
  /** Limits that every fleet declares. Default `["overageLimit"]`: the one that bounds what a stolen SIM costs. */
  readonly limits?: readonly LimitName[];
}

/**
 * Points out fleets without limits: a device that loops, or a stolen SIM, then uses data until someone notices.
 * `-1`, Hologram's word for no limit, does not count as one. A limit that is known only during the update is judged then.
 *
 * Level: advisory.
 *
 * @example Policy configuration
 * ```json
 * { "limits-required": { "enforcementLevel": "mandatory", "limits": ["overageLimit", "smsLimit"] } }
 * ```
 */
export const limitsRequired: ResourceValidationPolicy = {
  name: "limits-required",
  description: "Every fleet declares its limits.",
  enforcementLevel: "advisory",
  configSchema: {
    properties: {
      limits: {
        type: "array",
        items: { type: "string", enum: ["overageLimit", "threshold", "smsLimit"] },
        default: ["overageLimit"],
        description:
          "Limits that every fleet declares: overageLimit and threshold in bytes, smsLimit in SMS.",
      },
    },
  },
  validateResource: eachFleet<LimitsRequiredConfig>((fleet, { limits = ["overageLimit"] }) => {
    const missing = limits.filter((limit) => !fleet.isLater(limit) && !isLimit(fleet.input(limit)));
    if (missing.length === 0) return undefined;
    return (
      `"${fleet.name}" declares no ${missing.join(" and no ")}. ` +
      "Declare a value other than -1 for each, or leave them out of limits of the policy limits-required."
    );
  }),
};

function isLimit(value: unknown): boolean {
  return typeof value === "number" && value >= 0;
}
