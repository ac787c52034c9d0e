import type { Sim } from "../hologram/model";
import { compareNumbers, Selection } from "./selection";

/** What a program says a fleet is: the SIMs, how they are billed, what happens when one enters or leaves. */
export interface Declaration {
  readonly sims: DeclaredSims;
  readonly plan: number;
  readonly zone: string;
  readonly limits: Limits;
  readonly tagId?: number;
  readonly invalidatePreflightSims?: boolean;
  readonly expectedSims?: number;
}

/** The declared SIMs, in the form they were written in. */
export type DeclaredSims =
  | { readonly form: "range"; readonly first: string; readonly last: string; readonly selection: Selection }
  /** `iccids` ascending, each once. */
  | { readonly form: "list"; readonly iccids: readonly string[]; readonly selection: Selection };

export type OnRelease = "keep" | "pause" | "deactivate";

/** Bytes, bytes and SMS per cycle; -1 none; absent: not declared, left alone. */
export interface Limits {
  readonly overageLimit?: number;
  readonly threshold?: number;
  readonly smsLimit?: number;
}

/** A SIM the fleet holds: bought, declared, and on record. */
export interface HeldSim {
  /** As it was claimed. The device may show another one later: on eSIMs the printed ICCID can vanish. */
  readonly iccid: string;
  readonly deviceId: number;
  readonly linkId: number;
}

/** What is on record about a fleet before an operation. */
export type Held =
  | (OnRecord & { readonly kind: "listed"; readonly sims: readonly HeldSim[] })
  /** A failure too large for its report left the lists out: only their length is known. */
  | (OnRecord & { readonly kind: "counted"; readonly count: number })
  /** In `check`, which never sees outputs: what the former declaration named is taken as held. */
  | { readonly kind: "declared"; readonly former: DeclaredSims };

interface OnRecord {
  /** SIMs that are gone: never claimed again. */
  readonly lost: readonly string[];
  /** How many declared SIMs the last run did not finish. */
  readonly unfinished: number;
  /** What was declared then, where the record tells it: lists are not echoed. */
  readonly former?: DeclaredSims;
}

export const nothingHeld: Held = { kind: "listed", sims: [], lost: [], unfinished: 0 };

/** How many SIMs the record holds. */
export function heldCount(held: Held): number {
  switch (held.kind) {
    case "listed":
      return held.sims.length;
    case "counted":
      return held.count;
    case "declared":
      return 0;
  }
}

export function rangeOf(first: string, last: string): DeclaredSims {
  return { form: "range", first, last, selection: Selection.ofRange(first, last) };
}

export function listOf(iccids: readonly string[]): DeclaredSims {
  const unique = [...new Set(iccids)].sort(compareNumbers);
  return { form: "list", iccids: unique, selection: Selection.ofList(unique) };
}

/**
 * How a SIM differs from what the declaration wants of it, as "plan 75 instead of 2096"; empty when it agrees.
 * What the API does not tell about a SIM, or tells as a number where a zone has a name, is no difference.
 */
export function differences(sim: Sim, declaration: Declaration): string[] {
  const found: string[] = [];
  const { limits } = declaration;
  if (sim.plan !== undefined && sim.plan !== declaration.plan) {
    found.push(`plan ${sim.plan} instead of ${declaration.plan}`);
  }
  if (sim.zone !== undefined && !/^\d+$/.test(sim.zone) && !sameZone(sim.zone, declaration.zone)) {
    found.push(`zone ${sim.zone} instead of ${declaration.zone}`);
  }
  if (!same(limits.overageLimit, sim.overageLimit)) {
    found.push(`overageLimit ${sim.overageLimit} instead of ${limits.overageLimit}`);
  }
  if (!sameThreshold(limits.threshold, sim.threshold)) {
    found.push(`threshold ${sim.threshold} instead of ${limits.threshold}`);
  }
  if (!sameSmsLimit(limits.smsLimit, sim.smsLimit)) {
    found.push(`smsLimit ${sim.smsLimit} instead of ${limits.smsLimit}`);
  }
  return found;
}

/** Hologram's own example spells one zone both `global` and `Global` (docs.hologram.io, plans). */
export function sameZone(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function same(wanted: number | undefined, actual: number | undefined): boolean {
  return wanted === undefined || actual === undefined || wanted === actual;
}

/** The API blueprint shows 0 where no threshold is set, the devices page -1. */
function sameThreshold(wanted: number | undefined, actual: number | undefined): boolean {
  return same(wanted, actual) || (wanted === -1 && actual === 0);
}

/** A server that answers 100 for "unlimited" is no difference: Hologram's default cannot be removed (its SMS guide). */
function sameSmsLimit(wanted: number | undefined, actual: number | undefined): boolean {
  return same(wanted, actual) || (wanted === -1 && actual === 100);
}
