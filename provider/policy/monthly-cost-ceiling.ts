import { z } from "zod";
import { formatDollars } from "../fleet/model/money";
import { hasWork } from "../fleet/plan/preview";
import { definePolicy } from "./definePolicy";

/**
 * Stops a change after which one fleet costs more per month than allowed: its SIMs × the plan's price, before tax and
 * usage, as `preview.monthlyCost` says. A fleet above the ceiling stays in violation until it costs less.
 *
 * A change of unknown cost (no key, no network, a plan without a price) is a violation too: an outage must not lift the
 * ceiling. Inputs that are known only during the update are judged then, before anything is sent.
 *
 * Level: mandatory.
 *
 * @example Policy configuration
 * ```json
 * { "monthly-cost-ceiling": { "maxMonthlyCost": 250 } }
 * ```
 */
export const monthlyCostCeiling = definePolicy({
  name: "monthly-cost-ceiling",
  description: "A fleet costs no more per month than allowed.",
  level: "mandatory",
  config: z.object({
    maxMonthlyCost: z.number().min(0).describe("Most that one fleet may cost per month, in US dollars."),
  }),
  judge: ({ name, preview }, { maxMonthlyCost }) => {
    if (preview.kind === "later") return undefined;
    const cost = preview.kind === "told" ? preview.preview.monthlyCost : undefined;
    if (cost === undefined) {
      if (preview.kind === "told" && !hasWork(preview.preview)) return undefined;
      const reason = preview.kind === "told" ? preview.preview.unverified : preview.reason;
      return (
        `what "${name}" costs per month is not known (${reason ?? "no price"}), and at most ` +
        `${formatDollars(maxMonthlyCost)} is allowed. Preview again once it can be read.`
      );
    }
    if (cost <= maxMonthlyCost) return undefined;
    return (
      `"${name}" would cost ${formatDollars(cost)} per month; at most ${formatDollars(maxMonthlyCost)} is ` +
      "allowed. Declare fewer SIMs or a cheaper plan, or raise maxMonthlyCost of the policy monthly-cost-ceiling."
    );
  },
});
