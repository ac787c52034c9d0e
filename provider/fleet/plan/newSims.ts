import { type Declaration, declares, type HeldSim } from "../model/declaration";
import type { Refusal } from "../model/fleetErrors";
import { isBilled, standingOf } from "../model/standing";
import { describeDifferences, differences } from "../model/terms";
import { compareNumbers } from "../numbers/selection";
import { asHeld, type Observation } from "../observe/observe";
import type { RecordedSims } from "./recordedSims";

/** What the account shows of a declaration and the record does not know. */
export interface NewSims {
  /** Active already: taken over. */
  readonly adopt: readonly HeldSim[];
  readonly refusals: readonly Refusal[];
  /** Active on other terms, and therefore refused. */
  readonly differing: ReadonlySet<string>;
  readonly dead: ReadonlySet<string>;
}

/** `matching` refuses a SIM that is active on other terms, `always` takes it over to be changed. */
export function classifyNew(declaration: Declaration, seen: Observation, record: RecordedSims): NewSims {
  const adopt: HeldSim[] = [];
  const refusals: Refusal[] = [];
  const dead = new Set<string>();
  const differing = new Set<string>();
  const devices = new Set<number>();
  const inactive = new Set(record.inactive);
  for (const [iccid, sim] of seen.sims) {
    const named = { ...sim, iccid };
    if (record.answers(iccid, sim) || !declares(declaration.sims, named)) continue;
    // Two profiles of one card are one SIM.
    if (sim.deviceId !== undefined && devices.has(sim.deviceId)) continue;
    const standing = standingOf(sim);
    if (standing === "dead") {
      dead.add(iccid);
      refusals.push({ iccid, reason: "deactivated for good, it can never be activated again" });
    } else if (isBilled(standing)) {
      const found = declaration.adopt === "always" ? [] : differences(sim, declaration);
      if (found.length > 0) {
        differing.add(iccid);
        refusals.push({ iccid, reason: `already active with ${describeDifferences(found)}` });
        continue;
      }
      if (sim.deviceId !== undefined) devices.add(sim.deviceId);
      adopt.push(...asHeld(sim));
    }
  }
  for (const [iccid, words] of seen.claimable.refused) {
    // It was declared before. Lost or never there, failing the preview over it would block every later update.
    if (record.answers(iccid, seen.sims.get(iccid)) || inactive.has(iccid)) continue;
    const reason = /already/i.test(words) ? `${words}, and not in this organization` : words;
    refusals.push({ iccid, reason });
  }
  adopt.sort((a, b) => compareNumbers(a.iccid, b.iccid));
  return { adopt, refusals, differing, dead };
}
