import { type ClaimTarget, type PreviewAnswer, SIMS_PER_CLAIM, type Sim } from "../hologram/model";
import type { Account } from "./account";
import { eidTarget, rangeTarget } from "./batch";
import { type DeclaredSims, declares } from "./declaration";
import { adviceFor, FleetError, nameSome, refusalOf } from "./errors";
import { ascendingUnique, Selection } from "./selection";
import { isBilled, standingOf } from "./simState";

/** Which SIMs a claim would buy, as far as the account can tell without buying. */
export interface Claimable {
  /** To be claimed, by name: ascending, each once. */
  readonly named: readonly string[];
  /** Certainly not claimable, with the server's words. */
  readonly refused: ReadonlyMap<string, string>;
  /** Numbers in which there may be further SIMs that neither preview nor listing names. */
  readonly unnamed: Selection;
  /** Why the account could not be asked, or did not answer, in full. */
  readonly unverified?: string;
}

export const nothingClaimable: Claimable = { named: [], refused: new Map(), unnamed: Selection.empty };

/**
 * Asks the account which of the declared SIMs in `scope` can be claimed. `seen` is what it lists of them. Reads only:
 * the preview request carries neither plan nor zone, so it cannot become a purchase.
 *
 * A list names its SIMs itself. A range is named by the preview, else by listed inventory, else not at all.
 */
export async function findClaimable(
  account: Account,
  declared: DeclaredSims,
  scope: Selection,
  seen: ReadonlyMap<string, Sim>,
  expectedSims: number | undefined,
): Promise<Claimable> {
  const numberOf = numbering(declared);
  const inScope = [...seen.values()].filter((sim) => scope.has(numberOf(sim)));
  const tests = inScope.filter((sim) => standingOf(sim) === "test");
  const findings = new Findings(account, declared.form === "eids");

  if (declared.form === "list") {
    const known = new Set(inScope.filter(isTaken).map((sim) => sim.iccid));
    await findings.askByName(declared.iccids.filter((iccid) => scope.has(iccid) && !known.has(iccid)));
  } else {
    const isHeld = ([iccid, sim]: [string, Sim]): boolean =>
      isBilled(standingOf(sim)) && declares(declared, { ...sim, iccid });
    const billed = [...seen].filter(isHeld).length;
    const inventory = inScope.filter((sim) => standingOf(sim) === "unclaimed");
    const complete = (named: number): boolean =>
      expectedSims !== undefined && billed + tests.length + named >= expectedSims;
    // Listed inventory counts too: an expected number that is too small must not pass for complete.
    if (!complete(0) || inventory.length > 0) {
      // A list that was declared before leaves a gap at every SIM: the range is asked for from end to end then.
      const isScattered = declared.form === "range" && scope.parts().length > MOST_GAPS;
      const whole = isScattered ? declared.selection : scope;
      const taken = [...seen.values()].filter((sim) => isTaken(sim) && whole.has(numberOf(sim)));
      await askInRange(findings, whole, { taken, inventory, complete, numberOf, expectedSims });
      findings.confine(scope);
    }
  }
  return findings.result(tests.map((sim) => sim.iccid));
}

/** More gaps than this between known SIMs are not asked for one by one: that would cost more than it tells. */
const MOST_GAPS = 3;

/**
 * A range, minus the SIMs already known in it. Few gaps are asked for one by one. With many, listed inventory tells;
 * where none is listed, the whole is asked for (an answer may skip what is active), and then the widest gaps.
 */
async function askInRange(findings: Findings, scope: Selection, known: Known): Promise<void> {
  const taken = Selection.ofList(known.taken.map(known.numberOf));
  const gaps = scope.minus(taken).parts();
  if (gaps.length <= Math.max(MOST_GAPS, scope.parts().length)) {
    for (const gap of gaps) await findings.askByNumber(gap, widthOf(gap, known));
  } else if (known.inventory.length > 0) {
    findings.unnamed = scope.minus(taken);
  } else {
    // No preview ever names a SIM that is in Test Mode: it might be bought with the terms of its test.
    const tests = known.taken.filter((sim) => standingOf(sim) === "test");
    const parts = scope.minus(Selection.ofList(tests.map(known.numberOf))).parts();
    for (const part of parts) await findings.askByNumber(part);
    findings.forget(known.taken, taken);
    if (findings.named.length === 0) await askWidestGaps(findings, gaps, known);
  }
  if (known.inventory.length > 0) {
    findings.unnamed = Selection.empty;
    await findings.askByName(findings.without(known.inventory));
  }
  if (known.complete(findings.named.length)) findings.unnamed = Selection.empty;
}

