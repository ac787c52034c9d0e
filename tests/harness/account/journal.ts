import type { ClaimJournal, ClaimTurn, Sent } from "../../../provider/fleet/model/journal";
import { type Doubt, openDoubts } from "../../../provider/fleet/model/record";
import type { PlanTerms } from "../../../provider/fleet/model/terms";
import { Selection } from "../../../provider/fleet/numbers/selection";
import type { Clock } from "../../../provider/util/clock";

/**
 * A journal in memory, for worlds in which processes die: whoever dies leaves its claim, and `nextRun` begins another
 * command, in which a doubtful answer of the last one stops nothing.
 */
export class MemoryJournal implements ClaimJournal {
  readonly isKept = true;
  readonly #claims: { sims: Selection; sentAtMs: number }[] = [];
  #planChanges: (Doubt & { readonly to?: PlanTerms })[] = [];
  readonly #bought: { readonly sims: Selection; readonly endedAtMs: number }[] = [];
  #stopped: string | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly clock: Clock,
    private readonly claimSettleSeconds = 600,
  ) {}

  nextRun(): void {
    this.#stopped = undefined;
    // A process that died keeps nobody waiting.
    this.#last = Promise.resolve();
  }

  doubts(): Doubt[] {
    const all = [...this.#claims, ...this.#planChanges];
    return openDoubts(all, this.clock.now(), this.claimSettleSeconds).filter(({ sims }) => !sims.isEmpty);
  }

  claimedSince(atMs: number): Selection {
    return this.#claims
      .filter(({ sentAtMs }) => sentAtMs > atMs)
      .reduce((all, { sims }) => all.union(sims), Selection.empty);
  }

  claim<T>(
    sims: Selection,
    readAtMs: number,
    send: (free: Selection) => Promise<Sent<T>>,
  ): Promise<ClaimTurn<T>> {
    const turn = this.#last.then(() => this.#claim(sims, readAtMs, send));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  learn(doubts: readonly Doubt[]): void {
    const known = this.#claims.reduce((all, { sims }) => all.union(sims), Selection.empty);
    for (const doubt of doubts) {
      const { sims, sentAtMs, kind } = doubt;
      if (kind === undefined) this.#claims.push({ sims: sims.minus(known), sentAtMs });
      else this.#planChanges.push(doubt);
    }
  }

  settlePlans(sims: Selection, to: PlanTerms): void {
    const isMeant = (doubt: Doubt): boolean => doubt.to?.plan === to.plan && doubt.to.zone === to.zone;
    this.#planChanges = this.#planChanges.map((doubt) =>
      isMeant(doubt) ? { ...doubt, sims: doubt.sims.minus(sims) } : doubt,
    );
  }

  settle(sims: Selection): void {
    for (const claim of this.#claims) claim.sims = claim.sims.minus(sims);
  }

  stop(reason: string): void {
    this.#stopped ??= reason;
  }

  remark(): string | undefined {
    return undefined;
  }

  async #claim<T>(
    sims: Selection,
    readAtMs: number,
    send: (free: Selection) => Promise<Sent<T>>,
  ): Promise<ClaimTurn<T>> {
    if (this.#stopped !== undefined) return { kind: "stopped", reason: this.#stopped };
    const within = (all: readonly { readonly sims: Selection }[]): Selection =>
      all.reduce((sum, each) => sum.union(each.sims), Selection.empty).intersect(sims);
    const doubts = this.doubts()
      .map((doubt) => ({ ...doubt, sims: doubt.sims.intersect(sims) }))
      .filter((doubt) => !doubt.sims.isEmpty);
    const bought = within(this.#bought.filter(({ endedAtMs }) => endedAtMs >= readAtMs));
    const free = sims.minus(bought).minus(within(doubts));
    if (free.isEmpty) return { kind: "done", bought, doubts };
    const claim = { sims: free, sentAtMs: this.clock.now() };
    this.#claims.push(claim);
    const sent = await send(free);
    claim.sims = sent.unsettled;
    claim.sentAtMs = this.clock.now();
    this.#bought.push({ sims: sent.bought, endedAtMs: this.clock.now() });
    this.#stopped ??= sent.stops;
    return { kind: "done", sent, bought, doubts };
  }
}
