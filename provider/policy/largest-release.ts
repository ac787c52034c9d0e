import { z } from "zod";
import { countOfSims, formatCount } from "../fleet/model/money";
import { definePolicy } from "./definePolicy";

/**
 * Stops a change after which more SIMs leave a fleet than allowed, whatever `onRelease` then does to them. `protect`
 * does not stop a smaller selection; this does.
 *
 * Releases by destroy, rename and `--replace` are not seen: Pulumi shows policies what is declared, not what is deleted. A
 * declaration that shares no SIM with the former one tells what it releases. `protect` stops destroys and replaces (policy
 * protect-required), and `hologram:maxDeactivations` every deactivation. Of a change whose preview could not be read only
 * the release of a replace is known: policy no-unverified-preview.
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
    const release = preview.kind === "later" ? 0 : (preview.preview.release ?? 0);
    if (release <= maxSims) return undefined;
    return (
      `${countOfSims(release)} would leave "${name}" in one change; at most ` +
      `${formatCount(maxSims)} may. Declare them again, release them in smaller steps, or raise maxSims of the ` +
      "policy largest-release."
    );
  },
});
