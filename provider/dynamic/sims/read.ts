import type { Account } from "../../fleet/model/account";
import { stillDeclares } from "../../fleet/model/declaration";
import { FleetError } from "../../fleet/model/fleetErrors";
import { type FleetRecord, heldSims } from "../../fleet/model/record";
import { isBilled, standingOf } from "../../fleet/model/standing";
import { ascendingUnique } from "../../fleet/numbers/selection";
import { asHeld, readDeclared } from "../../fleet/observe/observe";
import { type Drift, driftOf, noDrift } from "../../fleet/plan/drift";
import { isVerified } from "../../fleet/plan/preview";
import { refreshFleet } from "../../fleet/run/refreshFleet";
import type { Sim } from "../../hologram/model";
import type { RowReporter } from "../host/engineLog";
import type { Session } from "../host/session";
import { echoIn } from "../inputs/parse";
import { type Devices, rowOf, withSecrets, writeHidden, writeRow } from "../wire/hiddenInputs";
import { previewIn } from "../wire/previewInput";
import { type FleetState, readState, rewriteState, writeFound } from "../wire/state";
import { type PlainObject, type Props, plain } from "../wire/values";
import { NOT_OURS } from "./update";

export interface ReadResult {
  readonly id: string;
  readonly props: PlainObject;
  /** Only where the next check has to look: on drift, and where the record is not what the inputs came to. */
  readonly inputs?: PlainObject;
}

/**
 * Reads the fleet by device id, not by ICCID: on eSIMs the printed ICCID can vanish. Never clears the resource: SIMs
 * that are gone become `lost`, even all of them. A refresh right after an `up` shows nothing.
 *
 * Where the record is not what the inputs came to (after a failure, after the program was taken back, after a loss),
 * the inputs are returned with the roll of the record and a mark, so the next preview looks and tells the rest. SIMs
 * that differ from what was declared are drift: a term in which all of them have the same other value becomes the input.
 */
export async function read(
  session: Session,
  id: string,
  props: Props,
  report: RowReporter,
): Promise<ReadResult> {
  const state = readState(props);
  if (state === undefined) throw new FleetError(NOT_OURS);
  const settings = session.settings();
  const account = await session.account(settings, state.orgId, report);
  const { claimSettleSeconds } = settings;
  const known = await named(account, state);
  const { record, shown, isAsListed } = await refreshFleet(
    { account, report, claimSettleSeconds, journal: () => session.journal(account.orgId, settings) },
    known,
    state.declared,
  );
  const drift = state.terms === undefined ? noDrift : driftOf(staying(shown, record, state), state.terms);
  if (drift.found.length > 0) report.progress(`drift: ${drift.found.join(", ")}`);
  for (const each of drift.found) report.info(`drift: ${each}`);
  const selection = selectionOf(state, record);
  const isNamed = state.roll !== undefined || (isAsListed && isAsCounted(props, state, record));
  // By EID the next check sees only the number that an eSIM shows, and knows it for the fleet's own by its device.
  const isRenumbered = state.declared?.form === "eids" && devicesUnder(record, shown) !== undefined;
  const isUnchanged = drift.found.length === 0 && !state.hasDrift && isNamed && !isRenumbered;
  if ((isUnchanged && isWhatInputsCameTo(record, state)) || !selection) {
    return { id, props: plain(outputsOf(record, props, state, state.roll)) };
  }
  // Inputs and outputs hold the same roll: approvals name the SIMs that leave against it.
  const roll = ascendingUnique([...record.sims.map(({ iccid }) => iccid), ...record.lost]);
  const outs = outputsOf(record, props, state, roll);
  return lookAgain(id, { outs, drift, record, state, shown, selection, roll });
}

/** SIMs that leave are not to be on the declared terms. */
function staying(shown: readonly Sim[], { sims }: FleetRecord, { declared }: FleetState): readonly Sim[] {
  if (declared === undefined || declared.form === "eids") return shown;
  const leaving = sims.filter(({ iccid }) => !declared.selection.has(iccid));
  const devices = new Set(leaving.map(({ deviceId }) => deviceId));
  return leaving.length === 0 ? shown : shown.filter(({ deviceId }) => !devices.has(deviceId));
}

