import { KINDS } from "../../fleet/model/approval";
import type { DeclaredSims } from "../../fleet/model/declaration";
import { FleetError } from "../../fleet/model/fleetErrors";
import { Selection } from "../../fleet/numbers/selection";
import { describeOpen } from "../../fleet/plan/openWork";
import { isVerified } from "../../fleet/plan/preview";
import type { RowReporter } from "../host/engineLog";
import { REFRESH } from "../host/hints";
import type { Session } from "../host/session";
import { otherOrganization } from "../inputs/contradictions";
import { changedInputs, parseInputs } from "../inputs/parse";
import { hasOtherNumbers, hiddenInputsOf, rowOf } from "../wire/hiddenInputs";
import { digestOf } from "../wire/packedApproval";
import { previewIn } from "../wire/previewInput";
import { type FleetState, readState } from "../wire/state";
import type { Props } from "../wire/values";
import { tellRecord } from "./replaced";
import { countOpen } from "./toldAmounts";

export interface DiffResult {
  readonly changes: boolean;
  readonly replaces: string[];
  readonly deleteBeforeReplace: false;
}

/**
 * Compares what state holds with what is declared now. Sends nothing; what the state says of claims in doubt is written
 * into the journal, so that no other fleet of this command claims the same SIMs. On refresh the engine calls it with swapped
 * roles (refreshed outputs, old inputs); both sides are read the same way, so the answer is sensible there too.
 *
 * `changes` is always said outright: left open, the engine would compare `__provider` and prices by itself.
 */
export async function diff(
  session: Session,
  olds: Props,
  news: Props,
  report: RowReporter,
): Promise<DiffResult> {
  const state = readState(olds);
  const parsed = parseInputs(news);
  const { urn = "" } = rowOf(news);
  // A refresh compares without a check, and changes nothing.
  const checked = session.checked.get(urn);
  const tellChange = (): void => {
    if (checked?.change !== undefined) session.tellPreview(urn, checked.change, report);
  };
  if (state === undefined || "problems" in parsed) {
    tellChange();
    return update(true);
  }
  const { inputs } = parsed;
  // Old inputs may name no organization, and what `check` then finds by the settings may be another one than the record's.
  if (checked !== undefined && inputs.orgId !== undefined && inputs.orgId !== state.orgId) {
    throw new FleetError(otherOrganization(state.orgId, inputs.orgId));
  }
  await learnDoubts(session, state);
  if (inputs.sims !== undefined && isReplacement(state, inputs.sims)) {
    tellRecord(session, state, news);
    return { changes: true, replaces: [inputNames[inputs.sims.form]], deleteBeforeReplace: false };
  }
  tellChange();
  if (inputs.sims === undefined) return update(true);
  const hasLooked = checked?.hasLooked ?? false;
  if (checked !== undefined && !hasLooked) countOpen(session, news, state, inputs);
  const { roll } = hiddenInputsOf(news, inputs.sims);
  const context = { hasLooked, roll, former: previewIn(olds), howToRefresh: REFRESH };
  const open = describeOpen(state, inputs, context);
  if (open !== undefined) {
    const { isPreview = false, doubt = [] } = checked ?? {};
    report.progress([...doubt, open].join("; "));
    if (isPreview) session.tellPreview(urn, open, report);
  }
  const isOpen =
    open !== undefined ||
    state.record.open !== undefined ||
    isMissing(state) ||
    state.isUnfinished ||
    state.uncounted !== undefined ||
    state.record.untagged !== undefined ||
    inputs.unknown.length > 0 ||
    state.hasDrift ||
    isNews(state, news) ||
    isVerifiedNow(olds, news) ||
    (hasLooked && isBack(state, news));
  return update(
    isOpen || selectionDiffers(state, inputs.sims, roll) || changedInputs(olds, inputs).length > 0,
  );
}

/** Another machine may have sent them, and this fleet may not be the one that declares the SIMs by now. */
async function learnDoubts(session: Session, { record: { doubts }, orgId }: FleetState): Promise<void> {
  if (doubts.length === 0) return;
  const journal = await session.journal(orgId, session.settings());
  journal.learn(doubts);
}

/**
 * Held SIMs leave, or numbers are named that were not before. Order, repetition and spelling are no difference. `roll`:
 * the ICCIDs that the declaration comes to; by EID nothing else tells which SIMs leave.
 */
export function selectionDiffers(
  { record, declared }: FleetState,
  now: DeclaredSims,
  roll: readonly string[] | undefined,
): boolean {
  if (declared !== undefined && declared.form === now.form) {
    if (declared.selection.equals(now.selection) && now.form !== "range")
      return leaves(record.sims, now, roll);
    // Which of the EIDs are gone nobody can tell without a look.
    if (now.form === "eids") return true;
  }
  if (leaves(record.sims, now, roll)) return true;
  const held = Selection.ofList([...record.sims.map(({ iccid }) => iccid), ...record.lost]);
  const before = declared === undefined ? held : declared.selection.union(held);
  return !before.covers(now.selection);
}

function leaves(
  sims: readonly { readonly iccid: string }[],
  { form, selection }: DeclaredSims,
  roll: readonly string[] | undefined,
): boolean {
  if (form !== "eids") return sims.some(({ iccid }) => !selection.has(iccid));
  const names = new Set(roll);
  return roll !== undefined && sims.some(({ iccid }) => !names.has(iccid));
}

/** A declaration that shares nothing with what was declared and what is held is a new fleet, whatever is unfinished. */
function isReplacement({ record, declared }: FleetState, now: DeclaredSims): boolean {
  if (declared?.selection.overlaps(now.selection)) return false;
  if (declared?.form === "eids" || now.form === "eids") return declared !== undefined;
  const held = Selection.ofList([...record.sims.map(({ iccid }) => iccid), ...record.lost]);
  if (declared === undefined && held.isEmpty) return false;
  return !held.overlaps(now.selection);
}

/** What `check` found to do and no operation has carried out. */
function isNews({ applied }: FleetState, news: Props): boolean {
  const digest = digestOf(news);
  return digest !== undefined && digest !== applied;
}

/**
 * Where SIMs show other numbers, a refresh writes the inputs anew, with the preview of the outputs. Did that stay
 * unverified, every check after a refresh would look again.
 */
function isVerifiedNow(olds: Props, news: Props): boolean {
  if (!hasOtherNumbers(news)) return false;
  const [before, now] = [previewIn(olds), previewIn(news)];
  return before !== undefined && !isVerified(before) && now !== undefined && isVerified(now);
}

/** A SIM that the declaration came to and that is neither held, nor lost, nor open: the next operation says so. */
export function isMissing({ roll, record: { sims, lost, open } }: FleetState): boolean {
  if (roll === undefined) return false;
  const known = new Set([...sims.map(({ iccid }) => iccid), ...lost]);
  const isOpen = (iccid: string): boolean => KINDS.some((kind) => open?.sims[kind].has(iccid) ?? false);
  return open?.unnamed === undefined && roll.some((iccid) => !known.has(iccid) && !isOpen(iccid));
}

/** A lost SIM that `check` has seen again: it counts more SIMs that stay than are on record. */
export function isBack({ record }: FleetState, news: Props): boolean {
  const preview = previewIn(news);
  if (record.lost.length === 0 || preview === undefined || !isVerified(preview)) return false;
  return preview.simCount - preview.activate - preview.adopt > record.sims.length;
}

const inputNames = { range: "simRange", list: "sims", eids: "eidRange" } as const;

function update(changes: boolean): DiffResult {
  return { changes, replaces: [], deleteBeforeReplace: false };
}
