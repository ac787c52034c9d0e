import type { DeclaredSims } from "../../fleet/model/declaration";
import { Selection } from "../../fleet/numbers/selection";
import type { Clock } from "../../util/clock";

/** So long without a check, in milliseconds, and the program has declared what it had to declare at once. */
const QUIET = 1_000;

/**
 * The selections that this process has seen declared. Refactoring is not a release: a rename, a new parent, a replace
 * and a split all create first and delete after (seen on the real engine), so a SIM that any living declaration covers
 * is spared by every release. Another provider, stack or job is out of sight: hence `onRelease: "keep"` by default.
 *
 * A declaration belongs to an instance (a random id in its outputs) as soon as that is known, so that the record of an
 * instance does not protect its own SIMs from its own delete.
 */
export class CheckedSelections {
  /** Checked and not yet known to belong to an instance, by their text. */
  private readonly pending = new Map<string, Selection>();
  private readonly byInstance = new Map<string, Selection>();
  private underWay = 0;
  private begun = 0;

  /** Notes that a check is under way for as long as `check` runs. */
  async during<T>(check: () => Promise<T>): Promise<T> {
    this.underWay++;
    this.begun++;
    try {
      return await check();
    } finally {
      this.underWay--;
    }
  }

  /**
   * Waits until no check is under way and none has begun for a while. An update runs beside the checks of what the
   * program declares after it (seen on the real engine when one resource is split into two), so that one which releases
   * at once would pause SIMs that the next check is about to name.
   */
  async quiet(clock: Clock): Promise<void> {
    for (let before = -1; before !== this.begun || this.underWay > 0; ) {
      before = this.begun;
      await clock.sleep(QUIET);
    }
  }

  /** `iccids` are the SIMs of a declaration by EIDs, as far as they are known: releases know SIMs by ICCID. */
  checked({ selection }: DeclaredSims, iccids: readonly string[] = []): void {
    this.pending.set(selection.toString(), covering(selection, iccids));
  }

  belongsTo({ form, selection }: DeclaredSims, instance: string, iccids: readonly string[] = []): void {
    this.pending.delete(selection.toString());
    this.byInstance.set(instance, form === "eids" ? covering(selection, iccids) : selection);
  }

  /** The declarations of others: what an instance that releases must leave alone. */
  othersThan(instance: string | undefined): Selection[] {
    const others = [...this.byInstance].filter(([owner]) => owner !== instance);
    return [...this.pending.values(), ...others.map(([, selection]) => selection)];
  }

  /** The instance is gone: its declaration protects nothing any more. */
  forget(instance: string | undefined): void {
    if (instance !== undefined) this.byInstance.delete(instance);
  }
}

/** EIDs and ICCIDs have different lengths, so that one selection can hold both. */
function covering(selection: Selection, iccids: readonly string[]): Selection {
  return iccids.length === 0 ? selection : selection.union(Selection.ofList(iccids));
}
