import type { Approval } from "../model/approval";
import type { Declaration, OnRelease } from "../model/declaration";
import { groupByReason } from "../model/errors";
import { emptyRecord, type RecordedSim } from "../model/record";
import { ascendingUnique } from "../numbers/selection";
import { observe } from "../observe/observe";
import { approvalOf } from "../plan/approve";
import { plan } from "../plan/plan";
import { type Preview, previewOf, type Release } from "../plan/preview";
import type { RunContext } from "./context";
import { spareDeclared } from "./sparing";

/** A fleet as it is declared, and what is known of it before: no more than the SIMs it came to. */
export interface PreviewRequest {
  readonly declaration: Declaration;
  /** The SIMs that the former declaration came to; none for a new fleet. */
  readonly roll: readonly RecordedSim[];
  /** What happens to SIMs that leave: as the former declaration said. */
  readonly onRelease: OnRelease;
  readonly last: Preview | undefined;
  /** In a replace: the SIMs of the former declaration. */
  readonly replaced?: Release | undefined;
}

export type PreviewResult =
  | {
      readonly preview: Preview;
      readonly approval: Approval;
      /** ICCIDs that this declaration comes to; absent where nothing names all of them. */
      readonly roll: readonly string[] | undefined;
      /** SIMs that leave, of which a replace tells. */
      readonly release: Release;
      readonly isPriced: boolean;
    }
  /** `hasDiffering`: SIMs are active on other terms than are declared. */
  | { readonly refusals: readonly string[]; readonly hasDiffering: boolean };

/** Tells what would be done, and to which SIMs. Reads only. */
export async function previewFleet(
  { account, program }: Pick<RunContext, "account" | "program">,
  { declaration, roll, onRelease, last, replaced }: PreviewRequest,
): Promise<PreviewResult> {
  const record = { ...emptyRecord, sims: roll };
  const seen = await observe(account, declaration, record, { claims: "all", leaving: true });
  const wanted = plan(declaration, record, seen);
  const refusals = [...wanted.refusals, ...wanted.countRefusals];
  if (refusals.length > 0) {
    const advice = 'adopt: "always" takes over SIMs that are active on other terms, and changes them';
    const hasDiffering = wanted.differing > 0;
    return { refusals: [...groupByReason(refusals), ...(hasDiffering ? [advice] : [])], hasDiffering };
  }
  const leaving = await spareDeclared(account, program, wanted.release, onRelease);
  // What waits for the whole program to be known is released all the same, and told.
  const steps = { ...wanted, release: [...leaving.release, ...leaving.deferred] };
  // In a replace all of the roll goes, also a SIM that only its device could tell: it shows another number by now.
  const unseen = roll.filter(({ iccid }) => !seen.sims.has(iccid) && !seen.leaving.has(iccid)).length;
  const release: Release = { count: steps.release.length, onRelease };
  const names = [...steps.keep, ...steps.adopt].map(({ iccid }) => iccid);
  return {
    preview: previewOf(steps, replaced ?? release, last),
    approval: approvalOf(steps, declaration),
    roll:
      steps.claimUnnamed === undefined
        ? ascendingUnique([...names, ...steps.claim, ...steps.inactive, ...steps.lost])
        : undefined,
    release: { ...release, count: release.count + unseen },
    isPriced: steps.price?.amount !== undefined,
  };
}
