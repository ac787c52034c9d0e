import { type Approval, approveNothing, join, KINDS, type Kind } from "../../fleet/model/approval";
import type { OnRelease } from "../../fleet/model/declaration";
import { formatCount, formatDollars, money } from "../../fleet/model/money";
import { isVerified, type UnverifiedPreview } from "../../fleet/plan/preview";
import type { CommandProgram } from "../host/commandProgram";
import { packApproval, unpackApproval } from "../wire/approval";
import { previewIn } from "../wire/preview";
import type { Computed } from "./computePreview";

/** What a check found, for the other phase of the same command. */
export interface Told {
  readonly urn: string;
  readonly computed: Computed;
  readonly roll: readonly string[];
  /** Inputs that come from other resources were unknown: only the update phase can tell. */
  readonly isLate: boolean;
}

/** In the preview phase: leaves what was told, for the update phase and for the caps of other fleets. */
export function tellForUpdate(
  program: CommandProgram,
  { urn, computed, isLate }: Told,
  onRelease: OnRelease,
): void {
  const { preview, approval } = computed;
  const counts = isVerified(preview) ? preview : { activate: 0, release: 0, dueNow: 0 };
  const stored = isVerified(preview)
    ? (packApproval(approval, noBases) ?? NOTHING)
    : isLate
      ? LATE
      : { preview };
  program.tell(urn, stored, {
    activations: counts.activate,
    dueNow: counts.dueNow ?? 0,
    deactivations: onRelease === "deactivate" ? counts.release : 0,
  });
}

/**
 * In the update phase: what the preview phase told where it could not read the account. It binds the update, which may
 * be able to: what a person was told holds, and the next command tells the rest.
 */
export function toldUnverified(program: CommandProgram, urn: string): UnverifiedPreview | undefined {
  return program
    .told(urn)
    ?.flatMap((each) => {
      const preview = isRecord(each) ? previewIn(each) : undefined;
      return preview === undefined || isVerified(preview) ? [] : [preview];
    })
    .at(-1);
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
  const more = KINDS.flatMap((kind) => {
    const count = [...approval.sims[kind]].filter((iccid) => !wasTold(told, kind, iccid)).length;
    return count === 0 ? [] : [`${VERBS[kind]} ${formatCount(count)} more`];
  });
  const unnamed = (approval.unnamed?.atMost ?? 0) - (told.unnamed?.atMost ?? 0);
  if (unnamed > 0) more.push(`activate ${formatCount(unnamed)} more`);
  if (isDearer(approval, told)) {
    more.push(
      `${formatDollars(Number(approval.price))} a SIM instead of ${formatDollars(Number(told.price))}`,
    );
  }
  return more.length === 0
    ? undefined
    : `the account has changed since the preview: ${more.join(", ")}. Nothing was sent; run the command again`;
}

/** A SIM that was to be activated and is active by now is held without a claim. */
function wasTold({ sims, unnamed }: Approval, kind: Kind, iccid: string): boolean {
  if (sims[kind].has(iccid)) return true;
  if (kind === "adopt") return sims.activate.has(iccid) || (unnamed?.numbers.has(iccid) ?? false);
  if (kind === "activate") return unnamed?.numbers.has(iccid) ?? false;
  return kind === "changeLimits" && sims.changePlan.has(iccid);
}

function isDearer(now: Approval, told: Approval): boolean {
  if (now.sims.activate.size === 0 && now.unnamed === undefined) return false;
  return now.price !== undefined && told.price !== undefined && money(now.price).gt(money(told.price));
}

const noBases = { roll: [], leaving: [] };
const NOTHING = {};
const LATE = { late: true };

const VERBS: Readonly<Record<Kind, string>> = {
  activate: "activate",
  adopt: "adopt",
  resume: "resume",
  changePlan: "change the plan of",
  changeLimits: "change the limits of",
  release: "release",
};

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
