import { Big } from "big.js";

/**
 * Decimal arithmetic on the API's strings; US dollars (the API sends no currency; its prices are in dollars). Rounded
 * to cents once, at the end.
 */
export type Money = Big;

export function money(amount: string | number): Money {
  return new Big(amount);
}

export const zero: Money = new Big(0);

/** Cents, half up, as a plain number for inputs and outputs. */
export function toDollars(amount: Money): number {
  return amount.round(2, Big.roundHalfUp).toNumber();
}

/** `$7,500.00` */
export function formatDollars(amount: number): string {
  return dollars.format(amount);
}

/** `12,500` */
export function formatCount(count: number): string {
  return counts.format(count);
}

/** `1 SIM`, `12,500 SIMs` */
export function countOfSims(count: number): string {
  return `${formatCount(count)} ${count === 1 ? "SIM" : "SIMs"}`;
}

/** "is", or "are", of so many. */
export function isOrAre(count: number): string {
  return count === 1 ? "is" : "are";
}

const dollars = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
const counts = new Intl.NumberFormat("en-US");
