import { definePolicy, noSettings } from "./definePolicy";

/**
 * Stops `onRelease: "deactivate"`: a deactivated SIM is lost for good, and so is whatever it is built into. SIMs that
 * leave a fleet can be kept or paused, and deactivated in the dashboard once someone has looked.
 *
 * It judges what is declared. SIMs that leave follow what the last `up` recorded, so introduce it before the first fleet
 * is on `deactivate`; `hologram:maxDeactivations`, 0 by default, holds in any case. No configuration.
 *
 * Level: mandatory.
 *
 * @example Policy configuration: allow it in this stack
 * ```json
 * { "no-deactivate": "disabled" }
 * ```
 */
export const noDeactivate = definePolicy({
  name: "no-deactivate",
  description: "No fleet deactivates the SIMs that leave it.",
  level: "mandatory",
  config: noSettings,
  judge: (fleet) =>
    fleet.input("onRelease") === "deactivate"
      ? `"${fleet.name}" deactivates SIMs that leave it, for ever (onRelease: "deactivate"). ` +
        'Declare onRelease "keep" or "pause", or disable the policy no-deactivate for this stack.'
      : undefined,
});
