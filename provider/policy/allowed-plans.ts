import type { ResourceValidationPolicy } from "@pulumi/policy";
import { eachFleet } from "./fleets";

/** Settings of `allowed-plans`. */
export interface AllowedPlansConfig {
  /** Ids of the data plans that fleets may be on. No default: without it the rule says nothing. */
  readonly plans?: readonly number[];
}

/**
 * Stops fleets on data plans that nobody agreed on: a plan decides the price, and a wrong id is a wrong contract.
 * A plan that is known only during the update is judged then, before anything is sent.
 *
 * Level: mandatory.
 *
 * @example Policy configuration
 * ```json
 * { "allowed-plans": { "plans": [2096, 75] } }
 * ```
 */
export const allowedPlans: ResourceValidationPolicy = {
  name: "allowed-plans",
  description: "Fleets are on allowed data plans only.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      plans: {
        type: "array",
        items: { type: "integer" },
        description: "Ids of the data plans that fleets may be on.",
      },
    },
  },
  validateResource: eachFleet<AllowedPlansConfig>((fleet, { plans }, notApplicable) => {
    if (plans === undefined) return notApplicable("plans is not configured");
    const plan = fleet.input("plan");
    if (typeof plan !== "number" || plans.includes(plan)) return undefined;
    return (
      `"${fleet.name}" is on plan ${plan}; allowed: ${plans.join(", ") || "none"}. ` +
      "Declare one of these, or add it to plans of the policy allowed-plans."
    );
  }),
};
