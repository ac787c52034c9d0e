import type { Account } from "../../../provider/fleet/model/account";
import { Selection } from "../../../provider/fleet/numbers/selection";
import { DoubtfulError } from "../../../provider/hologram/errors";
import type { ChangeAnswer, ClaimAnswer, ClaimTarget } from "../../../provider/hologram/model";
import type { Emulator, LedgerEntry } from "../../../provider/testing/emulator";
import type { Resource } from "../../harness/provider/providerHarness";
import { SETTLE } from "./faults";
import { currentOperation, type Operation } from "./operations";

/** What the sender of a request knows of one of its SIMs. */
type Known = "done" | "refused" | "again" | "doubtful";

/** A request that costs money and has left: a claim, or a change of the plan. */
interface Purchase {
  readonly by: Operation;
  readonly kind: LedgerEntry["kind"];
  /** What is bought: a claim is a claim on any terms, a change of the plan is one to these. */
  readonly what: string;
  readonly iccids: ReadonlySet<string>;
  /** Numbers of the requests that it took. */
  requests: readonly number[];
  /** When the last of them arrived. */
  at: number;
  known: (iccid: string) => Known;
  /** The resource whose record tells of it, once the operation has come back and is on record. */
  keeper?: { readonly resource: Resource | undefined };
}

/** Something was bought again while its first purchase was under way unseen: no record told of it, or its time was up. */
interface Blind {
  readonly iccid: string;
  readonly earlier: Purchase;
}

/**
 * Every purchase of every process, with what the provider could know when it sent it. A purchase is wrong when
 *
 * - an earlier one of the same is in doubt, was sent less than the settle time ago, and either this process sent it or
 *   the record of the same resource tells of it (what a process that died has sent stands in no record; nor does
 *   another resource, or one that was destroyed since, hand on what it knows; and what lands only after this operation
 *   has looked can be seen by nobody);
 * - it is a claim, and the SIM was definitely refused in this process, or another claim of this operation is in doubt;
 * - it was done already. For claims that is judged by the account itself.
 */
export class PurchaseBook {
  readonly inDoubt = new Set<string>();
  readonly afterRefusal = new Set<string>();
  readonly afterDoubt = new Set<string>();
  readonly changedTwice = new Set<string>();
  private readonly purchases: Purchase[] = [];
  private readonly blind: Blind[] = [];

  constructor(
    private readonly emulator: Emulator,
    private readonly now: () => number,
    private readonly find: (name: string) => Resource | undefined,
  ) {}

  /** The account, as it writes down what is bought. */
  watch(account: Account): Account {
    return {
      ...account,
      claim: async (request) => {
        const purchase = this.begin("activation", "claim", this.named(request.target));
        const answer = await this.follow(purchase, () => account.claim(request));
        const byName = "sims" in request.target;
        purchase.known = (iccid) => knownOfClaim(answer, iccid, byName);
        return answer;
      },
      changePlan: async (deviceIds, to) => {
        const sims = this.emulator.sims().filter((sim) => deviceIds.includes(sim.deviceId ?? 0));
        const purchase = this.begin(
          "planchange",
          `${to.plan} ${to.zone}`,
          sims.map((sim) => sim.iccid),
        );
        for (const { iccid, plan, zone } of sims) {
          if (plan === to.plan && zone === to.zone && this.unseen(iccid) === 0) this.changedTwice.add(iccid);
        }
        try {
          const answer = await this.follow(purchase, () => account.changePlan(deviceIds, to));
          const devices = new Map(sims.map((sim) => [sim.iccid, sim.deviceId ?? 0]));
          purchase.known = (iccid) => knownOfChange(answer, devices.get(iccid) ?? 0);
          return answer;
        } catch (error) {
          if (!(error instanceof DoubtfulError)) purchase.known = () => "refused";
          throw error;
        }
      },
    };
  }

  /** The SIMs that a claim names. */
  private named(target: ClaimTarget): string[] {
    if ("sims" in target) return [...target.sims];
    const [first = "0", last = "0"] = ("simRange" in target ? target.simRange : target.eidRange).split("-");
    const range = Selection.ofRange(first, last);
    const numberOf = "simRange" in target ? "iccid" : "eid";
    return this.emulator.sims().flatMap((sim) => (range.has(sim[numberOf] ?? "0") ? [sim.iccid] : []));
  }

  /** An operation of the engine is over: what came back of it is on record now. */
  recorded(): void {
    for (const purchase of this.purchases) {
      if (purchase.by.returned) purchase.keeper ??= { resource: this.find(purchase.by.resource) };
    }
  }

