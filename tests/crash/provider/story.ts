import fc from "fast-check";
import type { Behaviour } from "../../../provider/testing/emulator";
import { type Kind, kinds } from "./cards";
import { MOST_CARDS, type Trouble, troubles } from "./faults";
import type { Death } from "./life";
import { type EditName, edits, type Fleet, type Fleets } from "./programs";

/** Everything that happens in one run, before the faults end. */
export interface Story {
  readonly cards: readonly Kind[];
  /** Whether the account lists cards that nobody has claimed. */
  readonly listed: boolean;
  readonly ways: Partial<Behaviour>;
  readonly begin: Beginning;
  readonly steps: readonly Step[];
  /** Whether what came to be otherwise is looked for, at the end, before `up` is repeated. */
  readonly refreshes: boolean;
}

/** The first program. */
export interface Beginning {
  readonly from: number;
  readonly width: number;
  readonly form: Fleet["form"];
  readonly counted: boolean;
  readonly adopt: Fleet["adopt"];
  readonly overageLimit: number | undefined;
  /** The rest of the cards is a second resource. */
  readonly second: boolean;
}

/** One operation of a user, what was edited and done by hand before it, what went wrong, and how much later the next one is. */
export interface Step {
  readonly edit: EditName;
  readonly n: number;
  /** Leaves out of the program what cannot be fulfilled. */
  readonly careful: boolean;
  readonly byHand: readonly Deed[];
  readonly operation: "up" | "preview" | "refresh" | "destroy";
  readonly troubles: readonly Trouble[];
  readonly death: Death | undefined;
  /** How much too large for their report failures are that end part-way: the lists are left out, or packed. */
  readonly crowded: number;
  /** Seconds. */
  readonly pause: number;
}

/** What somebody does in the dashboard. */
export interface Deed {
  readonly what: "activate" | "pause" | "resume" | "changePlan" | "deactivate" | "moveAway" | "swapProfile";
  readonly card: number;
}

export function beginning({ cards, begin, listed, ways }: Story): Fleets {
  const { counted, adopt, overageLimit } = begin;
  const from = begin.from % cards.length;
  const to = Math.min(cards.length, from + begin.width);
  // EIDs are claimed only where the account names the SIMs.
  const names = (listed && ways.linksEndpoint !== false) || ways.previewAnswer === "namesRest";
  const form = begin.form === "eids" && !(names && ways.limit === 2_500) ? "range" : begin.form;
  const rest = { onRelease: "keep", offer: 0, tagId: undefined, waits: false } as const;
  const first = { ...rest, name: "fleet", form, from, to, counted, adopt, overageLimit };
  const second = { ...first, name: "second", from: to, to: cards.length };
  return begin.second && to < cards.length ? [first, second] : [first];
}

/** How often a card is of which kind. */
const common: Kind[] = ["free", "free", "free", "free", "free", "free", "active", "paused", "test", "hole"];
const rare: Kind[] = ["free", "pausedByHologram", "otherPlan", "dead", "freeElsewhere", "activeElsewhere"];
const kind = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...common) },
  { weight: 1, arbitrary: fc.constantFrom(...rare) },
);

const ways: fc.Arbitrary<Partial<Behaviour>> = fc.record({
  edition: fc.constantFrom("E2", "E1", "E3", "blueprint"),
  previewAnswer: fc.constantFrom(
    "names",
    "names",
    "namesRest",
    "namesRest",
    "costOnly",
    "costOnly",
    "ignored",
  ),
  partialClaims: fc.constantFrom("allOrNothing", "rest", "rest"),
  failureStatus: fc.constantFrom(400, 200),
  errorField: fc.constantFrom("error", "errors"),
  rateLimitBody: fc.constantFrom("json", "text"),
  ids: fc.constantFrom("number", "string"),
  lists: fc.constantFrom("array", "keyed"),
  linksEndpoint: fc.constantFrom(true, true, true, true, false),
  settleReads: fc.constantFrom(0, 1, 3),
  limit: fc.constantFrom(2_500, 2_500, 9, 3),
  preflight: fc.constantFrom("E3", "E1"),
  changeAnswers: fc.constantFrom("lists", "bare"),
  unclaimedDeviceId: fc.constantFrom("absent", "zero"),
  zoneSpelling: fc.constantFrom("plan", "capitalised"),
  lastPage: fc.constantFrom("says", "silent"),
  planChangeCost: fc.constantFrom("0.00", "0.10"),
});

