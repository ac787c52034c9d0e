import { z } from "zod";
import { definePolicy } from "./definePolicy";

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
export const allowedPlans = definePolicy({
  name: "allowed-plans",
  description: "Fleets are on allowed data plans only.",
  level: "mandatory",
  config: z.object({ plans: z.array(z.int()).describe("Ids of the data plans that fleets may be on.") }),
  judge: (fleet, { plans }) => {
    const plan = fleet.input("plan");
    if (typeof plan !== "number" || plans.includes(plan)) return undefined;
    return (
      `"${fleet.name}" is on plan ${plan}; allowed: ${plans.join(", ") || "none"}. ` +
      "Declare one of these, or add it to plans of the policy allowed-plans."
    );
  },
});
