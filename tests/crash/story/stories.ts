/** Stories of the provider level: an account, programs, people and faults, as fast-check makes them up. */
import fc from "fast-check";
import type { Behaviour } from "../../../provider/testing/emulator";
import { type Kind, kinds, MOST_CARDS } from "./cards";
import { type Death, deaths, type Trouble, tellDeath, tellTrouble, troubles } from "./faults";
import { type Deed, deeds, tellDeed } from "./people";
import { type EditName, edits, type Fleet, type Fleets } from "./program";

/** Everything that happens in one run, before the faults end. */
export interface Story {
  readonly cards: readonly Kind[];
  /** Whether the account lists cards that nobody has claimed. */
  readonly listed: boolean;
  readonly ways: Partial<Behaviour>;
  /** Deactivations allowed in one run. */
  readonly mostDeactivations: number;
  /** The first program of either stack. */
  readonly begin: readonly Beginning[];
  readonly steps: readonly Step[];
}

/** Whether what people moved away comes back at the end. */
export function isReturned({ cards }: Story): boolean {
  return cards.length % 2 === 0;
}

interface Beginning {
  readonly from: number;
  readonly width: number;
  readonly every: number;
  readonly form: Fleet["form"];
  readonly counted: boolean;
  readonly adopt: Fleet["adopt"];
  readonly onRelease: Fleet["onRelease"];
  readonly overageLimit: number | undefined;
  /** The rest of the cards is a second resource. */
  readonly second: boolean;
}

/** One command, with what was edited and done by hand before it, what goes wrong, and how much later the next one is. */
export interface Step {
  readonly stack: number;
  readonly machine: number;
  readonly edit: EditName | "revert";
  readonly n: number;
  /** Leaves out of the program what cannot be fulfilled. */
  readonly careful: boolean;
  readonly before: readonly Deed[];
  readonly command: "up" | "planned" | "preview" | "refresh" | "destroy";
  readonly refreshes: boolean;
  readonly skipsPreview: boolean;
  /** Between the preview and the update. */
  readonly between: readonly Deed[];
  /** After this request of the update, while its answer is on its way. */
  readonly during: { readonly nth: number; readonly deeds: readonly Deed[] } | undefined;
  /** Replaces the fleet, as `--replace` does. */
  readonly replaces: boolean;
  /** Only the fleet, as with `--target`. */
  readonly targets: boolean;
  /** Steps of several fleets run side by side. */
  readonly parallel: boolean;
  readonly troubles: readonly Trouble[];
  readonly death: Death | undefined;
  /** What the user does at once when the command has failed: tries again, or gives up. */
  readonly again: "up" | "destroy" | undefined;
  /** Seconds. */
  readonly pause: number;
}

/** The first program of a stack. */
export function beginning({ cards, begin, listed, ways }: Story, stack: number): Fleets {
  const it = begin[stack];
  if (it === undefined) return [];
  const from = it.from % cards.length;
  const to = Math.min(cards.length, from + it.width);
  // EIDs are claimed only where the account names the SIMs.
  const names = (listed && ways.linksEndpoint !== false) || ways.previewAnswer === "namesRest";
  const form = it.form === "eids" && !(names && ways.limit === 2_500) ? "range" : it.form;
  const { counted, adopt, overageLimit, onRelease, every } = it;
  const terms = { counted, adopt, overageLimit, onRelease, offer: 0, tagId: undefined };
  const rest = { provider: 0, waits: false, follows: it.width % 2 === 1, every: form === "list" ? every : 1 };
  const first: Fleet = { name: stack === 0 ? "fleet" : "other", form, from, to, ...terms, ...rest };
  const second: Fleet = { ...first, name: `${first.name}-2`, from: to, to: cards.length };
  return it.second && to < cards.length ? [first, second] : [first];
}

/** The story as people read it: one line a step. */
export function tell(story: Story): string {
  const { cards, listed, ways: how, mostDeactivations, begin, steps } = story;
  const ways = Object.entries(how).map(([name, value]) => `${name} ${value}`);
  return [
    `cards ${cards.map((each) => kinds[each]).join("")} ${listed ? "listed" : "not listed"}, at most ${mostDeactivations} deactivations`,
    `account: ${ways.join(", ")}`,
    ...begin.map((each, i) => `stack ${i} begins with ${JSON.stringify(each)}`),
    ...steps.map((step, i) => `${i + 1}. ${tellStep(step)}`),
    ...(isReturned(story) ? ["what was moved away comes back"] : []),
  ].join("\n");
}

const of = <const T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const seldom = (weight: number): fc.Arbitrary<boolean> => fc.nat(weight).map((n) => n === weight);
const maybe = <T>(weight: number, what: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: what });

