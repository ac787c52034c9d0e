import { type Declaration, declares, type Held, type HeldSim } from "../model/declaration";
import type { Refusal } from "../model/errors";
import { isBilled, standingOf } from "../model/standing";
import { differences } from "../model/terms";
import { compareNumbers } from "../numbers/selection";
import { asHeld, type Observation } from "../observe/observe";
import type { SortedRecord } from "./recordedSims";

/** What the account shows of a declaration and the record does not know. */
export interface SortedFresh {
  /** Active already: taken over. */
  readonly adopt: readonly HeldSim[];
  /** Of `adopt`: covered by the former declaration, which `check` therefore did not count as new. */
  readonly adoptKnown: number;
  /** Of `adopt`: paused by a member of the team. */
  readonly paused: readonly HeldSim[];
  readonly refusals: readonly Refusal[];
  /** Active on other terms, and therefore refused. */
  readonly differing: ReadonlySet<string>;
  readonly dead: ReadonlySet<string>;
}

/** `matching` refuses a SIM that is active on other terms, `always` takes it over to be changed. */
export function sortFresh(
  declaration: Declaration,
  held: Held,
  seen: Observation,
  record: SortedRecord,
): SortedFresh {
  const adopt: HeldSim[] = [];
  const paused: HeldSim[] = [];
  const refusals: Refusal[] = [];
  const dead = new Set<string>();
  const { former } = held;
  const wasDeclared = (iccid: string, eid: string | undefined): boolean =>
    former !== undefined && declares(former, { iccid, ...(eid === undefined ? {} : { eid }) });
  const devices = new Set<number>();
  const differing = new Set<string>();
  let adoptKnown = 0;
  for (const [iccid, sim] of seen.sims) {
    const named = { ...sim, iccid };
    if (record.answers(iccid, sim) || !declares(declaration.sims, named)) continue;
    // Two profiles of one card are one SIM.
    if (sim.deviceId !== undefined && devices.has(sim.deviceId)) continue;
    const standing = standingOf(sim);
    if (standing === "dead") {
      dead.add(iccid);
      const reason = "deactivated for good, it can never be activated again";
      const known = held.kind === "declared" && wasDeclared(iccid, sim.eid);
      if (!known) refusals.push({ iccid, reason });
    } else if (isBilled(standing)) {
      const found = declaration.adopt === "always" ? [] : differences(sim, declaration);
      if (found.length > 0) {
        differing.add(iccid);
        refusals.push({ iccid, reason: `already active with ${found.join(", ")}` });
        continue;
      }
      if (sim.deviceId !== undefined) devices.add(sim.deviceId);
      adopt.push(...asHeld(sim));
      if (wasDeclared(iccid, sim.eid)) adoptKnown++;
      if (standing === "pausedByUser") paused.push(...asHeld(sim));
    }
  }
  for (const [iccid, words] of seen.claimable.refused) {
    if (record.answers(iccid, seen.sims.get(iccid))) continue;
    // `check` cannot know which of the SIMs declared before are lost: only what is new to the fleet is refused by it.
    if (held.kind === "declared" && (wasDeclared(iccid, undefined) || maybeDeclared(held))) continue;
    const reason = /already/i.test(words) ? `${words}, and not in this organization` : words;
    refusals.push({ iccid, reason });
  }
  adopt.sort((a, b) => compareNumbers(a.iccid, b.iccid));
  return { adopt, adoptKnown, paused, refusals, differing, dead };
}

/** A refusal names no EID. What was declared by EID is asked for again only where no preview could tell of it. */
function maybeDeclared({ former, unapproved }: Extract<Held, { kind: "declared" }>): boolean {
  return former.form === "eids" && unapproved === true;
}
