import type { ClaimTarget } from "../../hologram/model";
import type { Declaration } from "../model/declaration";
import { Selection } from "../numbers/selection";
import { rangeTarget } from "../observe/claimPreviews";
import type { Lookup } from "./confirmClaims";

/** The SIMs of one claim request: by name, or as numbers where nothing names them. */
export type Batch =
  | { readonly kind: "named"; readonly iccids: readonly string[]; readonly numbers: Selection }
  | { readonly kind: "unnamed"; readonly numbers: Selection };

export function named(iccids: readonly string[]): Batch {
  return { kind: "named", iccids, numbers: Selection.ofList(iccids) };
}

export function unnamed(numbers: Selection): Batch {
  return { kind: "unnamed", numbers };
}

export function targetOf(batch: Batch): ClaimTarget {
  return batch.kind === "named" ? { sims: batch.iccids } : rangeTarget(batch.numbers);
}

/** A range of a declaration is read back as a range, in pages; a list by its ICCIDs. */
export function lookupOf(batch: Batch, { sims }: Declaration): Lookup {
  if (batch.kind === "unnamed") return { numbers: batch.numbers };
  return { iccids: batch.iccids, asRange: sims.form === "range" };
}

/** The part of a batch that lies within a selection; undefined where there is none. */
export function within(batch: Batch, selection: Selection): Batch | undefined {
  if (!batch.numbers.overlaps(selection)) return undefined;
  return batch.kind === "named"
    ? named(batch.iccids.filter((iccid) => selection.has(iccid)))
    : unnamed(batch.numbers.intersect(selection));
}

/** The part of a batch that is not done; undefined where there is none. */
export function restOf(batch: Batch, done: ReadonlyMap<string, unknown>): Batch | undefined {
  return within(batch, batch.numbers.minus(Selection.ofList(done.keys())));
}

export function halvesOf(batch: Batch): Batch[] | undefined {
  if (batch.kind === "named") {
    const middle = batch.iccids.length >> 1;
    return middle === 0 ? undefined : [batch.iccids.slice(0, middle), batch.iccids.slice(middle)].map(named);
  }
  const { width } = batch.numbers;
  return width < 2n ? undefined : batch.numbers.splitAfter(width / 2n).map(unnamed);
}

/**
 * A request names one range: what lies between two parts is known already, or refused, and must not be claimed with
 * them. The widest part comes first: between neighbouring cards that are active already there may be no card at all.
 */
export function partsOf(batch: Batch): Batch[] {
  if (batch.kind === "named") return [batch];
  return batch.numbers
    .parts()
    .sort((a, b) => (a.width > b.width ? -1 : 1))
    .map(unnamed);
}
