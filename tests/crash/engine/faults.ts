import fc from "fast-check";
import type { Fault, FaultRule } from "../../../provider/testing/emulator";

/** Something that goes wrong with some requests of one operation. */
export interface Trouble {
  readonly on: "claim" | "preview" | "read";
  readonly nth: number;
  /** How many requests in a row. */
  readonly times: number;
  readonly fault: Fault;
}

/** Holds one request, or one claim, until the faults end. */
export function holding(what: "claim" | "request", nth: number, commit: boolean): FaultRule {
  return { ...(what === "claim" ? requestsOf.claim : {}), nth, fault: { kind: "hold", commit } };
}

export function ruleOf({ on, nth, times, fault }: Trouble): FaultRule {
  return { ...requestsOf[on], nth: { from: nth, to: nth + times - 1 }, fault };
}

export function tellTrouble({ on, nth, times, fault }: Trouble): string {
  return `${on} ${nth}${times > 1 ? `-${nth + times - 1}` : ""}: ${JSON.stringify(fault)}`;
}

export const CLAIM = "/links/cellular/bulkclaim";
const requestsOf = {
  claim: { method: "POST", path: CLAIM, preview: false },
  preview: { method: "POST", path: CLAIM, preview: true },
  read: { method: "GET" },
} as const;

const commit = fc.boolean();
const of = <const T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

/** No telling from the answer, if there is one, what was done. */
const doubtful: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: of("drop"), commit }),
  fc.record({ kind: of("status"), status: of(500, 502, 503, 504), commit }),
  fc.record({ kind: of("halfBody"), commit: of(true) }),
  fc.record({ kind: of("empty"), commit }),
);

/** Well within the time that a claim may take to land: at least 3 s, of which a busy machine takes its share. */
const late: fc.Arbitrary<Fault> = fc.record({
  kind: of("lateCommit"),
  milliseconds: fc.integer({ min: 20, max: 2_300 }),
});

/** Makes the moment last in which a process can die. A held request is let go after the death. */
const slow: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: of("delay"), milliseconds: fc.integer({ min: 20, max: 400 }) }),
  fc.record({ kind: of("hold"), commit }),
);

const rateLimit: fc.Arbitrary<Fault> = fc.record({ kind: of("rateLimit"), retryAfter: of(0, 1) });

const serverError: fc.Arbitrary<Fault> = of({ kind: "status", status: 503 });

const on = (what: Trouble["on"], fault: fc.Arbitrary<Fault>, ...nth: number[]): fc.Arbitrary<Trouble> =>
  fc.record({ on: of(what), nth: of(...nth), times: of(1, 1, 1, 2), fault });

/** Mostly of claims: that is where money is. */
export const troubles: fc.Arbitrary<readonly Trouble[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: on("claim", fc.oneof(slow, doubtful, doubtful, late, late, rateLimit), 1, 1, 2, 3),
    },
    { weight: 1, arbitrary: on("preview", fc.oneof(slow, rateLimit), 1, 2) },
    { weight: 1, arbitrary: on("read", fc.oneof(slow, rateLimit, serverError), 1, 2, 4, 6, 8) },
  ),
  { maxLength: 2 },
);
