import { FleetError } from "../fleet/errors";
import { hasWork, isVerified, type Preview, type UnverifiedPreview } from "../fleet/preview";
import { carryOut } from "./change";
import { knownInputs, rangeText } from "./create";
import { selectionDiffers } from "./diff";
import { frozenChanges } from "./frozen";
import { declarationOf, type FleetInputs, previewIn } from "./inputs";
import { partialFailure } from "./partial";
import type { RowReporter } from "./progress";
import type { Session } from "./session";
import { type FleetState, readState, writeState } from "./state";
import { reasonsOf } from "./telling";
import type { PlainObject, Props } from "./values";

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
  const declaration = declarationOf(inputs);
  const state = readState(olds);
  if (state === undefined) throw new FleetError(NOT_OURS);
  if (declaration === undefined) throw new FleetError("nothing was sent: an input has no value");
  const frozen = frozenChanges(inputs, (name) => olds[name]);
  if (frozen.length > 0) throw new FleetError(frozen.join("; "));
  const instance = state.instance ?? session.newInstance();
  session.checked.belongsTo(declaration.sims.selection, instance);
  const preview = previewIn(news) ?? { unverified: "the inputs carry no preview" };

  const common = { orgId: state.orgId, instance, preview, urn: news.__urn };
  if (!needsLook(state, inputs, preview) && state.held.kind === "listed") {
    const { sims: held, lost } = state.held;
    const settled = { held, lost, unfinished: [], order: undefined };
    return { outs: writeState({ ...common, ...settled, inputs, simRange: rangeText(inputs) }) };
  }

  const settings = session.settings();
  const account = await session.account(settings, state.orgId, report);
  const continuing = typeof news.__continues === "number" ? news.__continues : 0;
  const bounds = { preview, unfinished: state.held.unfinished, continuing, caps: session.caps(settings) };
  const spared = () => session.checked.othersThan(instance);
  const { held, onRelease, doubtfulUntil } = state;
  const change = { account, settings, declaration, held, onRelease, bounds, spared, doubtfulUntil };
  const { outcome } = await carryOut(change, session, report);
  if (outcome.unfinished.length === 0) {
    return { outs: writeState({ ...common, ...outcome, inputs, simRange: rangeText(inputs) }) };
  }
  // The engine keeps the old inputs beside the outputs of an update that failed: what is echoed is theirs.
  const echo = {
    inputs: { ...inputs, onRelease },
    simRange: state.simRange,
    former: bothRanges(state, inputs),
  };
  throw partialFailure(id, news, writeState({ ...common, ...outcome, ...echo }), reasonsOf(outcome));
}

export const NOT_OURS =
  "state holds no SimActivation to work on. Dynamic resources cannot be imported: declare the SIMs in the program, " +
  "and `pulumi up` adopts those that are active already";

function needsLook(state: FleetState, inputs: FleetInputs, preview: Preview | UnverifiedPreview): boolean {
  if (state.held.unfinished > 0 || inputs.sims === undefined) return true;
  if (!isVerified(preview) || hasWork(preview) || preview.unverified !== undefined) return true;
  return selectionDiffers(state, inputs.sims);
}

/** From the first to the last number of both declarations, when both are ranges. */
function bothRanges(state: FleetState, inputs: FleetInputs): string | undefined {
  const { former } = state.held;
  if (former?.form !== "range" || inputs.sims?.form !== "range") return undefined;
  const intervals = former.selection.union(inputs.sims.selection).intervals();
  const [first, last] = [intervals[0]?.first, intervals.at(-1)?.last];
  return first === undefined || last === undefined ? undefined : `${first}-${last}`;
}
