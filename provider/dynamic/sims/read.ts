import { FleetError, nameSome } from "../../fleet/model/errors";
import { countOfSims } from "../../fleet/model/money";
import { standingOf } from "../../fleet/model/standing";
import { ascendingUnique } from "../../fleet/numbers/selection";
import { type Recalled, recall } from "../../fleet/observe/readRecorded";
import { type Drift, driftOf, noDrift } from "../../fleet/plan/drift";
import { isVerified } from "../../fleet/plan/preview";
import type { Sim } from "../../hologram/model";
import type { RowReporter } from "../host/progress";
import type { Session } from "../host/session";
import { echoIn } from "../inputs/parse";
import { previewIn } from "../wire/preview";
import { type FleetState, readState } from "../wire/state";
import { type PlainObject, type Props, plain } from "../wire/values";
import { NOT_OURS } from "./update";

export interface ReadResult {
  readonly id: string;
  readonly props: PlainObject;
  /** Only on drift, and when drift is over: they replace all stored inputs. */
  readonly inputs?: PlainObject;
}

/**
 * Reads the fleet by device id, not by ICCID: on eSIMs the printed ICCID can vanish. Never clears the resource: SIMs
 * that are gone become `lost`, even all of them. A refresh right after an `up` shows nothing.
 *
 * SIMs that differ from what was declared are drift: told in `preview.drift`, and a term in which all of them have the
 * same other value becomes the input, so that the next preview shows the way back.
 */
export async function read(
  session: Session,
  id: string,
  props: Props,
  report: RowReporter,
): Promise<ReadResult> {
  const state = readState(props);
  if (state === undefined) throw new FleetError(NOT_OURS);
  const account = await session.account(session.settings(), state.orgId, report);
  const found = await recall(account, state.held);
  if (found === undefined) return { id, props: plain(props) };
  tellLosses(found, state, report);

  const outs = { ...props, ...record(found, state) };
  const drift = state.terms === undefined ? noDrift : driftOf(found.shown, state.terms);
  const hadDrift = props.__declared !== undefined || driftIn(props);
  if (drift.found.length === 0 && !hadDrift) return { id, props: plain(outs) };
  return withDrift(id, outs, drift, state);
}

/** Plan and limits as they are, or, where drift is over, as they were declared. */
function withDrift(id: string, outs: Props, drift: Drift, state: FleetState): ReadResult {
  const { terms } = state;
  const before = previewIn(outs);
  const preview = before && {
    ...before,
    drift: drift.found.length > 0 && isVerified(before) ? drift.found : undefined,
  };
  const declared = terms && { plan: terms.plan, zone: terms.zone, ...terms.limits };
  const current = { ...outs, ...declared, ...drift.common, preview };
  const props = plain({ ...current, __declared: drift.found.length > 0 ? declared : undefined });
  const selection = selectionOf(props, state);
  if (selection === undefined) return { id, props };
  const { orgId, __urn } = props;
  return {
    id,
    props,
    inputs: plain({ ...echoIn(props), ...selection, orgId, preview: props.preview, __urn }),
  };
}

/**
 * The selection is never rewritten: a range is repeated in the outputs, a list is put together again. Undefined where
 * the record does not hold all of the list.
 */
function selectionOf(props: PlainObject, { held }: FleetState): object | undefined {
  if (props.simRange !== undefined || props.eidRange !== undefined) return {};
  if (held.kind !== "listed" || held.unfinished > 0) return undefined;
  return { sims: ascendingUnique([...held.sims.map((sim) => sim.iccid), ...held.lost]) };
}

function record({ sims, gone }: Recalled, { held }: FleetState): object {
  return {
    iccids: sims.map((sim) => sim.iccid),
    deviceIds: sims.map((sim) => sim.deviceId),
    linkIds: sims.map((sim) => sim.linkId),
    simCount: sims.length,
    lost: ascendingUnique([...held.lost, ...gone]),
  };
}

/** One warning for all of them, and only when they are news. */
function tellLosses({ gone, shown }: Recalled, { held }: FleetState, report: RowReporter): void {
  const known = new Set(held.lost);
  const fresh = gone.filter((iccid) => !known.has(iccid));
  if (fresh.length > 0) {
    report.warn(`${countOfSims(fresh.length)} lost (deactivated, or moved away): ${nameSome(fresh)}`);
  }
  const paused = shown.filter((sim: Sim) => standingOf(sim) === "pausedByHologram");
  if (paused.length > 0) {
    const names = nameSome(paused.map((sim) => sim.iccid));
    report.warn(
      `${countOfSims(paused.length)} paused by Hologram, for lack of funds or at a limit: ${names}`,
    );
  }
}

function driftIn(props: Props): boolean {
  const preview = previewIn(props);
  return preview !== undefined && isVerified(preview) && preview.drift !== undefined;
}
