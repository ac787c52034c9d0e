import { type Approval, KINDS, type Kind } from "../model/approval";
import { formatCount, formatDollars, money } from "../model/money";

/** Why an approval goes beyond what was told before, in a sentence. Less is fine. */
export function beyondApproval(approval: Approval, told: Approval): string | undefined {
  // SIMs that nothing named were told by their count, whatever names them by now.
  let left = (told.unnamed?.atMost ?? 0) - (approval.unnamed?.atMost ?? 0);
  const beyond = new Map<Kind, number>(left < 0 ? [["activate", -left]] : []);
  for (const kind of KINDS) {
    const untold = [...approval.sims[kind]].filter((iccid) => !wasNamed(told, kind, iccid));
    const counted = untold.filter((iccid) => mayBeCounted(told, kind, iccid)).length;
    const taken = Math.min(counted, Math.max(0, left));
    left -= taken;
    beyond.set(kind, (beyond.get(kind) ?? 0) + untold.length - taken);
  }
  const more = [...beyond].flatMap(([kind, count]) =>
    count === 0 ? [] : [`${VERBS[kind]} ${formatCount(count)} more`],
  );
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
function wasNamed({ sims }: Approval, kind: Kind, iccid: string): boolean {
  if (sims[kind].has(iccid)) return true;
  if (kind === "adopt") return sims.activate.has(iccid);
  return kind === "changeLimits" && sims.changePlan.has(iccid);
}

function mayBeCounted({ unnamed }: Approval, kind: Kind, iccid: string): boolean {
  return (kind === "activate" || kind === "adopt") && unnamed?.numbers.has(iccid) === true;
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
