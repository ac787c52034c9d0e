import { Selection } from "../numbers/selection";
import type { Batch } from "./claimBatch";

/**
 * SIMs that operations of this process have sent in claims. Two resources that declare the same SIM both see it
 * unclaimed when they look; the second must not claim it, however the first ends. Taking is synchronous, so there is
 * no moment between the look and the send in which both could pass.
 */
export class InFlight {
  private readonly names = new Set<string>();
  private ranges = Selection.empty;

  /** What nobody has sent, now taken, and the SIMs that somebody has. */
  take(batch: Batch): { readonly free: Batch | undefined; readonly taken: readonly string[] } {
    if (batch.kind === "unnamed") {
      const numbers = batch.numbers.minus(this.ranges).minus(Selection.ofList(this.names));
      this.ranges = this.ranges.union(numbers);
      return { free: numbers.isEmpty ? undefined : { kind: "unnamed", numbers }, taken: [] };
    }
    const isTaken = (iccid: string): boolean => this.names.has(iccid) || this.ranges.has(iccid);
    const iccids = batch.iccids.filter((iccid) => !isTaken(iccid));
    const taken = batch.iccids.filter(isTaken);
    for (const iccid of iccids) this.names.add(iccid);
    return { free: iccids.length === 0 ? undefined : { kind: "named", iccids }, taken };
  }

  /** They were certainly not claimed: another operation may. */
  give(batch: Batch): void {
    if (batch.kind === "unnamed") this.ranges = this.ranges.minus(batch.numbers);
    else for (const iccid of batch.iccids) this.names.delete(iccid);
  }
}
