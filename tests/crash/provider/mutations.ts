/**
 * Safeguards taken away one by one, to see that the campaign notices: functions of the provider's modules are replaced
 * meanwhile. Which ones is bound here and nowhere else.
 */
import * as approvedEarlier from "../../../provider/dynamic/sims/approvedEarlier";
import { unpackApproval } from "../../../provider/dynamic/wire/packedApproval";
import type { Account } from "../../../provider/fleet/model/account";
import * as approvals from "../../../provider/fleet/model/approval";
import type { HeldSim } from "../../../provider/fleet/model/declaration";
import type { ClaimTurn, Sent } from "../../../provider/fleet/model/journal";
import { Selection } from "../../../provider/fleet/numbers/selection";
import * as observing from "../../../provider/fleet/observe/observe";
import * as reading from "../../../provider/fleet/observe/readRecorded";
import * as approve from "../../../provider/fleet/plan/approve";
import type { FleetPlan } from "../../../provider/fleet/plan/plan";
import * as recordedSims from "../../../provider/fleet/plan/recordedSims";
import * as changing from "../../../provider/fleet/run/changeFleet";
import * as previewing from "../../../provider/fleet/run/previewFleet";
import * as releasing from "../../../provider/fleet/run/releaseFleet";
import * as sparing from "../../../provider/fleet/run/sparing";
import { SqliteClaimJournal } from "../../../provider/journal/claimJournal";

/** One of the safeguards. */
export type Mutation = keyof typeof mutations;

/** Does the work with a provider that lacks a safeguard. */
export async function mutated<T>(mutation: Mutation | undefined, work: () => Promise<T>): Promise<T> {
  if (mutation === undefined) return work();
  const patches: readonly Patch[] = mutations[mutation];
  const originals = patches.map(({ of, by }) =>
    Object.keys(by).map((name) => [name, Reflect.get(of, name)] as const),
  );
  for (const { of, by } of patches) Object.assign(of, by);
  try {
    return await work();
  } finally {
    for (const [i, { of }] of patches.entries()) Object.assign(of, Object.fromEntries(originals[i] ?? []));
  }
}

interface Patch {
  readonly of: object;
  readonly by: object;
}

const { permit } = approve;
const { observe } = observing;
const { beyondTold } = approvedEarlier;
const { holdsFor, KINDS } = approvals;
const { releaseFleet } = releasing;
const { spareDeclared } = sparing;
const { classifyRecorded } = recordedSims;
const { readRecorded } = reading;
const { previewFleet } = previewing;
const { changeFleet } = changing;

const mutations = {
  /** Whatever a fleet holds and does not declare is released. */
  unboundReleases: [{ of: approve, by: { permit: releaseAll } }],
  /** As many may be done as were told, whichever. */
  approvalByCount: [
    // Names hold twice: only SIMs that were told are asked for, and only those pass the rule.
    { of: observing, by: { observe: observeAll } },
    { of: approve, by: { permit: permitByCount } },
    { of: approvedEarlier, by: { beyondTold: beyondCount } },
  ],
  /** What was approved is done at any price. */
  priceNotCompared: [
    { of: approvals, by: { holdsFor: holdsAtAnyPrice } },
    { of: approvedEarlier, by: { beyondTold: beyondNames } },
  ],
  /** A fleet is deleted as if none of its claims could still be landing. */
  doubtForgottenAtDestroy: [{ of: releasing, by: { releaseFleet: releaseWithoutDoubt } }],
  /** What other processes have sent is not asked. */
  journalNotConsulted: [{ of: SqliteClaimJournal.prototype, by: { doubts: () => [], claim: claimAlone } }],
  /** A device that shows another number than on record is not known to be declared. */
  sparingByNumber: [{ of: sparing, by: { spareDeclared: spareByNumber } }],
  /** A SIM that is lost stays lost. */
  lostNeverLookedFor: [
    { of: recordedSims, by: { classifyRecorded: classifyWithoutLost } },
    { of: reading, by: { readRecorded: readWithoutLost } },
  ],
  /** Whatever is active between the numbers of a fleet's range is its own. */
  newCardsHeld: [
    { of: previewing, by: { previewFleet: previewWithNewCards } },
    { of: changing, by: { changeFleet: changeWithNewCards } },
  ],
} as const satisfies Readonly<Record<string, readonly Patch[]>>;

export const mutationNames: readonly Mutation[] = [
  "unboundReleases",
  "approvalByCount",
  "priceNotCompared",
  "doubtForgottenAtDestroy",
  "journalNotConsulted",
  "sparingByNumber",
  "lostNeverLookedFor",
  "newCardsHeld",
];

function releaseAll(...[plan, ...rest]: Parameters<typeof permit>): ReturnType<typeof permit> {
  const { plan: permitted, leftAlone } = permit(plan, ...rest);
  return { plan: { ...permitted, release: plan.release }, leftAlone };
}

function observeAll(...[account, declaration, record, question]: Parameters<typeof observe>) {
  const claims = question.claims === "none" ? question.claims : "all";
  return observe(account, declaration, record, { ...question, claims });
}

