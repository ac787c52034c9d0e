import { type ClaimTarget, type PreviewAnswer, SIMS_PER_CLAIM, type Sim } from "../../hologram/model";
import { chunksOf } from "../../util/chunks";
import type { Account } from "../model/account";
import { adviceFor, FleetError, looksActivated, refusalOf } from "../model/fleetErrors";
import { printRange } from "../numbers/range";
import { ascendingUnique, Selection } from "../numbers/selection";

/** Which SIMs a claim would buy, as far as the account can tell without buying. */
export interface Claimable {
  /** To be claimed, by name: ascending, each once. */
  readonly named: readonly string[];
  /** Certainly not claimable, with the server's words. */
  readonly refused: ReadonlyMap<string, string>;
  /** Numbers in which there may be further SIMs that neither preview nor listing names. */
  readonly unnamed: Selection;
  /** How many SIMs those are at least, where Hologram's own order data counts them. */
  readonly unnamedCount?: number;
  /** Hologram has counted all of them. */
  readonly isWholeCount?: true;
  /** They lie in so many gaps that none was asked for: each is to be counted before it is claimed. */
  readonly isUncounted?: true;
  /** Why the account could not be asked, or did not answer, in full. */
  readonly unverified?: string;
}

/** Asks for previews of claims, and collects what the answers tell. */
export class Findings {
  named: string[] = [];
  readonly refused = new Map<string, string>();
  unnamed = Selection.empty;
  #unverified: string | undefined;
  /** How many SIMs that no answer names there are in parts of the range, by Hologram's own order data. No two overlap. */
  #counts: Count[] = [];
  /** Parts for which the answer was an empty list. */
  #emptyLists = Selection.empty;
  #width: bigint | undefined;
  /** An answer that names fewer SIMs leaves room for twice the width. */
  #roomBelow = SIMS_PER_CLAIM / 2;

  readonly #account: Account;
  readonly #byEid: boolean;

  /** `byEid`: numbers are EIDs, and which of them an ICCID in an answer belongs to is not said. */
  constructor(account: Account, byEid: boolean) {
    this.#account = account;
    this.#byEid = byEid;
  }

