import type { Limits, Sim } from "../../hologram/model";
import { countOfSims } from "../model/money";
import { standingOf } from "../model/standing";
import { type Difference, describeDifference, differences, type Terms } from "../model/terms";

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
  const fields = new Set<Difference["field"]>();
  for (const sim of sims) {
    for (const each of differences(sim, declared)) {
      fields.add(each.field);
      add(`${prepositions[each.field]} ${describeDifference(each)}`);
    }
    if (standingOf(sim) === "pausedByUser") add("paused by hand");
  }
  const found = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([what, count]) => `${countOfSims(count)} ${what}`);
  const common = [...fields].flatMap((field) => {
    const value = commonValue(sims, field);
    return value === undefined ? [] : [[field, value]];
  });
  return found.length === 0 ? noDrift : { found, common: Object.fromEntries(common) };
}

const prepositions: Readonly<Record<Difference["field"], string>> = {
  plan: "on",
  zone: "in",
  overageLimit: "with",
  threshold: "with",
  smsLimit: "with",
};

/** The value that all of them have; undefined when they differ. */
function commonValue(sims: readonly Sim[], field: Difference["field"]): string | number | undefined {
  const value = sims[0]?.[field];
  return sims.every((sim) => sim[field] === value) ? value : undefined;
}
