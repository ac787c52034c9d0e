import type { Declaration } from "../model/declaration";
import { countOfSims, formatDollars, money, toDollars } from "../model/money";
import { dueNow } from "../observe/price";
import { allOf, type Plan, simCount, type Work } from "../plan/plan";
import { isVerified, type Preview, type UnverifiedPreview } from "../plan/preview";
import { activations as activationsOf } from "../plan/purchases";
import type { Refit } from "../plan/termChanges";

/** How much one operation may spend: what was previewed, and what was approved before and is not done yet. */
export interface Bounds {
  /** As `check` wrote it into the inputs at the start of this run. */
  readonly preview: Preview | UnverifiedPreview;
  /** Approved by an earlier run and not done: on record, or seen by `check`. */
  readonly unfinished: number;
  /** Not active, as far as is known: of `unfinished`, or of what the inputs that the engine keeps declared. Absent: all. */
  readonly missing?: number;
  readonly continuing: number;
  /** Plan, zone or a limit is declared otherwise than it is on record. */
  readonly edited?: boolean;
  /**
   * The record is a range. Which of its SIMs are unfinished no list may tell, so that a preview counts what is new and
   * leaves them out: both were approved, and come together.
   */
  readonly ofRange?: boolean;
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
  const { preview, unfinished, missing = unfinished, continuing, ofRange } = bounds;
  // What the former declaration named is no news to it, and taking it over costs nothing.
  const [activate, adopt] = [activationsOf(steps), steps.adopt.length - steps.adoptKnown];
  const changePlan = allOf(steps.changePlan).filter(({ hidden }) => !hidden).length;
  const said = isVerified(preview) ? preview : unverifiedAllowance(declaration);
  if (said === undefined && activate + adopt + changePlan > 0) {
    const reason = isVerified(preview) ? "" : ` (${preview.unverified})`;
    const what = activate + adopt > 0 ? "activated" : "changed to another plan";
    return `the preview could not be verified${reason}, and a range without expectedSims is then not ${what}`;
  }
  const most = (count = 0): number => Math.max(count + continuing, unfinished);
  // What was approved earlier comes to what a preview counts, where that cannot see it.
  const earlier = Math.max(continuing, missing);
  const mostActivations = ofRange ? (said?.activate ?? 0) + earlier : Math.max(most(said?.activate), earlier);
  if (activate > mostActivations) {
    return `${countOfSims(activate)} would be activated, but the preview said ${said?.activate ?? 0}`;
  }
  // While an earlier run is unfinished nobody can tell which of its SIMs came since; taking them over costs nothing.
  const isWithin = earlier > 0 && isVerified(preview) && simCount(steps) <= preview.simCount;
  if (adopt > (said?.adopt ?? 0) + earlier && !isWithin) {
    return `${countOfSims(adopt)} would be adopted, but the preview said ${said?.adopt ?? 0}`;
  }
  if (changePlan > most(said?.changePlan)) {
    return `the plan of ${countOfSims(changePlan)} would be changed, but the preview said ${said?.changePlan ?? 0}`;
  }
  const price = steps.price?.amount;
  if (price === undefined || said?.dueNow === undefined) return undefined;
  const due = price.times(activate);
  const beyond = price.times(Math.max(0, activate - said.activate));
  // The preview's figure is rounded to cents, so it may be half a cent too low; nothing else here is rounded.
  if (due.lte(beyond.plus(said.dueNow).plus("0.005"))) return undefined;
  const cost = formatDollars(toDollars(due));
  return `the activation would cost about ${cost}, but the preview said ${formatDollars(said.dueNow)}`;
}

/**
 * SIMs of the fleet that differ from it are changed back only when a preview counted such, or an earlier run left some:
 * a change by hand that nobody looked at is drift, and `remarks` say so. Without a verified preview the declaration
 * itself says what is wanted.
 */
export function withinPreview(
  steps: Plan,
  { preview, unfinished, edited }: Bounds,
): { steps: Plan; remarks: string[] } {
  if (!isVerified(preview)) return { steps, remarks: [] };
  const remarks: string[] = [];
  const leave = (count: number, what: string): void => {
    if (count === 0) return;
    remarks.push(
      `${countOfSims(count)} ${what}, which the preview did not count: left as it is. ` +
        "Run `pulumi refresh` and then `pulumi up` to change it back.",
    );
  };
  const bounded = <T>({ entering, kept }: Work<T>, counted: number, what: string): Work<T> => {
    if (kept.length === 0 || counted > entering.length || kept.length <= unfinished)
      return { entering, kept };
    leave(kept.length, what);
    return { entering, kept: [] };
  };
  /** What `check` cannot see goes with what it counted, or with an edit. */
  const refits = ({ entering, kept }: Work<Refit>, counted: number, what: string): Work<Refit> => {
    const hidden = kept.filter((each) => each.hidden);
    const seen = bounded({ entering, kept: kept.filter((each) => !each.hidden) }, counted, what);
    if (edited || seen.kept.length > 0) return { entering, kept: [...seen.kept, ...hidden] };
    leave(hidden.length, what);
    return seen;
  };
  return {
    steps: {
      ...steps,
      resume: bounded(steps.resume, preview.resume, "paused by hand"),
      changePlan: refits(steps.changePlan, preview.changePlan, "on another plan or in another zone"),
      changeLimits: refits(steps.changeLimits, preview.changeLimits, "with other limits"),
    },
    remarks,
  };
}

interface Allowance {
  readonly activate: number;
  readonly adopt: number;
  readonly changePlan: number;
  readonly dueNow?: number;
}

/** Without a verified preview the program itself must have counted: a list does, a range with `expectedSims` does. */
function unverifiedAllowance({ sims, expectedSims }: Declaration): Allowance | undefined {
  const count = sims.form === "list" ? sims.iccids.length : expectedSims;
  return count === undefined ? undefined : { activate: count, adopt: count, changePlan: count };
}

export function beyondCaps(steps: Plan, caps: Caps): string | undefined {
  const activate = activationsOf(steps);
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
