import type { Sim } from "../../hologram/model";
import type { Approval } from "../model/approval";
import type { Declaration, OnRelease } from "../model/declaration";
import { groupByReason } from "../model/fleetErrors";
import { emptyRecord, type RecordedSim } from "../model/record";
import { standingOf } from "../model/standing";
import { ascendingUnique } from "../numbers/selection";
import { observe } from "../observe/observe";
import { approvalOf } from "../plan/approve";
import { type FleetPlan, plan } from "../plan/plan";
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
  /** In a replace: the fleet of the former declaration. */
  readonly replaced?: ReplacedFleet | undefined;
}

/** The SIMs that a replace may release. */
export interface ReplacedFleet {
  /** All of them. */
  readonly release: Release;
  /** The roll that they were counted from. */
  readonly roll: readonly string[];
  /** Those of them, by ICCID, that nothing shows: an eSIM under another number by now, or a claim that lands late. */
  readonly unseen: readonly string[];
  /** The devices of these, as far as they are known. */
  readonly devices: ReadonlySet<number>;
}

export type PreviewResult =
  | {
      readonly preview: Preview;
      readonly approval: Approval;
      /** ICCIDs that this declaration comes to; absent where nothing names all of them. */
      readonly roll: readonly string[] | undefined;
      /** What a replace would tell of this declaration, as the former one. */
      readonly replaced: ReplacedFleet;
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
  const wanted = withoutUnseen(declaration, plan(declaration, record, seen));
  const refusals = [...wanted.refusals, ...wanted.countRefusals];
  if (refusals.length > 0) {
    const advice =
      'adopt: "always" takes over SIMs that are active on other terms, and changes them (an upgrade is charged); ' +
      "else declare them as they are. Nothing was sent";
    const hasDiffering = wanted.differing > 0;
    return { refusals: [...groupByReason(refusals), ...(hasDiffering ? [advice] : [])], hasDiffering };
  }
  const leaving = await spareDeclared(account, program, wanted.release, onRelease);
  // What waits for the whole program to be known is released all the same, and told.
  const steps = { ...wanted, release: [...leaving.release, ...leaving.deferred] };
  const unseen = roll
    .map(({ iccid }) => iccid)
    .filter((iccid) => isUnseen(seen.sims.get(iccid) ?? seen.leaving.get(iccid)));
  const release: Release = { count: steps.release.length, onRelease };
  const names = [...steps.keep, ...steps.adopt].map(({ iccid }) => iccid);
  return {
    preview: previewOf(steps, replaced === undefined ? release : leavingOf(replaced, steps), last),
    approval: approvalOf(steps, { ...declaration, onRelease }),
    roll:
      steps.claimUnnamed === undefined
        ? ascendingUnique([...names, ...steps.claim, ...steps.inactive, ...steps.lost])
        : undefined,
    replaced: {
      release: { ...release, count: release.count + unseen.length, isReplace: true },
      roll: roll.map(({ iccid }) => iccid),
      unseen,
      devices: new Set(),
    },
    isPriced: steps.price?.amount !== undefined,
  };
}

/** What only a listing names, and no preview confirms, is bought where the program itself says what, or how many. */
function withoutUnseen({ sims, expectedSims }: Declaration, wanted: FleetPlan): FleetPlan {
  const { claim, unverified } = wanted;
  if (unverified === undefined || sims.form === "list" || expectedSims !== undefined) return wanted;
  if (claim.length === 0) return wanted;
  const because = `no preview tells which SIMs of the range can be activated (${unverified})`;
  return { ...wanted, claim: [], unverified: `${because}: set expectedSims to activate them` };
}

/** Nothing shows that it was bought. */
function isUnseen(sim: Sim | undefined): boolean {
  return sim === undefined || standingOf(sim) === "unclaimed";
}

/** An eSIM that the program follows to another number is adopted under it, and does not go. */
function leavingOf({ release, devices }: ReplacedFleet, { adopt }: FleetPlan): Release {
  return { ...release, count: release.count - adopt.filter(({ deviceId }) => devices.has(deviceId)).length };
}
