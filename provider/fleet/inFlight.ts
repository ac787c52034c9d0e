import { Selection } from "./selection";

/**
 * Numbers that operations of this process have sent in claims. Two resources that declare the same SIM both see it
 * unclaimed when they look; the second must not claim it, however the first ends. Taking is synchronous, so there is
 * no moment between the look and the send in which both could pass.
 */
export class InFlight {
  private readonly names = new Set<string>();
  private ranges = Selection.empty;

  /** Takes what nobody has taken; the others are not to be sent. */
  take(iccids: readonly string[]): string[] {
    const free = iccids.filter((iccid) => !this.names.has(iccid) && !this.ranges.has(iccid));
    for (const iccid of free) this.names.add(iccid);
    return free;
  }

  takeNumbers(numbers: Selection): Selection {
    const free = numbers.minus(this.ranges).minus(Selection.ofList(this.names));
    this.ranges = this.ranges.union(free);
    return free;
  }

  /** They were certainly not claimed: another operation may. */
  give(iccids: Iterable<string>): void {
    for (const iccid of iccids) this.names.delete(iccid);
  }

  giveNumbers(numbers: Selection): void {
    this.ranges = this.ranges.minus(numbers);
  }
}
