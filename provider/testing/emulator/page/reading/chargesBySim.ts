/** The ledger charge by charge: all of it, or of the SIMs whose ICCID holds some digits. */
import type { LedgerEntry } from "../../records";

export interface FoundCharges {
  readonly length: number;
  /** Newest first. */
  newest(skip: number, count: number): readonly LedgerEntry[];
}

export function findCharges(ledger: readonly LedgerEntry[], digits: string): FoundCharges {
  const found = digits === "" ? ledger : ledger.filter(({ iccid }) => iccid.includes(digits));
  return {
    length: found.length,
    newest(skip, count) {
      const end = found.length - skip;
      return found.slice(Math.max(0, end - count), Math.max(0, end)).toReversed();
    },
  };
}
