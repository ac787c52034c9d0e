import { type Approval, holdsForRelease, narrow } from "../model/approval";
import type { DeclaredSims, OnRelease } from "../model/declaration";
import type { Amount } from "../model/journal";
import { countOfSims, formatDollars, isOrAre, money, toDollars } from "../model/money";
import type { FleetRecord, WipedLimits } from "../model/record";
import { sameZone } from "../model/terms";
import { Selection } from "../numbers/selection";
import { type Preview, priceTold, type UnverifiedPreview } from "./preview";

/** What is on record of a fleet, as far as it says what is open. */
export interface OpenRecord {
  readonly record: FleetRecord;
  /** As recorded, not as declared now. */
  readonly onRelease: OnRelease;
  /** An older package ended part-way, and did not name what is open. */
  readonly isUnfinished: boolean;
  /** ICCIDs that the former declaration came to. */
  readonly roll?: readonly string[] | undefined;
}

/** What is declared now, as far as it bears on open work and is known. */
export interface DeclaredNow {
  readonly sims: DeclaredSims | undefined;
  readonly plan: number | undefined;
  readonly zone: string;
  readonly expectedSims?: number | undefined;
}

/** What `describeOpen` needs besides the record. */
export interface OpenContext {
  /** `check` has announced all open work except releases, which it cannot see. */
  readonly hasLooked: boolean;
  /** ICCIDs that the declaration comes to now; absent where nobody can name them. */
  readonly roll?: readonly string[] | undefined;
  /** The last preview that was carried out. */
  readonly former: Preview | UnverifiedPreview | undefined;
  /** How the account is read anew, in the words of the tool that the user works with. */
  readonly howToRefresh: string;
}

/** "continues: 1 SIM still to activate, about $0.60; 300 SIMs still to be paused", for the row. */
export function describeOpen(state: OpenRecord, now: DeclaredNow, context: OpenContext): string | undefined {
  const { record, onRelease, isUnfinished } = state;
  const { open, doubts, wiped = [] } = record;
  const { hasLooked, former, howToRefresh } = context;
  const untold = untoldOf(state, now, hasLooked);
  const phrases = untold === undefined ? [] : openPhrases(untold, onRelease, wiped);
  if (isUnfinished && !hasLooked) phrases.push(olderPhrase(record, now, former));
  const kinds = new Set(doubts.map(({ kind }) => kind));
  if (kinds.has(undefined)) phrases.push("a claim without an answer may still be landing");
  if (kinds.has("changePlan")) phrases.push("a change of plan without an answer may still be landing");
  const limited = wiped.reduce((all, { sims }) => all.union(sims), Selection.empty);
  if (!limited.isEmpty) {
    phrases.push(`${countOfSims(Number(limited.width))} whose limits are set again after a change of plan`);
  }
  const said = phrases.length > 0 ? [`continues: ${phrases.join("; ")}`] : [];
  const held = takenBack(state, now, context);
  if (held > 0) {
    said.push(
      `${countOfSims(held)} of a change that was taken back ${isOrAre(held)} held: ${howToRefresh}, and the next preview tells ` +
        `${held === 1 ? "its" : "their"} release`,
    );
  }
  if (said.length > 0) return said.join("; ");
  if (open === undefined || hasLooked || !isOnOtherTerms(open, now)) return undefined;
  return `a change that was taken back ended part-way: ${howToRefresh}, and the next preview tells what is left`;
}

/**
 * How many SIMs are on record, declared no more, and not of the former declaration: a change that was taken back brought
 * them, and no check can see that.
 */
function takenBack(
  { record: { open, sims: held }, roll: before }: OpenRecord,
  { sims }: DeclaredNow,
  { roll }: OpenContext,
): number {
  if (sims === undefined || (before === undefined && open === undefined)) return 0;
  // Which ICCIDs EIDs are only a check can tell.
  if (sims.form === "eids" && roll === undefined) return 0;
  const declared = sims.form === "eids" ? new Set(roll) : sims.selection;
  const leaving = held.filter(({ iccid }) => !declared.has(iccid) && !open?.sims.release.has(iccid));
  if (leaving.length === 0) return 0;
  const told = new Set(before);
  return leaving.filter(({ iccid }) => !told.has(iccid)).length;
}

