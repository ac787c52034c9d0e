import { LIMITS, type LimitName, type Limits, type Sim } from "../../hologram/model";
import type { Declaration } from "./declaration";

/** What a SIM is billed by and limited to, as far as it is declared. */
export type Terms = Pick<Declaration, "plan" | "zone" | "limits">;

/** What a change of plan brings a SIM to. */
export type PlanTerms = Pick<Declaration, "plan" | "zone">;

/** One term in which a SIM is not as declared. */
export interface Difference {
  readonly field: "plan" | "zone" | keyof Limits;
  readonly actual: string | number;
  readonly wanted: string | number;
}

/** "plan 75 instead of 2096" */
export function describeDifference({ field, actual, wanted }: Difference): string {
  return `${field} ${actual} instead of ${wanted}`;
}

/** "plan 75 instead of 2096, overageLimit -1 instead of 5000000" */
export function describeDifferences(differences: readonly Difference[]): string {
  return differences.map(describeDifference).join(", ");
}

/**
 * How a SIM differs from what the declaration wants of it; empty when it agrees. What the API does not tell about a
 * SIM, or tells as a number where a zone has a name, is no difference.
 */
export function differences(sim: Sim, terms: Terms): Difference[] {
  return [...planDifferences(sim, terms), ...limitDifferences(sim, terms)];
}

/** Plan and zone: one change of the plan settles both. */
export function planDifferences(sim: Sim, { plan, zone }: PlanTerms): Difference[] {
  const found: Difference[] = [];
  if (sim.plan !== undefined && sim.plan !== plan) {
    found.push({ field: "plan", actual: sim.plan, wanted: plan });
  }
  if (sim.zone !== undefined && !/^\d+$/.test(sim.zone) && !sameZone(sim.zone, zone)) {
    found.push({ field: "zone", actual: sim.zone, wanted: zone });
  }
  return found;
}

export function limitDifferences(sim: Sim, { limits }: Terms): Difference[] {
  const found: Difference[] = [];
  const compare = (field: keyof Limits, agree: (wanted: number, actual: number) => boolean): void => {
    const [wanted, actual] = [limits[field], sim[field]];
    if (wanted === undefined || actual === undefined || agree(wanted, actual)) return;
    found.push({ field, actual, wanted });
  };
  compare("overageLimit", (wanted, actual) => wanted === actual);
  // The API blueprint shows 0 where no threshold is set, the devices page -1.
  compare("threshold", (wanted, actual) => wanted === actual || (wanted === -1 && actual === 0));
  // A server that answers its default for "unlimited" is no difference.
  compare("smsLimit", (wanted, actual) => wanted === actual || (wanted === -1 && actual === SMS_DEFAULT));
  return found;
}

/** Hologram's own example spells one zone both `global` and `Global` (docs.hologram.io, plans). */
export function sameZone(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** The limits that a SIM has now, without those that mean none: a change of its plan would wipe them. */
export function limitsOf(sim: Sim): Limits {
  return limitsWhere(sim, (name, value) => !meansNone(name, value));
}

/** Those of the limits that a SIM has no more. A limit that somebody has set since stays as it is. */
export function missingLimits(sim: Sim, limits: Limits): Limits {
  const now = limitsOf(sim);
  return limitsWhere(limits, (name) => sim[name] !== undefined && now[name] === undefined);
}

/** Those of the limits that are not declared. */
export function undeclaredLimits(limits: Limits, declared: Limits): Limits {
  return limitsWhere(limits, (name) => declared[name] === undefined);
}

/** A threshold of 0 is none (the API blueprint). */
function meansNone(name: LimitName, value: number): boolean {
  return value < 0 || (name === "threshold" && value === 0) || (name === "smsLimit" && value === SMS_DEFAULT);
}

function limitsWhere(limits: Limits, isWanted: (name: LimitName, value: number) => boolean): Limits {
  const wanted: { -readonly [Name in LimitName]?: number } = {};
  for (const name of LIMITS) {
    const value = limits[name];
    if (value !== undefined && isWanted(name, value)) wanted[name] = value;
  }
  return wanted;
}

/** "overageLimit 9000000, threshold 8000000" */
export function describeLimits(limits: Limits): string {
  return Object.entries(limits)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

/** SMS per cycle where nobody asked for a limit; it cannot be removed (Hologram's SMS guide). */
const SMS_DEFAULT = 100;
