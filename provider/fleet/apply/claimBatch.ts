import type { ClaimTarget } from "../../hologram/model";
import type { Declaration } from "../model/declaration";
import { Selection } from "../numbers/selection";
import { rangeTarget } from "../observe/claimPreviews";
import type { Lookup } from "./confirmClaims";

/** The SIMs of one claim request: by name, or as numbers where nothing names them. */
export type Batch =
  | { readonly kind: "named"; readonly iccids: readonly string[] }
  | { readonly kind: "unnamed"; readonly numbers: Selection };

export function askedOf(batch: Batch): Selection {
  return batch.kind === "named" ? Selection.ofList(batch.iccids) : batch.numbers;
}

export function targetOf(batch: Batch): ClaimTarget {
  return batch.kind === "named" ? { sims: batch.iccids } : rangeTarget(batch.numbers);
}

/** A range of a declaration is read back as a range, in pages; a list by its ICCIDs. */
export function lookupOf(batch: Batch, { sims }: Declaration): Lookup {
  if (batch.kind === "unnamed") return { numbers: batch.numbers };
  return { iccids: batch.iccids, asRange: sims.form === "range" };
}

export function restOf(batch: Batch, done: ReadonlyMap<string, unknown>): Batch | undefined {
  if (batch.kind === "named") {
    const iccids = batch.iccids.filter((iccid) => !done.has(iccid));
    return iccids.length === 0 ? undefined : { kind: "named", iccids };
  }
  const numbers = batch.numbers.minus(Selection.ofList(done.keys()));
  return numbers.isEmpty ? undefined : { kind: "unnamed", numbers };
}

export function halvesOf(batch: Batch): Batch[] | undefined {
  if (batch.kind === "named") {
    const middle = batch.iccids.length >> 1;
    const halves = [batch.iccids.slice(0, middle), batch.iccids.slice(middle)];
    return middle === 0 ? undefined : halves.map((iccids) => ({ kind: "named", iccids }));
  }
  const { width } = batch.numbers;
  if (width < 2n) return undefined;
  return batch.numbers.splitAfter(width / 2n).map((numbers) => ({ kind: "unnamed", numbers }));
}

/**
 * A request names one range: what lies between two parts is known already, or refused, and must not be claimed with
 * them. The widest part comes first: between neighbouring cards that are active already there may be no card at all.
 */
export function partsOf(batch: Batch): Batch[] {
  if (batch.kind === "named") return [batch];
  const parts = batch.numbers.parts().sort((a, b) => (a.width > b.width ? -1 : 1));
  return parts.map((numbers) => ({ kind: "unnamed", numbers }));
}
