import { type ClaimAnswer, type Order, type PreviewAnswer, SIMS_PER_CLAIM } from "../../hologram/model";
import { chunksOf } from "../../util/chunks";
import type { Account, Reporter } from "../model/account";
import type { Declaration, HeldSim } from "../model/declaration";
import { adviceFor, looksActivated, nameSome, type Refusal, reasonOf, refusalOf } from "../model/fleetErrors";
import type { ClaimJournal, ClaimTurn } from "../model/journal";
import { countOfSims, formatCount } from "../model/money";
import { type Doubt, doubtEndsAtMs } from "../model/record";
import { Selection } from "../numbers/selection";
import { saysEmpty } from "../observe/claimPreviews";
import { asHeld } from "../observe/observe";
import type { FleetPlan } from "../plan/plan";
import { activations } from "../plan/purchases";
import { afterDoubt, type Landing, landingOf, settledBy } from "./claimAnswers";
import {
  type Batch,
  halvesOf,
  lookupOf,
  named,
  partsOf,
  restOf,
  targetOf,
  unnamed,
  within,
} from "./claimBatch";
import { findActive, readBackTimeoutMs, waitForActive } from "./confirmClaims";
import { landedOf } from "./landed";
import { UnnamedSims } from "./unnamedSims";

/** What the claims of one operation came to. Every SIM of the plan is in exactly one of the first five. */
export interface ClaimsOutcome {
  readonly claimed: readonly HeldSim[];
  /** Certainly not claimed, with the server's words. */
  readonly refused: readonly Refusal[];
  /** No telling: the claim may still be landing. Never sent again before the doubt ends. */
  readonly doubtful: readonly Refusal[];
  /** Not sent. */
  readonly untouched: readonly Refusal[];
  /** Bought, and found in another organization: never claimed again. */
  readonly elsewhere: readonly string[];
  readonly doubts: readonly Doubt[];
  readonly orders: readonly Order[];
  readonly requests: number;
  readonly remarks: readonly string[];
  /** What to do about what was refused, as a sentence. */
  readonly advice?: string;
  /** Why nothing more is claimed in this run. */
  readonly stopped: string | undefined;
}

export interface ClaimContext {
  readonly account: Account;
  readonly declaration: Declaration;
  readonly journal: ClaimJournal;
  /** How long a claim without an answer may still be landing, in seconds. */
  readonly claimSettleSeconds: number;
  /** When the account was read, in milliseconds since the epoch. */
  readonly readAtMs: number;
  readonly report: Reporter;
}

/** What of a plan is claimed. */
type ClaimPlan = Pick<FleetPlan, "claim" | "claimUnnamed" | "tests" | "unverified">;

/**
 * Claims what the plan names, in requests of at most 2,500, one after the other. A doubtful answer ends it: what was in
 * that request is read back, and nothing more is claimed in this run. A refusal of single SIMs is certain; what became
 * of the rest of that request is read before it is sent once more. Nothing here throws away what it learned.
 */
export async function claimAll(context: ClaimContext, plan: ClaimPlan): Promise<ClaimsOutcome> {
  const run = new ClaimRun(context, plan);
  await run.all();
  return run.outcome();
}

const FEW_PARTS = 100;
/** Parts that are too large are halved, and each half is asked for anew. */
const PARTS_PER_CLAIM = 4;

const TOO_MANY_GAPS =
  "it lies in one of many gaps between SIMs that are active, which would take a request each; declare the SIMs by a list";

const MORE_THAN_TOLD =
  "the range holds more SIMs by now than the preview told; run the command again to see which";
const FEWER_THAN_TOLD =
  "the range holds fewer SIMs by now than the preview told; run the command again to see which";
const NOT_COUNTED =
  "how many SIMs a part of the range holds by now could not be read; run the command again, or declare the SIMs by a list";

class ClaimRun {
  readonly #claimed: HeldSim[] = [];
  readonly #refused: Refusal[] = [];
  readonly #doubtful: Refusal[] = [];
  readonly #untouched: Refusal[] = [];
  readonly #orders: Order[] = [];
  readonly #remarks: string[] = [];
  readonly #doubts: Doubt[] = [];
  readonly #elsewhere: string[] = [];
  #requests = 0;
  /** Parts of a range that were asked for one by one. */
  #counted = 0;
  /** This account's previews name SIMs. */
  #namesSims: boolean;
  /** Why nothing more is claimed in this run. */
  #stopped: string | undefined;
  #advice: string | undefined;
  /** Said of a preview that was answered like a claim. */
  #purchase: string | undefined;

