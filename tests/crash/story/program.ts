/** Programs of a story, and what people do to them between two commands. */
import { eidOf, iccidOf, offers, type Terms } from "./cards";

/** One resource of a program: cards from `from` up to but not including `to`, and what is declared of them. */
export interface Fleet {
  readonly name: string;
  readonly form: "list" | "range" | "eids";
  readonly from: number;
  readonly to: number;
  /** Of a list: every card, every second, every third. */
  readonly every: number;
  /** Says `expectedSims`. */
  readonly counted: boolean;
  readonly onRelease: "keep" | "pause" | "deactivate";
  readonly adopt: "matching" | "always";
  /** Which of the offers. */
  readonly offer: number;
  readonly overageLimit: number | undefined;
  readonly tagId: number | undefined;
  /** Which explicit provider; 0 is the default one. */
  readonly provider: number;
  /** Names a SIM that shows another number by that one, as the dashboard does. Lists only. */
  readonly follows: boolean;
  /** Is registered only after the fleet before it in the program is done. */
  readonly waits: boolean;
}

/** Fleets in the order of the program, none of which shares a card with another. */
export type Fleets = readonly Fleet[];

/** What somebody does to a program. `n` chooses among the possibilities; `size` is the number of cards. */
type Edit = (fleets: Fleets, n: number, size: number) => Fleets;

/** Every edit that the stories know: a new one is one line. Going back to an earlier program is up to who keeps them. */
export const edits = {
  none: (fleets) => fleets,
  grow: (fleets, n, size) =>
    change(fleets, n, (one) => ({ to: one.to + within(n, roomAfter(fleets, one, size)) })),
  growDown: (fleets, n) =>
    change(fleets, n, (one) => ({ from: one.from - within(n, roomBefore(fleets, one)) })),
  shrink: (fleets, n) => change(fleets, n, (one) => ({ to: one.to - within(n, one.to - one.from - 1) })),
  shrinkUp: (fleets, n) =>
    change(fleets, n, (one) => ({ from: one.from + within(n, one.to - one.from - 1) })),
  shift: (fleets, n, size) =>
    change(fleets, n, (one) => {
      const by = within(n, roomAfter(fleets, one, size));
      return { from: one.from + by, to: one.to + by };
    }),
  disjoint: (fleets, n, size) =>
    change(fleets, n, (one) => {
      const room = roomAfter(fleets, one, size);
      if (room > 0) return { from: one.to, to: one.to + within(n, room) };
      const before = roomBefore(fleets, one);
      return before > 0 ? { from: one.from - within(n, before), to: one.from } : {};
    }),
  scatter: (fleets, n) =>
    change(fleets, n, (one) => (one.form === "list" ? { every: 1 + ((one.every + n) % 3) } : {})),
  // ICCIDs cannot become EIDs, nor EIDs ICCIDs.
  form: (fleets, n) => change(fleets, n, ({ form }) => ({ form: otherForm[form], every: 1 })),
  rename: (fleets, n) => change(fleets, n, ({ name }) => ({ name: freeName(fleets, `${name}-${n}`) })),
  split: (fleets, n) => split(fleets, n, false),
  splitInTurn: (fleets, n) => split(fleets, n, true),
  merge: (fleets) => merged(fleets),
  remove: (fleets, n) => (fleets.length > 1 ? fleets.filter((_, i) => i !== n % fleets.length) : fleets),
  count: (fleets, n) => change(fleets, n, ({ counted }) => ({ counted: !counted })),
  release: (fleets, n) => change(fleets, n, () => ({ onRelease: RELEASES[n % RELEASES.length] ?? "keep" })),
  adopt: (fleets, n) =>
    change(fleets, n, ({ adopt }) => ({ adopt: adopt === "always" ? "matching" : "always" })),
  plan: (fleets, n) => change(fleets, n, ({ offer }) => ({ offer: (offer + 1 + n) % offers.length })),
  limit: (fleets, n) =>
    change(fleets, n, ({ overageLimit }) => ({
      overageLimit: overageLimit === 5_000_000 ? 8_000_000 : 5_000_000,
    })),
  noLimit: (fleets, n) => change(fleets, n, () => ({ overageLimit: undefined })),
  tag: (fleets, n) => change(fleets, n, () => ({ tagId: TAGS[n % TAGS.length] })),
  provider: (fleets, n) => change(fleets, n, ({ provider }) => ({ provider: (provider + 1) % 2 })),
} as const satisfies Readonly<Record<string, Edit>>;
export type EditName = keyof typeof edits;

