import { z } from "zod";
import { formatDollars, money, toDollars, zero } from "../fleet/model/money";
import { defineStackPolicy } from "./definePolicy";
import type { SeenFleet } from "./fleets";

/**
 * Stops a change after which all fleets of a stack together cost more per month than allowed, before tax and usage.
 *
 * Pulumi asks it after the preview, and in an update only at the end: the preview stops the change, `pulumi up
 * --skip-preview` would not. Fleets whose cost is not known are not counted, and a violation says how many those are;
 * the policies no-unverified-preview and monthly-cost-ceiling stop them.
 *
 * Level: mandatory.
 *
 * @example Policy configuration
 * ```json
 * { "stack-monthly-cost-ceiling": { "maxMonthlyCost": 10000 } }
 * ```
 */
export const stackMonthlyCostCeiling = defineStackPolicy({
  name: "stack-monthly-cost-ceiling",
  description: "All fleets of a stack together cost no more per month than allowed.",
  level: "mandatory",
  config: z.object({
    maxMonthlyCost: z
      .number()
      .min(0)
      .describe("Most that all fleets of the stack may cost per month together, in US dollars."),
  }),
  judge: (fleets, { maxMonthlyCost }) => {
    const costs = fleets.flatMap(costOf);
    const total = toDollars(costs.reduce((sum, cost) => sum.plus(money(cost)), zero));
    if (total <= maxMonthlyCost) return [];
    const uncounted = fleets.length - costs.length;
    const apart =
      uncounted === 0
        ? ""
        : ` (${uncounted} more of unknown cost ${uncounted === 1 ? "is" : "are"} not counted)`;
    const message =
      `the ${costs.length === 1 ? "fleet" : `${costs.length} fleets`} of the stack${apart} would cost ` +
      `${formatDollars(total)} per month; at most ${formatDollars(maxMonthlyCost)} is allowed. Declare fewer SIMs ` +
      "or cheaper plans, or raise maxMonthlyCost of the policy stack-monthly-cost-ceiling.";
    return [{ message }];
  },
});

function costOf({ preview }: SeenFleet): number[] {
  const cost = preview.kind === "told" ? preview.preview.monthlyCost : undefined;
  return cost === undefined ? [] : [cost];
}
