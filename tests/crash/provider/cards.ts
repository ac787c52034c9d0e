import type { Emulator, SimSnapshot } from "../../../provider/testing/emulator";
import { iccid as numberOf } from "../../harness/provider/providerFleet";

/** The organization of the fleets, another one of the same user, one of somebody else. */
export const ORG = 12345;
export const ELSEWHERE = 777;
const FOREIGN = 888;

/** What a card is when the story begins. `hole`: a number in the range that belongs to no card. */
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

export { numberOf };

/** The n-th card's other number. */
export function eidOf(n: number): string {
  return String(FIRST_EID + BigInt(n));
}

/** Which card an ICCID belongs to, printed or swapped. */
export function placeOf(iccid: string): number {
  return Number((BigInt(printed(iccid)) - BigInt(numberOf(0))) / STEP);
}

/** What an eSIM shows after it has changed its profile, in place of the printed ICCID. */
export function swapped(iccid: string): string {
  return `88${iccid.slice(2)}`;
}

/** The ICCID on the card. */
export function printed(iccid: string): string {
  return iccid.startsWith("88") ? `89${iccid.slice(2)}` : iccid;
}

/** Terms that SIMs are active on. */
export interface Terms {
  readonly plan: number;
  readonly zone: string;
  readonly overageLimit?: number;
}

/** Plans and zones in use; the first is what cards were activated on by hand. */
export const offers = [
  { plan: 2096, zone: "global" },
  { plan: 75, zone: "global" },
  { plan: 75, zone: "us" },
] as const;

/** Puts the cards into the account. The numbers rise by ten, as printed ones do that end in a check digit. */
export function layOut(emulator: Emulator, cards: readonly Kind[], listed: boolean, terms: Terms): void {
  for (const id of [ELSEWHERE, FOREIGN]) emulator.addOrganization({ id });
  for (let from = 0; from < cards.length; from++) {
    let to = from;
    while (to < cards.length && cards[to] !== "hole") to++;
    const pack = { first: numberOf(from), count: to - from, step: Number(STEP), eids: eidOf(from) };
    if (to > from) emulator.addPack({ ...pack, listed, orgId: ORG });
    from = to;
  }
  for (const [n, kind] of cards.entries()) setUp(emulator, numberOf(n), kind, terms);
}

/** A SIM by the ICCID that is printed on its card: undefined where it shows another one now. */
export function snapshotOf(emulator: Emulator, n: number): SimSnapshot | undefined {
  const iccid = numberOf(n);
  return emulator.knows(iccid) ? emulator.sim(iccid) : undefined;
}

/** A SIM by its EID, whatever ICCID it shows. */
export function snapshotByEid(emulator: Emulator, n: number): SimSnapshot | undefined {
  const eid = eidOf(n);
  return emulator.sims().find((sim) => sim.eid === eid);
}

/** Bought and not gone, as far as its own organization is concerned. */
export function isBilled(sim: SimSnapshot): boolean {
  return sim.orgId === ORG && sim.deviceId !== undefined && !sim.testMode && !/^DEAD/.test(sim.state);
}

/** Whether a SIM is active on these terms; what they leave open does not count. */
export function agrees(sim: SimSnapshot, { plan, zone, overageLimit }: Terms): boolean {
  return sim.plan === plan && sim.zone === zone && (overageLimit ?? sim.overageLimit) === sim.overageLimit;
}

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
