import type { Settings } from "../../account/settings";
import { apply, type Outcome } from "../../fleet/apply/apply";
import type { Account } from "../../fleet/model/account";
import type { Declaration, Held, OnRelease } from "../../fleet/model/declaration";
import { FleetError, groupByReason } from "../../fleet/model/errors";
import { countOfSims, money, toDollars } from "../../fleet/model/money";
import type { Selection } from "../../fleet/numbers/selection";
import { type Observation, observe } from "../../fleet/observe/observe";
import { dueNow } from "../../fleet/observe/price";
import { type Plan, plan } from "../../fleet/plan/plan";
import { activations } from "../../fleet/plan/purchases";
import { type Bounds, beyondBounds, withinPreview } from "../../fleet/run/bounds";
import type { RowReporter } from "../host/progress";
import type { Session } from "../host/session";
import { iccidsOf } from "./computePreview";
import { leaveDoubted, stillInDoubt, withLeft, withoutCost, withUnclaimable } from "./notSent";
import { say } from "./telling";

/** One change of a fleet, whether it is new or held already. */
export interface Change {
  readonly account: Account;
  readonly settings: Settings;
  readonly declaration: Declaration;
  /** The resource among others of this process. */
  readonly instance: string;
  readonly held: Held;
  /** As state recorded it: what the last `up` said about SIMs that leave. */
  readonly onRelease: OnRelease;
  readonly bounds: Bounds;
  /** Declarations of others, as far as they are known by now: no release touches their SIMs. */
  readonly spared: () => readonly Selection[];
  /** Until then a claim of the last run may still be landing, and this run only reads. */
  readonly doubtfulUntil: number | undefined;
}

export interface Changed {
  readonly outcome: Outcome;
  readonly steps: Plan;
}

/**
 * Brings the world to the declaration: observe, plan, stay within the bounds, apply. Before the first write everything
 * that speaks against it is an error that says nothing was sent; after it, everything learned is in the outcome.
 */
export async function carryOut(change: Change, session: Session, report: RowReporter): Promise<Changed> {
  const { account, declaration, held, bounds } = change;
  const inDoubt = change.doubtfulUntil !== undefined && session.clock.now() < change.doubtfulUntil;
  const seen = await lookFresh(() => observe(account, declaration, held, { mayClaim: !inDoubt }), session);
  // In doubt nothing was looked for that could be claimed, so that no count of the whole can agree.
  const { expectedSims: _, ...uncounted } = declaration;
  const wanted = plan(inDoubt ? uncounted : declaration, held, seen);
  if (wanted.release.length > 0 && change.onRelease !== "keep") await session.checked.quiet(session.clock);
  const { steps: approved, remarks } = withinPreview(wanted, bounds);
  const doubts = session.doubts.othersThan(change.instance, session.clock.now());
  const { steps: free, left } = leaveDoubted(inDoubt ? withoutCost(approved) : approved, doubts);
  const steps = spare(free, change.spared(), seen);
  session.checked.belongsTo(declaration.sims, change.instance, iccidsOf(steps));
  refuse(steps, held);
  const beyond = beyondBounds(steps, declaration, bounds);
  if (beyond !== undefined) {
    throw new FleetError(`nothing was sent: ${beyond}. Run \`pulumi preview\` to see what has changed.`);
  }
  const reserved = reserve(steps, change, session);
  const { claimSettleSeconds } = change.settings;
  const { inFlight } = session;
  const options = { claimSettleSeconds, inFlight, onRelease: change.onRelease };
  const applied = await apply(account, declaration, steps, options, report);
  settleReservation(reserved, applied, steps, session);
  const complete = inDoubt
    ? stillInDoubt(applied, approved, change)
    : withUnclaimable(applied, approved, bounds, declaration);
  const outcome = withLeft({ ...complete, remarks: [...complete.remarks, ...remarks] }, left);
  say(outcome, steps, change.onRelease, report);
  return { outcome, steps };
}

/**
 * A reading that took long, because the rate was limited, is old before it ends: an earlier claim may have landed
 * meanwhile, and would be paid for again. Then it is read once more.
 */
async function lookFresh<T>(look: () => Promise<T>, { clock }: Session): Promise<T> {
  const begun = clock.now();
  const seen = await look();
  return clock.now() - begun > OLDEST_READING ? look() : seen;
}

/** Milliseconds. */
const OLDEST_READING = 30_000;

/** SIMs that another declaration covers, by ICCID or by EID, are not released, whatever `onRelease` says. */
function spare(steps: Plan, spared: readonly Selection[], { sims }: Observation): Plan {
  const release = steps.release.filter(({ iccid, eid = sims.get(iccid)?.eid }) => {
    const numbers = eid === undefined ? [iccid] : [iccid, eid];
    return !spared.some((selection) => numbers.some((number) => selection.has(number)));
  });
  return { ...steps, release };
}

/**
 * What concerns the whole fleet stops every change. What concerns single SIMs stops a new fleet, where nothing is
 * spent yet; a fleet that goes on does the rest and reports them.
 */
function refuse(steps: Plan, held: Held): void {
  const isNew =
    held.kind === "listed" && held.sims.length === 0 && held.unfinished === 0 && held.lost.length === 0;
  const stopping = steps.refusals.filter(({ iccid }) => isNew || iccid === undefined);
  if (stopping.length === 0) return;
  throw new FleetError(`nothing was sent: ${groupByReason(stopping).join("; ")}`);
}

interface Reservation {
  readonly activations: number;
  readonly dueNow: number;
}

/** Counts the plan against the caps of this run, in one step: operations run side by side. */
function reserve(steps: Plan, { settings, onRelease }: Change, session: Session): Reservation {
  if (onRelease === "deactivate") reserveDeactivations(steps.release.length, settings, session);
  const reserved = reservationOf(steps, activations(steps));
  session.spent.activations += reserved.activations;
  session.spent.dueNow += reserved.dueNow;
  return reserved;
}

/** Gives back what was certainly not spent. */
function settleReservation(reserved: Reservation, { counts }: Outcome, steps: Plan, session: Session): void {
  const spent = reservationOf(steps, counts.claimed + counts.doubtful);
  session.spent.activations -= reserved.activations - spent.activations;
  session.spent.dueNow -= reserved.dueNow - spent.dueNow;
}

function reservationOf(steps: Plan, count: number): Reservation {
  return { activations: count, dueNow: toDollars((steps.price && dueNow(steps.price, count)) ?? money(0)) };
}

/** Deactivation is for ever: it needs a number that someone wrote down. */
export function reserveDeactivations(count: number, settings: Settings, session: Session): void {
  const total = session.spent.deactivations + count;
  if (count > 0 && total > settings.maxDeactivations)
    throw new FleetError(tooManyDeactivations(total, settings));
  session.spent.deactivations = total;
}

export function tooManyDeactivations(total: number, settings: Settings): string {
  return (
    `this run would deactivate ${countOfSims(total)} for ever, and hologram:maxDeactivations allows ` +
    `${settings.maxDeactivations}; nothing was sent. If that is meant, run ` +
    `\`pulumi config set hologram:maxDeactivations ${total}\` before an update, or set ` +
    `HOLOGRAM_MAX_DEACTIVATIONS=${total} for a destroy`
  );
}
