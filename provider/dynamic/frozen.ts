import type { FleetInputs } from "./inputs";

/**
 * Inputs of an existing fleet that this version cannot change, each with its reason: refused, never ignored. `then`
 * tells the former value of an input. A limit that is no longer declared is left as it is.
 */
export function frozenChanges(inputs: FleetInputs, then: (name: FrozenInput) => unknown): string[] {
  const { plan, zone, tagId, limits } = inputs;
  const { overageLimit, threshold, smsLimit } = limits;
  const now: Readonly<Record<FrozenInput, unknown>> = {
    plan,
    zone,
    overageLimit,
    threshold,
    smsLimit,
    tagId,
  };
  const names: readonly FrozenInput[] = ["plan", "zone", "overageLimit", "threshold", "smsLimit", "tagId"];
  return names
    .filter((name) => !inputs.unknown.includes(name))
    .filter((name) => !(now[name] === undefined && removable.has(name)))
    .filter((name) => settled(now[name]) !== settled(then(name)))
    .map(
      (name) =>
        `${name}: changing it after the SIMs are activated is not supported in this version; nothing was changed. ` +
        "Change it in the Hologram dashboard, or put the former value back",
    );
}

export type FrozenInput = "plan" | "zone" | "overageLimit" | "threshold" | "smsLimit" | "tagId";

const removable: ReadonlySet<FrozenInput> = new Set(["overageLimit", "threshold", "smsLimit"]);

/** Zones are compared without regard to case. */
function settled(value: unknown): unknown {
  return typeof value === "string" ? value.toLowerCase() : value;
}
