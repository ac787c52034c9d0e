import type { Sim } from "../../hologram/model";
import type { Declaration, Limits } from "./declaration";

/** What a SIM is billed by and limited to, as far as it is declared. */
export type Terms = Pick<Declaration, "plan" | "zone" | "limits">;

/**
 * How a SIM differs from what the declaration wants of it, as "plan 75 instead of 2096"; empty when it agrees.
 * What the API does not tell about a SIM, or tells as a number where a zone has a name, is no difference.
 */
export function differences(sim: Sim, terms: Terms): string[] {
  return [...planDifferences(sim, terms), ...limitDifferences(sim, terms)];
}

/** Plan and zone: one change of the plan settles both. */
export function planDifferences(sim: Sim, { plan, zone }: Terms): string[] {
  const found: string[] = [];
  if (sim.plan !== undefined && sim.plan !== plan) found.push(`plan ${sim.plan} instead of ${plan}`);
  if (sim.zone !== undefined && !/^\d+$/.test(sim.zone) && !sameZone(sim.zone, zone)) {
    found.push(`zone ${sim.zone} instead of ${zone}`);
  }
  return found;
}

export function limitDifferences(sim: Sim, { limits }: Terms): string[] {
  const found: string[] = [];
  if (!same(limits.overageLimit, sim.overageLimit)) {
    found.push(`overageLimit ${sim.overageLimit} instead of ${limits.overageLimit}`);
  }
  if (!sameThreshold(limits.threshold, sim.threshold)) {
    found.push(`threshold ${sim.threshold} instead of ${limits.threshold}`);
  }
  if (!sameSmsLimit(limits.smsLimit, sim.smsLimit)) {
    found.push(`smsLimit ${sim.smsLimit} instead of ${limits.smsLimit}`);
  }
  return found;
}

/** Whether two declarations want the same; a limit that is no longer declared is left as it is. */
export function sameTerms(before: Terms, now: Terms): boolean {
  const { overageLimit, threshold, smsLimit } = now.limits;
  const keeps = (limit: number | undefined, was: number | undefined): boolean =>
    limit === undefined || limit === was;
  return (
    before.plan === now.plan &&
    sameZone(before.zone, now.zone) &&
    keeps(overageLimit, before.limits.overageLimit) &&
    keeps(threshold, before.limits.threshold) &&
    keeps(smsLimit, before.limits.smsLimit)
  );
}

/** Hologram's own example spells one zone both `global` and `Global` (docs.hologram.io, plans). */
export function sameZone(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** The limits that a SIM has now, without those that stand for none: what a change of its plan would wipe. */
export function limitsOf({ overageLimit, threshold, smsLimit }: Sim): Limits {
  return {
    ...(overageLimit === undefined || overageLimit < 0 ? {} : { overageLimit }),
    ...(threshold === undefined || threshold <= 0 ? {} : { threshold }),
    ...(smsLimit === undefined || smsLimit < 0 || smsLimit === SMS_DEFAULT ? {} : { smsLimit }),
  };
}

/** SMS per cycle where nobody asked for a limit; it cannot be removed (Hologram's SMS guide). */
const SMS_DEFAULT = 100;

function same(wanted: number | undefined, actual: number | undefined): boolean {
  return wanted === undefined || actual === undefined || wanted === actual;
}

/** The API blueprint shows 0 where no threshold is set, the devices page -1. */
function sameThreshold(wanted: number | undefined, actual: number | undefined): boolean {
  return same(wanted, actual) || (wanted === -1 && actual === 0);
}

/** A server that answers its default for "unlimited" is no difference. */
function sameSmsLimit(wanted: number | undefined, actual: number | undefined): boolean {
  return same(wanted, actual) || (wanted === -1 && actual === SMS_DEFAULT);
}
