import type { Limits, Sim } from "../../hologram/model";
import { compareNumbers, Selection } from "../numbers/selection";

/** What a program says a fleet is: the SIMs, how they are billed, what happens when one enters or leaves. */
export interface Declaration {
  readonly sims: DeclaredSims;
  readonly plan: number;
  readonly zone: string;
  /** As it was declared before. Where Hologram tells zones as numbers, only that says that a SIM is in another one. */
  readonly zoneWas?: string;
  /** Those that are left out are not declared: they are left alone. */
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

/** A SIM the fleet holds: bought, declared, and on record. */
export interface HeldSim {
  /** As it was claimed. The device may show another one later: on eSIMs the printed ICCID can vanish. */
  readonly iccid: string;
  readonly deviceId: number;
  readonly linkId: number;
  /** Of an eSIM, where the account was just asked; not on record. */
  readonly eid?: string;
}

export function iccidOf({ iccid }: Pick<HeldSim, "iccid">): string {
  return iccid;
}

/** Ascending by ICCID, and each once: of two the later one. */
export function uniqueByIccid<T extends Pick<HeldSim, "iccid">>(sims: readonly T[]): T[] {
  const unique = new Map(sims.map((sim) => [sim.iccid, sim]));
  return [...unique.values()].sort((a, b) => compareNumbers(a.iccid, b.iccid));
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