/** SIMs that an older package only counted: what is active of its declaration, as long as the count agrees. */
async function named(account: Account, { record, declared, uncounted }: FleetState): Promise<FleetRecord> {
  if (declared === undefined || (uncounted === undefined && heldSims(record).length === record.sims.length)) {
    return record;
  }
  const shown = [...(await readDeclared(account, declared)).values()]
    .filter((sim) => isBilled(standingOf(sim)))
    .flatMap(asHeld);
  const onRecord = new Set(record.sims.map(({ iccid }) => iccid));
  if (onRecord.size > 0) return { ...record, sims: shown.filter(({ iccid }) => onRecord.has(iccid)) };
  return { ...record, sims: shown.length === uncounted?.count ? shown : [] };
}

interface Found {
  readonly outs: Props;
  readonly drift: Drift;
  readonly record: FleetRecord;
  readonly state: FleetState;
  readonly shown: readonly Sim[];
  readonly selection: Props;
  readonly roll: readonly string[];
}

/** The inputs that the engine keeps, made from the record, with what the account has instead of what was declared. */
function lookAgain(id: string, { outs, drift, record, state, shown, selection, roll }: Found): ReadResult {
  const { terms, declared } = state;
  const before = previewIn(outs);
  const preview = before && {
    ...before,
    drift: drift.found.length > 0 && isVerified(before) ? drift.found : undefined,
  };
  const former = terms && { plan: terms.plan, zone: terms.zone, ...terms.limits };
  const current = { ...outs, ...former, ...drift.common, preview };
  const props = writeFound(current, drift.found.length > 0 ? former : undefined);
  const isOver = drift.found.length === 0 && isWhatInputsCameTo(record, state);
  const row = rowOf(props);
  const inputs = plain({
    ...echoIn(props),
    ...selection,
    orgId: props.orgId,
    preview: props.preview,
    ...writeRow(row),
    ...writeHidden({ roll, sims: declared, devices: devicesUnder(record, shown), looksAgain: !isOver }),
  });
  return { id, props, inputs: row.isSecret ? withSecrets(inputs) : inputs };
}

/** SIMs that the next check can find by their device alone. */
function devicesUnder(record: FleetRecord, shown: readonly Sim[]): Devices | undefined {
  const byDevice = new Map(shown.map((sim) => [sim.deviceId, sim.iccid]));
  const others = heldSims(record).filter(({ iccid, deviceId }) => {
    const now = byDevice.get(deviceId);
    return now !== undefined && now !== iccid;
  });
  if (others.length === 0) return undefined;
  return Object.fromEntries(
    others.map(({ iccid, deviceId, linkId }) => [iccid, [deviceId, linkId] as const]),
  );
}

/**
 * The selection is never rewritten: a range is repeated in the outputs, a list is the roll of its last check. Undefined
 * where an older package left neither.
 */
function selectionOf({ declared, isUnfinished }: FleetState, { sims, lost }: FleetRecord): Props | undefined {
  if (declared?.form === "range" || declared?.form === "eids") return {};
  if (isUnfinished) return undefined;
  if (declared?.form === "list") return { sims: declared.iccids };
  return sims.length + lost.length === 0 ? undefined : { sims: [...sims.map(({ iccid }) => iccid), ...lost] };
}

/**
 * Where no preview named the SIMs, the next check takes all that is active in the range for them, as long as the count
 * agrees (`formerRoll`). Where it will not, or would forget lost SIMs, the record names them.
 */
function isAsCounted(props: Props, { declared }: FleetState, { sims, lost }: FleetRecord): boolean {
  if (declared?.form === "list") return true;
  if (lost.length > 0) return false;
  const preview = previewIn(props);
  const counted = preview !== undefined && isVerified(preview) ? preview.simCount : props.expectedSims;
  return counted === sims.length;
}

/** Whether nothing is open, nothing leaves, and the SIMs are those that the inputs came to. */
function isWhatInputsCameTo(
  record: FleetRecord,
  { roll, record: before, isUnfinished, declared }: FleetState,
): boolean {
  if (record.open !== undefined || record.doubts.length > 0 || isUnfinished) return false;
  if (record.lost.length !== before.lost.length || record.sims.length !== before.sims.length) return false;
  if (roll === undefined) {
    return record.sims.every(
      ({ iccid }) => declared === undefined || stillDeclares(declared, iccid, undefined),
    );
  }
  const known = new Set([...record.sims.map(({ iccid }) => iccid), ...record.lost]);
  return known.size === roll.length && roll.every((iccid) => known.has(iccid));
}

function outputsOf(
  record: FleetRecord,
  props: Props,
  state: FleetState,
  roll: readonly string[] | undefined,
): Props {
  const { orgId, applied } = state;
  return rewriteState(props, { echo: echoIn(props), orgId, record, roll, preview: props.preview, applied });
}
