/**
 * What a preview told, SIM by SIM. The preview itself counts; the names are derived here, from the account as it was
 * when the user was told, and from what is declared: whoever reads "activate 5" takes it for SIMs that are declared and
 * not active at that moment.
 */
import type { SimSnapshot } from "../../../provider/testing/emulator";
import { isBilled, isDead } from "../story/cards";
import { type AccountView, declares, type Values } from "./command";

export type Told = "activate" | "adopt" | "resume" | "changePlan" | "changeLimits" | "release";

/** What was told of one fleet in one command. Saying yes to it is what allows anything. */
export class Approval {
  private readonly used = new Map<Told, Set<string>>();

  constructor(
    private readonly names: ReadonlyMap<Told, ReadonlySet<string>>,
    private readonly counts: ReadonlyMap<Told, number>,
    readonly terms: { readonly plan: number; readonly zone: string },
    /** Dollars of one activation. */
    readonly price: number,
  ) {}

  /** Whether this was told of the SIM; a count is used up by as many SIMs. */
  allows(told: Told, iccid: string): boolean {
    const used = this.used.get(told) ?? new Set();
    if (used.has(iccid)) return true;
    if (!this.names.get(told)?.has(iccid) || used.size >= (this.counts.get(told) ?? 0)) return false;
    this.used.set(told, used.add(iccid));
    return true;
  }

  /** Whether it was told of the SIM, however many others it was told of. */
  mentions(told: Told, iccid: string): boolean {
    return this.names.get(told)?.has(iccid) === true && (this.counts.get(told) ?? 0) > 0;
  }

  /** What is left of it when all but releases is done. */
  onlyReleases(): Approval {
    const rest = new Approval(
      new Map([["release", this.names.get("release") ?? new Set()]]),
      new Map([["release", this.counts.get("release") ?? 0]]),
      this.terms,
      this.price,
    );
    rest.used.set("release", new Set(this.used.get("release")));
    return rest;
  }

  /** SIMs that were certainly meant to be released: the preview counted as many as could be. */
  get releases(): readonly string[] {
    const names = [...(this.names.get("release") ?? [])];
    return names.length === this.counts.get("release") ? names : [];
  }

  /** Whether it told of activations on this plan, or of changes to it, for this price or a higher one. */
  isFor(plan: number, zone: string, price: number): boolean {
    const { terms } = this;
    return terms.plan === plan && terms.zone === zone && price <= this.price + ROUNDING;
  }
}

/** Dollars. */
const ROUNDING = 1e-9;

/**
 * The approval of checked inputs: of SIMs as they were in one of these moments, the first of which is that of its price.
 * `owned`: what the fleet ever held and has not released.
 * A preview that could not look at the account tells by number what is activated, which SIMs of the fleet change their
 * plan or limits, and what a replace releases, and nothing is resumed; what is active of a list, or of what the program
 * expects, it may hold as it is.
 */
export function approvalOf(
  inputs: Values,
  accounts: readonly AccountView[],
  owned: ReadonlySet<string>,
): Approval {
  const sims = accounts.flatMap((account) => [...account.sims]);
  const eids = new Map(sims.map(([iccid, { eid }]) => [iccid, eid]));
  const isDeclared = declares(inputs, (iccid) => eids.get(iccid));
  const [plan, zone] = [Number(inputs.plan), String(inputs.zone ?? "global").toLowerCase()];
  const limit = inputs.overageLimit;
  const those = (which: (sim: SimSnapshot, iccid: string) => boolean): Set<string> =>
    new Set(sims.flatMap(([iccid, sim]) => (isDeclared(iccid) && which(sim, iccid) ? [iccid] : [])));
  const differs = (sim: SimSnapshot): boolean => sim.plan !== plan || sim.zone?.toLowerCase() !== zone;
  const limited = (sim: SimSnapshot): boolean => limit !== undefined && sim.overageLimit !== limit;
  const hasLooked = isVerified(inputs);
  const names = new Map<Told, ReadonlySet<string>>([
    ["activate", those((sim) => !isBilled(sim) && !isDead(sim))],
    ["adopt", those((sim) => isBilled(sim))],
    ["resume", those((sim) => isBilled(sim) && sim.state.startsWith("PAUSED"))],
    ["changePlan", those((sim, iccid) => isBilled(sim) && (hasLooked ? differs(sim) : owned.has(iccid)))],
    [
      "changeLimits",
      those((sim, iccid) => isBilled(sim) && (hasLooked ? differs(sim) || limited(sim) : owned.has(iccid))),
    ],
    ["release", new Set([...owned].filter((iccid) => !isDeclared(iccid)))],
  ]);
  const preview: Values =
    typeof inputs.preview === "object" && inputs.preview !== null ? { ...inputs.preview } : {};
  const counts = [...names].map(([told, all]): [Told, number] => [
    told,
    hasLooked ? Number(preview[told]) : blindCount(told, inputs, preview, all.size),
  ]);
  const isPriced = [preview.dueNow, preview.monthlyCost].some((each) => typeof each === "number");
  const price = isPriced ? accounts[0]?.priceOf(plan, zone) : undefined;
  return new Approval(names, new Map(counts), { plan, zone }, price ?? Number.POSITIVE_INFINITY);
}

function blindCount(told: Told, { sims, expectedSims }: Values, preview: Values, all: number): number {
  if (told === "resume") return 0;
  if (told !== "adopt") return Number(preview[told] ?? 0);
  if (Array.isArray(sims)) return all;
  return typeof expectedSims === "number" ? expectedSims : 0;
}

/** Whether the preview of checked inputs looked at the account. */
export function isVerified({ preview }: Values): boolean {
  return typeof preview === "object" && preview !== null && "simCount" in preview;
}
