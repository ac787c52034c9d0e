/** The ledger, read once: what belongs together, what a request bought, and how often each SIM was bought. */
import { Big } from "big.js";
import { dollars } from "../../account/activation";
import type { LedgerEntry } from "../../records";

/** Charges of one request, or of one moment by hand, on the same terms. */
export interface ChargeGroup {
  readonly first: LedgerEntry;
  readonly count: number;
  /** Decimal text in US dollars. */
  readonly total: string;
  /** SIMs among them that were bought before. */
  readonly boughtAgain: number;
}

export interface FoundCharges {
  readonly length: number;
  /** Newest first. */
  newest(skip: number, count: number): readonly LedgerEntry[];
}

export class Charges {
  #read = 0;
  readonly #collected: { first: LedgerEntry; count: number; boughtAgain: number }[] = [];
  readonly #bought = new Map<string, number>();
  readonly #byRequest = new Map<number, { count: number; sum: Big }>();
  readonly #byOrganization = new Map<number, Big>();
  #sum = Big(0);

  readonly #ledger: readonly LedgerEntry[];

  constructor(ledger: readonly LedgerEntry[]) {
    this.#ledger = ledger;
  }

  /** Newest first. */
  groups(skip: number, count: number): ChargeGroup[] {
    this.#catchUp();
    const end = this.#collected.length - skip;
    return this.#collected
      .slice(Math.max(0, end - count), Math.max(0, end))
      .toReversed()
      .map((group) => ({ ...group, total: dollars(Big(group.first.amount).times(group.count)) }));
  }

  get groupCount(): number {
    this.#catchUp();
    return this.#collected.length;
  }

  /** Decimal text in US dollars. */
  get total(): string {
    this.#catchUp();
    return dollars(this.#sum);
  }

  /** How often the activation of this SIM was charged. */
  timesBought(iccid: string): number {
    this.#catchUp();
    return this.#bought.get(iccid) ?? 0;
  }

  /** SIMs whose activation was charged at least once. */
  get simsBought(): number {
    this.#catchUp();
    return this.#bought.size;
  }

  /** What a request was charged for; undefined where it was for nothing. */
  ofRequest(n: number): { readonly count: number; readonly total: string } | undefined {
    this.#catchUp();
    const found = this.#byRequest.get(n);
    return found && { count: found.count, total: dollars(found.sum) };
  }

  /** What an organization was charged in all, decimal text in US dollars. */
  ofOrganization(orgId: number): string {
    this.#catchUp();
    return dollars(this.#byOrganization.get(orgId) ?? Big(0));
  }

  // The ledger only grows, so that what was read once need not be read again.
  #catchUp(): void {
    for (; this.#read < this.#ledger.length; this.#read += 1) {
      const entry = this.#ledger[this.#read];
      if (entry !== undefined) this.#take(entry);
    }
  }

  #take(entry: LedgerEntry): void {
    this.#sum = this.#sum.plus(entry.amount);
    const organization = this.#byOrganization.get(entry.orgId) ?? Big(0);
    this.#byOrganization.set(entry.orgId, organization.plus(entry.amount));
    const times = this.#bought.get(entry.iccid) ?? 0;
    const again = entry.kind === "activation" && times > 0 ? 1 : 0;
    if (entry.kind === "activation") this.#bought.set(entry.iccid, times + 1);
    const last = this.#collected.at(-1);
    if (last !== undefined && belongs(entry, last.first)) {
      last.count += 1;
      last.boughtAgain += again;
    } else {
      this.#collected.push({ first: entry, count: 1, boughtAgain: again });
    }
    if (entry.request === 0) return;
    const request = this.#byRequest.get(entry.request) ?? { count: 0, sum: Big(0) };
    this.#byRequest.set(entry.request, { count: request.count + 1, sum: request.sum.plus(entry.amount) });
  }
}

/** The ledger charge by charge: all of it, or of the SIMs whose ICCID holds some digits. */
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

function belongs(entry: LedgerEntry, to: LedgerEntry): boolean {
  return (
    entry.request === to.request &&
    entry.at === to.at &&
    entry.kind === to.kind &&
    entry.plan === to.plan &&
    entry.zone === to.zone &&
    entry.orgId === to.orgId &&
    entry.amount === to.amount
  );
}
