import type { OnRelease } from "../model/declaration";
import { countOfSims, formatCount, formatDollars, isOrAre, money, toDollars } from "../model/money";
import { dueNow, monthlyCost, type Price } from "../observe/price";
import type { FleetPlan } from "./plan";
import { activations } from "./purchases";

/**
 * What the newest change is to do, told before anything is spent. Counts are SIMs, money is US dollars in cents'
 * precision; `dueNow` is an estimate before tax: activations × the plan's price. Costs are absent where the API names
 * no price, and `unverified` then says so.
 */
export interface Preview {
  readonly activate: number;
  /** SIMs already active in the organization that the fleet takes over. Nothing is charged for them. */
  readonly adopt: number;
  readonly resume: number;
  readonly changePlan: number;
  readonly changeLimits: number;
  readonly release: number;
  readonly unchanged: number;
  /** SIMs the fleet holds afterwards. */
  readonly simCount: number;
  readonly monthlyCost?: number;
  /** Absent where nobody can tell it: the SIMs leave a plan whose price no preview has read. */
  readonly monthlyCostBefore?: number;
  readonly dueNow?: number;
  /** One line for people. */
  readonly summary: string;
  /** Why the rest may not be the whole truth. */
  readonly unverified?: string;
  readonly drift?: readonly string[];
}

/** Something could not be read (no key, no network, unknown inputs). Holds the reason, and what is known all the same. */
export interface UnverifiedPreview {
  readonly unverified: string;
  /** At most so many: a list says itself how many SIMs it holds, and so does `expectedSims`. */
  readonly activate?: number;
  /** At most so many: the SIMs that the fleet came to before, where the plan or zone was edited. */
  readonly changePlan?: number;
  /** At most so many: the same SIMs, where limits were edited and the plan was not, which sets them too. */
  readonly changeLimits?: number;
  readonly dueNow?: number;
  /** Where plans are changed: of these SIMs and of those that are activated. */
  readonly monthlyCost?: number;
  /** In a replace: SIMs of the former declaration. */
  readonly release?: number;
}

/**
 * What a preview told of one activation, decimal text in US dollars; undefined where it told none. It rounded the sum to
 * cents, so this is the highest price that it can have meant.
 */
export function priceTold({ activate = 0, dueNow: due }: Preview | UnverifiedPreview): string | undefined {
  if (activate === 0 || due === undefined) return undefined;
  return money(due).plus("0.005").div(activate).toFixed();
}

/** "; at most 5 SIMs are activated, about $3.00 now; the 6 SIMs of the former declaration are released: pause; still billed" */
export function describeUnverified(
  { activate = 0, changePlan = 0, changeLimits = 0, dueNow: due, monthlyCost: monthly }: UnverifiedPreview,
  release: Release | undefined,
): string {
  const cost = due === undefined ? "" : `, about ${formatDollars(due)} now`;
  const work =
    activate === 0 ? "" : `; at most ${countOfSims(activate)} ${isOrAre(activate)} activated${cost}`;
  const every = monthly === undefined ? "" : `: ${perMonth(monthly)}`;
  const change =
    changePlan === 0 ? "" : `; the plan of at most ${countOfSims(changePlan)} is changed${PRO_RATA}${every}`;
  const limits = changeLimits === 0 ? "" : `; the limits of at most ${countOfSims(changeLimits)} are changed`;
  return work + change + limits + (release === undefined ? "" : replacePhrase(release));
}

const PRO_RATA = " (an upgrade is charged pro rata)";

export function isVerified(preview: Preview | UnverifiedPreview): preview is Preview {
  return "simCount" in preview;
}

/** SIMs that leave, and what happens to them. */
export interface Release {
  readonly count: number;
  readonly onRelease: OnRelease;
  /** In a replace: these are all SIMs of the former declaration. */
  readonly isReplace?: boolean;
}

/** The preview of a plan. `before`: the last settled preview of the same fleet, for what it cost until now. */
export function previewOf(plan: FleetPlan, release: Release, before: Preview | undefined): Preview {
  const counts = {
    activate: activations(plan),
    adopt: plan.adopt.length,
    resume: plan.resume.length,
    changePlan: plan.changePlan.length,
    changeLimits: plan.changeLimits.length,
    release: release.count,
    unchanged: plan.keep.length - changedOf(plan),
    simCount: plan.keep.length + plan.adopt.length + activations(plan),
  };
  const costs = costsOf(plan, counts, before);
  const unpriced = plan.price !== undefined && plan.price.amount === undefined;
  const unverified =
    plan.unverified ?? (unpriced ? `Hologram names no price for plan ${plan.price?.planId}` : undefined);
  const summary = summarize(counts, costs, plan.price, release);
  return { ...counts, ...costs, summary, ...(unverified === undefined ? {} : { unverified }) };
}

/** The form of a preview once nothing is to be done: what unchanged inputs get, without a request. */
export function settled(before: Preview): Preview {
  const counts = { ...noWork, unchanged: before.simCount, simCount: before.simCount };
  const monthly = before.monthlyCost;
  const costs = {
    ...(monthly === undefined ? {} : { monthlyCost: monthly, monthlyCostBefore: monthly }),
    dueNow: 0,
  };
  const summary = `${countOfSims(counts.simCount)} unchanged${monthly === undefined ? "" : `: ${perMonth(monthly)}`}`;
  const { unverified } = before;
  return { ...counts, ...costs, summary, ...(unverified === undefined ? {} : { unverified }) };
}

