import type { Sim } from "../../hologram/model";
import { compareNumbers, Selection } from "../numbers/selection";

/** What a program says a fleet is: the SIMs, how they are billed, what happens when one enters or leaves. */
export interface Declaration {
  readonly sims: DeclaredSims;
  readonly plan: number;
  readonly zone: string;
  /** As it was declared before. Where Hologram tells zones as numbers, only that says that a SIM is in another one. */
  readonly zoneWas?: string;
  readonly limits: Limits;
  readonly tagId?: number;
  readonly invalidatePreflightSims?: boolean;
  readonly expectedSims?: number;
  /** SIMs that are active already and differ from the terms above: refused, or taken over and changed. */
  readonly adopt: "matching" | "always";
  /** How long to wait until the SIMs are live; 0 does not wait. */
  readonly waitForLiveSeconds: number;
  /** Only in a preview: a limit is declared whose value is not known yet. */
  readonly limitsUnknown?: boolean;
}

/** The declared SIMs, in the form they were written in. */
export type DeclaredSims =
  | { readonly form: "range"; readonly first: string; readonly last: string; readonly selection: Selection }
  /** `iccids` ascending, each once. */
  | { readonly form: "list"; readonly iccids: readonly string[]; readonly selection: Selection }
  /** `selection` holds EIDs: which ICCIDs belong to them only the account tells. */
  | { readonly form: "eids"; readonly first: string; readonly last: string; readonly selection: Selection };

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
  /** Of an eSIM, where the account was just asked; not on record. */
  readonly eid?: string;
}

/** What is on record about a fleet before an operation. */
export type Held =
  | (OnRecord & { readonly kind: "listed"; readonly sims: readonly HeldSim[] })
  /** A failure too large for its report left the lists out: only their length is known. */
  | (OnRecord & { readonly kind: "counted"; readonly count: number })
  /** In `check`, which never sees outputs: what the former declaration named is taken as held. */
  | {
      readonly kind: "declared";
      readonly former: DeclaredSims;
      /** How many SIMs it held for certain. */
      readonly count: number;
      /** The same, with those that could not be seen even then, or were perhaps never there. Default: none. */
      readonly most?: number;
      /** What it lacks was never approved: no preview could tell of it. */
      readonly unapproved?: boolean;
    };

interface OnRecord {
  /** SIMs that are gone: never claimed again. */
  readonly lost: readonly string[];
  /** How many declared SIMs the last run did not finish. */
  readonly unfinished: number;
  /** Of them: not there, as far as is known. Absent: all. The others are there and were not changed. */
  readonly missing?: number;
  /** The tag that the last run put on its SIMs. */
  readonly tagId?: number;
  /** What was declared then, where the record tells it: lists are not echoed. */
  readonly former?: DeclaredSims;
}

export const nothingHeld: Held = { kind: "listed", sims: [], lost: [], unfinished: 0 };

/** The SIMs that the record names; without their devices where a failure left those out. */
export function namedOnRecord(held: Exclude<Held, { kind: "declared" }>): readonly string[] {
  if (held.kind === "listed") return held.sims.map((sim) => sim.iccid);
  return held.former?.form === "list" ? held.former.iccids : [];
}

/** How many SIMs the record holds. */
export function heldCount(held: Held): number {
  switch (held.kind) {
    case "listed":
      return held.sims.length;
    case "counted":
    case "declared":
      return held.count;
  }
}

export function rangeOf(first: string, last: string): DeclaredSims {
  return { form: "range", first, last, selection: Selection.ofRange(first, last) };
}

export function listOf(iccids: readonly string[]): DeclaredSims {
  const unique = [...new Set(iccids)].sort(compareNumbers);
  return { form: "list", iccids: unique, selection: Selection.ofList(unique) };
}

export function eidsOf(first: string, last: string): DeclaredSims {
  return { form: "eids", first, last, selection: Selection.ofRange(first, last) };
}

/** The numbers of a selection that may have gaps. Undefined when there are none. */
export function numbersIn(form: "range" | "eids", selection: Selection): DeclaredSims | undefined {
  const parts = selection.intervals();
  const [first, last] = [parts[0]?.first, parts.at(-1)?.last];
  return first === undefined || last === undefined ? undefined : { form, first, last, selection };
}

/** Whether a SIM that the account shows belongs to a declaration. */
export function declares(
  { form, selection }: DeclaredSims,
  { iccid, eid }: Pick<Sim, "iccid" | "eid">,
): boolean {
  return form === "eids" ? eid !== undefined && selection.has(eid) : selection.has(iccid);
}

/**
 * Whether a SIM on record still belongs to a declaration. `shown` is what the account tells of it: of an eSIM whose EID
 * is not told nobody can say that it has left.
 */
export function stillDeclares(
  { form, selection }: DeclaredSims,
  iccid: string,
  shown: Sim | undefined,
): boolean {
  if (form !== "eids") return selection.has(iccid);
  return shown?.eid === undefined || selection.has(shown.eid);
}
