import type { Declaration } from "./declaration";
import { countOfSims, formatDollars, money, toDollars } from "./money";
import { activations, type Plan } from "./plan";
import { isVerified, type Preview, type UnverifiedPreview } from "./preview";
import { dueNow } from "./price";

/** How much one operation may spend: what was previewed, and what was approved before and is not done yet. */
export interface Bounds {
  /** As `check` wrote it into the inputs at the start of this run. */
  readonly preview: Preview | UnverifiedPreview;
  /** Approved by an earlier run and not done: on record, or seen by `check`. */
  readonly unfinished: number;
  readonly continuing: number;
  readonly caps: Caps;
}

/** Caps of one run of one stack. Absent: none. `spent` is what this run's other resources did already. */
export interface Caps {
  readonly maxActivations?: number;
  readonly maxDueNow?: number;
  readonly spent: { readonly activations: number; readonly dueNow: number };
}

/** Why the plan goes beyond what was approved, in a sentence; nothing may then be sent. */
export function beyondBounds(steps: Plan, declaration: Declaration, bounds: Bounds): string | undefined {
  return beyondPreview(steps, declaration, bounds) ?? beyondCaps(steps, bounds.caps);
}

function beyondPreview(steps: Plan, declaration: Declaration, bounds: Bounds): string | undefined {
  const { preview, unfinished, continuing } = bounds;
  const [activate, adopt] = [activations(steps), steps.adopt.length];
  const said = isVerified(preview) ? preview : unverifiedAllowance(declaration);
  if (said === undefined && activate + adopt > 0) {
    const reason = isVerified(preview) ? "" : ` (${preview.unverified})`;
    return `the preview could not be verified${reason}, and a range without expectedSims is then not activated`;
  }
  const most = (count = 0): number => Math.max(count + continuing, unfinished);
  if (activate > most(said?.activate)) {
    return `${countOfSims(activate)} would be activated, but the preview said ${said?.activate ?? 0}`;
  }
  if (adopt > most(said?.adopt)) {
    return `${countOfSims(adopt)} would be adopted, but the preview said ${said?.adopt ?? 0}`;
  }
  const price = steps.price?.amount;
  if (price === undefined || said?.dueNow === undefined) return undefined;
  const due = price.times(activate);
  // The preview's figure is rounded to cents, so it may be half a cent too low; nothing else here is rounded.
  const previewed = price.times(continuing).plus(said.dueNow).plus("0.005");
  if (due.lte(previewed) || due.lte(price.times(unfinished))) return undefined;
  const cost = formatDollars(toDollars(due));
  return `the activation would cost about ${cost}, but the preview said ${formatDollars(said.dueNow)}`;
}

interface Allowance {
  readonly activate: number;
  readonly adopt: number;
  readonly dueNow?: number;
}

/** Without a verified preview the program itself must have counted: a list does, a range with `expectedSims` does. */
function unverifiedAllowance({ sims, expectedSims }: Declaration): Allowance | undefined {
  const count = sims.form === "list" ? sims.iccids.length : expectedSims;
  return count === undefined ? undefined : { activate: count, adopt: count };
}

export function beyondCaps(steps: Plan, caps: Caps): string | undefined {
  const activate = activations(steps);
  const due = toDollars((steps.price && dueNow(steps.price, activate)) ?? money(0));
  return countBeyondCaps(activate, due, caps);
}

/** The caps hold for a preview as for a plan: `check` names them before anyone approves. */
export function countBeyondCaps(activate: number, due: number, caps: Caps): string | undefined {
  const { maxActivations, maxDueNow, spent } = caps;
  if (activate > 0 && maxActivations !== undefined && spent.activations + activate > maxActivations) {
    const total = spent.activations + activate;
    return (
      `this run would activate ${countOfSims(total)}, and hologram:maxActivations allows ${maxActivations}; ` +
      `if that is meant, run \`pulumi config set hologram:maxActivations ${total}\``
    );
  }
  const total = toDollars(money(spent.dueNow).plus(due));
  if (due > 0 && maxDueNow !== undefined && total > maxDueNow) {
    return (
      `this run would cost about ${formatDollars(total)} now, and hologram:maxDueNow allows ` +
      `${formatDollars(maxDueNow)}; if that is meant, run \`pulumi config set hologram:maxDueNow ${total}\``
    );
  }
  return undefined;
}
