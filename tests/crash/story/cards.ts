/** The cards of a story: their numbers, what each is when it begins, and what the account says of it. */
import type { Emulator, SimSnapshot } from "../../../provider/testing/emulator";

/** The organization of the fleets, another one of the same user, one of somebody else. */
export const ORG = 12345;
export const ELSEWHERE = 777;
const FOREIGN = 888;

/** At most so many cards are in a world when it begins. */
export const MOST_CARDS = 24;

/** What a card is when the story begins. `hole`: a number that belongs to no card. */
export const kinds = {
  free: "f",
  active: "a",
  paused: "p",
  pausedByHologram: "s",
  test: "t",
  hole: ".",
  otherPlan: "o",
  dead: "d",
  freeElsewhere: "e",
  activeElsewhere: "E",
} as const;
export type Kind = keyof typeof kinds;

/** Terms that SIMs are active on. */
export interface Terms {
  readonly plan: number;
  readonly zone: string;
  readonly overageLimit?: number;
}

/** Plans and zones in use; the first is what cards are activated on by hand. */
export const offers = [
  { plan: 2096, zone: "global" },
  { plan: 75, zone: "global" },
  { plan: 75, zone: "us" },
] as const;

/** The n-th card. The numbers rise by ten, as printed ones do that end in a check digit. */
export function iccidOf(n: number): string {
  return String(FIRST + BigInt(n) * STEP);
}

/** A card that is put into the inventory later, between the n-th and the next: only a range can mean it. */
export function between(n: number): string {
  return String(FIRST + BigInt(n) * STEP + STEP / 2n);
}

export function isBetween(iccid: string): boolean {
  return (BigInt(iccid) - FIRST) % STEP !== 0n;
}

/** The other number of the n-th card. */
export function eidOf(n: number): string {
  return String(FIRST_EID + BigInt(n));
}

/** What an eSIM shows after it has changed its profile, in place of the printed ICCID. */
export function swapped(iccid: string): string {
  return `88${iccid.slice(2)}`;
}

/** The ICCID on the card. */
export function printed(iccid: string): string {
  return iccid.startsWith("88") ? `89${iccid.slice(2)}` : iccid;
}

/** A card as people read it: its place, `+` for one that lies behind it, a star for one that shows another ICCID. */
export function nameOf(iccid: string): string {
  if (!/^8[89]445/.test(iccid)) return iccid;
  const distance = BigInt(printed(iccid)) - FIRST;
  return `#${distance / STEP}${distance % STEP === 0n ? "" : "+"}${iccid.startsWith("88") ? "*" : ""}`;
}

export function namesOf(iccids: Iterable<string>): string {
  return [...iccids].map(nameOf).join(", ");
}

/** Every SIM of the account by its printed number. */
export function simsByNumber(emulator: Emulator): Map<string, SimSnapshot> {
  return new Map(emulator.sims().map((sim) => [printed(sim.iccid), sim]));
}

/** Puts the cards into the account. */
export function layOut(emulator: Emulator, cards: readonly Kind[], listed: boolean, terms: Terms): void {
  for (const id of [ELSEWHERE, FOREIGN]) emulator.addOrganization({ id });
  for (let from = 0; from < cards.length; from++) {
    let to = from;
    while (to < cards.length && cards[to] !== "hole") to++;
    const pack = { first: iccidOf(from), count: to - from, step: Number(STEP), eids: eidOf(from) };
    if (to > from) emulator.addPack({ ...pack, listed, orgId: ORG });
    from = to;
  }
  for (const [n, kind] of cards.entries()) setUp(emulator, iccidOf(n), kind, terms);
}

/** Bought and not gone, as far as its own organization is concerned. */
export function isBilled(sim: SimSnapshot | undefined): sim is SimSnapshot {
  if (sim === undefined || sim.orgId !== ORG || sim.deviceId === undefined || sim.testMode) return false;
  return !isDead(sim) && sim.state !== "INACTIVE";
}

export function isDead({ state }: SimSnapshot): boolean {
  return /^DEAD/.test(state);
}

/** Whether a SIM is on these terms; what they leave open does not count. */
export function agrees(sim: SimSnapshot, { plan, zone, overageLimit }: Terms): boolean {
  return sim.plan === plan && sim.zone === zone && (overageLimit ?? sim.overageLimit) === sim.overageLimit;
}

const FIRST = 89445001021983048260n;
const STEP = 10n;
const FIRST_EID = 89049032000000000000000000000100n;

function setUp(emulator: Emulator, iccid: string, kind: Kind, terms: Terms): void {
  const activate = (on: Terms): void => emulator.activateByHand([iccid], on);
  switch (kind) {
    case "free":
    case "hole":
      break;
    case "active":
      activate(terms);
      break;
    case "paused":
      activate(terms);
      emulator.setState(iccid, "PAUSED-USER");
      break;
    case "pausedByHologram":
      activate(terms);
      emulator.setState(iccid, "PAUSED-SYS");
      break;
    case "test":
      emulator.setState(iccid, "TEST-ACTIVATE");
      break;
    case "otherPlan":
      activate({ ...terms, ...offers[1] });
      break;
    case "dead":
      emulator.setState(iccid, "DEAD");
      break;
    case "freeElsewhere":
      emulator.move(iccid, FOREIGN);
      break;
    case "activeElsewhere":
      activate(terms);
      emulator.move(iccid, ELSEWHERE);
  }
}
