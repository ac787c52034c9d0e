import { type Approval, holdsForRelease, narrow } from "../../fleet/model/approval";
import type { OnRelease } from "../../fleet/model/declaration";
import { FleetError } from "../../fleet/model/fleetErrors";
import { countOfSims, formatDollars, money, toDollars } from "../../fleet/model/money";
import { sameZone } from "../../fleet/model/terms";
import { type Preview, priceTold, type UnverifiedPreview } from "../../fleet/plan/preview";
import { addAmounts, beyondCaps } from "../../fleet/run/caps";
import { hintsFor } from "../host/hints";
import type { Session } from "../host/session";
import type { FleetInputs } from "../inputs/parse";
import type { FleetState } from "../wire/state";

/** Open work was announced by an earlier preview. It counts against the caps of this run even if `check` did not repeat it. */
export function countOpen(session: Session, urn: string, state: FleetState, inputs: FleetInputs): void {
  const open = untoldOf(state, inputs, false);
  if (open === undefined) return;
  const activations = activationsIn(open);
  const own = {
    activations,
    dueNow: toDollars(money(open.price ?? 0).times(activations)),
    deactivations: state.onRelease === "deactivate" ? open.sims.release.size : 0,
  };
  if (own.activations + own.deactivations === 0) return;
  session.program.count(urn, own);
  const settings = session.settings();
  const total = session.program.othersTold(urn).reduce(addAmounts, own);
  const cap = beyondCaps(total, settings, hintsFor(settings), open.price !== undefined);
  if (cap !== undefined) throw new FleetError(`${cap}; nothing was sent`);
}

/** What `describeOpen` needs besides the record. */
export interface OpenContext {
  /** `check` has announced all open work except releases, which it cannot see. */
  readonly hasLooked: boolean;
  /** The last preview that was carried out. */
  readonly former: Preview | UnverifiedPreview | undefined;
}

/** "continues: 1 SIM still to activate, about $0.60; 300 SIMs still to be paused", for the row. */
export function describeOpen(
  state: FleetState,
  inputs: FleetInputs,
  { hasLooked, former }: OpenContext,
): string | undefined {
  const { record, onRelease, isUnfinished } = state;
  const { open, doubts } = record;
  const { sims } = inputs;
  const untold = untoldOf(state, inputs, hasLooked);
  const phrases = untold === undefined ? [] : openPhrases(untold, onRelease);
  if (isUnfinished && !hasLooked) phrases.push(olderPhrase(record, inputs, former));
  const kinds = new Set(doubts.map(({ kind }) => kind));
  if (kinds.has(undefined)) phrases.push("a claim without an answer may still be landing");
  if (kinds.has("changePlan")) phrases.push("a change of plan without an answer may still be landing");
  const released = open?.sims.release ?? new Set<string>();
  const leaving =
    sims === undefined || sims.form === "eids"
      ? 0
      : record.sims.filter(({ iccid }) => !sims.selection.has(iccid) && !released.has(iccid)).length;
  if (phrases.length === 0 && leaving > 0 && open !== undefined)
    phrases.push(`${countOfSims(leaving)} leave`);
  if (phrases.length > 0) return `continues: ${phrases.join("; ")}`;
  if (open === undefined || hasLooked || !isOnOtherTerms(open, inputs)) return undefined;
  return "a change that was taken back ended part-way: run `pulumi refresh`, and the next preview tells what is left";
}

/**
 * The part of the open work that this run will do and that `check` has not announced. Once `check` has looked at the account,
 * or the terms have changed, only releases are left. A SIM that is no longer declared is not activated; a SIM that is declared
 * again, or whose release would be of another kind than announced, is not released.
 */
function untoldOf(
  { record: { open }, onRelease }: FleetState,
  inputs: FleetInputs,
  hasLooked: boolean,
): Approval | undefined {
  if (open === undefined) return undefined;
  const { sims } = inputs;
  // Which ICCIDs a range of EIDs comes to is not known here.
  const selection = sims === undefined || sims.form === "eids" ? undefined : sims.selection;
  const isOpen = !hasLooked && !isOnOtherTerms(open, inputs);
  const { unnamed, ...named } = open;
  const holdsUnnamed = unnamed !== undefined && (selection?.overlaps(unnamed.numbers) ?? true);
  return narrow(isOpen && holdsUnnamed ? open : named, (kind, iccid) =>
    kind === "release"
      ? holdsForRelease(open, onRelease) && !(selection?.has(iccid) ?? false)
      : isOpen && (selection?.has(iccid) ?? true),
  );
}

function isOnOtherTerms({ plan, zone }: Approval, inputs: FleetInputs): boolean {
  return plan !== inputs.plan || !sameZone(zone, inputs.zone);
}

/** An older package kept a count of what it left undone, and no names. */
function olderPhrase(
  { sims, lost }: FleetState["record"],
  { sims: declared, expectedSims }: FleetInputs,
  former: OpenContext["former"],
): string {
  const count = declared?.form === "list" ? declared.iccids.length : expectedSims;
  if (count === undefined) return "what an older version of this package left undone";
  const left = Math.max(0, count - sims.length - lost.length);
  const price = former && priceTold(former);
  const cost = price === undefined ? "" : `, about ${formatDollars(toDollars(money(price).times(left)))}`;
  return `${countOfSims(left)} still to activate${cost}, which an older version of this package left undone`;
}

function openPhrases(open: Approval, onRelease: OnRelease): string[] {
  const { sims, price } = open;
  const activate = activationsIn(open);
  const cost =
    price === undefined || activate === 0
      ? ""
      : `, about ${formatDollars(toDollars(money(price).times(activate)))}`;
  const phrase = (count: number, what: string): string[] =>
    count === 0 ? [] : [`${countOfSims(count)} ${what}`];
  return [
    ...phrase(activate, `still to activate${cost}`),
    ...phrase(sims.adopt.size, "still to adopt"),
    ...phrase(sims.resume.size, "still to resume"),
    ...phrase(sims.changePlan.size, "still on another plan"),
    ...phrase(sims.changeLimits.size, "still with other limits"),
    ...phrase(sims.release.size, releases[onRelease]),
  ];
}

const releases: Readonly<Record<FleetState["onRelease"], string>> = {
  keep: "still to be released",
  pause: "still to be paused",
  deactivate: "still to be deactivated",
};

function activationsIn({ sims, unnamed }: Approval): number {
  return sims.activate.size + (unnamed?.atMost ?? 0);
}
