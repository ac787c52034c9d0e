import { z } from "zod";
import type { OrderTotal, Undone } from "../../fleet/apply/apply";
import { type DeclaredSims, eidsOf, listOf, type OnRelease, rangeOf } from "../../fleet/model/declaration";
import { NAMED_IN_MESSAGES } from "../../fleet/model/fleetErrors";
import { toDollars } from "../../fleet/model/money";
import { type FleetRecord, heldSims, type RecordedSim } from "../../fleet/model/record";
import type { Terms } from "../../fleet/model/terms";
import { packNames, unpackNames } from "../../fleet/numbers/packedNames";
import { parseRange } from "../../fleet/numbers/range";
import { Selection } from "../../fleet/numbers/selection";
import { isVerified } from "../../fleet/plan/preview";
import { defined } from "../../util/defined";
import type { Echo } from "../inputs/parse";
import { type Row, rowOf, writeRow } from "./hiddenInputs";
import { unpackFormer, unpackHeld } from "./packed";
import { packApproval, unpackApproval } from "./packedApproval";
import { previewIn } from "./previewInput";
import { type PlainObject, type Props, plain } from "./values";

/** Raised when the meaning of an output changes; a newer package reads every older version. */
export const SCHEMA_VERSION = 2;

/** What state says about a fleet. Outputs repeat the inputs that the engine keeps beside them. */
export interface FleetState {
  readonly record: FleetRecord;
  readonly orgId: number;
  readonly onRelease: OnRelease;
  /** Plan, zone and limits as they were declared last, whatever drift a refresh found. */
  readonly terms: Terms | undefined;
  /** The SIMs as they were declared last; a list is known by its roll. */
  readonly declared: DeclaredSims | undefined;
  /** ICCIDs that this declaration came to; absent in states of an older package, and where no preview could tell. */
  readonly roll: readonly string[] | undefined;
  /** The approval that was carried out last. */
  readonly applied: string | undefined;
  /** A refresh found SIMs on other terms than the declared ones. */
  readonly hasDrift: boolean;
  /** An older package ended part-way, and did not name what is open. */
  readonly isUnfinished: boolean;
  /** SIMs that an older package only counted, and where they are. */
  readonly uncounted: { readonly count: number } | undefined;
}

/** Reads stored outputs; undefined when they are not those of a `SimActivation` (`import`, `.get`). */
export function readState(props: Props): FleetState | undefined {
  const result = shape.safeParse(props);
  if (!result.success) return undefined;
  const state = result.data;
  const sims = simsOf(state);
  const iccids = sims.map(({ iccid }) => iccid);
  const roll = namesIn(state.__roll, iccids);
  const open = unpackApproval(state.__open, { roll: roll ?? [], leaving: iccids });
  const isCounted = sims.length < state.simCount;
  return {
    record: {
      sims,
      lost: state.lost,
      doubts: doubtsOf(state, iccids),
      ...defined({ open, tagId: state.__tagId === null ? undefined : (state.__tagId ?? state.tagId) }),
      ...defined({ wiped: wipedIn(state) }),
      ...defined({ claimedAtMs: state.__claimedAtMs, untagged: namesIn(state.__untagged, iccids) }),
    },
    orgId: state.orgId,
    onRelease: state.onRelease,
    terms: termsOf(state),
    declared: declaredBy(state, roll),
    roll,
    applied: state.__applied,
    hasDrift: state.__declared !== undefined || hasDriftIn(previewIn(props)),
    isUnfinished: state.schemaVersion < 2 && state.unfinished.length > 0,
    uncounted: isCounted ? { count: state.simCount } : undefined,
  };
}

export interface NewState {
  readonly echo: Echo;
  readonly orgId: number;
  readonly record: FleetRecord;
  readonly roll: readonly string[] | undefined;
  readonly unfinished: readonly Undone[];
  readonly preview: unknown;
  readonly order: OrderTotal | undefined;
  readonly applied: string | undefined;
  /** For logs only: `delete` and `read` are given outputs, and nothing else says which row is theirs. */
  readonly row: Row;
}

