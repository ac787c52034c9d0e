import { isDeepStrictEqual } from "node:util";
import type { DeclaredSims } from "../../fleet/model/declaration";
import { countOfSims, formatDollars, money, toDollars } from "../../fleet/model/money";
import { Selection } from "../../fleet/numbers/selection";
import { hasWork, isVerified } from "../../fleet/plan/preview";
import type { RowReporter } from "../host/progress";
import type { Session } from "../host/session";
import { changedInputs, parseInputs } from "../inputs/parse";
import { previewIn } from "../wire/preview";
import { type FleetState, readState } from "../wire/state";
import type { Props } from "../wire/values";

export interface DiffResult {
  readonly changes: boolean;
  readonly replaces: string[];
  readonly deleteBeforeReplace: false;
}

/**
 * Compares what state holds with what is declared now. Sends nothing. On refresh the engine calls it with swapped
 * roles (refreshed outputs, old inputs); both sides are read the same way, so the answer is sensible there too.
 *
 * `changes` is always said outright: left open, the engine would compare `__provider` and prices by itself.
 */
export function diff(session: Session, olds: Props, news: Props, report: RowReporter): DiffResult {
  const state = readState(olds);
  const parsed = parseInputs(news);
  if (state === undefined || "problems" in parsed) return update(true);
  const { inputs } = parsed;
  if (inputs.sims === undefined) return update(true);
  const { held, instance } = state;
  if (instance !== undefined) {
    const iccids = held.kind === "listed" ? held.sims.map((sim) => sim.iccid) : [];
    session.checked.belongsTo(inputs.sims, instance, iccids);
    const until = state.doubtfulUntil;
    if (until !== undefined) session.doubts.found(news.__urn, instance, heldSelection(state), until);
  }

  if (isReplacement(state, inputs.sims)) {
    return { changes: true, replaces: [inputNames[inputs.sims.form]], deleteBeforeReplace: false };
  }
  if (held.unfinished > 0) {
    report.progress(`continues: ${restOf(olds, held.unfinished)}`);
    return update(true);
  }
  const isOpen = inputs.unknown.length > 0 || hasDrift(olds) || isNews(olds, news);
  return update(isOpen || selectionDiffers(state, inputs.sims) || changedInputs(olds, inputs).length > 0);
}

/** Held SIMs leave, or SIMs are named that are not held. Order, repetition and spelling are no difference. */
export function selectionDiffers(state: FleetState, declared: DeclaredSims): boolean {
  const { held } = state;
  if (held.kind === "counted") return true;
  const { former } = held;
  if (declared.form !== "list" && former?.form === declared.form) {
    if (former.selection.equals(declared.selection)) return false;
    // Which of the EIDs are gone nobody can tell without a look.
    if (declared.form === "eids") return true;
  }
  const { sims, lost } = held;
  const isTheSameList =
    declared.form === "list" &&
    declared.iccids.length === sims.length &&
    sims.every((sim, i) => sim.iccid === declared.iccids[i]);
  if (isTheSameList) return false;
  const known = heldSelection(state);
  if (!declared.selection.covers(known)) return true;
  const before = declared.form === "range" ? formerSelection(state, known) : known;
  return !before.union(Selection.ofList(lost)).covers(declared.selection);
}

/**
 * While something is unfinished the record does not tell all that was declared, and what replaces it would know of no
 * doubt: it would claim again what may still be landing.
 */
function isReplacement(state: FleetState, declared: DeclaredSims): boolean {
  const { held } = state;
  if (held.unfinished > 0) return false;
  // The rest of the record is looked through only where its range does not tell.
  if (held.former?.selection.overlaps(declared.selection)) return false;
  const before = formerSelection(state, heldSelection(state)).union(Selection.ofList(held.lost));
  if (before.isEmpty) return false;
  return !before.overlaps(declared.selection);
}

function heldSelection({ held }: FleetState): Selection {
  return held.kind === "listed" ? Selection.ofList(held.sims.map((sim) => sim.iccid)) : Selection.empty;
}

/** The selection as it was declared, where state echoes it; a list is what is held of it. */
function formerSelection(state: FleetState, known: Selection): Selection {
  return state.held.former === undefined ? known : state.held.former.selection.union(known);
}

/** What `check` found to do, after a time when it could not look. Otherwise a preview is no change of its own. */
function isNews(olds: Props, news: Props): boolean {
  const [before, now] = [previewIn(olds), previewIn(news)];
  if (before === undefined || now === undefined || !isVerified(now)) return false;
  return (
    (!isVerified(before) || before.unverified !== undefined) &&
    hasWork(now) &&
    !isDeepStrictEqual(before, now)
  );
}

/** A preview that could not be verified holds no drift; that there is some is on record all the same. */
function hasDrift(olds: Props): boolean {
  const preview = previewIn(olds);
  if (olds.__declared !== undefined) return true;
  return preview !== undefined && isVerified(preview) && (preview.drift?.length ?? 0) > 0;
}

/** "40 SIMs still to activate, about $24.00", as far as the last preview knew the price. */
function restOf(olds: Props, unfinished: number): string {
  const preview = previewIn(olds);
  const sims = countOfSims(unfinished);
  if (preview === undefined || !isVerified(preview)) return `${sims} not done yet`;
  if (preview.activate === 0) return `${sims} not done yet`;
  if (!preview.dueNow) return `${sims} still to activate`;
  const rest = money(preview.dueNow).div(preview.activate).times(unfinished);
  return `${sims} still to activate, about ${formatDollars(toDollars(rest))}`;
}

const inputNames = { range: "simRange", list: "sims", eids: "eidRange" } as const;

function update(changes: boolean): DiffResult {
  return { changes, replaces: [], deleteBeforeReplace: false };
}
