import { approveNothing, join } from "../../fleet/model/approval";
import type { DeclaredSims, OnRelease } from "../../fleet/model/declaration";
import { beyondApproval } from "../../fleet/plan/beyondApproval";
import { isVerified } from "../../fleet/plan/preview";
import type { CommandProgram } from "../host/commandProgram";
import { packRoll, unpackRoll } from "../wire/hiddenInputs";
import { packApproval, unpackApproval } from "../wire/packedApproval";
import { previewIn } from "../wire/previewInput";
import type { Computed } from "./computePreview";
import { amountTold } from "./toldAmounts";

/** What a check found, for the other phase of the same command. */
export interface Told {
  readonly urn: string;
  readonly sims: DeclaredSims | undefined;
  /** There is no former declaration: the fleet is new, or this is the second check of a replace. */
  readonly isNew: boolean;
  readonly computed: Computed;
  /** Inputs that it depends on come from other resources and were unknown: what it left open the update phase tells. */
  readonly isLate: boolean;
}

/**
 * In the preview phase: leaves what was told, for the update phase and for the caps of other fleets. Where it cannot be
 * left, a sentence says what that means.
 */
export function tellForUpdate(
  program: CommandProgram,
  { urn, sims, isNew, computed, isLate }: Told,
  onRelease: OnRelease,
): string | undefined {
  const { preview, approval, roll, orgId, isSettled } = computed;
  const named = { ...packApproval(approval, noBases), ...(isSettled ? {} : { roll: packRoll(roll, sims) }) };
  const isOpen = isLate && preview.unverified !== undefined;
  const problem = program.tell(
    urn,
    isOpen ? LATE : { preview, isNew, orgId, ...named },
    amountTold(preview, onRelease),
  );
  if (problem === undefined) return undefined;
  return `what this preview tells cannot be written down (${problem}): its price and names do not bind the update`;
}

/**
 * In the update phase: where only one of the two looks could read the account, what the preview phase told binds. A
 * person has seen that, and the operation looks once more before it sends anything.
 */
export function boundByPreview(program: CommandProgram, { urn, sims, isNew, computed }: Told): Computed {
  const stored = program
    .told(urn)
    ?.filter(isRecord)
    .findLast((each) => each.isNew === isNew);
  const preview = stored && previewIn(stored);
  if (stored === undefined || preview === undefined) return computed;
  if (isVerified(preview) && isVerified(computed.preview)) return computed;
  const approval = unpackApproval(stored, noBases);
  const orgId = computed.orgId ?? (typeof stored.orgId === "number" ? stored.orgId : undefined);
  return { ...computed, preview, approval, roll: unpackRoll(stored.roll, sims), orgId, isSettled: false };
}

/**
 * In the update phase: why this goes beyond what the preview phase told, in a sentence. Less is fine; so is anything
 * where inputs were unknown to it, or where there was none.
 */
export function beyondTold(program: CommandProgram, { urn, computed }: Told): string | undefined {
  const { approval } = computed;
  if (approval === undefined) return undefined;
  const stored = program.told(urn);
  if (stored === undefined || stored.some((each) => isRecord(each) && "late" in each)) return undefined;
  const nothing = approveNothing({ plan: approval.plan, zone: approval.zone });
  const told = stored
    .flatMap((each) => unpackApproval(each, noBases) ?? [])
    .reduce((all, each) => join(each, all), nothing);
  return beyondApproval(approval, told);
}

const noBases = { roll: [], leaving: [] };
const LATE = { late: true };

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
