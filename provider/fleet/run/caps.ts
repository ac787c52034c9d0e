import type { Amount } from "../model/journal";
import { countOfSims, formatDollars, type Money, toDollars } from "../model/money";

/** Limits on what one run may do. Absent: none. */
export interface Caps {
  readonly maxActivations?: number | undefined;
  /** US dollars. */
  readonly maxDueNow?: number | undefined;
  readonly maxDeactivations: number;
}

export const noAmount: Amount = { activations: 0, dueNow: 0, deactivations: 0 };

/** How a cap is raised, in the words of whoever asks: its name, and what to do to allow as much as is needed. */
export interface CapHints {
  /** What the user calls each cap: "hologram:maxActivations". */
  readonly capNames: Readonly<Record<"maxActivations" | "maxDueNow" | "maxDeactivations", string>>;
  maxActivations(needed: number): string;
  maxDueNow(needed: number): string;
  withoutMaxDueNow(): string;
  maxDeactivations(needed: number): string;
}

/** Why a run that has come to `total` goes too far, cap by cap; `isPriced`: whether the price is known. */
export function beyondCaps(
  total: Amount,
  caps: Caps,
  hints: CapHints,
  isPriced: boolean,
): string | undefined {
  const { maxActivations, maxDueNow, maxDeactivations } = caps;
  const { capNames } = hints;
  const beyond: string[] = [];
  if (maxActivations !== undefined && total.activations > maxActivations) {
    beyond.push(
      `this run would activate ${countOfSims(total.activations)}, and ${capNames.maxActivations} allows ${maxActivations}; ` +
        `if that is meant, ${hints.maxActivations(total.activations)}`,
    );
  }
  const due = Math.round(total.dueNow * 100) / 100;
  if (maxDueNow !== undefined && total.activations > 0 && !isPriced) {
    beyond.push(
      `Hologram names no price for this plan, so nobody can tell whether the run stays within the ` +
        `${formatDollars(maxDueNow)} of ${capNames.maxDueNow}; to activate at an unknown price, ${hints.withoutMaxDueNow()}`,
    );
  } else if (maxDueNow !== undefined && due > maxDueNow) {
    beyond.push(
      `this run would cost about ${formatDollars(due)} now, and ${capNames.maxDueNow} allows ${formatDollars(maxDueNow)}; ` +
        `if that is meant, ${hints.maxDueNow(due)}`,
    );
  }
  if (total.deactivations > maxDeactivations) {
    beyond.push(
      `this run would deactivate ${countOfSims(total.deactivations)} for ever, and ` +
        `${capNames.maxDeactivations} allows ${maxDeactivations}; if that is meant, ${hints.maxDeactivations(total.deactivations)}`,
    );
  }
  return beyond.length === 0 ? undefined : beyond.join("; ");
}

export function addAmounts(one: Amount, other: Amount): Amount {
  return {
    activations: one.activations + other.activations,
    dueNow: one.dueNow + other.dueNow,
    deactivations: one.deactivations + other.deactivations,
  };
}

/** Dollars as they are counted against a cap: cents. */
export function dueOf(price: { readonly amount?: Money } | undefined, count: number): number {
  return price?.amount === undefined ? 0 : toDollars(price.amount.times(count));
}