  readonly #context: ClaimContext;
  readonly #total: number;
  /** So many parts of a range are asked for one by one, at most: gaps, or the parts of one that is too large. */
  readonly #mostCounted: number;
  /** In Test Mode, where no preview may name them. */
  readonly #tests: Selection;
  /** To be sent after the one that is being sent. */
  readonly #batches: Batch[];
  readonly #unnamed: UnnamedSims;
  /** Parts of a range that were not counted one by one before the first of them was sent. */
  readonly #uncounted = new Set<Batch>();
  /** The account refuses previews, which was told. */
  readonly #isUnverified: boolean;
  /** Sent before together with SIMs that were refused. */
  readonly #again = new Set<Batch>();

  constructor(context: ClaimContext, plan: ClaimPlan) {
    const { numbers, atMost } = plan.claimUnnamed ?? { numbers: Selection.empty, atMost: 0 };
    this.#context = context;
    this.#total = activations(plan);
    this.#namesSims = plan.claim.length > 0;
    this.#tests = Selection.ofList(plan.tests);
    this.#batches = [...chunksOf(plan.claim, SIMS_PER_CLAIM).map(named), ...partsOf(unnamed(numbers))];
    this.#unnamed = new UnnamedSims(atMost);
    this.#mostCounted = Math.max(FEW_PARTS, PARTS_PER_CLAIM * this.#unnamed.mostRequests);
    if (plan.claimUnnamed?.isUncounted) {
      for (const batch of this.#batches) if (batch.kind === "unnamed") this.#uncounted.add(batch);
    }
    this.#isUnverified = plan.unverified !== undefined;
  }

  async all(): Promise<void> {
    const batches = this.#batches;
    const { mostRequests } = this.#unnamed;
    let rangeRequests = 0;
    for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
      if (batch.kind === "unnamed" && this.#unnamed.due <= 0) break;
      if (batch.kind === "unnamed" && (rangeRequests >= mostRequests || this.#counted >= this.#mostCounted)) {
        this.#unnamed.leave(TOO_MANY_GAPS);
        break;
      }
      const before = this.#accountedFor;
      const sent = this.#requests;
      const others = await this.#next(batch);
      batches.unshift(...others);
      if (batch.kind === "unnamed") {
        rangeRequests += this.#requests - sent;
        for (const each of others) this.#uncounted.add(each);
        this.#unnamed.settle(this.#accountedFor - before);
      }
      this.#context.report.progress(
        `activated ${formatCount(this.#claimed.length)} of ${countOfSims(this.#total)}`,
      );
    }
    if (this.#unnamed.left > 0) await this.#settleRange();
    if (this.#unnamed.left <= 0) this.#endRangeDoubts();
    this.#leaveUnnamed();
  }

  /** Sends one batch, or leaves it. Returns what of it is still to be sent. */
  async #next(batch: Batch): Promise<readonly Batch[]> {
    if (this.#stopped === undefined && this.#uncounted.has(batch)) {
      this.#counted++;
      const answer = await this.#tried((account) => account.previewClaim(targetOf(batch)));
      if (answer?.kind !== "claimable") return this.#uncountable(batch, answer);
      const most = this.#countOf(answer);
      if (most === 0) return [];
      if (most === undefined) return this.#claimUncounted(batch);
      if (most <= this.#unnamed.due) return this.#claim(batch, most);
      this.#leave(batch, MORE_THAN_TOLD);
      return [];
    }
    if (this.#stopped === undefined) return this.#claim(batch, this.#unnamed.left);
    this.#leave(batch, this.#stopped);
    return [];
  }

  /** How many SIMs a claim would buy; undefined where the answer does not tell. */
  #countOf({ iccids, order }: Extract<PreviewAnswer, { kind: "claimable" }>): number | undefined {
    if (iccids === undefined) return order?.quantity;
    this.#namesSims ||= iccids.length > 0;
    // An empty list of an account that never names a SIM says nothing.
    return iccids.length > 0 || this.#namesSims || order?.quantity === 0 ? iccids.length : undefined;
  }

  /**
   * Together the parts of a range were counted before they were asked for; alone, cards that came since could make up
   * for others that are bought later. So a part whose count is not known is not sent.
   */
  async #uncountable(part: Batch, answer: PreviewAnswer | undefined): Promise<readonly Batch[]> {
    switch (answer?.kind) {
      case "looksLikePurchase":
        this.#suspectPurchase(answer.iccids);
        this.#leave(part, looksActivated(answer.iccids));
        return [];
      case "refused": {
        const halves = answer.cause === "tooLarge" ? halvesOf(part) : undefined;
        if (halves !== undefined) return halves;
        if (saysEmpty(answer.message)) return [];
        if (this.#isUnverified) return this.#claimUncounted(part);
        this.#leave(part, refusalOf(answer.message));
        return [];
      }
      case "refusedSims": {
        const rest = this.#withoutRefused(part, answer.reasons);
        if (rest !== undefined && rest.numbers.width < part.numbers.width) return partsOf(rest);
        this.#leave(part, NOT_COUNTED);
        return [];
      }
      default:
        this.#leave(part, NOT_COUNTED);
        return [];
    }
  }

  /** The account counts no SIMs in any preview: the program's count holds for a part as it does for the whole. */
  #claimUncounted(part: Batch): Promise<readonly Batch[]> {
    this.#uncounted.delete(part);
    return this.#claim(part, this.#unnamed.left);
  }

  /** The SIMs that are missing may be landing in what was claimed, whatever else of the range was refused or left. */
  async #settleRange(): Promise<void> {
    const { shortfall, left } = this.#unnamed;
    const unanswered = this.#unanswered();
    if (unanswered.minus(this.#unnamed.inDoubt()).isEmpty) {
      this.#unnamed.leave(shortfall ?? FEWER_THAN_TOLD);
      return;
    }
    const before = this.#claimed.length;
    const few = `Hologram activated ${countOfSims(left)} fewer in the range than expectedSims says`;
    await this.#settle(unnamed(unanswered), shortfall === undefined ? few : `${few}; ${shortfall}`);
    this.#unnamed.settle(this.#claimed.length - before);
  }

  /** SIMs of which it is certain what became of them. */
  get #accountedFor(): number {
    return this.#claimed.length + this.#refused.length + this.#elsewhere.length;
  }

  /** Numbers of ranges that were claimed and that no answer named. */
  #unanswered(): Selection {
    return this.#unnamed.landingIn([...this.#claimed.map(({ iccid }) => iccid), ...this.#elsewhere]);
  }

