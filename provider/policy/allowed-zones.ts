import { z } from "zod";
import { sameZone } from "../fleet/model/terms";
import { definePolicy } from "./definePolicy";

/**
 * Stops fleets in zones that nobody agreed on: the zone decides where SIMs connect and what the plan costs. A fleet
 * that names none is in zone `global`. A zone that is known only during the update is judged then.
 *
 * Level: mandatory.
 *
 * @example Policy configuration
 * ```json
 * { "allowed-zones": { "zones": ["global"] } }
 * ```
 */
export const allowedZones = definePolicy({
  name: "allowed-zones",
  description: "Fleets are in allowed zones only.",
  level: "mandatory",
  config: z.object({
    zones: z.array(z.string()).describe("Names of the zones that fleets may use, in any case."),
  }),
  judge: (fleet, { zones }) => {
    if (fleet.isLater("zone")) return undefined;
    const zone = String(fleet.input("zone") ?? "global");
    if (zones.some((allowed) => sameZone(allowed, zone))) return undefined;
    return (
      `"${fleet.name}" is in zone "${zone}"; allowed: ${zones.join(", ") || "none"}. ` +
      "Declare one of these, or add it to zones of the policy allowed-zones."
    );
  },
});
