import { type ClaimAnswer, type Order, SIMS_PER_CLAIM } from "../../hologram/model";
import type { Account, Reporter } from "../model/account";
import type { Declaration, HeldSim } from "../model/declaration";
import { adviceFor, messageOf, type Refusal, refusalOf } from "../model/errors";
import { countOfSims, formatCount } from "../model/money";
import { Selection } from "../numbers/selection";
import type { Plan } from "../plan/plan";
import { activations } from "../plan/purchases";
import { askedOf, type Batch, halvesOf, lookupOf, partsOf, restOf, targetOf } from "./claimBatch";
import { awaitActive, lookUp } from "./confirmClaims";
import type { InFlight } from "./inFlight";
import { doubtEnds, patienceOf, type Settling } from "./settling";

/** What the claims of one operation came to. Every SIM of the plan is in exactly one of the first four. */
export interface ClaimsOutcome {
  readonly claimed: readonly HeldSim[];
  /** Certainly not claimed, with the server's words. */
  readonly refused: readonly Refusal[];
  /** No telling: the claim may still be landing. Never sent again before `doubtfulUntil`. */
  readonly doubtful: readonly Refusal[];
  /** Not sent. */
  readonly untouched: readonly Refusal[];
  readonly doubtfulUntil?: number;
  readonly orders: readonly Order[];
  readonly requests: number;
  readonly remarks: readonly string[];
  /** What to do about what was refused, as a sentence. */
  readonly advice?: string;
  /** Why nothing more is claimed in this run. */
  readonly stopped: string | undefined;
}

export interface ClaimOptions extends Settling {
  /** What this process has sent already, whichever operation sent it. */
  readonly inFlight: InFlight;
}

/**
 * Claims what the plan names, in requests of at most 2,500, one after the other. A doubtful answer ends it: what was in
 * that request is read back, and nothing more is claimed in this run. A refusal of single SIMs is certain; what became
 * of the rest of that request is read before it is sent once more. Nothing here throws away what it learned.
 */
export async function claimAll(
  account: Account,
  declaration: Declaration,
  steps: Plan,
  options: ClaimOptions,
  report: Reporter,
): Promise<ClaimsOutcome> {
  const run = new ClaimRun(account, declaration, options, report, activations(steps));
  const named: Batch[] = [];
  for (let i = 0; i < steps.claim.length; i += SIMS_PER_CLAIM) {
    named.push({ kind: "named", iccids: steps.claim.slice(i, i + SIMS_PER_CLAIM) });
  }
  const { numbers, atMost } = steps.claimUnnamed ?? { numbers: Selection.empty, atMost: 0 };
  await run.all([...named, ...partsOf({ kind: "unnamed", numbers })], atMost);
  return run.outcome();
}

/** Gaps between known SIMs that may be refused before the rest is left alone. */
const MOST_EMPTY_GAPS = 10;

class ClaimRun {
  private readonly claimed: HeldSim[] = [];
  private readonly refused: Refusal[] = [];
  private readonly doubtful: Refusal[] = [];
  private readonly untouched: Refusal[] = [];
  private readonly orders: Order[] = [];
  private readonly remarks: string[] = [];
  /** Refused as a whole, perhaps because no SIM is in them; no matter when the expected SIMs are found elsewhere. */
  private emptyGaps = 0;
  /** What is to be said of the expected SIMs of a range that were not claimed: nobody knows which ones they are. */
  private openRange: { readonly reason: string; readonly doubtfulUntil?: number } | undefined;
  private requests = 0;
  private doubtfulUntil: number | undefined;
  /** Why nothing more is claimed in this run. */
  private stopped: string | undefined;
  private advice: string | undefined;

  constructor(
    private readonly account: Account,
    private readonly declaration: Declaration,
    private readonly options: ClaimOptions,
    private readonly report: Reporter,
    private readonly total: number,
  ) {}

