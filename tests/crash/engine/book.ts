import type { Emulator, SeenRequest } from "../../../provider/testing/emulator";
import { CLAIM } from "./faults";

/** One purchase as the account saw it. */
interface Purchase {
  readonly seen: SeenRequest;
  readonly iccids: readonly string[];
  readonly occasion: Occasion;
}

/** One operation of a user, up to the beginning of the next. */
interface Occasion {
  readonly began: number;
  /** When a process died that knew what it had sent. */
  died: number | undefined;
  /** SIMs that the record says are in doubt after it, and until when. */
  onRecord: (iccid: string) => number;
}

/** What became of the purchases of one run. */
export interface Purchases {
  /** SIMs bought again although an earlier purchase was in doubt, or had been carried out, and that could be known. */
  readonly claimedAgain: ReadonlySet<string>;
  /** SIMs charged twice, those apart that nobody could know of. */
  readonly chargedAgain: ReadonlySet<string>;
  /** How many claims left a process whose engine was dead: its next run may be at work already. */
  readonly afterDeath: number;
  /** Purchases under way when their process died, carried out only after the next operation had begun. */
  readonly landedLate: number;
}

/** Keeps the purchases of a run, with what could be known about each by whoever made the next. */
export class Book {
  private readonly purchases: Purchase[] = [];
  private occasion: Occasion = { began: 0, died: undefined, onRecord: () => 0 };

  constructor(
    private readonly emulator: Emulator,
    private readonly settleSeconds: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** Before each operation, while the emulator still knows the requests since the one before. */
  begin(): void {
    this.copy();
    this.occasion = { began: this.now(), died: undefined, onRecord: () => 0 };
  }

  /** After each operation. `died`: when a process died that knew what it had sent. */
  end(died: number | undefined, onRecord: Occasion["onRecord"]): void {
    Object.assign(this.occasion, { died, onRecord });
  }

  /** The purchases of this operation so far: number, size, seconds after its beginning, and answer. */
  tell(): string {
    const told = claimsIn(this.emulator).map((seen) => {
      const at = ((seen.at - this.occasion.began) / 1_000).toFixed(2);
      return `claim ${seen.n} of ${this.simsOf(seen).length} SIMs at ${at} s -> ${seen.status}`;
    });
    return told.join(", ");
  }

  /** Requests of purchases since the operation began. */
  get numbers(): ReadonlySet<number> {
    return new Set(claimsIn(this.emulator).map(({ n }) => n));
  }

  judge(): Purchases {
    this.copy();
    const landed = this.landings();
    const claimedAgain = new Set<string>();
    const late = new Set<Purchase>();
    const before = new Map<string, Purchase[]>();
    for (const purchase of this.purchases) {
      for (const iccid of purchase.iccids) {
        const earlier = before.get(iccid) ?? [];
        for (const first of earlier) {
          const at = landed.get(iccid)?.get(first.seen.n);
          if (this.couldBeKnown(iccid, first, purchase, at)) claimedAgain.add(iccid);
          else if (at !== undefined) late.add(first);
        }
        before.set(iccid, [...earlier, purchase]);
      }
    }
    const chargedAgain = this.emulator
      .judgement()
      .doubleCharges.map(({ iccid }) => iccid)
      .filter((iccid) => claimedAgain.has(iccid) || !isExcused(before.get(iccid), late));
    const afterDeath = this.purchases.filter(
      ({ seen, occasion: { died } }) => died !== undefined && seen.at > died,
    );
    return {
      claimedAgain,
      chargedAgain: new Set(chargedAgain),
      afterDeath: afterDeath.length,
      landedLate: late.size,
    };
  }

  /** Whether the second purchase of a SIM was wrong. `landed`: when the first was carried out, if it was. */
  private couldBeKnown(
    iccid: string,
    first: Purchase,
    second: Purchase,
    landed: number | undefined,
  ): boolean {
    const { status } = first.seen;
    if (status >= 400 && status < 500 && landed === undefined) return false;
    if (landed !== undefined && landed < second.occasion.began) return true;
    const { died, onRecord, began } = first.occasion;
    const sameProcess = began === second.occasion.began;
    // What was sent after its engine's death should not have been sent at all.
    if (sameProcess || (died !== undefined && first.seen.at > died)) return true;
    const settled = first.seen.at + this.settleSeconds * 1_000 - ON_THE_WAY;
    const isRecorded = died === undefined || onRecord(iccid) >= settled;
    return isRecorded && second.seen.at < settled;
  }

  /** When which request was carried out, by SIM. */
  private landings(): Map<string, Map<number, number>> {
    const landed = new Map<string, Map<number, number>>();
    for (const { iccid, kind, request, at } of this.emulator.ledger) {
      if (kind !== "activation") continue;
      const ofSim = landed.get(iccid) ?? new Map<number, number>();
      landed.set(iccid, ofSim.set(request, at));
    }
    return landed;
  }

  private copy(): void {
    const { occasion } = this;
    for (const seen of claimsIn(this.emulator))
      this.purchases.push({ seen, iccids: this.simsOf(seen), occasion });
  }

  /** The SIMs that a claim names, in whatever form. */
  private simsOf({ body }: SeenRequest): string[] {
    const named = typeof body === "object" && body !== null ? body : {};
    if ("sims" in named && Array.isArray(named.sims)) return named.sims.map(String);
    const [first, last] = "simrange" in named ? String(named.simrange).split("-").map(BigInt) : [];
    if (first === undefined || last === undefined)
      throw new Error(`a claim of nothing known: ${JSON.stringify(body)}`);
    const all = this.emulator.sims().map(({ iccid }) => iccid);
    return all.filter((iccid) => first <= BigInt(iccid) && BigInt(iccid) <= last);
  }
}

/** Milliseconds that a request takes to arrive. */
const ON_THE_WAY = 100;

function claimsIn(emulator: Emulator): SeenRequest[] {
  return emulator.writes().filter(({ path }) => path === CLAIM);
}

function isExcused(purchases: readonly Purchase[] | undefined, late: ReadonlySet<Purchase>): boolean {
  return purchases?.some((each) => late.has(each)) ?? false;
}