/** Ids of the first tags that an account gives out. */
export const TAG_IDS = [5001, 5002] as const;

/** The cards that a fleet names or means, without those that came later. */
export function placesOf({ form, from, to, every }: Fleet): number[] {
  const all = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
  return form === "list" ? all.filter((n) => (n - from) % every === 0) : all;
}

/** Which numbers a fleet means: of a range also those that came later, between its cards. */
export function means(fleet: Fleet): (iccid: string) => boolean {
  const names = new Set(placesOf(fleet).map(iccidOf));
  if (fleet.form !== "range" || names.size === 0) return (iccid) => names.has(iccid);
  const [first, last] = [BigInt(iccidOf(fleet.from)), BigInt(iccidOf(fleet.to - 1))];
  return (iccid) => BigInt(iccid) >= first && BigInt(iccid) <= last;
}

/** The selection as an argument of the resource. */
export function selectionOf(fleet: Fleet): Readonly<Record<string, unknown>> {
  if (fleet.form === "list") return { sims: placesOf(fleet).map(iccidOf) };
  const [name, spell] =
    fleet.form === "eids" ? (["eidRange", eidOf] as const) : (["simRange", iccidOf] as const);
  return { [name]: `${spell(fleet.from)}-${spell(fleet.to - 1)}` };
}

/** Terms of billing, as a fleet declares them. */
export function termsOf({ offer, overageLimit }: Fleet): Terms {
  return { ...(offers[offer] ?? offers[0]), ...(overageLimit === undefined ? {} : { overageLimit }) };
}

const RELEASES = ["keep", "pause", "pause", "deactivate"] as const;
const TAGS = [undefined, ...TAG_IDS];
const otherForm = { list: "range", range: "list", eids: "eids" } as const;

function change(fleets: Fleets, n: number, how: (one: Fleet) => Partial<Fleet>): Fleets {
  return fleets.map((one, i) => (i === n % fleets.length ? { ...one, ...how(one) } : one));
}

/** From 1 to `room`, both included; 0 where there is none. */
function within(n: number, room: number): number {
  return room <= 0 ? 0 : 1 + (n % room);
}

function roomAfter(fleets: Fleets, { to }: Fleet, size: number): number {
  return Math.min(size, ...fleets.filter((other) => other.from >= to).map((other) => other.from)) - to;
}

function roomBefore(fleets: Fleets, { from }: Fleet): number {
  return from - Math.max(0, ...fleets.filter((other) => other.to <= from).map((other) => other.to));
}

/** Either half keeps the name. `inTurn`: the first waits for the second, as with `dependsOn`. */
function split(fleets: Fleets, n: number, inTurn: boolean): Fleets {
  return fleets.flatMap((one, i) => {
    const width = one.to - one.from;
    if (i !== n % fleets.length || width < 2) return [one];
    const middle = one.from + 1 + (n % (width - 1));
    const rest = { ...one, name: freeName(fleets, `${one.name}-b${n}`), from: middle };
    const kept = { ...one, to: middle };
    const [first, second] = n % 2 === 0 ? [kept, rest] : [rest, kept];
    return [first, inTurn ? { ...second, waits: true } : second];
  });
}

/** Two resources of one name are no program. */
function freeName(fleets: Fleets, name: string): string {
  return fleets.some((one) => one.name === name) ? freeName(fleets, `${name}x`) : name;
}

/** The first two become one, if they name their SIMs alike and no card of another lies between them. */
function merged(fleets: Fleets): Fleets {
  const [one, other, ...rest] = fleets;
  if (one === undefined || other === undefined) return fleets;
  if ((one.form === "eids") !== (other.form === "eids")) return fleets;
  const [from, to] = [Math.min(one.from, other.from), Math.max(one.to, other.to)];
  return rest.some((third) => third.from < to && from < third.to) ? fleets : [{ ...one, from, to }, ...rest];
}