/** Outputs, flat: arrays of objects cost the engine five times more. Every output is there, empty ones included. */
export function writeState({ echo, orgId, record, roll, order, ...state }: NewState): PlainObject {
  const { open, doubts, wiped, tagId, untagged, claimedAtMs, lost } = record;
  const sims = heldSims(record);
  const iccids = sims.map((sim) => sim.iccid);
  return plain({
    ...echo,
    orgId,
    iccids,
    deviceIds: sims.map((sim) => sim.deviceId),
    linkIds: sims.map((sim) => sim.linkId),
    simCount: sims.length,
    preview: state.preview,
    order: order === undefined ? {} : dollars(order),
    unfinished: describeUnfinished(state.unfinished),
    lost,
    schemaVersion: SCHEMA_VERSION,
    ...writeRow(state.row),
    __roll: roll === undefined ? undefined : packNames(roll, iccids),
    __open: packApproval(open, { roll: roll ?? [], leaving: iccids }),
    __doubts:
      doubts.length === 0 ? undefined : doubts.map((each) => ({ ...each, sims: each.sims.toString() })),
    __wiped: wiped?.map(({ sims, limits }) => ({ ...limits, sims: sims.toString() })),
    __tagId: tagId === echo.tagId ? undefined : (tagId ?? null),
    __untagged: untagged === undefined ? undefined : packNames(untagged, iccids),
    __claimedAtMs: claimedAtMs,
    __applied: state.applied,
  });
}

/** Outputs after a refresh. What it does not know of stays as it was, what the last operation told too. */
export function rewriteState(outs: Props, state: Omit<NewState, "row" | "order" | "unfinished">): Props {
  const written = writeState({ ...state, row: rowOf(outs), order: undefined, unfinished: [] });
  const { order: _order, unfinished: _unfinished, ...kept } = written;
  const rest = Object.entries(outs).filter(([key]) => !RECORD_OUTPUTS.includes(key));
  return { ...Object.fromEntries(rest), ...kept };
}

/** Outputs that the next check looks at anew. `declared`: what was declared, where the account has other terms. */
export function writeFound(outs: Props, declared: object | undefined): PlainObject {
  return plain({ ...outs, __applied: undefined, __declared: declared });
}

/** A preview that could not be verified holds no drift. */
function hasDriftIn(preview: ReturnType<typeof previewIn>): boolean {
  return preview !== undefined && isVerified(preview) && preview.drift !== undefined;
}

/** Outputs that are left out where the record has nothing to say. */
const RECORD_OUTPUTS: readonly string[] = [
  "__open",
  "__doubts",
  "__wiped",
  "__tagId",
  "__untagged",
  "__claimedAtMs",
  "__packed",
  "__roll",
];

/** Ten at most and a count. What is open is kept by name beside it. */
function describeUnfinished(unfinished: readonly Undone[]): string[] {
  const bySim = Map.groupBy(unfinished, ({ iccid }) => iccid);
  const lines = [...bySim].flatMap(([iccid, undone]) => {
    const reasons = undone.map(({ reason }) => reason);
    return iccid === undefined ? reasons : [`${iccid}: ${[...new Set(reasons)].join("; ")}`];
  });
  const shown = lines.slice(0, NAMED_IN_MESSAGES).map((line) => line.slice(0, LONGEST_LINE));
  const more = lines.length - shown.length;
  return more === 0 ? shown : [...shown, `and ${more} more`];
}

const LONGEST_LINE = 300;