  async all(batches: Batch[], unnamedAtMost: number): Promise<void> {
    let unnamedLeft = unnamedAtMost;
    let answered = Selection.empty;
    for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
      if (batch.kind === "unnamed" && unnamedLeft <= 0) break;
      if (this.stopped !== undefined) {
        this.leave(batch, this.stopped);
        continue;
      }
      const before = this.claimed.length + this.refused.length;
      const halves = await this.claim(batch, false);
      if (halves !== undefined) batches.unshift(...halves);
      if (batch.kind === "unnamed") {
        unnamedLeft -= this.claimed.length + this.refused.length - before;
        answered = answered.union(batch.numbers);
      }
      this.report.progress(`activated ${formatCount(this.claimed.length)} of ${countOfSims(this.total)}`);
    }
    if (unnamedLeft > 0 && this.openRange === undefined) {
      const before = this.claimed.length;
      const few = `Hologram activated ${countOfSims(unnamedLeft)} fewer in the range than expectedSims says`;
      const numbers = answered.minus(Selection.ofList(this.claimed.map(({ iccid }) => iccid)));
      await this.settle({ kind: "unnamed", numbers }, few);
      unnamedLeft -= this.claimed.length - before;
    }
    this.leaveUnnamed(unnamedLeft);
  }

  /** Counted in SIMs, not in ranges: the next run may do as many as this one left. */
  private leaveUnnamed(count: number): void {
    if (count <= 0 || this.openRange === undefined) return;
    const { reason, doubtfulUntil } = this.openRange;
    const left = doubtfulUntil === undefined ? this.untouched : this.doubtful;
    for (let i = 0; i < count; i++) left.push({ reason });
    this.doubtfulUntil ??= doubtfulUntil;
  }

  outcome(): ClaimsOutcome {
    const { claimed, refused, doubtful, untouched, orders, requests, remarks, doubtfulUntil, stopped } = this;
    const until = doubtfulUntil === undefined ? {} : { doubtfulUntil };
    const advice = this.advice === undefined ? {} : { advice: this.advice };
    return { claimed, refused, doubtful, untouched, orders, requests, remarks, stopped, ...until, ...advice };
  }

  /** Sends one batch. Returns its halves when it is too large for the API; everything else it settles itself. */
  private async claim(whole: Batch, again: boolean): Promise<Batch[] | undefined> {
    const { free: batch, taken } = this.options.inFlight.take(whole);
    const elsewhere = "claimed by another resource of this run; declare it only once";
    if (taken.length > 0) this.leave({ kind: "named", iccids: taken }, elsewhere);
    if (batch === undefined) return undefined;
    const parts = partsOf(batch);
    if (parts.length > 1) {
      this.options.inFlight.give(batch);
      return parts;
    }
    this.requests++;
    const answer = await this.send(batch);
    switch (answer.kind) {
      case "claimed":
        await this.accept(batch, answer);
        return undefined;
      case "refusedSims":
        await this.refuseSome(batch, answer, again);
        return undefined;
      case "refused": {
        this.options.inFlight.give(batch);
        const halves = answer.cause === "tooLarge" ? halvesOf(batch) : undefined;
        if (halves !== undefined) return halves;
        const isGap = batch.kind === "unnamed" && answer.cause === "other" && answer.status >= 400;
        const reason = refusalOf(answer.message);
        this.advice ??= adviceFor(answer.cause);
        if (!isGap || this.emptyGaps >= MOST_EMPTY_GAPS) this.stopped = reason;
        if (isGap) this.emptyGaps++;
        this.leave(batch, reason);
        return undefined;
      }
      case "doubtful":
        await this.settle(batch, answer.message);
        return undefined;
    }
  }

  /** Whatever goes wrong after a claim has left is doubt, never an error that forgets what was claimed before it. */
  private async send(batch: Batch): Promise<ClaimAnswer> {
    try {
      return await this.account.claim({ target: targetOf(batch), ...this.terms() });
    } catch (error) {
      return { kind: "doubtful", message: messageOf(error) };
    }
  }

  /** Matches the answer by ICCID, never by position: the order of the items is not documented. */
  private async accept(batch: Batch, answer: Extract<ClaimAnswer, { kind: "claimed" }>): Promise<void> {
    if (answer.order !== undefined) this.orders.push(answer.order);
    const asked = askedOf(batch);
    const strangers = answer.sims.filter((sim) => !asked.has(sim.iccid));
    const answered = new Map(
      answer.sims.filter((sim) => asked.has(sim.iccid)).map((sim) => [sim.iccid, sim]),
    );
    this.claimed.push(...answered.values());
    if (strangers.length > 0) {
      const names = strangers.map((sim) => sim.iccid).join(", ");
      this.remarks.push(
        `Hologram's answer names SIMs that nobody asked for; look at them in the dashboard: ${names}`,
      );
    }
    if (batch.kind !== "named") return;
    const missing = batch.iccids.filter((iccid) => !answered.has(iccid));
    if (missing.length === 0) return;
    const why = `the answer names ${formatCount(answered.size)} of ${countOfSims(batch.iccids.length)}`;
    await this.settle({ kind: "named", iccids: missing }, why);
  }

  private async refuseSome(
    batch: Batch,
    answer: Extract<ClaimAnswer, { kind: "refusedSims" }>,
    again: boolean,
  ): Promise<void> {
    const asked = askedOf(batch);
    const reasons = new Map([...answer.reasons].filter(([iccid]) => asked.has(iccid)));
    for (const [iccid, reason] of reasons) this.refused.push({ iccid, reason });
    this.options.inFlight.give({ kind: "named", iccids: [...reasons.keys()] });
    const rest = restOf(batch, reasons);
    if (rest === undefined) return;
    const found = answer.restDoubtful ? undefined : await this.tryLookUp(rest);
    if (found === undefined) return this.settle(rest, "part of its request was refused");
    this.claimed.push(...found.values());
    const left = restOf(rest, found);
    if (left === undefined) return;
    const reason = "refused together with other SIMs of its request";
    this.options.inFlight.give(left);
    for (const part of partsOf(left)) {
      if (again || this.stopped !== undefined) this.leave(part, this.stopped ?? reason);
      else if ((await this.claim(part, true)) !== undefined) this.leave(part, reason);
    }
  }

  /** Undefined when the account cannot be read: what is not known for certain is doubtful. */
  private async tryLookUp(batch: Batch): Promise<Map<string, HeldSim> | undefined> {
    try {
      return await lookUp(this.account, lookupOf(batch, this.declaration));
    } catch (error) {
      this.unread(error);
      return undefined;
    }
  }

  private unread(error: unknown): void {
    this.report.warn(`reading back failed: ${messageOf(error)}`);
  }

  /** Doubt: reads back for a while, keeps what is there, and lets no further claim go out in this run. */
  private async settle(batch: Batch, why: string): Promise<void> {
    this.stopped = `nothing more was claimed after a doubtful answer (${why})`;
    // Counted from the answer, or its absence: before it was sent the claim may have waited for others, or for a 429.
    const until = doubtEnds(this.account.clock.now(), this.options);
    const size = batch.kind === "named" ? countOfSims(batch.iccids.length) : "the SIMs of a range";
    this.report.warn(`no telling whether ${size} were activated (${why}); reading back`);
    const patience = patienceOf(this.options);
    const lookup = lookupOf(batch, this.declaration);
    const found = await awaitActive(this.account, lookup, patience, (error) => this.unread(error));
    this.claimed.push(...found.values());
    const left = restOf(batch, found);
    if (left === undefined) return;
    const reason = `doubtful until ${new Date(until).toISOString()}: ${why}`;
    if (left.kind === "unnamed") {
      this.openRange = { reason, doubtfulUntil: until };
      return;
    }
    this.doubtfulUntil = until;
    for (const iccid of left.iccids) this.doubtful.push({ iccid, reason });
  }

  private leave(batch: Batch, reason: string): void {
    if (batch.kind === "unnamed") this.openRange ??= { reason };
    else for (const iccid of batch.iccids) this.untouched.push({ iccid, reason });
  }

  private terms() {
    const { plan, zone, tagId, limits, invalidatePreflightSims } = this.declaration;
    return {
      plan,
      zone,
      ...limits,
      ...(tagId === undefined ? {} : { tagId }),
      ...(invalidatePreflightSims === undefined ? {} : { invalidatePreflightSims }),
    };
  }
}
