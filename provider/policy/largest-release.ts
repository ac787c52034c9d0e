import { z } from "zod";
import { countOfSims, formatCount } from "../fleet/model/money";
import { definePolicy } from "./definePolicy";

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
export const largestRelease = definePolicy({
  name: "largest-release",
  description: "No more SIMs leave a fleet in one change than allowed.",
  level: "mandatory",
  config: z.object({ maxSims: z.int().min(0).describe("Most SIMs that may leave one fleet in one change.") }),
  judge: ({ name, preview }, { maxSims }) => {
    if (preview.kind !== "told" || preview.preview.release <= maxSims) return undefined;
    return (
      `${countOfSims(preview.preview.release)} would leave "${name}" in one change; at most ` +
      `${formatCount(maxSims)} may. Declare them again, release them in smaller steps, or raise maxSims of the ` +
      "policy largest-release."
    );
  },
});