/**
 * The part of the open work that this run will do and that `check` has not announced. Once `check` has looked at the account,
 * or the terms have changed, only releases are left. A SIM that is no longer declared is not activated; a SIM that is declared
 * again, or whose release would be of another kind than announced, is not released.
 */
export function untoldOf(
  { record: { open }, onRelease }: OpenRecord,
  now: DeclaredNow,
  hasLooked: boolean,
): Approval | undefined {
  if (open === undefined) return undefined;
  const { sims } = now;
  // Which ICCIDs a range of EIDs comes to is not known here.
  const selection = sims === undefined || sims.form === "eids" ? undefined : sims.selection;
  const isOpen = !hasLooked && !isOnOtherTerms(open, now);
  const { unnamed, ...named } = open;
  const holdsUnnamed = unnamed !== undefined && (selection?.overlaps(unnamed.numbers) ?? true);
  return narrow(isOpen && holdsUnnamed ? open : named, (kind, iccid) =>
    kind === "release"
      ? holdsForRelease(open, onRelease) && !(selection?.has(iccid) ?? false)
      : isOpen && (selection?.has(iccid) ?? true),
  );
}

function isOnOtherTerms({ plan, zone }: Approval, now: DeclaredNow): boolean {
  return plan !== now.plan || !sameZone(zone, now.zone);
}

/** An older package kept a count of what it left undone, and no names. */
function olderPhrase(
  { sims, lost }: FleetRecord,
  { sims: declared, expectedSims }: DeclaredNow,
  former: OpenContext["former"],
): string {
  const count = declared?.form === "list" ? declared.iccids.length : expectedSims;
  if (count === undefined) return "what an older version of this package left undone";
  const left = Math.max(0, count - sims.length - lost.length);
  const price = former && priceTold(former);
  const cost = price === undefined ? "" : `, about ${formatDollars(toDollars(money(price).times(left)))}`;
  return `${countOfSims(left)} still to activate${cost}, which an older version of this package left undone`;
}

function openPhrases(open: Approval, onRelease: OnRelease, wiped: readonly WipedLimits[]): string[] {
  const { sims, price } = open;
  const activate = activationsIn(open);
  const cost =
    price === undefined || activate === 0
      ? ""
      : `, about ${formatDollars(toDollars(money(price).times(activate)))}`;
  const onOtherPlans = [...sims.changePlan].filter((iccid) => !wiped.some((each) => each.sims.has(iccid)));
  const phrase = (count: number, what: string): string[] =>
    count === 0 ? [] : [`${countOfSims(count)} ${what}`];
  return [
    ...phrase(activate, `still to activate${cost}`),
    ...phrase(sims.adopt.size, "still to adopt"),
    ...phrase(sims.resume.size, "still to resume"),
    ...phrase(onOtherPlans.length, "still on another plan"),
    ...phrase(sims.changeLimits.size, "still with other limits"),
    ...phrase(sims.release.size, releases[onRelease]),
  ];
}

const releases: Readonly<Record<OnRelease, string>> = {
  keep: "still to be released",
  pause: "still to be paused",
  deactivate: "still to be deactivated",
};

/** What open work comes to when it is done. */
export function amountOf(open: Approval, onRelease: OnRelease): Amount {
  const activations = activationsIn(open);
  return {
    activations,
    dueNow: toDollars(money(open.price ?? 0).times(activations)),
    deactivations: onRelease === "deactivate" ? open.sims.release.size : 0,
  };
}

function activationsIn({ sims, unnamed }: Approval): number {
  return sims.activate.size + (unnamed?.atMost ?? 0);
}