const id = z.number().int();
const limitsShape = z.object({
  overageLimit: z.number().optional(),
  threshold: z.number().optional(),
  smsLimit: z.number().optional(),
});
const termsShape = limitsShape.extend({ plan: id, zone: z.string() });
const shape = termsShape.partial().extend({
  schemaVersion: z.number().int().min(1),
  simRange: z.string().optional(),
  eidRange: z.string().optional(),
  tagId: id.optional(),
  orgId: id,
  onRelease: z.enum(["keep", "pause", "deactivate"]),
  iccids: z.array(z.string()).optional(),
  deviceIds: z.array(id).default([]),
  linkIds: z.array(id).default([]),
  simCount: z.number().int(),
  unfinished: z.array(z.string()).default([]),
  lost: z.array(z.string()).default([]),
  __packed: z.string().optional(),
  __roll: z.string().optional(),
  __open: z.unknown().optional(),
  __doubts: z
    .array(
      z.object({
        sims: z.string(),
        sentAtMs: z.number(),
        kind: z.literal("changePlan").optional(),
        to: z.object({ plan: id, zone: z.string() }).optional(),
        atMost: z.number().int().optional(),
      }),
    )
    .optional(),
  __wiped: z.array(limitsShape.extend({ sims: z.string() })).optional(),
  __tagId: id.nullable().optional(),
  __untagged: z.string().optional(),
  __claimedAtMs: z.number().optional(),
  __applied: z.string().optional(),
  __declared: termsShape.optional(),
  // Of version 1.
  __doubtfulUntil: z.number().optional(),
  __former: z.string().optional(),
});

type Stored = z.infer<typeof shape>;

/** Flat lists; packed, where a report of a failure had no room for them; or, of version 1, ICCIDs alone. */
function simsOf({ iccids, deviceIds, linkIds, __packed, __former }: Stored): RecordedSim[] {
  if (__packed !== undefined) return unpackHeld(__packed);
  if (iccids === undefined) return (unpackFormer(__former) ?? []).map((iccid) => ({ iccid }));
  return iccids.flatMap((iccid, i) => {
    const [deviceId, linkId] = [deviceIds[i], linkIds[i]];
    return deviceId === undefined || linkId === undefined ? [] : [{ iccid, deviceId, linkId }];
  });
}

/** Version 1 knew the end of a doubt, counted ten minutes ahead, and not its SIMs: all that is declared and not held. */
function doubtsOf(state: Stored, iccids: readonly string[]): FleetRecord["doubts"] {
  if (state.__doubts !== undefined) {
    return state.__doubts.map(({ sims, sentAtMs, kind, to, atMost }) => ({
      sims: Selection.parse(sims),
      sentAtMs,
      ...defined({ kind, to, atMost }),
    }));
  }
  if (state.__doubtfulUntil === undefined) return [];
  const text = state.__former ?? state.simRange;
  const isRange = text !== undefined && unpackFormer(text) === undefined;
  const former = isRange ? Selection.parse(text) : Selection.ofRange("1", "9".repeat(22));
  return [{ sims: former.minus(Selection.ofList(iccids)), sentAtMs: state.__doubtfulUntil - OLD_SETTLE_MS }];
}

function wipedIn({ __wiped }: Stored): FleetRecord["wiped"] {
  return __wiped?.map(({ sims, ...limits }) => ({ sims: Selection.parse(sims), limits: defined(limits) }));
}

const OLD_SETTLE_MS = 600_000;

function termsOf(stored: Stored): Terms | undefined {
  const { plan, zone, overageLimit, threshold, smsLimit } = stored.__declared ?? stored;
  if (plan === undefined || zone === undefined) return undefined;
  return { plan, zone, limits: defined({ overageLimit, threshold, smsLimit }) };
}

function declaredBy(
  { simRange, eidRange, iccids, lost, schemaVersion }: Stored,
  roll: readonly string[] | undefined,
): DeclaredSims | undefined {
  const [range, eids] = [parseRange(simRange ?? ""), parseRange(eidRange ?? "")];
  if (range !== undefined) return rangeOf(range.first, range.last);
  if (eids !== undefined) return eidsOf(eids.first, eids.last);
  if (roll !== undefined) return roll.length === 0 ? undefined : listOf(roll);
  return schemaVersion < 2 && iccids !== undefined ? listOf([...iccids, ...lost]) : undefined;
}

function namesIn(text: string | undefined, base: readonly string[]): readonly string[] | undefined {
  try {
    return text === undefined ? undefined : unpackNames(text, base);
  } catch {
    return undefined;
  }
}

function dollars(order: OrderTotal): object {
  const { salesTax, shippingCost, totalCost } = order;
  const sums = { salesTax: toDollars(salesTax), shippingCost: toDollars(shippingCost) };
  return totalCost === undefined ? sums : { ...sums, totalCost: toDollars(totalCost) };
}
