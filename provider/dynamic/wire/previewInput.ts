import { z } from "zod";
import type { Preview, UnverifiedPreview } from "../../fleet/plan/preview";
import { defined } from "../../util/defined";
import type { Props } from "./values";

/** The inputs that a preview is made from. */
export const PREVIEWED: ReadonlySet<string> = new Set([
  ...["simRange", "sims", "eidRange", "expectedSims"],
  ...["plan", "zone", "orgId", "adopt"],
]);

/** The `preview` that `check` wrote into the inputs, read back. */
export function previewIn(props: Props): Preview | UnverifiedPreview | undefined {
  const verified = previewShape.safeParse(props.preview);
  if (verified.success) return defined(verified.data);
  const unverified = unverifiedShape.safeParse(props.preview);
  return unverified.success ? defined(unverified.data) : undefined;
}

const unverifiedShape = z.object({
  unverified: z.string(),
  activate: z.number().optional(),
  changePlan: z.number().optional(),
  changeLimits: z.number().optional(),
  dueNow: z.number().optional(),
  monthlyCost: z.number().optional(),
  release: z.number().optional(),
});

const previewShape = z.object({
  activate: z.number(),
  adopt: z.number(),
  resume: z.number(),
  changePlan: z.number(),
  changeLimits: z.number(),
  release: z.number(),
  unchanged: z.number(),
  simCount: z.number(),
  monthlyCost: z.number().optional(),
  monthlyCostBefore: z.number().optional(),
  dueNow: z.number().optional(),
  summary: z.string(),
  unverified: z.string().optional(),
  drift: z.array(z.string()).optional(),
});