/** How often a card is of which kind. */
const kind: fc.Arbitrary<Kind> = fc.oneof(
  { weight: 60, arbitrary: of("free") },
  { weight: 12, arbitrary: of("active", "paused", "hole") },
  {
    weight: 2,
    arbitrary: of("test", "pausedByHologram", "otherPlan", "dead", "freeElsewhere", "activeElsewhere"),
  },
);

const ways: fc.Arbitrary<Partial<Behaviour>> = fc.record({
  edition: of("E2", "E2", "E1", "E3", "blueprint"),
  previewAnswer: of("names", "names", "names", "namesRest", "namesRest", "costOnly", "ignored"),
  partialClaims: of("allOrNothing", "rest", "rest"),
  failureStatus: of(400, 200),
  errorField: of("error", "errors"),
  rateLimitBody: of("json", "text"),
  ids: of("number", "string"),
  lists: of("array", "keyed"),
  linksEndpoint: of(true, true, true, true, true, false),
  settleReads: of(0, 0, 1, 3),
  limit: of(2_500, 2_500, 2_500, 9, 3),
  preflight: of("E3", "E1"),
  changeAnswers: of("lists", "bare"),
  unclaimedDeviceId: of("absent", "zero"),
  zoneSpelling: of("plan", "capitalised"),
  lastPage: of("says", "silent"),
  planChangeCost: of("0.00", "0.10"),
});

const edit: fc.Arbitrary<EditName | "revert"> = fc.oneof(
  { weight: 3, arbitrary: of("none") },
  { weight: 2, arbitrary: of("grow", "growDown", "revert", "disjoint", "rename", "split") },
  { weight: 6, arbitrary: fc.constantFrom("revert" as const, ...Object.keys(edits).filter(isEdit)) },
);

const step: fc.Arbitrary<Step> = fc.record({
  stack: of(0, 0, 0, 0, 1),
  machine: of(0, 0, 0, 0, 0, 0, 1),
  edit,
  n: fc.nat(99),
  careful: seldom(9).map((careless) => !careless),
  before: maybe(2, deeds).map((some) => some ?? []),
  command: of("up", "up", "up", "up", "up", "up", "planned", "planned", "refresh", "destroy", "preview"),
  refreshes: seldom(4),
  skipsPreview: seldom(6),
  between: maybe(4, deeds).map((some) => some ?? []),
  during: maybe(9, fc.record({ nth: fc.integer({ min: 1, max: 8 }), deeds })),
  replaces: seldom(11),
  targets: seldom(9),
  parallel: seldom(2),
  troubles: fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: troubles }),
  death: maybe(4, deaths),
  again: of(undefined, "up", "up", "up", "destroy"),
  pause: of(1, 30, 120, 300, 590, 620, 1_200),
});

const first: fc.Arbitrary<Beginning> = fc.record({
  from: fc.nat(7),
  width: fc.integer({ min: 1, max: 14 }),
  every: of(1, 1, 1, 2, 3),
  form: of("list", "list", "range", "range", "range", "eids"),
  counted: fc.boolean(),
  adopt: of("matching", "matching", "always"),
  onRelease: of("keep", "pause", "pause", "pause", "deactivate"),
  overageLimit: of(undefined, undefined, 5_000_000),
  second: of(false, false, true),
});

export const stories: fc.Arbitrary<Story> = fc.record({
  cards: fc.array(kind, { minLength: 3, maxLength: MOST_CARDS }),
  listed: seldom(3).map((not) => !not),
  ways,
  mostDeactivations: of(0, 3, 1_000),
  begin: fc.tuple(first, first),
  steps: fc.array(step, { minLength: 1, maxLength: 6 }),
});

function isEdit(name: string): name is EditName {
  return name in edits;
}

function tellStep(step: Step): string {
  const { edit: name, n, careful, command, refreshes, skipsPreview, before, between, during } = step;
  const { stack, machine, replaces, targets, parallel, troubles: planted, death, pause } = step;
  const flags = [
    [refreshes, "--refresh"],
    [skipsPreview, "--skip-preview"],
    [replaces, "--replace"],
    [targets, "--target"],
    [parallel, "side by side"],
    [!careful, "of a careless program"],
    [machine > 0, "on another machine"],
  ] as const;
  const parts = [
    ...(stack > 0 ? [`stack ${stack}`] : []),
    ...(name === "none" ? [] : [`edit ${name}(${n})`]),
    ...before.map(tellDeed),
    [command, ...flags.flatMap(([is, word]) => (is ? [word] : []))].join(" "),
    ...between.map((deed) => `before the update ${tellDeed(deed)}`),
    ...(during?.deeds.map((deed) => `after request ${during.nth} ${tellDeed(deed)}`) ?? []),
    ...planted.map(tellTrouble),
    ...(death === undefined ? [] : [tellDeath(death)]),
    ...(step.again === undefined ? [] : [`when it fails ${step.again}`]),
    `then ${pause} s`,
  ];
  return parts.join("; ");
}
