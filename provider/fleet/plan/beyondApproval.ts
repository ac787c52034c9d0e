import { type Approval, KINDS, type Kind } from "../model/approval";
import { formatCount, formatDollars, money } from "../model/money";

/** Why an approval goes beyond what was told before, in a sentence. Less is fine. */
export function beyondApproval(approval: Approval, told: Approval): string | undefined {
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
  if (now.sims.activate.size + now.sims.changePlan.size === 0 && now.unnamed === undefined) return false;
  return now.price !== undefined && told.price !== undefined && money(now.price).gt(money(told.price));
}

const VERBS: Readonly<Record<Kind, string>> = {
  activate: "activate",
  adopt: "adopt",
  resume: "resume",
  changePlan: "change the plan of",
  changeLimits: "change the limits of",
  release: "release",
};
