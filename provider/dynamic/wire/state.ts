import { z } from "zod";
import type { OrderTotal } from "../../fleet/apply/apply";
import {
  type DeclaredSims,
  type Held,
  type HeldSim,
  listOf,
  numbersIn,
  type OnRelease,
} from "../../fleet/model/declaration";
import { NAMED_IN_MESSAGES, type Refusal } from "../../fleet/model/errors";
import { toDollars } from "../../fleet/model/money";
import type { Terms } from "../../fleet/model/terms";
import { parseIntervals } from "../../fleet/numbers/range";
import { Selection } from "../../fleet/numbers/selection";
import type { Echo } from "../inputs/parse";
import { unpack } from "./packed";
import { dropUndefined, type PlainObject, type Props, plain } from "./values";

/** Raised when the meaning of an output changes; a newer package reads every older version. */
export const SCHEMA_VERSION = 1;

/** What state says about a fleet. */
export interface FleetState {
  readonly held: Exclude<Held, { kind: "declared" }>;
  readonly orgId: number;
  readonly onRelease: OnRelease;
  /** This resource among others in the same process; absent in state of unknown origin. */
  readonly instance: string | undefined;
  /** Until then a claim may still be landing (milliseconds since the epoch). */
  readonly doubtfulUntil: number | undefined;
  /** Plan, zone and limits as they were declared last, whatever drift a refresh found. */
  readonly terms: Terms | undefined;
}

/** Reads stored outputs; undefined when they are not those of a `SimActivation` (`import`, `.get`). */
export function readState(props: Props): FleetState | undefined {
  const result = shape.safeParse(props);
  if (!result.success) return undefined;
  const { iccids, deviceIds, linkIds, ...state } = result.data;
  const former = formerOf(state);
  const record = {
    lost: state.lost,
    unfinished: countUnfinished(state.unfinished),
    ...(state.__missing === undefined ? {} : { missing: state.__missing }),
    ...(former === undefined ? {} : { former }),
    ...(state.tagId === undefined ? {} : { tagId: state.tagId }),
  };
  const held: FleetState["held"] =
    iccids === undefined
      ? { kind: "counted", count: state.simCount, ...record }
      : { kind: "listed", sims: zip(iccids, deviceIds, linkIds), ...record };
  return {
    held,
    orgId: state.orgId,
    onRelease: state.onRelease,
    instance: state.__instance,
    doubtfulUntil: state.__doubtfulUntil,
    terms: termsOf(state),
  };
}

export interface NewState {
  readonly echo: Echo;
  readonly orgId: number;
  readonly instance: string;
  readonly held: readonly HeldSim[];
  readonly lost: readonly string[];
  readonly unfinished: readonly Refusal[];
  readonly preview: unknown;
  readonly order: OrderTotal | undefined;
  readonly doubtfulUntil?: number | undefined;
  /** For logs only: `delete` and `read` are given outputs, and nothing else says which row is theirs. */
  readonly urn: unknown;
  /** After a change that ended part-way: the ranges in which SIMs may be held, wider than what is echoed. */
  readonly former?: string | undefined;
  /** How many SIMs were not there before a change that ended part-way. */
  readonly missingBefore?: number | undefined;
}

/** Outputs, flat: arrays of objects cost the engine five times more. Every output is there, empty ones included. */
export function writeState(state: NewState): PlainObject {
  const { order } = state;
  return plain({
    ...state.echo,
    orgId: state.orgId,
    iccids: state.held.map((sim) => sim.iccid),
    deviceIds: state.held.map((sim) => sim.deviceId),
    linkIds: state.held.map((sim) => sim.linkId),
    simCount: state.held.length,
    preview: state.preview,
    order: order === undefined ? {} : dollars(order),
    unfinished: describeUnfinished(state.unfinished),
    lost: state.lost,
    schemaVersion: SCHEMA_VERSION,
    __urn: state.urn,
    __instance: state.instance,
    __missing: state.unfinished.length === 0 ? undefined : missingOf(state),
    __doubtfulUntil: state.doubtfulUntil,
    __former: state.former,
  });
}

/** Ten at most and a count: `unfinished` travels in the header of a failed operation. */
export function describeUnfinished(unfinished: readonly Refusal[]): string[] {
  const lines = unfinished.map(({ iccid, reason }) => (iccid === undefined ? reason : `${iccid}: ${reason}`));
  const shown = lines.slice(0, NAMED_IN_MESSAGES).map((line) => line.slice(0, 300));
  const more = lines.length - shown.length;
  return more === 0 ? shown : [...shown, `and ${more} more`];
}

/** How many SIMs an `unfinished` output stands for. */
export function countUnfinished(lines: readonly string[]): number {
  const more = /^and (\d+) more$/.exec(lines.at(-1) ?? "")?.[1];
  return more === undefined ? lines.length : lines.length - 1 + Number(more);
}

const id = z.number().int();
const termsShape = z.object({
  plan: id,
  zone: z.string(),
  overageLimit: z.number().optional(),
  threshold: z.number().optional(),
  smsLimit: z.number().optional(),
});
const partialTerms = termsShape.partial();
const shape = partialTerms.extend({
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
  __instance: z.string().optional(),
  __missing: z.number().int().optional(),
  __doubtfulUntil: z.number().optional(),
  __former: z.string().optional(),
  __declared: termsShape.optional(),
});

/** How many of what is unfinished, or was unfinished under the inputs that the engine keeps, are not there at all. */
function missingOf({ unfinished, held, missingBefore = 0 }: NewState): number {
  const there = new Set(held.map((sim) => sim.iccid));
  const missing = unfinished.filter(({ iccid }) => iccid === undefined || !there.has(iccid)).length;
  return Math.max(missing, missingBefore);
}

type Stored = z.infer<typeof shape>;

function formerOf({
  simRange,
  eidRange,
  __former,
}: Pick<Stored, "simRange" | "eidRange" | "__former">): DeclaredSims | undefined {
  const text = __former ?? simRange ?? eidRange;
  if (text === undefined) return undefined;
  const iccids = unpack(text);
  if (iccids !== undefined) return listOf(iccids);
  return numbersIn(eidRange === undefined ? "range" : "eids", selectionOf(text));
}

/** One range, or several, comma-separated. */
function selectionOf(text: string): Selection {
  const parts = parseIntervals(text).map(({ first, last }) => Selection.ofRange(first, last));
  return parts.reduce((all, part) => all.union(part), Selection.empty);
}

function termsOf(stored: z.infer<typeof partialTerms> & Pick<Stored, "__declared">): Terms | undefined {
  const { plan, zone, ...limits } = stored.__declared ?? stored;
  if (plan === undefined || zone === undefined) return undefined;
  const { overageLimit, threshold, smsLimit } = limits;
  return { plan, zone, limits: dropUndefined({ overageLimit, threshold, smsLimit }) };
}

function zip(iccids: readonly string[], deviceIds: readonly number[], linkIds: readonly number[]): HeldSim[] {
  return iccids.flatMap((iccid, i) => {
    const [deviceId, linkId] = [deviceIds[i], linkIds[i]];
    return deviceId === undefined || linkId === undefined ? [] : [{ iccid, deviceId, linkId }];
  });
}

function dollars(order: OrderTotal): object {
  const { salesTax, shippingCost, totalCost } = order;
  const sums = { salesTax: toDollars(salesTax), shippingCost: toDollars(shippingCost) };
  return totalCost === undefined ? sums : { ...sums, totalCost: toDollars(totalCost) };
}
