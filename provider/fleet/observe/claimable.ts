import { SIMS_PER_CLAIM, type Sim } from "../../hologram/model";
import type { Account } from "../model/account";
import type { UnnamedSims } from "../model/approval";
import type { DeclaredSims } from "../model/declaration";
import { isBilled, standingOf } from "../model/standing";
import { Selection } from "../numbers/selection";
import { type Claimable, Findings } from "./claimPreviews";

export const nothingClaimable: Claimable = { named: [], refused: new Map(), unnamed: Selection.empty };

/** SIMs whose activation was approved. */
export interface Approved {
  readonly activate: ReadonlySet<string>;
  readonly unnamed?: UnnamedSims;
}

export interface Expectation {
  readonly expectedSims: number | undefined;
  /** ICCIDs that are never claimed again. */
  readonly lost: Selection;
  /** SIMs of the fleet that the account does not show as active now; the program counts them, or does not. */
  readonly unseen?: number;
  /** SIMs of the fleet were named before, so an empty list means that there are none. */
  readonly isKnown?: boolean;
}

/**
 * Asks the account which of the declared SIMs can be claimed. `seen` is what it lists of them. Reads only: the preview
 * request carries neither plan nor zone, so it cannot become a purchase.
 *
 * A list names its SIMs itself. A range is named by the preview, else by listed inventory, else not at all.
 */
export async function findClaimable(
  account: Account,
  declared: DeclaredSims,
  seen: ReadonlyMap<string, Sim>,
  { expectedSims, lost, unseen = 0, isKnown }: Expectation,
): Promise<Claimable> {
  const findings = new Findings(account, declared.form === "eids");
  const shown = [...seen.values()];
  if (declared.form === "list") {
    // By the ICCID they are declared or held under: a device may show another one.
    const known = new Set([...seen].filter(([, sim]) => isTaken(sim)).map(([iccid]) => iccid));
    await findings.askByName(declared.iccids.filter((iccid) => !known.has(iccid) && !lost.has(iccid)));
  } else {
    const { selection: whole } = declared;
    const [scope, numberOf] = declared.form === "range" ? [whole.minus(lost), byIccid] : [whole, byEid];
    const billed = shown.filter((sim) => isBilled(standingOf(sim))).length;
    const isComplete = (tests: number, found: number): boolean =>
      expectedSims !== undefined && billed + tests + found >= expectedSims;
    const mostGaps = expectedSims === undefined ? MOST_GAPS : MOST_GAPS_EXPECTED;
    await askForRange(findings, { scope, whole, numberOf, shown, mostGaps, unseen, isComplete });
  }
  return findings.result(testsIn(shown), isKnown);
}

/**
 * Asks about the SIMs that were approved and no others. Named ones are asked for by name; where nothing names them, the
 * range is asked for again, because it may hold more SIMs by now than were approved. Of very many gaps each is asked for
 * only when its turn to be claimed comes.
 */
export async function findApproved(
  account: Account,
  seen: ReadonlyMap<string, Sim>,
  { activate, unnamed }: Approved,
): Promise<Claimable> {
  const findings = new Findings(account, false);
  const shown = [...seen.values()];
  const isWanted = ({ iccid }: Sim): boolean => activate.has(iccid) || (unnamed?.numbers.has(iccid) ?? false);
  const isCounted = unnamed === undefined || unnamed.numbers.parts().length <= MOST_GAPS_COUNTED;
  if (unnamed !== undefined && !isCounted) {
    findings.unnamed = unnamed.numbers.minus(Selection.ofList(shown.filter(isTaken).map(byIccid)));
  } else if (unnamed !== undefined) {
    const { numbers } = unnamed;
    await askForRange(findings, {
      scope: numbers,
      whole: numbers,
      numberOf: byIccid,
      shown: shown.filter((sim) => numbers.has(sim.iccid)),
      mostGaps: MOST_GAPS,
      unseen: 0,
      isComplete: () => false,
    });
  }
  const known = new Set([...findings.named, ...shown.filter(isTaken).map((sim) => sim.iccid)]);
  await findings.askByName(
    [...activate].filter((iccid) => !known.has(iccid)),
    "named",
  );
  const claimable = findings.result(testsIn(shown.filter(isWanted)));
  return isCounted ? claimable : { ...claimable, isUncounted: true };
}

