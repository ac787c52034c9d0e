/** What goes wrong with requests, and when processes die, as the provider level plays it: by a clock of the story. */
import fc from "fast-check";
import type { Fault, FaultRule } from "../../../provider/testing/emulator";
import { iccidOf, MOST_CARDS } from "./cards";

/** How long a claim without an answer may be landing, as the provider is configured: seconds. */
export const SETTLE = 600;

/** Something that goes wrong with some requests of one phase of a command. SIMs are given by their place. */
export interface Trouble {
  readonly in: "preview" | "update";
  readonly on: "claim" | "preview" | "read" | "change";
  readonly nth: number;
  /** How many requests in a row. */
  readonly times: number;
  readonly fault: Mishap;
}

/** Faults as the emulator plays them, with cards in place of ICCIDs. */
type Mishap =
  | { readonly kind: "refuse"; readonly cards: readonly number[] }
  | { readonly kind: "extraSims"; readonly cards: readonly number[] }
  | Exclude<Fault, { kind: "refuse" } | { kind: "extraSims" } | { kind: "hold" }>;

/** When every process dies: at the n-th such request, before or after it is carried out, or long before; or when a call returns. */
export interface Death {
  readonly moment: "claim" | "change" | "preview" | "read" | "any" | "return";
  readonly nth: number;
  readonly phase: "before" | "after" | "landsLate";
  /** How much later the request is carried out that was on its way. */
  readonly seconds: number;
}

/** As the emulator takes it, in a world of so many cards. */
export function ruleOf({ on, nth, times, fault }: Trouble, size: number): FaultRule {
  return { ...requestsOf[on], nth: { from: nth, to: nth + times - 1 }, fault: faultOf(fault, size) };
}

/** Waits of the emulated account that are no waits: by them it tells that a moment of the story has come. */
export const signals = { slow: 45_001, landsLate: 45_003, meddling: 45_005 };

/** Plants the moment of a death; undefined for one that comes when a call returns. */
export function ruleOfDeath({ moment, nth, phase }: Death, die: () => void): FaultRule | undefined {
  if (moment === "return") return undefined;
  const { path, ...on } = moment === "any" ? {} : requestsOf[moment];
  const fault: Fault =
    phase === "landsLate"
      ? { kind: "lateCommit", milliseconds: signals.landsLate }
      : { kind: "drop", commit: phase === "after" };
  return { ...on, path: new Moment(path ?? "", nth, die), fault };
}

/** An expression that matches the n-th path which begins as it says, and tells when it does. */
class Moment extends RegExp {
  private passed = 0;

  constructor(
    private readonly beginning: string,
    private readonly nth: number,
    private readonly come: () => void,
  ) {
    super("");
  }

  override [Symbol.search](path: string): number {
    if (!path.startsWith(this.beginning) || ++this.passed !== this.nth) return -1;
    this.come();
    return 0;
  }
}

/** Plants the moment in which people act: the n-th request has been carried out, and its answer is on its way. */
export function ruleOfMeddling(nth: number): FaultRule {
  return { nth, fault: { kind: "delay", milliseconds: signals.meddling } };
}

export const CLAIM = "/links/cellular/bulkclaim";
const requestsOf: Readonly<
  Record<Trouble["on"], Omit<FaultRule, "fault" | "path"> & { readonly path?: string }>
> = {
  claim: { method: "POST", path: CLAIM, preview: false },
  preview: { method: "POST", path: CLAIM, preview: true },
  read: { method: "GET" },
  change: { method: "POST", path: "/devices" },
};

function faultOf(fault: Mishap, size: number): Fault {
  switch (fault.kind) {
    case "refuse":
      return { kind: "refuse", iccids: numbersOf(fault, size), reason: "SIM is not available" };
    case "extraSims":
      return { kind: "extraSims", iccids: numbersOf(fault, size) };
    default:
      return fault;
  }
}

function numbersOf({ cards }: { readonly cards: readonly number[] }, size: number): string[] {
  return cards.map((n) => iccidOf(n % size));
}

const someCards = fc.array(fc.nat(MOST_CARDS - 1), { minLength: 1, maxLength: 4 });
const commit = fc.boolean();
const of = <const T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

/** Of these SIMs nothing was carried out; of the others it depends on the account. */
const refusal: fc.Arbitrary<Mishap> = fc.record({ kind: of("refuse"), cards: someCards });

