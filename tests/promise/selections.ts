/** The same SIMs, declared in each way that there is, and packs that have numbers for all of them. */
import type { AccountSetup } from "../../provider/testing/emulator";
import { account, card, cards, FIRST, range, STEP } from "../harness/engine/fleetStack";
import { everything } from "../harness/engine/form";

/** EID of the first card; they count up by one. */
const EID = 89044045000000000000000000000001n;

/** Declares the cards from one place in the pack up to, and without, another. */
export type Select = (from: number, to: number) => Readonly<Record<string, unknown>>;

export const aRange: Select = (from, to) => ({ simRange: range(from, to) });
export const aList: Select = (from, to) => ({ sims: cards(from, to) });
export const eids: Select = (from, to) => ({
  eidRange: `${EID + BigInt(from)}-${EID + BigInt(to) - 1n}`,
});

/** Each way by its name: all of them in the full form, else those that are named. */
export function kinds(...shortForm: readonly Kind[]): readonly (readonly [Kind, Select])[] {
  const all = [
    ["a range", aRange],
    ["a list", aList],
    ["EIDs", eids],
  ] as const;
  return all.filter(([kind]) => everything || shortForm.includes(kind));
}

type Kind = "a range" | "a list" | "EIDs";

/** An account with so many cards, which are eSIMs at once. */
export function packOf(count: number): AccountSetup {
  return { ...account, packs: [{ first: `${FIRST}`, count, step: Number(STEP), eids: `${EID}` }] };
}

/** Cards bought one by one: ICCIDs far from each other, at distances without a pattern. */
export function bought(count: number): string[] {
  let iccid = FIRST;
  let drawn = 7n;
  return Array.from({ length: count }, () => {
    drawn = (drawn * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 64n;
    iccid += 1n + (drawn >> 40n);
    return `${iccid}`;
  });
}

/** Every so many cards of a pack, at distances that vary: cheap to have by the hundred thousand. */
export function scattered(count: number): string[] {
  return Array.from({ length: count }, (_, i) => card(i * 4 + ((i * i * i + i) % 3)));
}

/** An account that has these cards, each a pack of its own. */
export function accountOf(iccids: readonly string[]): AccountSetup {
  return { ...account, packs: iccids.map((first) => ({ first, count: 1 })) };
}

/** An account with one pack up to this card. */
export function packUpTo(iccid: string): AccountSetup {
  return packOf(Number((BigInt(iccid) - FIRST) / STEP) + 1);
}