const death: fc.Arbitrary<Death | undefined> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.record({
        moment: fc.constantFrom("any"),
        nth: fc.integer({ min: 1, max: 12 }),
        phase: fc.constantFrom("after", "before"),
      }),
      fc.record({
        moment: fc.constantFrom("claim", "claim", "change", "sleep", "preview", "read", "return"),
        nth: fc.constantFrom(1, 1, 2, 3),
        phase: fc.constantFrom("after", "before"),
      }),
    ),
  },
);

const deeds: fc.Arbitrary<readonly Deed[]> = fc.oneof(
  { weight: 4, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.record({
        what: fc.constantFrom(
          "activate",
          "activate",
          "pause",
          "pause",
          "resume",
          "changePlan",
          "deactivate",
          "moveAway",
          "swapProfile",
        ),
        card: fc.nat(MOST_CARDS - 1),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  },
);

const edit: fc.Arbitrary<EditName> = fc.oneof(
  { weight: 1, arbitrary: fc.constant("none" as const) },
  { weight: 2, arbitrary: fc.constantFrom("grow", "growDown", ...Object.keys(edits).filter(isEdit)) },
);

const step: fc.Arbitrary<Step> = fc.record({
  edit,
  n: fc.nat(99),
  careful: fc.constantFrom(true, true, true, true, true, true, true, true, true, false),
  byHand: deeds,
  operation: fc.constantFrom("up", "up", "up", "up", "up", "up", "up", "preview", "refresh", "destroy"),
  troubles,
  death,
  crowded: fc.constantFrom(0, 0, 0, 1, 1, 2),
  pause: fc.constantFrom(1, 30, 120, 300, 590, 620, 1_200),
});

export const stories: fc.Arbitrary<Story> = fc.record({
  cards: fc.array(kind, { minLength: 2, maxLength: MOST_CARDS }),
  listed: fc.boolean(),
  ways,
  begin: fc.record({
    from: fc.nat(9),
    width: fc.integer({ min: 1, max: 20 }),
    form: fc.constantFrom("list", "list", "range", "range", "eids"),
    counted: fc.boolean(),
    adopt: fc.constantFrom("matching", "matching", "always"),
    overageLimit: fc.constantFrom(undefined, undefined, 5_000_000),
    second: fc.constantFrom(false, false, true),
  }),
  steps: fc.array(step, { minLength: 1, maxLength: 10 }),
  refreshes: fc.boolean(),
});

function isEdit(name: string): name is EditName {
  return name in edits;
}

/** The story as people read it: one line a step. */
export function tell(story: Story): string {
  const { cards, listed, ways: how, begin, steps, refreshes } = story;
  const ways = Object.entries(how).map(([name, value]) => `${name} ${value}`);
  const lines = steps.map(({ edit, n, careful, byHand, operation, troubles, death, crowded, pause }) =>
    [
      edit === "none" ? "" : `edit ${edit}(${n})`,
      ...byHand.map(({ what, card }) => `by hand ${what} #${card}`),
      careful ? operation : `${operation} of a careless program`,
      ...troubles.map(
        ({ on, nth, times, fault }) =>
          `${on} ${nth}${times > 1 ? `-${nth + times - 1}` : ""}: ${JSON.stringify(fault)}`,
      ),
      death ? `dies ${death.phase} ${death.moment} ${death.nth}` : "",
      crowded > 0 ? `lists do not fit (${crowded})` : "",
      `then ${pause} s`,
    ]
      .filter((part) => part !== "")
      .join("; "),
  );
  return [
    `cards ${cards.map((each) => kinds[each]).join("")} ${listed ? "listed" : "not listed"}`,
    `account: ${ways.join(", ")}`,
    `begins with ${JSON.stringify(begin)}`,
    ...lines.map((line, i) => `${i + 1}. ${line}`),
    ...(refreshes ? ["in the end a refresh"] : []),
  ].join("\n");
}
