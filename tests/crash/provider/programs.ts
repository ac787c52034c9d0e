import { parseInputs } from "../../../provider/dynamic/inputs/parse";
import type { Values } from "../../harness/provider/providerReport";
import { eidOf, numberOf, ORG, offers, placeOf, type Terms } from "./cards";

/** One resource of a program: the cards from `from` up to but not including `to`, and what is declared of them. */
export interface Fleet {
  readonly name: string;
  readonly form: "list" | "range" | "eids";
  readonly from: number;
  readonly to: number;
  /** Says `expectedSims`. */
  readonly counted: boolean;
  readonly onRelease: "keep" | "pause";
  readonly adopt: "matching" | "always";
  /** Which of the offers. */
  readonly offer: number;
  readonly overageLimit: number | undefined;
  readonly tagId: number | undefined;
  readonly waits: boolean;
}

/** Fleets in no order, none of which shares a card with another. */
export type Fleets = readonly Fleet[];

/** What somebody does to a program between two operations. `n` chooses among the possibilities; `size` is the number of cards. */
type Edit = (fleets: Fleets, n: number, size: number) => Fleets;

/** Every edit that the stories know: a new one is one line. */
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
    change(fleets, n, (one) => shifted(one, within(n, roomAfter(fleets, one, size)))),
  rename: (fleets, n) => change(fleets, n, ({ name }) => ({ name: `${name}-${n}` })),
  split: (fleets, n) => fleets.flatMap((one, i) => (i === n % fleets.length ? halves(one, n) : [one])),
  join: (fleets) => joined(fleets),
  remove: (fleets, n) => (fleets.length > 1 ? fleets.filter((_, i) => i !== n % fleets.length) : fleets),
  // ICCIDs cannot become EIDs, nor EIDs ICCIDs.
  form: (fleets, n) => change(fleets, n, ({ form }) => ({ form: otherForm[form] })),
  count: (fleets, n) => change(fleets, n, ({ counted }) => ({ counted: !counted })),
  release: (fleets, n) =>
    change(fleets, n, ({ onRelease }) => ({ onRelease: onRelease === "keep" ? "pause" : "keep" })),
  adopt: (fleets, n) =>
    change(fleets, n, ({ adopt }) => ({ adopt: adopt === "always" ? "matching" : "always" })),
  plan: (fleets, n) => change(fleets, n, ({ offer }) => ({ offer: (offer + 1 + (n % 2)) % offers.length })),
  limit: (fleets, n) => change(fleets, n, () => ({ overageLimit: LIMITS[n % LIMITS.length] })),
  tag: (fleets, n) => change(fleets, n, () => ({ tagId: TAGS[n % TAGS.length] })),
  wait: (fleets, n) => change(fleets, n, ({ waits }) => ({ waits: !waits })),
} as const satisfies Readonly<Record<string, Edit>>;
export type EditName = keyof typeof edits;

/** Ids of the first tags that an account gives out. */
export const TAG_IDS = [5001, 5002] as const;
const TAGS = [undefined, ...TAG_IDS];
const LIMITS = [undefined, 5_000_000, 8_000_000];

/** How a card stands to the fleet that declares it: nobody has to say what is no card. */
export type Standing = "there" | "hopeless" | "none";

/** What is known about the cards at the moment when the program is written. */
export interface View {
  readonly standing: (fleet: Fleet, n: number) => Standing;
  /** The account cannot always name the SIMs of a range: then the program has to count. */
  readonly mustCount: boolean;
  /** Whether it is a card of the organization, or one that the fleet has held. */
  readonly counts: (fleet: Fleet, n: number) => boolean;
}

/**
 * The arguments of a fleet. A careful author leaves out what cannot be fulfilled (instead of a range he then writes a
 * list, and EIDs only as far as all is well), a careless one does not. Undefined when nothing is left to declare.
 */
export function argumentsOf(fleet: Fleet, view: View, careful: boolean): Values | undefined {
  const all = Array.from({ length: fleet.to - fleet.from }, (_, i) => fleet.from + i);
  const standings = new Map(all.map((n) => [n, view.standing(fleet, n)]));
  const there = all.filter((n) => standings.get(n) === "there");
  const hopeless = all.find((n) => standings.get(n) === "hopeless");
  if (fleet.form === "list" || (fleet.form === "range" && careful && hopeless !== undefined)) {
    const named = careful ? there : all;
    if (named.length === 0) return undefined;
    const counted = fleet.counted ? { expectedSims: named.length } : {};
    return { ...termsOf(fleet), sims: named.map(numberOf), ...counted };
  }
  const end = careful && hopeless !== undefined ? hopeless : fleet.to;
  const sims = all.filter((n) => n < end && view.counts(fleet, n)).length;
  if (there.every((n) => n >= end)) return undefined;
  const counted = fleet.counted || view.mustCount ? { expectedSims: Math.max(1, sims) } : {};
  const [name, spell] =
    fleet.form === "eids" ? (["eidRange", eidOf] as const) : (["simRange", numberOf] as const);
  return { ...termsOf(fleet), [name]: `${spell(fleet.from)}-${spell(end - 1)}`, ...counted };
}

/** Whether a program's arguments declare a SIM, by its printed ICCID or by its EID. */
export function declaredBy(inputs: Values): (iccid: string) => boolean {
  const parsed = parseInputs(inputs);
  const sims = "inputs" in parsed ? parsed.inputs.sims : undefined;
  return (iccid) => sims?.selection.has(sims.form === "eids" ? eidOf(placeOf(iccid)) : iccid) ?? false;
}

/** Terms of billing, as a fleet declares them. */
export function declaredTerms({ offer, overageLimit }: Fleet): Terms {
  return { ...(offers[offer] ?? offers[0]), ...(overageLimit === undefined ? {} : { overageLimit }) };
}

function termsOf(fleet: Fleet): Values {
  const { onRelease, adopt, tagId, waits } = fleet;
  const tag = tagId === undefined ? {} : { tagId };
  return {
    ...declaredTerms(fleet),
    orgId: ORG,
    onRelease,
    adopt,
    ...tag,
    waitForLiveSeconds: waits ? 60 : 0,
  };
}

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

/** With room enough nothing stays, and the fleet is replaced. */
function shifted(one: Fleet, by: number): Partial<Fleet> {
  return { from: one.from + by, to: one.to + by };
}

function halves(one: Fleet, n: number): Fleet[] {
  const width = one.to - one.from;
  if (width < 2) return [one];
  const middle = one.from + 1 + (n % (width - 1));
  const rest = { ...one, name: `${one.name}-b${n}`, from: middle };
  return n % 2 === 0 ? [{ ...one, to: middle }, rest] : [rest, { ...one, to: middle }];
}

/** The first two become one, if they name their SIMs alike and no card of another lies between them. */
function joined(fleets: Fleets): Fleets {
  const [one, other, ...rest] = fleets;
  if (one === undefined || other === undefined || otherForm[one.form] === "eids") return fleets;
  const [from, to] = [Math.min(one.from, other.from), Math.max(one.to, other.to)];
  return rest.some((third) => third.from < to && from < third.to) ? fleets : [{ ...one, from, to }, ...rest];
}