/**
 * The cards of a pack lie evenly, so a card that is not active leaves a wider gap than there is between neighbours; so
 * does a hole, where there is none. When the narrowest of the widest gaps holds no card, no other is taken to hold one,
 * unless the program expects more SIMs than were found.
 */
async function askWidestGaps(findings: Findings, gaps: readonly Selection[], known: Known): Promise<void> {
  const widest = gaps.toSorted((a, b) => (a.width > b.width ? -1 : 1)).slice(0, MOST_GAPS);
  let narrowest: "empty" | "not empty" = "not empty";
  let asked = Selection.empty;
  for (const gap of widest) {
    if (known.complete(findings.named.length)) return;
    narrowest = await findings.askByNumber(gap);
    asked = asked.union(gap);
  }
  const isCounted = known.expectedSims !== undefined;
  if (narrowest === "empty" && !isCounted) findings.unnamed = findings.unnamed.intersect(asked);
}

/** The width of a request that holds as many cards as fit, by the listed inventory; cards of a pack lie evenly. */
function widthOf(gap: Selection, { inventory, numberOf }: Known): bigint | undefined {
  const cards = inventory.filter((sim) => gap.has(numberOf(sim))).length;
  return cards <= SIMS_PER_CLAIM ? undefined : (gap.width * BigInt(SIMS_PER_CLAIM)) / BigInt(cards);
}

/** What the listing tells of a scope. */
interface Known {
  /** SIMs that a claim cannot or need not buy, Test Mode SIMs among them. */
  readonly taken: readonly Sim[];
  readonly inventory: readonly Sim[];
  /** Under which number the declaration means a SIM. */
  readonly numberOf: (sim: Sim) => string;
  readonly expectedSims: number | undefined;
  /** True when, with so many more, every SIM that the selection is known to hold is accounted for. */
  complete(named: number): boolean;
}

type Told = Exclude<PreviewAnswer, { kind: "looksLikePurchase" }>;

/** Previews that are asked for side by side; the account's own pace lets in as many at a time. */
const PREVIEWS_AT_ONCE = 4;

function inGroups<T>(all: readonly T[]): T[][] {
  const count = Math.ceil(all.length / PREVIEWS_AT_ONCE);
  return Array.from({ length: count }, (_, i) => all.slice(i * PREVIEWS_AT_ONCE, (i + 1) * PREVIEWS_AT_ONCE));
}

/** Collects what the preview requests tell. */
class Findings {
  named: string[] = [];
  readonly refused = new Map<string, string>();
  unnamed = Selection.empty;
  private unverified: string | undefined;
  /** Parts for which the answer was an empty list. */
  private emptyLists = Selection.empty;
  private width: bigint | undefined;

  /** `byEid`: numbers are EIDs, and which of them an ICCID in an answer belongs to is not said. */
  constructor(
    private readonly account: Account,
    private readonly byEid: boolean,
  ) {}

  /**
   * SIMs known by name, at most 2,500 a request: the limit holds in previews too. Side by side, but for the first one:
   * should the account take a preview for a purchase, that one tells, and nothing else is under way.
   */
  async askByName(iccids: readonly string[]): Promise<void> {
    const count = Math.ceil(iccids.length / SIMS_PER_CLAIM);
    const requests = Array.from({ length: count }, (_, i) =>
      iccids.slice(i * SIMS_PER_CLAIM, (i + 1) * SIMS_PER_CLAIM),
    );
    for (const together of [requests.slice(0, 1), ...inGroups(requests.slice(1))]) {
      const answers = await Promise.all(together.map((sims) => this.ask({ sims })));
      this.hearNamed(together, answers);
    }
  }

  private hearNamed(requests: readonly (readonly string[])[], answers: readonly Told[]): void {
    for (const [i, sims] of requests.entries()) {
      const answer = answers[i];
      if (answer === undefined) continue;
      if (answer.kind === "refused") this.unverified ??= answer.message;
      if (answer.kind === "refusedSims") this.refuse(answer.reasons, Selection.ofList(sims));
      const listed =
        answer.kind === "claimable" && answer.iccids?.length ? new Set(answer.iccids) : undefined;
      for (const iccid of sims) {
        if (listed !== undefined && !listed.has(iccid)) {
          this.refused.set(iccid, "not among the SIMs that Hologram's preview would activate");
        } else if (!this.refused.has(iccid)) this.named.push(iccid);
      }
    }
  }

