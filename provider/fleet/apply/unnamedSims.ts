import { claimsInDoubt, type Doubt } from "../model/record";
import { Selection } from "../numbers/selection";

/** What is to be said of SIMs that were not bought: nobody knows which ones they are. */
interface Remainder {
  readonly reason: string;
  readonly isDoubtful?: true;
}

/**
 * The SIMs of a range that nothing names, while they are claimed: how many are still to be bought, in which numbers they
 * may be landing, and what is to be said of those that are not bought.
 */
export class UnnamedSims {
  #left: number;
  /** Of these: counted in a part that was claimed, and missing in its answer. Cards of no other part make up for them. */
  #awaited = 0;
  /** Numbers that were claimed, and whose answers left SIMs out. */
  #claimed = Selection.empty;
  readonly #doubts: Doubt[] = [];
  /** Refused as a whole, perhaps because no SIM is in them; no matter when the expected SIMs are found elsewhere. */
  readonly #emptyGaps: string[] = [];
  #remainder: Remainder | undefined;

  constructor(atMost: number) {
    this.#left = atMost;
  }

  /** Still to be bought. */
  get left(): number {
    return this.#left;
  }

  /** As many as one more part may buy: what other parts await is theirs. */
  get due(): number {
    return this.#left - this.#awaited;
  }

  /**
   * They lie in the gaps between those that are active, and a gap is a request. The widest come first; where they hold
   * fewer SIMs each than are worth a request, the rest is left.
   */
  get mostRequests(): number {
    return Math.max(FEW_REQUESTS, Math.floor(this.#left / SIMS_WORTH_A_REQUEST));
  }

  get doubts(): readonly Doubt[] {
    return this.#doubts;
  }

  /** Of those that are left; undefined where nothing is to be said. */
  get remainder(): Remainder | undefined {
    return this.#remainder;
  }

  /** Why not all of them were bought, as far as anything said so. */
  get shortfall(): string | undefined {
    return this.#remainder?.reason ?? this.#emptyGaps[0];
  }

  /** It is certain what became of so many. */
  settle(count: number): void {
    this.#left -= count;
  }

  /** More of them may be landing in these numbers; `awaited` were counted there. */
  expectIn(numbers: Selection, awaited = 0): void {
    this.#claimed = this.#claimed.union(numbers);
    this.#awaited += awaited;
  }

  /** Where they may be landing: the numbers that were claimed, without what is known by name. */
  landingIn(named: Iterable<string>): Selection {
    return this.#claimed.minus(Selection.ofList(named));
  }

  /** Numbers that are in doubt by a claim of this run. */
  inDoubt(): Selection {
    return claimsInDoubt(this.#doubts.filter(({ isForeign }) => !isForeign));
  }

  doubt(doubt: Doubt, reason: string): void {
    this.#doubts.push(doubt);
    this.#remainder = { reason, isDoubtful: true };
  }

  endDoubts(): Doubt[] {
    return this.#doubts.splice(0);
  }

  /** Some are not sent. What is known of the others holds on. */
  leave(reason: string): void {
    this.#remainder ??= { reason };
  }

  /** A gap was refused. False: there have been too many of them. */
  leaveGap(reason: string): boolean {
    return this.#emptyGaps.push(reason) <= MOST_EMPTY_GAPS;
  }
}

const SIMS_WORTH_A_REQUEST = 12;
const FEW_REQUESTS = 7;
/** Gaps between known SIMs that may be refused before the rest is left alone. */
const MOST_EMPTY_GAPS = 10;
