import type { Selection } from "../numbers/selection";
import type { OnRelease } from "./declaration";
import { type Money, money } from "./money";
import { sameZone } from "./terms";

/** What can be done to a SIM. */
export const KINDS = ["activate", "adopt", "resume", "changePlan", "changeLimits", "release"] as const;
export type Kind = (typeof KINDS)[number];

/** What one preview told: which SIMs, by ICCID, what is done to each, and the terms it was told on. */
export interface Approval {
  readonly plan: number;
  readonly zone: string;
  /** Of one activation, decimal text in US dollars; absent where no price was told. */
  readonly price?: string;
  readonly sims: Readonly<Record<Kind, ReadonlySet<string>>>;
  /** What happens to those that are released; absent where none is, and in approvals of an older form. */
  readonly onRelease?: OnRelease;
  /** SIMs of a range that nothing names: at most so many, among these numbers. */
  readonly unnamed?: UnnamedSims;
}

export interface UnnamedSims {
  readonly numbers: Selection;
  readonly atMost: number;
}

/** The terms of a moment: what is declared, and what an activation costs now. */
export interface CurrentTerms {
  readonly plan: number;
  readonly zone: string;
  readonly price?: Money | undefined;
  /** What happens to SIMs that leave. */
  readonly onRelease?: OnRelease | undefined;
}

/**
 * Whether what was approved may still be done. A price that was told binds from above, also where nobody tells one any
 * more; where none was told, there is nothing to bind. A pause that was told is no deactivation. Releases, adoptions,
 * resumes and limits cost nothing, so they do not depend on the price.
 */
export function holdsFor(approval: Approval, kind: Kind, now: CurrentTerms): boolean {
  if (kind === "release") return holdsForRelease(approval, now.onRelease);
  if (approval.plan !== now.plan || !sameZone(approval.zone, now.zone)) return false;
  if (kind !== "activate" && kind !== "changePlan") return true;
  return approval.price === undefined || (now.price?.lte(money(approval.price)) ?? false);
}

/** Letting go of a SIM sends nothing, so it is part of whatever was told. */
export function holdsForRelease({ onRelease: told }: Approval, now: OnRelease | undefined): boolean {
  return told === undefined || now === undefined || now === "keep" || told === now;
}

export function hasWork({ sims, unnamed }: Approval): boolean {
  return unnamed !== undefined || KINDS.some((kind) => sims[kind].size > 0);
}

/** `approval` without what `keep` does not keep; undefined when nothing is left. */
export function narrow(
  approval: Approval,
  keep: (kind: Kind, iccid: string) => boolean,
): Approval | undefined {
  const { sims: _, ...terms } = approval;
  const left = {
    ...terms,
    sims: eachKind((kind) => new Set([...approval.sims[kind]].filter((iccid) => keep(kind, iccid)))),
  };
  return hasWork(left) ? left : undefined;
}

/**
 * Both together. What the older one told on other terms is left out: the newer one comes from a look at the account, so
 * what is still wanted of it was told again, on the new terms. An approval without work comes from no look.
 */
export function join(newer: Approval, older: Approval | undefined): Approval {
  if (older === undefined) return newer;
  if (!hasWork(newer)) return older;
  const isSamePlan = older.plan === newer.plan && sameZone(older.zone, newer.zone);
  const isSamePrice = isSamePlan && older.price === newer.price;
  const isStillTold = (kind: Kind): boolean => {
    if (kind === "release") return holdsForRelease(older, newer.onRelease);
    return kind === "activate" || kind === "changePlan" ? isSamePrice : isSamePlan;
  };
  // SIMs that nothing names are a count, and the newer one has counted again.
  const onRelease = newer.onRelease ?? older.onRelease;
  return {
    ...newer,
    ...(onRelease === undefined ? {} : { onRelease }),
    sims: eachKind((kind) =>
      isStillTold(kind) ? newer.sims[kind].union(older.sims[kind]) : newer.sims[kind],
    ),
  };
}

/** Without those of its SIMs that nothing names and that have come about by now: no others take their place. */
export function withoutLanded(approval: Approval, landed: readonly string[]): Approval {
  const { unnamed, ...named } = approval;
  const { activate, adopt } = approval.sims;
  const came = landed.filter(
    (iccid) => unnamed?.numbers.has(iccid) && !activate.has(iccid) && !adopt.has(iccid),
  );
  const atMost = (unnamed?.atMost ?? 0) - came.length;
  return unnamed === undefined || atMost <= 0 ? named : { ...named, unnamed: { ...unnamed, atMost } };
}

/** An approval that names nothing. */
export function approveNothing({ plan, zone, price }: CurrentTerms): Approval {
  return {
    plan,
    zone,
    ...(price === undefined ? {} : { price: price.toFixed() }),
    sims: eachKind(() => new Set()),
  };
}

export function eachKind(make: (kind: Kind) => ReadonlySet<string>): Approval["sims"] {
  return {
    activate: make("activate"),
    adopt: make("adopt"),
    resume: make("resume"),
    changePlan: make("changePlan"),
    changeLimits: make("changeLimits"),
    release: make("release"),
  };
}
