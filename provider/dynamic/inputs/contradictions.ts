import { countOfSims } from "../../fleet/model/money";
import { LIMITS } from "../../hologram/model";
import type { FleetInputs } from "./parse";

/** What contradicts the record, and what the inputs alone contradict: each a sentence that ends the check. */
export function contradictions(inputs: FleetInputs, former: FleetInputs | undefined): string[] {
  const problems: string[] = [];
  if (inputs.orgId !== undefined && former?.orgId !== undefined && inputs.orgId !== former.orgId) {
    problems.push(otherOrganization(former.orgId, inputs.orgId));
  }
  const { sims, expectedSims } = inputs;
  if (sims !== undefined && former?.sims !== undefined && isByEid(sims) !== isByEid(former.sims)) {
    problems.push(
      "the fleet is declared by ICCIDs in one place and by EIDs in the other: the same cards under another name. " +
        'Declare a second resource for the new numbers, which adopts the SIMs, then remove this one with onRelease "keep"',
    );
  }
  if (sims?.form === "list" && expectedSims !== undefined && expectedSims !== sims.iccids.length) {
    problems.push(
      `expectedSims is ${expectedSims}, but the selection holds ${countOfSims(sims.iccids.length)}`,
    );
  }
  return problems;
}

export function otherOrganization(recorded: number, declared: number): string {
  return (
    `orgId: the SIMs belong to organization ${recorded}, and changing it to ${declared} is not supported: ` +
    "SIMs move between organizations by a transfer in the dashboard, which drops their tags"
  );
}

/** What a reviewer might take for more than it does. */
export function notesOnChange(inputs: FleetInputs, former: FleetInputs | undefined): string[] {
  if (former === undefined) return [];
  const notes = LIMITS.filter((name) => name in former.limits)
    .filter((name) => !(name in inputs.limits) && !inputs.unknown.includes(name))
    .map((name) => `${name} is no longer declared: the SIMs keep the value they have`);
  const shrinks = inputs.sims && former.sims && !inputs.sims.selection.covers(former.sims.selection);
  if (shrinks && inputs.onRelease !== former.onRelease) {
    notes.push(
      `the SIMs that leave follow the recorded onRelease "${former.onRelease}"; ` +
        `"${inputs.onRelease}" holds for SIMs that leave after this update`,
    );
  }
  return notes;
}

function isByEid({ form }: NonNullable<FleetInputs["sims"]>): boolean {
  return form === "eids";
}
