import { SIMS_PER_CLAIM, type Sim } from "../../hologram/model";
import type { Account } from "../model/account";
import { type DeclaredSims, declares } from "../model/declaration";
import { isBilled, standingOf } from "../model/standing";
import { Selection } from "../numbers/selection";
import { Findings } from "./claimPreviews";

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

/** ICCIDs, or the EIDs of a declaration that names its SIMs by them; nothing else is asked for by EID. */
function numbering(declared: DeclaredSims): (sim: Sim) => string {
  return declared.form === "eids" ? (sim) => sim.eid ?? "0" : (sim) => sim.iccid;
}

/** Neither for sale, nor to be bought by number. */
function isTaken(sim: Sim): boolean {
  return standingOf(sim) !== "unclaimed";
}
