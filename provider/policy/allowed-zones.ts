import type { ResourceValidationPolicy } from "@pulumi/policy";
import { sameZone } from "../fleet/model/terms";
import { eachFleet } from "./fleets";

/** Settings of `allowed-zones`. */
export interface AllowedZonesConfig {
  /** Names of the zones that fleets may use, compared without regard to case. No default: without it nothing is said. */
  readonly zones?: readonly string[];
}

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
export const allowedZones: ResourceValidationPolicy = {
  name: "allowed-zones",
  description: "Fleets are in allowed zones only.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      zones: {
        type: "array",
        items: { type: "string" },
        description: "Names of the zones that fleets may use, in any case.",
      },
    },
  },
  validateResource: eachFleet<AllowedZonesConfig>((fleet, { zones }, notApplicable) => {
    if (zones === undefined) return notApplicable("zones is not configured");
    if (fleet.isLater("zone")) return undefined;
    const zone = String(fleet.input("zone") ?? "global");
    if (zones.some((allowed) => sameZone(allowed, zone))) return undefined;
    return (
      `"${fleet.name}" is in zone "${zone}"; allowed: ${zones.join(", ") || "none"}. ` +
      "Declare one of these, or add it to zones of the policy allowed-zones."
    );
  }),
};