function permitByCount(
  ...[plan, declaration, approval]: Parameters<typeof permit>
): ReturnType<typeof permit> {
  const sims = approvals.eachKind((kind) => new Set(namesIn(plan, kind).slice(0, approval.sims[kind].size)));
  return permit(plan, declaration, { ...approval, sims });
}

function namesIn(plan: FleetPlan, kind: approvals.Kind): string[] {
  if (kind === "activate") return [...plan.claim];
  if (kind === "changePlan" || kind === "changeLimits") return plan[kind].map(({ sim }) => sim.iccid);
  return plan[kind].map(({ iccid }) => iccid);
}

function beyondCount(...[program, told]: Parameters<typeof beyondTold>): string | undefined {
  const { approval } = told.computed;
  const stored = program
    .told(told.urn)
    ?.flatMap((each) => unpackApproval(each, { roll: [], leaving: [] }) ?? []);
  if (approval === undefined || stored === undefined) return undefined;
  const prices = stored.map(({ price }) => Number(price ?? Number.POSITIVE_INFINITY));
  const buys = approval.sims.activate.size > 0 && prices.length > 0;
  if (buys && Number(approval.price ?? 0) > Math.max(...prices)) return "dearer than the preview told";
  const most = (kind: approvals.Kind): number => stored.reduce((sum, { sims }) => sum + sims[kind].size, 0);
  return KINDS.some((kind) => approval.sims[kind].size > most(kind))
    ? "more than the preview counted"
    : undefined;
}

function holdsAtAnyPrice(...[approval, kind, now]: Parameters<typeof holdsFor>): boolean {
  const { price: _, ...unpriced } = approval;
  return holdsFor(unpriced, kind, now);
}

function beyondNames(...[program, told]: Parameters<typeof beyondTold>): string | undefined {
  const { approval } = told.computed;
  if (approval === undefined) return undefined;
  const { price: _, ...priceless } = approval;
  return beyondTold(program, { ...told, computed: { ...told.computed, approval: priceless } });
}

function releaseWithoutDoubt(
  ...[fleet, ...rest]: Parameters<typeof releaseFleet>
): ReturnType<typeof releaseFleet> {
  return releaseFleet({ ...fleet, record: { ...fleet.record, doubts: [] } }, ...rest);
}

async function claimAlone<T>(
  sims: Selection,
  _readAtMs: number,
  send: (free: Selection) => Promise<Sent<T>>,
): Promise<ClaimTurn<T>> {
  return { kind: "done", sent: await send(sims), bought: Selection.empty, doubts: [] };
}

function spareByNumber(
  ...[account, ...rest]: Parameters<typeof spareDeclared>
): ReturnType<typeof spareDeclared> {
  return spareDeclared({ ...account, simsByDevice: nothing }, ...rest);
}

async function* nothing(): AsyncGenerator<never> {}

function classifyWithoutLost(
  ...[declaration, record, ...rest]: Parameters<typeof classifyRecorded>
): ReturnType<typeof classifyRecorded> {
  const found = classifyRecorded(declaration, { ...record, lost: [] }, ...rest);
  return {
    ...found,
    lost: [...found.lost, ...record.lost],
    answers: (iccid, shown) => record.lost.includes(iccid) || found.answers(iccid, shown),
  };
}

function readWithoutLost(
  ...[account, record, declared]: Parameters<typeof readRecorded>
): ReturnType<typeof readRecorded> {
  return readRecorded(account, { ...record, lost: [] }, declared);
}

async function previewWithNewCards(
  ...[context, request]: Parameters<typeof previewFleet>
): ReturnType<typeof previewFleet> {
  const { declaration, roll } = request;
  if (roll.length === 0) return previewFleet(context, request);
  const known = new Set(roll.map(({ iccid }) => iccid));
  const news = (await activeIn(context.account, declaration.sims.selection)).filter(
    ({ iccid }) => !known.has(iccid),
  );
  return previewFleet(context, { ...request, roll: [...roll, ...news.map(({ iccid }) => ({ iccid }))] });
}

async function changeWithNewCards(
  ...[context, change]: Parameters<typeof changeFleet>
): ReturnType<typeof changeFleet> {
  const { declaration, record } = change;
  if (record.sims.length === 0) return changeFleet(context, change);
  const known = new Set(record.sims.map(({ iccid }) => iccid));
  const news = (await activeIn(context.account, declaration.sims.selection)).filter(
    ({ iccid }) => !known.has(iccid),
  );
  return changeFleet(context, { ...change, record: { ...record, sims: [...record.sims, ...news] } });
}

async function activeIn(account: Account, numbers: Selection): Promise<HeldSim[]> {
  const found: HeldSim[] = [];
  for await (const page of account.allSims()) {
    for (const { iccid, deviceId, linkId, state } of page) {
      const isActive = deviceId !== undefined && linkId !== undefined && /^(LIVE|PAUSED)/.test(String(state));
      if (isActive && numbers.has(iccid)) found.push({ iccid, deviceId, linkId });
    }
  }
  return found;
}
