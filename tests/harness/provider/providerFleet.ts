import type { EmulatorOptions, PackSetup } from "../../../provider/testing/emulator";
import { FleetHarness } from "./providerHarness";

/** The account's mild plan: $0.60 a month in zone `global`. */
export const PLAN = 2096;
export const ORG = 12345;
/** The first printed ICCID of the pack. One number in ten is a card: the last digit is a check digit. */
const FIRST = 89445001021983048260n;
const STEP = 10n;

/** The n-th card of the pack, from 0. */
export function iccid(n: number): string {
  return String(FIRST + BigInt(n) * STEP);
}

/** So many cards of the pack, in ascending order. */
export function cards(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, i) => iccid(from + i));
}

/** So many cards of the pack as it is printed: from the first to the number before the next card. */
export function range(count: number, from = 0): string {
  return `${iccid(from)}-${BigInt(iccid(from + count)) - 1n}`;
}

export interface Setup extends EmulatorOptions {
  /** The pack in the account's inventory. Default: 200 cards, listed. */
  readonly pack?: Partial<PackSetup> | false;
  /** How far the account's clock is ahead of this machine's. */
  readonly clockAheadMs?: number;
}

/** Runs a test against an account of its own, whose inventory is the pack. */
export async function withFleet(setup: Setup, test: (fleet: FleetHarness) => Promise<void>): Promise<void> {
  const { pack, ...options } = setup;
  const fleet = await FleetHarness.start(options);
  try {
    if (pack !== false) {
      fleet.emulator.addPack({ first: String(FIRST), count: 200, step: Number(STEP), ...pack });
    }
    await test(fleet);
  } finally {
    await fleet.close();
  }
}
