import fc from "fast-check";
import type { Fault, FaultRule } from "../../../provider/testing/emulator";
import { numberOf } from "./cards";

/** How long a claim without an answer may be landing, as the provider is configured: seconds. */
export const SETTLE = 600;

/** A slow answer takes this long, in milliseconds; no other wait of the emulated account does. */
export const SLOW = 45_001;

/** Something that goes wrong with some requests of one operation. SIMs are given by their place. */
export interface Trouble {
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

/** As the emulator takes it, in a world of so many cards. */
export function ruleOf({ on, nth, times, fault }: Trouble, size: number): FaultRule {
  return { ...requestsOf[on], nth: { from: nth, to: nth + times - 1 }, fault: faultOf(fault, size) };
}

const CLAIM = "/links/cellular/bulkclaim";
const requestsOf: Readonly<Record<Trouble["on"], Pick<FaultRule, "method" | "path" | "preview">>> = {
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
  return cards.map((n) => numberOf(n % size));
}

/** At most so many cards are in a world. */
export const MOST_CARDS = 40;

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

const slow: fc.Arbitrary<Mishap> = of({ kind: "delay", milliseconds: SLOW });

/** An answer to a claim that is not quite that of the request. */
const odd: fc.Arbitrary<Mishap> = fc.oneof(
  fc.record({ kind: of("wrongCount"), drop: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: of("extraSims"), cards: someCards }),
);

const strange: fc.Arbitrary<Mishap> = of(
  { kind: "unknownState", state: "LIVE-PENDING" },
  { kind: "unknownState", state: "HIBERNATED" },
);

const place = { nth: of(1, 1, 1, 1, 2, 2, 3), times: of(1, 1, 1, 2, 99) };
const trouble = (on: Trouble["on"], fault: fc.Arbitrary<Mishap>): fc.Arbitrary<Trouble> =>
  fc.record({ on: of(on), ...place, fault });

/** Mostly of claims: that is where money is. A listing that leaves SIMs out without a word is no fault but a lie. */
export const troubles: fc.Arbitrary<readonly Trouble[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: trouble(
        "claim",
        fc.oneof(refusal, refusal, certain, doubtful, doubtful, late, late, odd, slow),
      ),
    },
    { weight: 2, arbitrary: trouble("read", fc.oneof(certain, doubtful, strange, slow)) },
    { weight: 1, arbitrary: trouble("preview", fc.oneof(refusal, certain, doubtful, odd, slow)) },
    { weight: 1, arbitrary: trouble("change", fc.oneof(refusal, certain, doubtful, late, slow)) },
  ),
  { maxLength: 4 },
);
