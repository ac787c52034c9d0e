import type { Sim } from "../../hologram/model";
import type { Limits } from "../model/declaration";
import { countOfSims } from "../model/money";
import { standingOf } from "../model/standing";
import { limitDifferences, planDifferences, type Terms } from "../model/terms";

/** How the SIMs of a fleet differ from what was declared, as far as an `up` can change it back. */
export interface Drift {
  /** "3 SIMs on plan 75 instead of 2096", most frequent first. Empty: none. */
  readonly found: readonly string[];
  /** Terms in which every SIM of the fleet has the same other value: what the inputs are then. */
  readonly common: Partial<Pick<Terms, "plan" | "zone">> & Limits;
}

export const noDrift: Drift = { found: [], common: {} };

/**
 * Holds what the account shows of the SIMs held against what was declared. Prices, the spelling of zones, numbers for
 * text and Hologram's default for SMS are no drift; what Hologram paused is reported elsewhere and not fought.
 */
export function driftOf(sims: readonly Sim[], declared: Terms): Drift {
  const counts = new Map<string, number>();
  const add = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
  for (const sim of sims) {
    for (const each of planDifferences(sim, declared))
      add(each.startsWith("plan") ? `on ${each}` : `in ${each}`);
    for (const each of limitDifferences(sim, declared)) add(`with ${each}`);
    if (standingOf(sim) === "pausedByUser") add("paused by hand");
  }
  const found = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([what, count]) => `${countOfSims(count)} ${what}`);
  return found.length === 0 ? noDrift : { found, common: commonOf(sims, declared) };
}

/** A value counts as common only where it differs: what is spelled otherwise keeps the program's spelling. */
function commonOf(sims: readonly Sim[], declared: Terms): Drift["common"] {
  const plan = same(sims, (sim) => sim.plan);
  const zone = same(sims, (sim) => sim.zone);
  const overageLimit = same(sims, (sim) => sim.overageLimit);
  const threshold = same(sims, (sim) => sim.threshold);
  const smsLimit = same(sims, (sim) => sim.smsLimit);
  const [one] = sims;
  if (one === undefined) return {};
  const differs = (found: readonly string[], name: string): boolean =>
    found.some((each) => each.startsWith(name));
  const [terms, limits] = [planDifferences(one, declared), limitDifferences(one, declared)];
  return {
    ...(plan !== undefined && differs(terms, "plan") ? { plan } : {}),
    ...(zone !== undefined && differs(terms, "zone") ? { zone } : {}),
    ...(overageLimit !== undefined && differs(limits, "overageLimit") ? { overageLimit } : {}),
    ...(threshold !== undefined && differs(limits, "threshold") ? { threshold } : {}),
    ...(smsLimit !== undefined && differs(limits, "smsLimit") ? { smsLimit } : {}),
  };
}

/** The value that all of them have; undefined when they differ. */
function same<T>(sims: readonly Sim[], pick: (sim: Sim) => T | undefined): T | undefined {
  const [one] = sims;
  const value = one && pick(one);
  return sims.every((sim) => pick(sim) === value) ? value : undefined;
}
