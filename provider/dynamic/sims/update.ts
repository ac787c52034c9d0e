import { hasWork } from "../../fleet/model/approval";
import { FleetError } from "../../fleet/model/fleetErrors";
import { heldSims } from "../../fleet/model/record";
import { priceTold } from "../../fleet/plan/preview";
import { changeFleet } from "../../fleet/run/changeFleet";
import { defined } from "../../util/defined";
import type { RowReporter } from "../host/engineLog";
import type { Session } from "../host/session";
import { echoIn, echoOf } from "../inputs/parse";
import { rowOf } from "../wire/hiddenInputs";
import { previewIn } from "../wire/previewInput";
import { type FleetState, readState } from "../wire/state";
import type { PlainObject, Props } from "../wire/values";
import { type CheckedInputs, checkedInputs, outputsAfter, partWay } from "./change";
import { isBack, isMissing, selectionDiffers } from "./diff";

/** What is on record, and what is declared now. */
export interface Update {
  readonly id: string;
  readonly olds: Props;
  readonly news: Props;
}

export interface UpdateResult {
  readonly outs: PlainObject;
}

/**
 * Does what the preview of the new inputs told, and what an earlier one told and was not done. What is to be done comes
 * from the world and the record, never from which input changed. Changes that concern no SIM (`adopt`, `onRelease`, …)
 * send nothing.
 */
export async function update(
  session: Session,
  { id, olds, news }: Update,
  report: RowReporter,
): Promise<UpdateResult> {
  const state = readState(olds);
  if (state === undefined) throw new FleetError(NOT_OURS);
  const { record, orgId, onRelease } = state;
  const checked = checkedInputs(news, state.roll ?? [], state.terms?.zone);
  const { inputs, declaration, told, roll } = checked;
  const written = { echo: echoOf(inputs), roll, orgId, props: news };
  const isTagged = record.tagId === declaration.tagId && record.untagged === undefined;
  if (isTagged && !isOpen(checked, state, news)) return { outs: outputsAfter(record, written) };

  const { urn = "" } = rowOf(news);
  const context = await session.context(orgId, session.program.inUpdate(urn), report);
  const last = previewIn(olds);
  const before = toldBefore(checked, state, last && priceTold(last));
  const change = { declaration, record, told: before ?? told, roll, onRelease };
  const changed = await changeFleet(context, change);
  if (changed.unfinished.length === 0) return { outs: outputsAfter(changed.record, { ...written, changed }) };
  // The engine keeps the old inputs beside the outputs of an update that failed, so the outputs repeat those.
  throw partWay(id, context, changed, { ...written, echo: echoIn(olds), roll: state.roll });
}

/**
 * An older version of this package stopped part-way and recorded only the number of SIMs left. Unchanged inputs announce
 * nothing, so that work is treated like an unverified preview: it continues only if the declaration itself says how many
 * SIMs there are, and at no higher price than was announced.
 */
function toldBefore(
  { inputs, told }: CheckedInputs,
  state: FleetState,
  price: string | undefined,
): CheckedInputs["told"] | undefined {
  const isCounted = inputs.sims?.form === "list" || inputs.expectedSims !== undefined;
  if (!state.isUnfinished || !isCounted || "unverified" in told || hasWork(told)) return undefined;
  return { unverified: "an older version of this package left SIMs undone", ...defined({ price }) };
}

/** Whether anything is to be done to SIMs: told now or before, or SIMs that enter or leave the record. */
function isOpen({ inputs, told, roll }: CheckedInputs, state: FleetState, props: Props): boolean {
  const { record, isUnfinished } = state;
  if (isUnfinished || record.open !== undefined || record.doubts.length > 0) return true;
  if (heldSims(record).length < record.sims.length || state.uncounted !== undefined) return true;
  if ("unverified" in told || hasWork(told) || isBack(state, props) || isMissing(state)) return true;
  return inputs.sims === undefined || selectionDiffers(state, inputs.sims, roll);
}

export const NOT_OURS =
  "state holds no SimActivation to work on. Dynamic resources cannot be imported: declare the SIMs in the program, " +
  "and `pulumi up` adopts those that are active already";
