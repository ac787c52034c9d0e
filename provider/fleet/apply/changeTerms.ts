import { DoubtfulError } from "../../hologram/errors";
import type { Limits } from "../../hologram/model";
import { type ChangeAnswer, DEVICES_PER_CHANGE, type Sim } from "../../hologram/model";
import { chunksOf } from "../../util/chunks";
import type { Declaration, HeldSim } from "../model/declaration";
import { nameSome, type Refusal } from "../model/fleetErrors";
import type { ClaimJournal } from "../model/journal";
import { countOfSims } from "../model/money";
import type { WipedLimits } from "../model/record";
import { describeLimits, limitDifferences, planDifferences, undeclaredLimits } from "../model/terms";
import { Selection } from "../numbers/selection";
import type { TagWork, TermChange } from "../plan/termChanges";
import { type ChangeContext, type ChangeOutcome, changeDevices } from "./changeDevices";

/**
 * Brings SIMs to the declared plan and zone. Hologram wipes their data limits by that (docs.hologram.io,
 * devices/changeplan), so they are set again for each thousand SIMs at once: as declared, else as they were before.
 * Where that is not certain they go into the record. A process that dies in between loses limits that are not declared,
 * so the report names them before anything is sent.
 */
export async function changePlans(
  context: PlanChangeContext,
  changes: readonly TermChange[],
  declaration: Declaration,
): Promise<TermOutcome> {
  const outcomes: ChangeOutcome[] = [];
  const wiped: WipedLimits[] = [];
  let doubted = Selection.empty;
  const groups = withSameLimits(changes, declaration);
  tellUndeclared(context, groups, declaration);
  for (const { limits, sims } of groups.flatMap(inThousands)) {
    const outcome = await changePlanOf(context, sims, declaration, limits);
    outcomes.push(outcome);
    if (outcome.inDoubt) doubted = namesOf(outcome.failed);
    const again = await setLimits(context, outcome.done, limits);
    // A doubtful answer to this request is no doubt about the plan.
    const failed = again.failed.map((each) => notSetAgain(each, limits));
    outcomes.push({ done: [], failed, inDoubt: false });
    const unsure = outcome.inDoubt ? [...outcome.failed, ...failed] : failed;
    wiped.push(...wipedFrom(unsure, limits, declaration));
    if (outcome.inDoubt) break;
  }
  return { ...settle(changes, outcomes), doubted, wiped };
}

/** What became of changes of terms. */
export interface TermOutcome extends ChangeOutcome {
  /** Of `failed`: those whose change of plan may still be landing. */
  readonly doubted: Selection;
  /** Limits that nobody declares, and that are or may be gone. */
  readonly wiped: readonly WipedLimits[];
}

/** A change of plan may be charged, so it is written down before it is sent, as a claim is. */
export interface PlanChangeContext extends ChangeContext {
  readonly journal: Pick<ClaimJournal, "learn" | "settlePlans">;
  /** The declared one, in the plan's own spelling. */
  readonly zone: string;
}

/** Brings SIMs to the declared limits, and to those that a change of their plan wiped. */
export async function changeLimits(
  context: ChangeContext,
  changes: readonly TermChange[],
  declaration: Declaration,
): Promise<TermOutcome> {
  const outcomes: ChangeOutcome[] = [];
  const wiped: WipedLimits[] = [];
  for (const { limits, sims } of withSameLimits(changes, declaration)) {
    const outcome = await setLimits(context, sims, limits);
    outcomes.push(outcome);
    wiped.push(...wipedFrom(outcome.failed, limits, declaration));
  }
  return { ...settle(changes, outcomes), doubted: Selection.empty, wiped };
}

/** Puts tags on SIMs and takes them off. A SIM that does not take the new tag keeps the old one. */
export async function changeTags(context: ChangeContext, { link, unlink }: TagWork): Promise<ChangeOutcome> {
  const linked = await tag(link, "tagged", (tagId, deviceIds) => context.account.linkTag(tagId, deviceIds));
  const missed = new Set(linked.failed.map(({ iccid }) => iccid));
  const old = unlink && { ...unlink, sims: unlink.sims.filter(({ iccid }) => !missed.has(iccid)) };
  const unlinked = await tag(old, "untagged", (tagId, deviceIds) =>
    context.account.unlinkTag(tagId, deviceIds),
  );
  return {
    done: [...linked.done, ...unlinked.done],
    failed: [...linked.failed, ...unlinked.failed],
    inDoubt: false,
  };

  async function tag(
    work: TagWork["link"],
    verb: string,
    send: (tagId: number, deviceIds: readonly number[]) => Promise<ChangeAnswer>,
  ): Promise<ChangeOutcome> {
    const { tagId, sims } = work ?? { tagId: 0, sims: [] };
    const change = {
      verb,
      send: (deviceIds: readonly number[]) => twiceInDoubt(() => send(tagId, deviceIds)),
      isDone: (shown: Sim | undefined) => bears(shown, tagId) === (verb === "tagged"),
    };
    const outcome = await changeDevices(context, sims, change);
    const failed = outcome.failed.map((each) => ({
      ...each,
      reason: `not ${verb} (${tagId}): ${each.reason}`,
    }));
    return { ...outcome, failed };
  }
}