  /** Whether a claim of the SIM may still be landing. */
  isOpen(iccid: string): boolean {
    return this.purchases.some((each) => this.isInDoubt(each, iccid) && each.kind === "activation");
  }

  /** How often a SIM was bought again because nobody could know of the first time. */
  unseen(iccid: string): number {
    return this.blind.filter((each) => each.iccid === iccid).length;
  }

  /** How many purchases landed only after a later run had looked for them and bought again. */
  landedLate(iccid?: string): number {
    const landed = this.blind.filter((each) => this.landed(each.earlier, each.iccid));
    const wanted = landed.filter((each) => iccid === undefined || each.iccid === iccid);
    return new Set(wanted.map((each) => `${each.iccid} ${each.earlier.requests.join()}`)).size;
  }

  private begin(kind: Purchase["kind"], what: string, iccids: readonly string[]): Purchase {
    const by = currentOperation();
    const known = (): Known => "doubtful";
    const purchase = { by, kind, what, iccids: new Set(iccids), requests: [], at: this.now(), known };
    const isDoubted = this.purchases.some(
      (each) => each.by === by && [...each.iccids].some(isDoubtedIn(each)),
    );
    for (const iccid of iccids) {
      this.judge(purchase, iccid);
      if (isDoubted && kind === "activation") this.afterDoubt.add(iccid);
    }
    this.purchases.push(purchase);
    return purchase;
  }

  private async follow<T>(purchase: Purchase, send: () => Promise<T>): Promise<T> {
    const before = this.emulator.requests.length;
    try {
      return await send();
    } finally {
      const seen = this.emulator.requests.slice(before).filter(({ method }) => method === "POST");
      purchase.requests = seen.map(({ n }) => n);
      purchase.at = seen.at(-1)?.at ?? purchase.at;
    }
  }

  private judge(purchase: Purchase, iccid: string): void {
    const { by, kind, what, at } = purchase;
    for (const earlier of this.purchases) {
      if (!earlier.iccids.has(iccid) || earlier.kind !== kind) continue;
      const sameProcess = earlier.by.process === by.process;
      if (kind === "activation" && sameProcess && earlier.known(iccid) === "refused")
        this.afterRefusal.add(iccid);
      if (earlier.what !== what || !this.isInDoubt(earlier, iccid, by.ledger)) continue;
      const onRecord = earlier.by.resource === by.resource && this.isOnRecord(earlier);
      if ((sameProcess || onRecord) && at < earlier.at + SETTLE * 1_000) this.inDoubt.add(iccid);
      else this.blind.push({ iccid, earlier });
    }
  }

  /** At the moment when the ledger had so many entries; without, now. */
  private isInDoubt(purchase: Purchase, iccid: string, ledger?: number): boolean {
    if (!purchase.iccids.has(iccid) || purchase.known(iccid) !== "doubtful") return false;
    return !this.landed(purchase, iccid, ledger);
  }

  private isOnRecord({ keeper, by }: Purchase): boolean {
    return keeper !== undefined && keeper.resource === this.find(by.resource);
  }

  private landed({ requests }: Purchase, iccid: string, ledger?: number): boolean {
    return this.emulator.ledger
      .slice(0, ledger)
      .some((entry) => entry.iccid === iccid && requests.includes(entry.request));
  }
}

/** By the answer alone: what was read back since does not count. */
function isDoubtedIn({ kind, known }: Purchase): (iccid: string) => boolean {
  return (iccid) => kind === "activation" && known(iccid) === "doubtful";
}

/**
 * Which SIMs a range holds nobody knows, so none is missed in its answer. A request that was refused as too large may be
 * sent again in parts, and the rest of one that was refused in part once more.
 */
function knownOfClaim(answer: ClaimAnswer, iccid: string, byName: boolean): Known {
  switch (answer.kind) {
    case "claimed":
      if (answer.sims.some((sim) => sim.iccid === iccid)) return "done";
      return byName ? "doubtful" : "again";
    case "refused":
      return answer.cause === "tooLarge" ? "again" : "refused";
    case "refusedSims":
      if (answer.reasons.has(iccid)) return "refused";
      return answer.restDoubtful ? "doubtful" : "again";
    case "doubtful":
      return "doubtful";
  }
}

function knownOfChange({ modified, warnings }: ChangeAnswer, deviceId: number): Known {
  if (warnings.has(deviceId)) return "refused";
  return modified === undefined || modified.has(deviceId) ? "done" : "again";
}
