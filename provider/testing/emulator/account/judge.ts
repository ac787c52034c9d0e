/**
 * Watches for what must never happen: a SIM claimed twice, charged twice, taken out of service. It records what was
 * asked for as well as what was done, because a second claim that the server happens to refuse is just as wrong.
 */
import type { LedgerEntry } from "../records";

/** What should never have happened, counted from the requests and the ledger. SIMs by ICCID, requests by their number `n`. */
export interface Judgement {
  /** SIMs that more than one claim named after one of them had been carried out; refused or not. */
  readonly doubleClaims: readonly { readonly iccid: string; readonly requests: readonly number[] }[];
  /** SIMs whose activation was charged more than once, with the requests (0 for by hand). */
  readonly doubleCharges: readonly { readonly iccid: string; readonly requests: readonly number[] }[];
  /** SIMs that a request deactivated. */
  readonly deactivations: readonly { readonly iccid: string; readonly request: number }[];
  /** SIMs that a request paused. */
  readonly pauses: readonly { readonly iccid: string; readonly request: number }[];
  /** Claims and previews that held more SIMs than the limit. */
  readonly requestsAboveLimit: readonly number[];
  /** Claims that arrived while another claim of the organization was still without an answer. */
  readonly concurrentClaims: readonly { readonly orgId: number; readonly requests: readonly number[] }[];
  /** Size of the largest claim that was not a preview. */
  readonly maxSimsInOneClaim: number;
}

/** The part of the judgement that is written down as it happens. */
export interface Notes {
  doubleClaims: [string, number[]][];
  deactivations: { iccid: string; request: number }[];
  pauses: { iccid: string; request: number }[];
  requestsAboveLimit: number[];
  concurrentClaims: { orgId: number; requests: number[] }[];
  maxSimsInOneClaim: number;
}

export class Judge {
  readonly #doubleClaims = new Map<string, number[]>();
  readonly #open = new Map<number, number>();
  notes: Omit<Notes, "doubleClaims"> = {
    deactivations: [],
    pauses: [],
    requestsAboveLimit: [],
    concurrentClaims: [],
    maxSimsInOneClaim: 0,
  };

  /** A live claim names `size` SIMs; `claimedBefore` are those that an earlier claim had bought. */
  claimNames(request: number, size: number, claimedBefore: Iterable<readonly [string, number]>): void {
    this.notes.maxSimsInOneClaim = Math.max(this.notes.maxSimsInOneClaim, size);
    for (const [iccid, earlier] of claimedBefore) {
      const requests = this.#doubleClaims.get(iccid);
      if (requests === undefined) this.#doubleClaims.set(iccid, [earlier, request]);
      else requests.push(request);
    }
  }

  aboveLimit(request: number): void {
    this.notes.requestsAboveLimit.push(request);
  }

  stateAsked(kind: "deactivations" | "pauses", iccid: string, request: number): void {
    this.notes[kind].push({ iccid, request });
  }

  /** A live claim has arrived; call the answer when it has been dealt with. */
  claimArrives(orgId: number, request: number): () => void {
    const others = [...this.#open].filter(([, org]) => org === orgId).map(([n]) => n);
    if (others.length > 0) this.notes.concurrentClaims.push({ orgId, requests: [...others, request] });
    this.#open.set(request, orgId);
    return () => {
      this.#open.delete(request);
    };
  }

  judgement(ledger: readonly LedgerEntry[]): Judgement {
    const pairs = (map: ReadonlyMap<string, readonly number[]>) =>
      [...map].map(([iccid, requests]) => ({ iccid, requests: [...requests] }));
    const { deactivations, pauses, requestsAboveLimit, concurrentClaims, maxSimsInOneClaim } = this.notes;
    return {
      doubleClaims: pairs(this.#doubleClaims),
      doubleCharges: pairs(chargedTwice(ledger)),
      deactivations: [...deactivations],
      pauses: [...pauses],
      requestsAboveLimit: [...requestsAboveLimit],
      concurrentClaims: [...concurrentClaims],
      maxSimsInOneClaim,
    };
  }

  /** For the state file. */
  dump(): Notes {
    return { ...this.notes, doubleClaims: [...this.#doubleClaims] };
  }

  load({ doubleClaims, ...notes }: Notes): void {
    this.notes = notes;
    for (const [iccid, requests] of doubleClaims) this.#doubleClaims.set(iccid, requests);
  }
}

function chargedTwice(ledger: readonly LedgerEntry[]): ReadonlyMap<string, readonly number[]> {
  const first = new Map<string, number>();
  const twice = new Map<string, number[]>();
  for (const { iccid, kind, request } of ledger) {
    if (kind !== "activation") continue;
    const earlier = first.get(iccid);
    if (earlier === undefined) first.set(iccid, request);
    else twice.set(iccid, [...(twice.get(iccid) ?? [earlier]), request]);
  }
  return twice;
}