  /**
   * One interval. Refused as too large, it is halved until it fits; that width then serves for what follows. "empty"
   * when the account said outright that no SIM is in it. `fitting`: a width that is likely to fit.
   */
  async askByNumber(interval: Selection, fitting?: bigint): Promise<"empty" | "not empty"> {
    let empty = true;
    this.width ??= fitting;
    for (let left = interval; !left.isEmpty; ) {
      const width = this.width !== undefined && this.width < left.width ? this.width : left.width;
      const [part, rest] = left.splitAfter(width);
      const answer = await this.ask(this.byEid ? eidTarget(part) : rangeTarget(part));
      if (answer.kind === "refused" && answer.cause === "tooLarge" && width > BigInt(SIMS_PER_CLAIM)) {
        this.width = (width + 1n) / 2n;
        continue;
      }
      left = rest;
      this.widen(width, answer);
      if (!this.hear(part, answer)) empty = false;
    }
    return empty ? "empty" : "not empty";
  }

  /** Takes in what an answer says of one part of a range. True when it says outright that no SIM is there. */
  private hear(part: Selection, answer: Told): boolean {
    this.unnamed = this.unnamed.minus(part);
    switch (answer.kind) {
      case "claimable":
        for (const iccid of answer.iccids ?? []) if (this.byEid || part.has(iccid)) this.named.push(iccid);
        if (answer.iccids === undefined) this.unnamed = this.unnamed.union(part);
        if (answer.iccids?.length === 0) this.emptyLists = this.emptyLists.union(part);
        return false;
      case "refusedSims":
        this.refuse(answer.reasons, part);
        this.unnamed = this.unnamed.union(
          this.byEid ? part : part.minus(Selection.ofList(answer.reasons.keys())),
        );
        return false;
      case "refused":
        if (saysEmpty(answer.message)) return true;
        this.unverified ??= answer.message;
        this.unnamed = this.unnamed.union(part);
        return false;
    }
  }

  /** SIMs lie in clusters: where an answer names few, the next part may be wider again. */
  private widen(width: bigint, answer: PreviewAnswer): void {
    const named = answer.kind === "claimable" ? (answer.iccids?.length ?? 0) : 0;
    if (this.width !== undefined && named * 2 < SIMS_PER_CLAIM) this.width = width * 2n;
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
    if (!this.byEid) {
      this.named = this.named.filter((iccid) => scope.has(iccid));
      for (const iccid of this.refused.keys()) if (!scope.has(iccid)) this.refused.delete(iccid);
    }
    this.unnamed = this.unnamed.intersect(scope);
    this.emptyLists = this.emptyLists.intersect(scope);
  }

  /** An empty list from an account that never names a SIM says nothing: then its range stays unnamed. */
  result(tests: readonly string[]): Claimable {
    const named = ascendingUnique([...this.named, ...tests]);
    const unnamed = this.named.length > 0 ? this.unnamed : this.unnamed.union(this.emptyLists);
    const { refused, unverified } = this;
    return { named, refused, unnamed, ...(unverified === undefined ? {} : { unverified }) };
  }

  private async ask(target: ClaimTarget): Promise<Told> {
    const answer = await this.account.previewClaim(target);
    if (answer.kind === "looksLikePurchase") {
      throw new FleetError(
        `Hologram answered a preview with device ids, as if it had activated ${nameSome(answer.iccids)}. ` +
          "Nothing further was sent. Look at these SIMs and at the balance in the dashboard before you go on.",
      );
    }
    if (answer.kind === "refused" && (answer.cause === "key" || answer.cause === "role")) {
      throw new FleetError(`${refusalOf(answer.message)}. ${adviceFor(answer.cause)}`);
    }
    return answer;
  }

  private refuse(reasons: ReadonlyMap<string, string>, asked: Selection): void {
    for (const [iccid, reason] of reasons) {
      if (this.byEid || asked.has(iccid)) this.refused.set(iccid, reason);
    }
  }
}

/** ICCIDs, or the EIDs of a declaration that names its SIMs by them; nothing else is asked for by EID. */
function numbering(declared: DeclaredSims): (sim: Sim) => string {
  return declared.form === "eids" ? (sim) => sim.eid ?? "0" : (sim) => sim.iccid;
}

/** Neither for sale, nor to be bought by number. */
function isTaken(sim: Sim): boolean {
  return standingOf(sim) !== "unclaimed";
}

/** A refusal whose words say that there is no SIM; no code for it is documented. */
function saysEmpty(words: string): boolean {
  return /\bno (sims?|cards?)\b|\bnot found\b/i.test(words);
}