interface RangeScope {
  /** Numbers that may be claimed. */
  readonly scope: Selection;
  /** These, and the SIMs in between that are never claimed again. */
  readonly whole: Selection;
  readonly shown: readonly Sim[];
  /** Under which number the declaration means a SIM. */
  readonly numberOf: (sim: Sim) => string;
  /** Of very many gaps so many are asked for. */
  readonly mostGaps: number;
  readonly unseen: number;
  /** With so many more, every SIM that the selection is known to hold is accounted for. */
  isComplete(tests: number, found: number): boolean;
}

/** A range of ICCIDs or EIDs, part of which may be known. */
async function askForRange(findings: Findings, range: RangeScope): Promise<void> {
  const { scope, numberOf, shown, mostGaps, unseen, isComplete } = range;
  const inScope = shown.filter((sim) => scope.has(numberOf(sim)));
  const tests = inScope.filter((sim) => standingOf(sim) === "test").length;
  const inventory = inScope.filter((sim) => standingOf(sim) === "unclaimed");
  const complete = (found: number): boolean => isComplete(tests, found);
  // Listed inventory counts too: an expected number that is too small must not pass for complete.
  if (complete(0) && inventory.length === 0) return;
  // SIMs taken out of a range leave a gap at every one of them: the range is asked for from end to end then.
  const whole = scope.parts().length > MOST_GAPS ? range.whole : scope;
  const taken = shown.filter((sim) => isTaken(sim) && whole.has(numberOf(sim)));
  await askInRange(findings, whole, { taken, inventory, complete, numberOf, mostGaps, unseen });
  findings.confine(scope);
}

/** More gaps than this between known SIMs are not asked for one by one: that would cost more than it tells. */
const MOST_GAPS = 3;
/** As long as fewer SIMs are found than the program expects. */
const MOST_GAPS_EXPECTED = 100;
/** So many gaps that were approved are asked for before the first of them is claimed. */
const MOST_GAPS_COUNTED = 10;

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
 * does a hole, where there is none. When the narrowest that was asked for holds no card, no other is taken to hold one.
 */
async function askWidestGaps(findings: Findings, gaps: readonly Selection[], known: Known): Promise<void> {
  const widest = gaps.toSorted((a, b) => (a.width > b.width ? -1 : 1)).slice(0, known.mostGaps);
  let asked = Selection.empty;
  let isEmpty = false;
  for (const [place, gap] of widest.entries()) {
    const found = findings.found;
    isEmpty = (await findings.askByNumber(gap)) === "empty";
    asked = asked.union(gap);
    const holdsNone = isEmpty || (findings.found === found && found > 0);
    // An account that tells nothing of the widest will tell nothing of the others.
    if (findings.found === 0 && !isEmpty && place + 1 >= MOST_GAPS) return;
    // Not before: the program may expect too few, or cards may have come.
    if (holdsNone && known.complete(findings.found + known.unseen)) {
      findings.unnamed = findings.unnamed.intersect(asked);
      return;
    }
  }
  if (isEmpty) findings.unnamed = findings.unnamed.intersect(asked);
}

/** The width of a request that holds as many cards as fit, by the listed inventory; cards of a pack lie evenly. */
function widthOf(gap: Selection, { inventory, numberOf }: Known): bigint | undefined {
  const cards = inventory.filter((sim) => gap.has(numberOf(sim))).length;
  return cards <= SIMS_PER_CLAIM ? undefined : (gap.width * BigInt(SIMS_PER_CLAIM)) / BigInt(cards);
}

/** What the listing tells of a scope. */
interface Known extends Pick<RangeScope, "numberOf" | "mostGaps" | "unseen"> {
  /** SIMs that a claim cannot or need not buy, Test Mode SIMs among them. */
  readonly taken: readonly Sim[];
  readonly inventory: readonly Sim[];
  /** True when, with so many more, every SIM that the selection is known to hold is accounted for. */
  complete(found: number): boolean;
}

function byIccid({ iccid }: Sim): string {
  return iccid;
}

function byEid({ eid = "0" }: Sim): string {
  return eid;
}

/** Neither for sale, nor to be bought by number. */
function isTaken(sim: Sim): boolean {
  return standingOf(sim) !== "unclaimed";
}

/** In Test Mode, where no preview may name them: they are claimed by name. */
function testsIn(sims: readonly Sim[]): string[] {
  return sims.filter((sim) => standingOf(sim) === "test").map((sim) => sim.iccid);
}
