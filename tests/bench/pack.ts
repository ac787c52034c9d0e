/** The account of the benchmarks: one organization, one plan, one pack of cards whose ICCIDs end in a check digit. */
export const ORG = 12345;
export const PLAN = 2096;
export const KEY = "benchmark-key";
export const FIRST = 89445001021983048260n;
export const STEP = 10;

/** ICCID of the card with this place in the pack, from 0. */
function card(place: number): string {
  return `${FIRST + BigInt(place) * BigInt(STEP)}`;
}

/** The range of the cards from place `from` up to, and without, place `to`. */
export function range(from: number, to: number): string {
  return `${card(from)}-${BigInt(card(to)) - 1n}`;
}

export function cards(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => card(from + i));
}