/** Nothing was carried out, and the answer says so. */
const certain: fc.Arbitrary<Mishap> = fc.oneof(
  fc.record({ kind: of("rateLimit") }),
  fc.record({ kind: of("rateLimit"), retryAfter: of(0, 1, 7, 200) }),
  of(
    { kind: "status", status: 400, body: { success: false, error: "Try again later" } },
    { kind: "status", status: 402, body: { success: false, error: "Insufficient balance" } },
    { kind: "status", status: 401, body: { success: false, error: "Invalid API key" } },
    { kind: "status", status: 403, body: { success: false, error: "No permissions to perform operation" } },
    { kind: "status", status: 404, body: { success: false, error: "Not found" } },
  ),
);

/** No telling from the answer, if there is one, what was done. */
const doubtful: fc.Arbitrary<Mishap> = fc.oneof(
  fc.record({ kind: of("drop"), commit }),
  fc.record({ kind: of("status"), status: of(500, 502, 503, 504, 408), commit }),
  fc.record({ kind: of("html"), status: of(200, 502, 404), commit }),
  fc.record({ kind: of("empty"), commit }),
  fc.record({ kind: of("halfBody"), commit: of(true) }),
);

const late: fc.Arbitrary<Mishap> = fc.record({
  kind: of("lateCommit"),
  milliseconds: fc
    .oneof(
      { weight: 3, arbitrary: fc.integer({ min: 1, max: SETTLE - 10 }) },
      { weight: 1, arbitrary: fc.integer({ min: SETTLE - 10, max: 2 * SETTLE }) },
    )
    .map((seconds) => seconds * 1_000),
});

const slow: fc.Arbitrary<Mishap> = of({ kind: "delay", milliseconds: signals.slow });

/** An answer to a claim that is not quite that of the request. */
const odd: fc.Arbitrary<Mishap> = fc.oneof(
  fc.record({ kind: of("wrongCount"), drop: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: of("extraSims"), cards: someCards }),
);

const strange: fc.Arbitrary<Mishap> = of(
  { kind: "unknownState", state: "LIVE-PENDING" },
  { kind: "unknownState", state: "HIBERNATED" },
);

const place = {
  in: of("update", "update", "update", "preview"),
  nth: of(1, 1, 1, 1, 2, 2, 3),
  times: of(1, 1, 1, 2, 99),
};
const trouble = (on: Trouble["on"], fault: fc.Arbitrary<Mishap>): fc.Arbitrary<Trouble> =>
  fc.record({ on: of(on), ...place, fault });

/** Mostly of claims: that is where money is. A listing that leaves SIMs out without a word is no fault but a lie. */
export const troubles: fc.Arbitrary<readonly Trouble[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: trouble(
        "claim",
        fc.oneof(refusal, refusal, refusal, certain, doubtful, doubtful, late, late, odd, slow),
      ).map((each) => ({ ...each, in: "update" as const })),
    },
    { weight: 2, arbitrary: trouble("read", fc.oneof(certain, doubtful, strange, slow)) },
    { weight: 1, arbitrary: trouble("preview", fc.oneof(refusal, certain, doubtful, slow)) },
    { weight: 2, arbitrary: trouble("change", fc.oneof(refusal, refusal, certain, doubtful, late, slow)) },
  ),
  { maxLength: 3 },
);

const phase = of("after", "before", "landsLate");
const seconds = of(1, 30, 120, 300, 590, 900);

export const deaths: fc.Arbitrary<Death> = fc.record({
  moment: of("any", "claim", "claim", "claim", "claim", "change", "preview", "read", "return"),
  nth: of(1, 1, 1, 2, 3, 5, 8),
  phase,
  seconds,
});

export function tellTrouble({ in: phaseOf, on, nth: first, times, fault }: Trouble): string {
  const last = times > 1 ? `-${first + times - 1}` : "";
  return `${phaseOf === "preview" ? "in the preview, " : ""}${on} ${first}${last}: ${JSON.stringify(fault)}`;
}

export function tellDeath({ moment, nth: at, phase: when, seconds: later }: Death): string {
  if (moment === "return") return `all die when call ${at} returns`;
  const late = when === "landsLate" ? `, which lands ${later} s later` : "";
  return `all die ${when === "landsLate" ? "at" : when} ${moment} ${at}${late}`;
}