  /** All SIMs that were to be bought in the range are there: of what this run sent for, no other number is landing. */
  #endRangeDoubts(): void {
    this.#context.journal.settle(this.#unanswered());
    for (const { sims, isForeign } of this.#unnamed.endDoubts()) {
      if (!isForeign) this.#context.journal.settle(sims);
    }
  }

  /** Counted in SIMs, not in ranges: the next run may do as many as this one left. */
  #leaveUnnamed(): void {
    const { left, remainder } = this.#unnamed;
    if (remainder === undefined) return;
    const undone = remainder.isDoubtful ? this.#doubtful : this.#untouched;
    for (let i = 0; i < left; i++) undone.push({ reason: remainder.reason });
  }

  outcome(): ClaimsOutcome {
    const claimed = this.#claimed;
    const refused = this.#refused;
    const doubtful = this.#doubtful;
    const untouched = this.#untouched;
    const elsewhere = this.#elsewhere;
    const orders = this.#orders;
    const requests = this.#requests;
    const remarks = this.#remarks;
    const stopped = this.#stopped;
    const doubts = [...this.#doubts, ...this.#unnamed.doubts];
    const advice = this.#advice === undefined ? {} : { advice: this.#advice };
    const all = { claimed, refused, doubtful, untouched, elsewhere, doubts, orders, requests, remarks };
    return { ...all, stopped, ...advice };
  }

  /**
   * Sends one batch; `expected` is how many SIMs of a range its answer names at most. Returns what of it is still to be
   * sent: its halves where it is too large, ranges beyond a gap.
   */
  async #claim(whole: Batch, expected: number): Promise<readonly Batch[]> {
    const turn = await this.#send(whole, expected);
    if (turn.kind === "stopped") {
      this.#stopped = turn.reason;
      this.#leave(whole, turn.reason);
      return [];
    }
    this.#leaveTaken(whole, turn);
    if (turn.sent === undefined) return [];
    const { batch, rest, answer, landing } = turn.sent.answer;
    switch (answer.kind) {
      case "claimed":
        if (batch.kind === "unnamed" && !turn.sent.unsettled.isEmpty) {
          const isCounted = this.#uncounted.has(whole);
          this.#unnamed.expectIn(batch.numbers, isCounted ? expected - Number(turn.sent.bought.width) : 0);
        }
        await this.#accept(batch, answer, landing);
        return rest;
      case "refusedSims":
        return [...(await this.#refuseSome(batch, answer, this.#again.has(whole))), ...rest];
      case "refused": {
        const halves = answer.cause === "tooLarge" ? halvesOf(batch) : undefined;
        if (halves !== undefined && this.#again.has(whole)) for (const each of halves) this.#again.add(each);
        if (halves !== undefined) return [...halves, ...rest];
        const isGap = batch.kind === "unnamed" && answer.cause === "other" && answer.isRejected;
        const reason = refusalOf(answer.message);
        this.#advice ??= adviceFor(answer.cause);
        if (isGap && this.#unnamed.leaveGap(reason)) return rest;
        this.#stopped = reason;
        this.#leave(batch, reason);
        return rest;
      }
      case "doubtful":
        await this.#settle(batch, answer.message);
        return rest;
    }
  }

  /** What the journal keeps from being sent: bought by others since the account was read, or perhaps landing. */
  #leaveTaken(batch: Batch, { bought, doubts }: Extract<ClaimTurn<unknown>, { kind: "done" }>): void {
    const taken = within(batch, bought);
    if (taken !== undefined) {
      this.#leave(taken, "claimed a moment ago by another resource or another run; declare it only once");
    }
    const { now } = this.#context.account.clock;
    for (const doubt of doubts) {
      const landing = within(batch, doubt.sims);
      if (landing === undefined) continue;
      const end = doubtEndsAtMs(doubt, now(), this.#context.claimSettleSeconds);
      const reason = `doubtful until ${new Date(end).toISOString()}: an earlier claim got no answer`;
      this.#doubt(landing, reason, { sentAtMs: doubt.sentAtMs, isForeign: true });
    }
  }

  /** Whatever goes wrong after a claim has left is doubt, never an error that forgets what was claimed before it. */
  async #send(whole: Batch, expected: number): Promise<ClaimTurn<SentBatch>> {
    const { account, journal, readAtMs } = this.#context;
    return journal.claim(whole.numbers, readAtMs, async (free) => {
      // A request names one range, and numbers in a gap may be landing.
      const [batch = whole, ...rest] = partsOf(within(whole, free) ?? whole);
      this.#requests++;
      const answer = await this.#ask(batch, account);
      // Whatever ends the run must be known before the next fleet has its turn.
      const isFirst = answer.kind === "claimed" && this.#claimed.length === 0;
      const landing = isFirst ? await landingOf(account, batch, answer.sims) : {};
      const { stops } = landing;
      const isLast = rest.length + this.#batches.length === 0;
      return {
        answer: { batch, rest, answer, landing },
        ...settledBy(answer, batch, { expected, isLast }),
        ...(stops === undefined ? {} : { stops }),
      };
    });
  }

  async #ask(batch: Batch, account: Account): Promise<ClaimAnswer> {
    try {
      return await account.claim({ target: targetOf(batch), ...this.#terms() });
    } catch (error) {
      return { kind: "doubtful", message: reasonOf(error) };
    }
  }

  /** Matches the answer by ICCID, never by position: the order of the items is not documented. */
  async #accept(
    batch: Batch,
    answer: Extract<ClaimAnswer, { kind: "claimed" }>,
    { strayedTo, stops }: Landing,
  ): Promise<void> {
    if (answer.order !== undefined) this.#orders.push(answer.order);
    const answered = new Map<string, HeldSim>();
    const strangers: HeldSim[] = [];
    for (const sim of answer.sims) {
      if (batch.numbers.has(sim.iccid)) answered.set(sim.iccid, sim);
      else strangers.push(sim);
    }
    this.#stopped ??= stops;
    if (strayedTo === undefined) {
      this.#claimed.push(...answered.values());
      if (stops !== undefined) this.#remarks.push(stops);
    } else this.#loseTo(strayedTo, [...answered.keys()]);
    if (strangers.length > 0) {
      const names = strangers.map((sim) => sim.iccid).join(", ");
      this.#remarks.push(
        `Hologram's answer names SIMs that nobody asked for; look at them in the dashboard: ${names}`,
      );
    }
    if (batch.kind !== "named") return;
    const missing = batch.iccids.filter((iccid) => !answered.has(iccid));
    if (missing.length === 0) return;
    const why = `the answer names ${formatCount(answered.size)} of ${countOfSims(batch.iccids.length)}`;
    await this.#settle(named(missing), why);
  }

  /**
   * Whether a server carries out the rest of a claim of which it refuses some SIMs is not documented. So the rest is
   * looked for, and what is not found is asked for by preview, because a list may lag behind: only what is still for
   * sale is sent once more. What is neither active nor for sale is in doubt. Returns the parts of a range that are to be
   * sent once more.
   */
  async #refuseSome(
    batch: Batch,
    answer: Extract<ClaimAnswer, { kind: "refusedSims" }>,
    again: boolean,
  ): Promise<readonly Batch[]> {
    const rest = this.#withoutRefused(batch, answer.reasons);
    if (rest === undefined) return [];
    const why = "part of its request was refused";
    const lookup = lookupOf(rest, this.#context.declaration);
    const found = answer.restDoubtful
      ? undefined
      : await this.#tried((account) => findActive(account, lookup));
    if (found === undefined) {
      await this.#settle(rest, why);
      return [];
    }
    this.#context.journal.settle(Selection.ofList(found.keys()));
    this.#claimed.push(...[...found.values()].flatMap(asHeld));
    const left = restOf(rest, found);
    if (left === undefined) return [];
    if (!(await this.#isForSale(left))) {
      await this.#settle(left, this.#purchase ?? why);
      return [];
    }
    this.#context.journal.settle(left.numbers);
    const reason = "refused together with other SIMs of its request";
    const parts = partsOf(left);
    if (again || this.#stopped !== undefined) {
      for (const part of parts) this.#leave(part, this.#stopped ?? reason);
      return [];
    }
    for (const part of parts) this.#again.add(part);
    if (left.kind === "unnamed") return parts;
    for (const part of parts) if ((await this.#claim(part, 0)).length > 0) this.#leave(part, reason);
    return [];
  }

  /** Notes what of a batch was refused; the rest of it is undefined where there is none. */
  #withoutRefused(batch: Batch, reasons: ReadonlyMap<string, string>): Batch | undefined {
    const refused = new Map([...reasons].filter(([iccid]) => batch.numbers.has(iccid)));
    for (const [iccid, reason] of refused) this.#refused.push({ iccid, reason });
    return restOf(batch, refused);
  }

  /**
   * Whether a claim would still buy all of it. What cannot be asked is not for sale. SIMs in Test Mode go with the
   * others: where those are still for sale, the server has carried out nothing of the request.
   */
  async #isForSale(batch: Batch): Promise<boolean> {
    const asked = within(batch, batch.numbers.minus(this.#tests));
    if (asked === undefined) return false;
    const answer = await this.#claimable(asked);
    if (answer === undefined) return false;
    const { iccids } = answer;
    return (
      asked.kind === "unnamed" || iccids === undefined || asked.iccids.every((each) => iccids.includes(each))
    );
  }

  /** Undefined where the account does not answer a preview with what a claim would buy. */
  async #claimable(batch: Batch): Promise<Extract<PreviewAnswer, { kind: "claimable" }> | undefined> {
    const answer = await this.#tried((account) => account.previewClaim(targetOf(batch)));
    if (answer?.kind === "looksLikePurchase") this.#suspectPurchase(answer.iccids);
    return answer?.kind === "claimable" ? answer : undefined;
  }

  #suspectPurchase(iccids: readonly string[]): void {
    this.#purchase = looksActivated(iccids);
    this.#stopRun(this.#purchase);
  }

  #stopRun(reason: string): void {
    this.#stopped ??= reason;
    this.#context.journal.stop(reason);
  }

  /** Undefined when the account cannot be read: what is not known for certain is doubtful. */
  async #tried<T>(read: (account: Account) => Promise<T>): Promise<T | undefined> {
    try {
      return await read(this.#context.account);
    } catch (error) {
      this.#unread(error);
      return undefined;
    }
  }

  #unread(error: unknown): void {
    this.#context.report.warn(`reading back failed: ${reasonOf(error)}`);
  }

  /**
   * Doubt: it is in the journal before it is read back, lets no further claim of any fleet go out in this run, and
   * what is there is kept.
   */
  async #settle(inDoubt: Batch, why: string): Promise<void> {
    const batch = inDoubt.kind === "unnamed" ? this.#withUnanswered(inDoubt) : inDoubt;
    this.#stopRun(afterDoubt(why));
    // Counted from the answer, or its absence: before it was sent the claim may have waited for others, or for a 429.
    const sentAtMs = this.#context.account.clock.now();
    this.#context.journal.learn([{ sims: batch.numbers, sentAtMs }]);
    const until = doubtEndsAtMs({ sentAtMs }, sentAtMs, this.#context.claimSettleSeconds);
    const size = batch.kind === "named" ? countOfSims(batch.iccids.length) : "the SIMs of a range";
    this.#context.report.warn(`no telling what became of the claim of ${size} (${why}); reading back`);
    const timeoutMs = readBackTimeoutMs(this.#context.claimSettleSeconds);
    const lookup = lookupOf(batch, this.#context.declaration);
    const found = await waitForActive(this.#context.account, lookup, timeoutMs, (error) =>
      this.#unread(error),
    );
    const sent = { sentAtMs, ...this.#claimOf(batch) };
    const doubts = [{ ...sent, sims: batch.numbers }];
    const { sims } = landedOf({ sims: this.#claimed, doubts }, found.values(), this.#context);
    this.#claimed.push(...sims);
    this.#context.journal.settle(Selection.ofList(found.keys()));
    const left = restOf(batch, new Map(sims.map((sim) => [sim.iccid, sim])));
    if (left === undefined) return;
    const reason = `doubtful until ${new Date(until).toISOString()}: ${why}`;
    const atMost = sent.atMost === undefined ? {} : { atMost: sent.atMost - sims.length };
    this.#doubt(left, reason, { ...sent, ...atMost });
  }

  /** What lands of it, as far as that is certain: a SIM that leaves Test Mode may keep the terms it had there. */
  #claimOf({ kind, numbers }: Batch): Pick<Doubt, "to" | "atMost"> {
    const { plan, zone } = this.#context.declaration;
    return {
      ...(numbers.overlaps(this.#tests) ? {} : { to: { plan, zone } }),
      ...(kind === "unnamed" ? { atMost: this.#unnamed.left } : {}),
    };
  }

  /** SIMs of a range may be landing in any part that was claimed: of all of them it is one doubt. */
  #withUnanswered(batch: Batch): Batch {
    this.#unnamed.expectIn(batch.numbers);
    return unnamed(this.#unanswered());
  }

  #doubt(batch: Batch, reason: string, sent: Omit<Doubt, "sims">): void {
    const doubt = { ...sent, sims: batch.numbers };
    if (batch.kind === "unnamed") {
      this.#unnamed.doubt(doubt, reason);
    } else {
      this.#doubts.push(doubt);
      for (const iccid of batch.iccids) this.#doubtful.push({ iccid, reason });
    }
  }

  #loseTo(orgId: number, names: readonly string[]): void {
    const { account } = this.#context;
    this.#elsewhere.push(...names);
    this.#remarks.push(
      `Activated and charged in organization ${orgId} instead of ${account.orgId}: ` +
        `${countOfSims(names.length)} (${nameSome(names)}). Use a key whose user belongs to organization ${account.orgId} alone, ` +
        "or move the SIMs in the dashboard; they are never claimed again",
    );
  }

  #leave(batch: Batch, reason: string): void {
    if (batch.kind === "unnamed") this.#unnamed.leave(reason);
    else for (const iccid of batch.iccids) this.#untouched.push({ iccid, reason });
  }

  #terms() {
    const { plan, zone, tagId, limits, invalidatePreflightSims } = this.#context.declaration;
    return {
      plan,
      zone,
      ...limits,
      ...(tagId === undefined ? {} : { tagId }),
      ...(invalidatePreflightSims === undefined ? {} : { invalidatePreflightSims }),
    };
  }
}

interface SentBatch {
  readonly batch: Batch;
  /** Not sent yet. */
  readonly rest: readonly Batch[];
  readonly answer: ClaimAnswer;
  readonly landing: Landing;
}
