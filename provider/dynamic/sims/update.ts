import { FleetError } from "../../fleet/model/errors";
import { sameTerms } from "../../fleet/model/terms";
import { hasWork, isVerified, type Preview, type UnverifiedPreview } from "../../fleet/plan/preview";
import type { RowReporter } from "../host/progress";
import type { Session } from "../host/session";
import { declarationOf, echoIn, echoOf, type FleetInputs } from "../inputs/parse";
import { partialFailure } from "../wire/partialFailure";
import { previewIn } from "../wire/preview";
import { type FleetState, readState, writeState } from "../wire/state";
import type { PlainObject, Props } from "../wire/values";
import { carryOut } from "./change";
import { knownInputs } from "./create";
import { selectionDiffers } from "./diff";
import { retag } from "./retag";
import { reasonsOf } from "./telling";

export interface UpdateResult {
  readonly outs: PlainObject;
}

/**
 * Brings the world to the declaration: claims what is missing, releases what left. What has to be done comes from the
 * world and the record, never from which input changed, so it also finishes what an earlier run began. Changes that
 * concern no SIM (`adopt`, `onRelease`, …) send nothing.
 */
export async function update(
  session: Session,
  id: string,
  olds: Props,
  news: Props,
  report: RowReporter,
): Promise<UpdateResult> {
  const inputs = knownInputs(news);
  const state = readState(olds);
  const declaration = declarationOf(inputs, state?.terms?.zone);
  if (state === undefined) throw new FleetError(NOT_OURS);
  if (declaration === undefined) throw new FleetError("nothing was sent: an input has no value");
  const instance = state.instance ?? session.newInstance();
  const preview = previewIn(news) ?? { unverified: "the inputs carry no preview" };
  const { held, onRelease, doubtfulUntil } = state;
  session.checked.belongsTo(declaration.sims, instance, iccidsOn(held));

  const common = { orgId: state.orgId, instance, preview, urn: news.__urn, ...openDoubt(state, session) };
  const look = needsLook(state, inputs, preview);
  if (!look && held.kind === "listed" && held.tagId === declaration.tagId) {
    const settled = { held: held.sims, lost: held.lost, unfinished: [], order: undefined };
    return { outs: writeState({ ...common, ...settled, echo: echoOf(inputs) }) };
  }

  const settings = session.settings();
  const account = await session.account(settings, state.orgId, report);
  const continuing = typeof news.__continues === "number" ? news.__continues : 0;
  const { unfinished, missing = unfinished } = held;
  const edited = unfinished > 0 || state.terms === undefined || !sameTerms(state.terms, declaration);
  const ofRange = held.former !== undefined && held.former.form !== "list";
  const bounds = { preview, unfinished, missing, continuing, edited, ofRange, caps: session.caps(settings) };
  const spared = () => session.checked.othersThan(instance);
  const open = { ...held, unfinished: Math.max(unfinished, countedSince(olds, preview)) };
  const change = {
    account,
    settings,
    declaration,
    instance,
    held: open,
    onRelease,
    bounds,
    spared,
    doubtfulUntil,
  };
  const outcome =
    !look && held.kind === "listed"
      ? await retag(account, declaration, held, settings, report)
      : (await carryOut(change, session, report)).outcome;
  if (outcome.unfinished.length === 0) {
    // In doubt nothing is claimed: so many as were open have come, and none of them is on its way any more.
    const isSettled = unfinished > 0 && outcome.counts.adopted >= unfinished;
    const doubt = isSettled ? { doubtfulUntil: undefined } : {};
    return { outs: writeState({ ...common, ...doubt, ...outcome, echo: echoOf(inputs) }) };
  }
  // The engine keeps the old inputs beside the outputs of an update that failed: what is echoed is theirs, and what
  // they lack may still be declared again.
  const former = bothRanges(state, inputs);
  const failed = { ...common, ...outcome, echo: echoIn(olds), former, missingBefore: held.missing };
  throw partialFailure(id, news, writeState(failed), reasonsOf(outcome));
}

/** Also when what is in doubt is not declared any more: it may be declared again before it has landed. */
function openDoubt({ doubtfulUntil }: FleetState, { clock }: Session): { doubtfulUntil?: number } {
  return doubtfulUntil === undefined || doubtfulUntil <= clock.now() ? {} : { doubtfulUntil };
}

function needsLook(state: FleetState, inputs: FleetInputs, preview: Preview | UnverifiedPreview): boolean {
  if (state.held.unfinished > 0 || inputs.sims === undefined) return true;
  if (!isVerified(preview) || hasWork(preview) || preview.unverified !== undefined) return true;
  return selectionDiffers(state, inputs.sims);
}

/** SIMs that no earlier preview could tell of, and this one does: they are looked for as those that are unfinished. */
function countedSince(olds: Props, now: Preview | UnverifiedPreview): number {
  const before = previewIn(olds);
  const wasVerified = before !== undefined && isVerified(before) && before.unverified === undefined;
  return wasVerified || !isVerified(now) ? 0 : now.activate;
}

/** ICCIDs on record, for a declaration that names its SIMs by EID. */
function iccidsOn(held: FleetState["held"]): string[] {
  return held.kind === "listed" ? held.sims.map((sim) => sim.iccid) : [];
}

/** The numbers of both declarations, when both are ranges. */
function bothRanges(state: FleetState, inputs: FleetInputs): string | undefined {
  const { former } = state.held;
  if (former === undefined || former.form === "list" || former.form !== inputs.sims?.form) return undefined;
  return former.selection.union(inputs.sims.selection).toString();
}

export const NOT_OURS =
  "state holds no SimActivation to work on. Dynamic resources cannot be imported: declare the SIMs in the program, " +
  "and `pulumi up` adopts those that are active already";
