import type { Approval } from "../../fleet/model/approval";
import type { DeclaredSims } from "../../fleet/model/declaration";
import { countOfSims, formatDollars, money, toDollars } from "../../fleet/model/money";
import { heldSims } from "../../fleet/model/record";
import { Selection } from "../../fleet/numbers/selection";
import { isVerified } from "../../fleet/plan/preview";
import type { RowReporter } from "../host/engineLog";
import type { Session } from "../host/session";
import { changedInputs, type FleetInputs, parseInputs } from "../inputs/parse";
import { digestOf } from "../wire/approval";
import { hiddenInputsOf } from "../wire/hiddenInputs";
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
  if (isReplacement(state, inputs.sims)) {
    tellDevices(session, state, news);
    return { changes: true, replaces: [inputNames[inputs.sims.form]], deleteBeforeReplace: false };
  }
  const open = describeOpen(state, inputs);
  if (open !== undefined) report.progress(open);
  const isOpen =
    open !== undefined ||
    state.isUnfinished ||
    state.uncounted !== undefined ||
    state.record.untagged !== undefined ||
    inputs.unknown.length > 0 ||
    hasDrift(olds) ||
    isNews(state, news);
  const { roll } = hiddenInputsOf(news, inputs.sims);
  return update(
    isOpen || selectionDiffers(state, inputs.sims, roll) || changedInputs(olds, inputs).length > 0,
  );
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

/** Between the two checks of a replace, the first of which knows no devices and the second no fleet to be replaced. */
function tellDevices({ replaced }: Session, { record }: FleetState, news: Props): void {
  const { urn = "" } = hiddenInputsOf(news, undefined);
  const former = replaced.get(urn);
  if (former === undefined) return;
  const unseen = new Set(former.unseen);
  const devices = heldSims(record).filter(({ iccid }) => unseen.has(iccid));
  replaced.set(urn, { ...former, devices: new Set(devices.map(({ deviceId }) => deviceId)) });
}

/** What `check` found to do and no operation has carried out. */
function isNews({ applied }: FleetState, news: Props): boolean {
  const digest = digestOf(news);
  return digest !== undefined && digest !== applied;
}

/** A preview that could not be verified holds no drift; that there is some is on record all the same. */
function hasDrift(olds: Props): boolean {
  if (olds.__declared !== undefined) return true;
  const preview = previewIn(olds);
  return preview !== undefined && isVerified(preview) && (preview.drift?.length ?? 0) > 0;
}

/** "continues: 1 SIM still to activate, about $0.60; 300 SIMs still to be paused", for the row. */
function describeOpen({ record, onRelease }: FleetState, { sims }: FleetInputs): string | undefined {
  const { open, doubts } = record;
  const phrases = open === undefined ? [] : openPhrases(open, onRelease);
  if (doubts.length > 0) phrases.push("a claim without an answer may still be landing");
  const released = open?.sims.release ?? new Set<string>();
  const leaving =
    sims === undefined || sims.form === "eids"
      ? 0
      : record.sims.filter(({ iccid }) => !sims.selection.has(iccid) && !released.has(iccid)).length;
  if (phrases.length > 0) return `continues: ${phrases.join("; ")}`;
  return leaving > 0 && open !== undefined ? `continues: ${countOfSims(leaving)} leave` : undefined;
}

function openPhrases({ sims, unnamed, price }: Approval, onRelease: FleetState["onRelease"]): string[] {
  const activate = sims.activate.size + (unnamed?.atMost ?? 0);
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

const inputNames = { range: "simRange", list: "sims", eids: "eidRange" } as const;

function update(changes: boolean): DiffResult {
  return { changes, replaces: [], deleteBeforeReplace: false };
}
