import type { DeclaredSims } from "../model/declaration";
import { Selection } from "../numbers/selection";

/** What the other fleets of a program declare. */
export interface Program {
  /** Whether any fleet of the program declares the SIM, by ICCID or EID. */
  declares(number: string): boolean;
  /** No other fleet is declared, so nothing has to be spared. */
  readonly isAlone: boolean;
  /**
   * Whether every fleet of the program is known, with a known selection. Until then a SIM that leaves one fleet may be
   * about to enter another.
   */
  isWhole(): boolean;
}

/**
 * The SIMs that a program declares, by fleet. Refactoring is not a release: a rename, a new parent, a replace and a
 * split all create first and delete after (seen on the real engine), so a SIM that any fleet declares is spared by every
 * release. Adding and asking cost no more than the logarithm of what is there.
 */
export class Declarations {
  readonly #byFleet = new Map<string, FleetSims>();
  /** Each at least twice as large as the next. */
  #levels: Selection[] = [];

  get isEmpty(): boolean {
    return this.#byFleet.size === 0;
  }

  /** Whether nobody but `fleet` declares anything. */
  isAlone(fleet: string): boolean {
    return this.#byFleet.size === (this.#byFleet.has(fleet) ? 1 : 0);
  }

  /** `iccids`: those of a declaration by EIDs, as far as they are known. Numbers of both kinds differ in length. */
  declare(fleet: string, { form, selection }: DeclaredSims, iccids: readonly string[] = []): void {
    const before = this.#byFleet.get(fleet) ?? { declared: Selection.empty, iccids: Selection.empty };
    const declared = before.declared.union(selection);
    const isByEid = form === "eids";
    const known = isByEid ? before.iccids.union(Selection.ofList(iccids)) : declared;
    this.#byFleet.set(fleet, { isByEid, declared, iccids: known });
    if (iccids.length === 0 && before.declared.equals(selection)) return;
    let added = iccids.length === 0 ? selection : selection.union(known);
    for (let last = this.#levels.at(-1); last !== undefined; last = this.#levels.at(-1)) {
      if (last.intervalCount > 2 * added.intervalCount) break;
      added = last.union(added);
      this.#levels.pop();
    }
    this.#levels.push(added);
  }

  declares(number: string): boolean {
    return this.#levels.some((level) => level.has(number));
  }

  /**
   * The other fleet that declares one of these SIMs, and which; undefined where none does. `iccids`: what the declaration
   * comes to; where nobody can name that, or not of the other, what is written is compared. One that declares it by the
   * other kind of number is none: that is how a fleet is moved from ICCIDs to EIDs, or back.
   */
  sharedBy(fleet: string, { form, selection }: DeclaredSims, iccids: readonly string[]): Shared | undefined {
    if (this.isAlone(fleet)) return undefined;
    const isByEid = form === "eids";
    const known = Selection.ofList(iccids);
    const mine = known.isEmpty || isByEid ? known.union(selection) : known;
    if (!this.#levels.some((level) => level.overlaps(mine))) return undefined;
    for (const [other, theirs] of this.#byFleet) {
      if (other === fleet || theirs.isByEid !== isByEid) continue;
      if (known.isEmpty || theirs.iccids.isEmpty) {
        const numbers = theirs.declared.intersect(selection);
        if (!numbers.isEmpty) return { fleet: other, numbers };
      } else if (theirs.iccids.overlaps(known)) {
        return { fleet: other, iccids: iccids.filter((iccid) => theirs.iccids.has(iccid)) };
      }
    }
    return undefined;
  }
}

/** What another fleet declares too: by name, or as it is written, where nothing names the SIMs of one of the two. */
export type Shared =
  | { readonly fleet: string; readonly iccids: readonly string[] }
  | { readonly fleet: string; readonly numbers: Selection };

/** What one fleet declares. */
interface FleetSims {
  readonly isByEid: boolean;
  /** As declared: by ICCID or by EID. */
  readonly declared: Selection;
  /** The same where it is by ICCID; else those that are known of its EIDs. */
  readonly iccids: Selection;
}
