import { z } from "zod";
import { definePolicy } from "./definePolicy";

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
export const limitsRequired = definePolicy({
  name: "limits-required",
  description: "Every fleet declares its limits.",
  level: "advisory",
  config: z.object({
    limits: z
      .array(z.enum(["overageLimit", "threshold", "smsLimit"]))
      .default(["overageLimit"])
      .describe("Limits that every fleet declares: overageLimit and threshold in bytes, smsLimit in SMS."),
  }),
  judge: (fleet, { limits }) => {
    const missing = limits.filter((limit) => !fleet.isLater(limit) && !isLimit(fleet.input(limit)));
    if (missing.length === 0) return undefined;
    return (
      `"${fleet.name}" declares no ${missing.join(" and no ")}. ` +
      "Declare a value other than -1 for each, or leave them out of limits of the policy limits-required."
    );
  },
});

function isLimit(value: unknown): boolean {
  return typeof value === "number" && value >= 0;
}