/** True when carrying out this preview needs a look at the world. */
export function hasWork(preview: Preview): boolean {
  const { activate, adopt, resume, changePlan, changeLimits, release } = preview;
  return activate + adopt + resume + changePlan + changeLimits + release > 0;
}

/** SIMs of the fleet that something is done to. */
function changedOf({ keep, resume, changePlan, changeLimits }: FleetPlan): number {
  const changes = [...changePlan, ...changeLimits].map(({ sim }) => sim.iccid);
  const changed = new Set([...resume.map((sim) => sim.iccid), ...changes]);
  return changed.size === 0 ? 0 : keep.filter(({ iccid }) => changed.has(iccid)).length;
}

const noWork = { activate: 0, adopt: 0, resume: 0, changePlan: 0, changeLimits: 0, release: 0 };

type Counts = Omit<
  Preview,
  "summary" | "unverified" | "drift" | "monthlyCost" | "monthlyCostBefore" | "dueNow"
>;
type Costs = Pick<Preview, "monthlyCost" | "monthlyCostBefore" | "dueNow">;

function costsOf(plan: FleetPlan, { activate, simCount: sims }: Counts, before: Preview | undefined): Costs {
  const { price } = plan;
  if (price === undefined) return {};
  const [due, month] = [dueNow(price, activate), monthlyCost(price, sims)];
  if (due === undefined || month === undefined) return {};
  const until = before?.monthlyCost ?? costUntilNow(price, plan, before);
  const known = until === undefined ? {} : { monthlyCostBefore: until };
  return { monthlyCost: toDollars(month), ...known, dueNow: toDollars(due) };
}

/** Where no preview told it: what the SIMs of the fleet cost at today's price, unless they are on another plan. */
function costUntilNow(price: Price, plan: FleetPlan, before: Preview | undefined): number | undefined {
  const kept = new Set(plan.keep.map(({ iccid }) => iccid));
  if (plan.changePlan.some(({ sim }) => kept.has(sim.iccid))) return undefined;
  const cost = monthlyCost(price, before?.simCount ?? plan.keep.length + plan.release.length);
  return cost === undefined ? undefined : toDollars(cost);
}

/** "activate 88 SIMs, adopt 12 on Global Flat (2096, global): about $52.80 now, $60.00/month" */
function summarize(counts: Counts, costs: Costs, price: Price | undefined, release: Release): string {
  const phrases = [
    phrase("activate", counts.activate),
    phrase("adopt", counts.adopt),
    phrase("resume", counts.resume),
    phrase("change the plan of", counts.changePlan, PRO_RATA),
    phrase("change the limits of", counts.changeLimits),
    release.isReplace ? undefined : releasePhrase(release),
  ].flatMap((each) => each ?? []);
  const [head, ...others] = phrases;
  const work =
    head === undefined
      ? `${countOfSims(counts.simCount)} unchanged`
      : [`${head.verb} ${countOfSims(head.count)}${head.note}`, ...others.map(short)].join(", ");
  const on =
    price === undefined
      ? ""
      : ` on ${price.planName} (${price.planId}, ${price.zone}${price.isOff ? "; switched off" : ""})`;
  const now = costs.dueNow ? `about ${formatDollars(costs.dueNow)} now, ` : "";
  const cost = costs.monthlyCost === undefined ? "" : `: ${now}${perMonth(costs.monthlyCost)}`;
  return work + on + cost + (release.isReplace ? replacePhrase(release) : "");
}

interface Phrase {
  readonly verb: string;
  readonly count: number;
  readonly note: string;
}

function phrase(verb: string, count: number, note = ""): Phrase | undefined {
  return count === 0 ? undefined : { verb, count, note };
}

function releasePhrase({ count, onRelease }: Release): Phrase | undefined {
  if (onRelease === "deactivate") return phrase("deactivate", count, " FOR EVER");
  return phrase("release", count, ` (${releaseNotes[onRelease]})`);
}

const releaseNotes: Readonly<Record<OnRelease, string>> = {
  keep: "keep; they stay active and billed",
  pause: "pause; still billed",
  deactivate: "deactivate; FOR EVER",
};

/** "; the 10 SIMs of the former declaration are released: pause; still billed" */
function replacePhrase({ count, onRelease }: Release): string {
  if (count === 0) return "";
  const are = count === 1 ? "SIM of the former declaration is" : "SIMs of the former declaration are";
  return `; the ${formatCount(count)} ${are} released: ${releaseNotes[onRelease]}`;
}

/** A release is spelled out wherever it stands: its kind is what a reviewer must not miss. */
function short({ verb, count, note }: Phrase): string {
  return note === "" ? `${verb} ${formatCount(count)}` : `${verb} ${countOfSims(count)}${note}`;
}

function perMonth(amount: number): string {
  return `${formatDollars(amount)}/month`;
}