/** Repeats a tag request once if its outcome is in doubt. That does no harm, and not every listing shows tags to check. */
async function twiceInDoubt<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof DoubtfulError) return send();
    throw error;
  }
}

/** Whether a SIM bears a tag; undefined where the account does not tell. */
function bears(shown: Sim | undefined, tagId: number): boolean | undefined {
  return shown?.tagIds?.includes(tagId);
}

async function changePlanOf(
  context: PlanChangeContext,
  sims: readonly HeldSim[],
  declaration: Declaration,
  { overageLimit }: Limits,
): Promise<ChangeOutcome> {
  const { plan, zone } = declaration;
  const to = { plan, zone: context.zone, ...(overageLimit === undefined ? {} : { overageLimit }) };
  const change = {
    verb: "changed the plan of",
    send: (deviceIds: readonly number[]) => context.account.changePlan(deviceIds, to),
    isDone: (shown: Sim | undefined) =>
      shown !== undefined && planDifferences(shown, declaration).length === 0,
    readsBack: true,
    once: true,
  };
  const { account, journal } = context;
  const names = Selection.ofList(sims.map(({ iccid }) => iccid));
  journal.learn([{ kind: "changePlan", to: { plan, zone }, sims: names, sentAtMs: account.clock.now() }]);
  const outcome = await changeDevices(context, sims, change);
  const left = outcome.inDoubt ? namesOf(outcome.failed) : Selection.empty;
  journal.settlePlans(names.minus(left), { plan, zone });
  return outcome;
}

function setLimits(context: ChangeContext, sims: readonly HeldSim[], limits: Limits): Promise<ChangeOutcome> {
  if (Object.keys(limits).length === 0) return Promise.resolve({ done: sims, failed: [], inDoubt: false });
  const change = {
    verb: "set the limits of",
    send: (deviceIds: readonly number[]) => context.account.setLimits(deviceIds, limits),
    // Not every contract has data limits: what is shown afterwards counts (its bulkclaim page, first edition).
    isDone: (shown: Sim | undefined) =>
      shown !== undefined && limitDifferences(shown, { plan: 0, zone: "", limits }).length === 0,
    readsBack: true,
  };
  return changeDevices(context, sims, change);
}

interface Group {
  readonly limits: Limits;
  readonly sims: readonly HeldSim[];
}

/** SIMs that are to have the same limits afterwards. */
function withSameLimits(changes: readonly TermChange[], declaration: Declaration): Group[] {
  const wanted = ({ now }: TermChange): Limits => ({ ...now, ...declaration.limits });
  const groups = Map.groupBy(changes, (change) => JSON.stringify(Object.entries(wanted(change)).sort()));
  return [...groups.values()].map((group) => {
    const [one] = group;
    const limits = one === undefined ? {} : wanted(one);
    return { limits, sims: group.map(({ sim }) => sim) };
  });
}

function inThousands({ limits, sims }: Group): Group[] {
  return chunksOf(sims, DEVICES_PER_CHANGE).map((chunk) => ({ limits, sims: chunk }));
}

/** Should this process die before they are set again, only the log knows them. */
function tellUndeclared({ report }: ChangeContext, groups: readonly Group[], declaration: Declaration): void {
  const phrases = groups.flatMap(({ limits, sims }) => {
    const undeclared = describeLimits(undeclaredLimits(limits, declaration.limits));
    return undeclared === "" ? [] : [`${undeclared} (${countOfSims(sims.length)})`];
  });
  if (phrases.length > 0) {
    report.info(`limits that are not declared are set again after the change of plan: ${nameSome(phrases)}`);
  }
}

function wipedFrom(failed: readonly Refusal[], limits: Limits, declaration: Declaration): WipedLimits[] {
  const undeclared = undeclaredLimits(limits, declaration.limits);
  const sims = namesOf(failed);
  return sims.isEmpty || Object.keys(undeclared).length === 0 ? [] : [{ sims, limits: undeclared }];
}

function namesOf(failed: readonly Refusal[]): Selection {
  return Selection.ofList(failed.flatMap(({ iccid }) => iccid ?? []));
}

function notSetAgain({ iccid, reason }: Refusal, limits: Limits): Refusal {
  const words = `on the new plan, which wiped its limits, and ${describeLimits(limits)} not set again: ${reason}`;
  return { ...(iccid === undefined ? {} : { iccid }), reason: words };
}

/** A SIM is done when all of its changes are; groups after a doubtful one were not sent. */
function settle(changes: readonly TermChange[], outcomes: readonly ChangeOutcome[]): ChangeOutcome {
  const failed = outcomes.flatMap((each) => each.failed);
  const inDoubt = outcomes.some((each) => each.inDoubt);
  const failing = new Set(failed.map(({ iccid }) => iccid));
  const reached = new Set(outcomes.flatMap((each) => each.done));
  const unsent = changes.map(({ sim }) => sim).filter((sim) => !reached.has(sim) && !failing.has(sim.iccid));
  const reason = "its plan was not changed after a doubtful answer";
  return {
    done: [...reached].filter((sim) => !failing.has(sim.iccid)),
    failed: [...failed, ...unsent.map(({ iccid }) => ({ iccid, reason }))],
    inDoubt,
  };
}
