import type { Declaration, DeclaredSims, Limits, OnRelease } from "../../fleet/model/declaration";
import { eidsOf, listOf, rangeOf } from "../../fleet/model/declaration";
import { dropUndefined, isUnknown, type Props } from "../wire/values";
import { problemsOf, problemsTogether } from "./inputProblems";
import { boundsOf, inputShape } from "./inputShape";

/** The inputs of one `SimActivation`, validated, with their defaults. What is not known yet in a preview is absent. */
export interface FleetInputs {
  readonly sims: DeclaredSims | undefined;
  readonly plan: number | undefined;
  readonly zone: string;
  readonly orgId: number | undefined;
  readonly expectedSims: number | undefined;
  readonly limits: Limits;
  readonly tagId: number | undefined;
  readonly invalidatePreflightSims: boolean | undefined;
  readonly adopt: "matching" | "always";
  readonly onRelease: OnRelease;
  readonly waitForLiveSeconds: number;
  /** Names of the inputs that are not known yet. */
  readonly unknown: readonly string[];
  /** Worth saying, and no reason to stop. */
  readonly notes: readonly string[];
}

export type Parsed = { readonly inputs: FleetInputs } | { readonly problems: readonly string[] };

/** Reads and validates what a program declared. Each problem is one sentence that names the input and the SIM. */
export function parseInputs(props: Props): Parsed {
  const declared = Object.entries(props).filter(([key, value]) => isDeclared(key) && value !== undefined);
  const unknown = declared.filter(([, value]) => isUnknown(value)).map(([key]) => key);
  const known = Object.fromEntries(declared.filter(([key]) => !unknown.includes(key)));
  const result = inputShape.safeParse(known);
  const problems = result.success ? [] : problemsOf(result.error, known);
  problems.push(...problemsTogether(known, unknown));
  if (!result.success || problems.length > 0) return { problems: [...new Set(problems)] };

  const { simRange, eidRange, sims, overageLimit, threshold, smsLimit, ...rest } = result.data;
  const limits: Limits = dropUndefined({ overageLimit, threshold, smsLimit });
  const notes = sims === undefined ? [] : notesOnList(sims);
  const range = simRange === undefined ? undefined : rangeOf(...boundsOf(simRange));
  const eids = eidRange === undefined ? undefined : eidsOf(...boundsOf(eidRange));
  return {
    inputs: {
      sims: range ?? eids ?? (sims && listOf(sims)),
      plan: rest.plan,
      zone: rest.zone,
      orgId: rest.orgId,
      expectedSims: rest.expectedSims,
      limits,
      tagId: rest.tagId,
      invalidatePreflightSims: rest.invalidatePreflightSims,
      adopt: rest.adopt,
      onRelease: rest.onRelease,
      waitForLiveSeconds: rest.waitForLiveSeconds,
      unknown,
      notes,
    },
  };
}

/** The core's view of the inputs, once everything in it is known that a preview depends on. `zoneWas`: before an edit. */
export function declarationOf(inputs: FleetInputs, zoneWas?: string): Declaration | undefined {
  const { sims, plan, zone, limits, adopt, waitForLiveSeconds, unknown } = inputs;
  if (sims === undefined || plan === undefined || unknown.includes("zone")) return undefined;
  const { tagId, invalidatePreflightSims, expectedSims } = inputs;
  const optional = dropUndefined({ tagId, invalidatePreflightSims, expectedSims, zoneWas });
  const limitsUnknown = LIMITS.some((name) => unknown.includes(name));
  return { sims, plan, zone, limits, adopt, waitForLiveSeconds, limitsUnknown, ...optional };
}

/** The names of the limits, as inputs and outputs. */
export const LIMITS = ["overageLimit", "threshold", "smsLimit"] as const satisfies readonly (keyof Limits)[];

/** Keys of the engine's machinery, and what `check` writes itself. `null` marks a secret selection (resources). */
export function isDeclared(key: string): boolean {
  return !key.startsWith("__") && !written.has(key);
}

const written: ReadonlySet<string> = new Set(["preview", "iccids", "unfinished", "lost"]);

function notesOnList(sims: readonly string[]): string[] {
  const repeated = sims.length - new Set(sims).size;
  return repeated === 0
    ? []
    : [`sims: ${repeated} of the ${sims.length} entries are repeated and count once`];
}
