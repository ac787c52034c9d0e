import { z } from "zod";
import { countOfSims, formatCount } from "../fleet/model/money";
import { definePolicy } from "./definePolicy";
import type { SeenFleet } from "./fleets";

/**
 * Stops a change that activates more SIMs at once than allowed: a range with a wrong digit, a list pasted twice.
 * Activations are charged at once and cannot be given back.
 *
 * Only SIMs that are to be activated count. SIMs held already, adopted or resumed do not, so a later change to a large
 * fleet does not trip it. If nobody could look (no key, no network), what the preview told at most is used, else the
 * program's own count: the length of the list, or `expectedSims`, because an update may activate that many. It judges one fleet at a time;
 * `hologram:maxActivations` caps a whole run.
 *
 * Level: mandatory.
 *
 * @example Policy configuration
 * ```json
 * { "largest-activation": { "maxSims": 500 } }
 * ```
 */
export const largestActivation = definePolicy({
  name: "largest-activation",
  description: "One change activates no more SIMs of a fleet than allowed.",
  level: "mandatory",
  config: z.object({
    maxSims: z.int().min(0).describe("Most SIMs that one change of one fleet may activate."),
  }),
  judge: (fleet, { maxSims }) => {
    const { count, why } = mostActivations(fleet);
    if (count <= maxSims) return undefined;
    const are = maxSims === 1 ? "is" : "are";
    return (
      `"${fleet.name}" ${why} ${countOfSims(count)} in one change; at most ${formatCount(maxSims)} ${are} allowed. ` +
      "Activate them in smaller steps, or raise maxSims of the policy largest-activation."
    );
  },
});

/** How many SIMs the next update activates, or may activate if nobody could look. */
function mostActivations(fleet: SeenFleet): { readonly count: number; readonly why: string } {
  const { preview } = fleet;
  switch (preview.kind) {
    case "told":
      return { count: preview.preview.activate, why: "activates" };
    case "later":
      return { count: 0, why: "activates" };
    case "untold": {
      const [sims, expected] = [fleet.input("sims"), fleet.input("expectedSims")];
      const declared = Array.isArray(sims) ? new Set(sims).size : typeof expected === "number" ? expected : 0;
      const count = preview.preview.activate ?? declared;
      return { count, why: `is not verified (${preview.reason}) and may activate` };
    }
  }
}