  /**
   * Asks about SIMs known by name, at most 2,500 per request: the limit holds for previews too. The first request goes
   * alone and the rest side by side: if the account takes a preview for a purchase, the first answer shows it while nothing
   * else is under way. `omitted` says how to treat a SIM that an answer silently leaves out. One that a preview announced
   * counts as named: it is claimed anyway, and a refusal of that claim is certain.
   */
  async askByName(iccids: readonly string[], omitted: "refused" | "named" = "refused"): Promise<void> {
    const [first = [], ...others] = chunksOf(iccids, SIMS_PER_CLAIM);
    if (first.length === 0) return;
    for (const together of [[first], ...chunksOf(others, PREVIEWS_AT_ONCE)]) {
      const answers = await Promise.all(
        together.map(async (sims) => [sims, await this.#ask({ sims })] as const),
      );
      for (const [sims, answer] of answers) this.#hearNamed(sims, answer, omitted);
    }
  }

  #hearNamed(sims: readonly string[], answer: Told, omitted: "refused" | "named"): void {
    if (answer.kind === "refused") this.#unverified ??= answer.message;
    if (answer.kind === "refusedSims") this.#refuse(answer.reasons, Selection.ofList(sims));
    const listed = answer.kind === "claimable" && answer.iccids?.length ? new Set(answer.iccids) : undefined;
    for (const iccid of sims) {
      if (omitted === "refused" && listed !== undefined && !listed.has(iccid)) {
        this.refused.set(iccid, "not among the SIMs that Hologram's preview would activate");
      } else if (!this.refused.has(iccid)) this.named.push(iccid);
    }
  }

  /**
   * One interval. Refused as too large, it is halved until it fits; that width then serves for what follows. Where even a
   * single number is too large, the rest is not asked for. "empty" when the account said outright that no SIM is in it.
   * `fitting`: a width that is likely to fit.
   */
  async askByNumber(interval: Selection, fitting?: bigint): Promise<"empty" | "not empty"> {
    let empty = true;
    this.#width ??= fitting;
    for (let left = interval; !left.isEmpty; ) {
      const width = this.#width !== undefined && this.#width < left.width ? this.#width : left.width;
      const [part, rest] = left.splitAfter(width);
      const answer = await this.#ask(this.#byEid ? eidTarget(part) : rangeTarget(part));
      const isTooLarge = answer.kind === "refused" && answer.cause === "tooLarge";
      if (isTooLarge && width > 1n) {
        this.#width = (width + 1n) / 2n;
        // Fewer SIMs fit than is documented.
        if (width <= SIMS_PER_CLAIM) this.#roomBelow = Math.min(this.#roomBelow, Number(width) / 4);
        continue;
      }
      const asked = isTooLarge ? left : part;
      left = isTooLarge ? Selection.empty : rest;
      this.#widen(width, answer);
      if (!this.#hear(asked, answer)) empty = false;
    }
    return empty ? "empty" : "not empty";
  }

  /** Takes in what an answer says of one part of a range. True when it says outright that no SIM is there. */
  #hear(part: Selection, answer: Told): boolean {
    this.unnamed = this.unnamed.minus(part);
    switch (answer.kind) {
      case "claimable":
        for (const iccid of answer.iccids ?? []) if (this.#byEid || part.has(iccid)) this.named.push(iccid);
        if (answer.iccids === undefined) this.unnamed = this.unnamed.union(part);
        this.#count(part, answer);
        if (answer.iccids?.length === 0) this.#emptyLists = this.#emptyLists.union(part);
        return false;
      case "refusedSims":
        this.#refuse(answer.reasons, part);
        this.unnamed = this.unnamed.union(
          this.#byEid ? part : part.minus(Selection.ofList(answer.reasons.keys())),
        );
        return false;
      case "refused":
        if (saysEmpty(answer.message)) return true;
        this.#unverified ??= answer.message;
        this.unnamed = this.unnamed.union(part);
        return false;
    }
  }

  /** What is asked for again within a part that was counted tells of the same SIMs, not of further ones. */
  #count(part: Selection, { iccids, order }: Extract<Told, { kind: "claimable" }>): void {
    const sims = iccids?.length ?? order?.quantity;
    const around = this.#counts.filter(({ numbers }) => numbers.overlaps(part));
    if (sims === undefined || (iccids !== undefined && around.length === 0)) return;
    const rest = around.reduce((all, { numbers }) => all.union(numbers), Selection.empty).minus(part);
    const left = around.reduce((sum, each) => sum + each.sims, 0) - sims;
    this.#counts = this.#counts.filter((each) => !around.includes(each));
    if (!rest.isEmpty) this.#counts.push({ numbers: rest, sims: Math.max(0, left) });
    this.#counts.push({ numbers: part, sims: iccids === undefined ? sims : 0 });
  }

  /** SIMs lie in clusters: where an answer names few, the next part may be wider again. */
  #widen(width: bigint, answer: PreviewAnswer): void {
    const named = answer.kind === "claimable" ? (answer.iccids?.length ?? 0) : 0;
    if (this.#width !== undefined && named < this.#roomBelow) this.#width = width * 2n;
  }

  /** How many SIMs answers have named or counted. */
  get found(): number {
    return this.named.length + this.#counts.reduce((sum, { sims }) => sum + sims, 0);
  }

  /** SIMs of which no answer has told anything; some answers skip SIMs without a word. */
  without(sims: readonly Sim[]): string[] {
    const named = new Set(this.named);
    return sims.map(({ iccid }) => iccid).filter((iccid) => !named.has(iccid) && !this.refused.has(iccid));
  }

  /** What is known otherwise is no refusal: "already activated" is why it was known. */
  forget(sims: readonly Sim[], numbers: Selection): void {
    for (const { iccid } of sims) this.refused.delete(iccid);
    this.unnamed = this.unnamed.minus(numbers);
  }

  /** Whatever lies outside is none of the declaration's business. */
  confine(scope: Selection): void {
    if (!this.#byEid) {
      this.named = this.named.filter((iccid) => scope.has(iccid));
      for (const iccid of this.refused.keys()) if (!scope.has(iccid)) this.refused.delete(iccid);
    }
    this.unnamed = this.unnamed.intersect(scope);
    this.#emptyLists = this.#emptyLists.intersect(scope);
  }

  /** An empty list from an account that never names a SIM says nothing: then its range stays unnamed. */
  result(tests: readonly string[], namesSims = false): Claimable {
    const named = ascendingUnique([...this.named, ...tests]);
    const unnamed = namesSims || this.named.length > 0 ? this.unnamed : this.unnamed.union(this.#emptyLists);
    const { refused } = this;
    const unverified = this.#unverified;
    const unnamedCount = this.found - this.named.length;
    const counted = this.#counts.reduce((all, { numbers }) => all.union(numbers), Selection.empty);
    const isWholeCount = unnamed.minus(counted).isEmpty ? { isWholeCount: true as const } : {};
    return {
      named,
      refused,
      unnamed,
      ...(this.#counts.length === 0 || unnamed.isEmpty ? {} : { unnamedCount, ...isWholeCount }),
      ...(unverified === undefined ? {} : { unverified }),
    };
  }

  async #ask(target: ClaimTarget): Promise<Told> {
    const answer = await this.#account.previewClaim(target);
    if (answer.kind === "looksLikePurchase") throw new FleetError(looksActivated(answer.iccids));
    if (answer.kind === "refused" && answer.cause === "key") {
      throw new FleetError(`${refusalOf(answer.message)}. ${adviceFor(answer.cause)}`);
    }
    // A key that cannot buy, as pipelines give it to pull requests: the rest can be told, and the reason must be clear.
    if (answer.kind === "refused" && answer.cause === "role") {
      const message =
        `the role of this API key's user may not ask for previews of claims (${answer.message}); ` +
        "activating takes an API key of a user with the role Manager, Admin or Owner";
      return { ...answer, message };
    }
    return answer;
  }

  #refuse(reasons: ReadonlyMap<string, string>, asked: Selection): void {
    for (const [iccid, reason] of reasons) {
      if (this.#byEid || asked.has(iccid)) this.refused.set(iccid, reason);
    }
  }
}

interface Count {
  readonly numbers: Selection;
  readonly sims: number;
}

/** A selection of one interval, as the API spells it. */
export function rangeTarget(part: Selection): { simRange: string } {
  return { simRange: spell(part) };
}

function eidTarget(part: Selection): { eidRange: string } {
  return { eidRange: spell(part) };
}

function spell(part: Selection): string {
  const intervals = part.intervals();
  const [first, last] = [intervals[0], intervals.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError("an empty selection names no range");
  return printRange({ first: first.first, last: last.last });
}

type Told = Exclude<PreviewAnswer, { kind: "looksLikePurchase" }>;

/** Previews that are asked for side by side; the account's own pace lets in as many at a time. */
const PREVIEWS_AT_ONCE = 4;

/** A refusal whose words say that there is no SIM; no code for it is documented. */
export function saysEmpty(words: string): boolean {
  return /\bno (?:(?:available|claimable|eligible|inactive|matching|such|unclaimed|valid) )?(?:sims?|cards?)\b|\bnot found\b/i.test(
    words,
  );
}
