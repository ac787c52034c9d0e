import assert from "node:assert/strict";
import fc from "fast-check";
import {
  LONGEST_REQUEST_MS,
  MOST_TRIES,
  parseRetryAfter,
  type Try,
  waitBeforeRetry,
} from "../../provider/hologram/retry";

const kinds = fc.constantFrom("read", "write", "claim");
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const tries = fc.record({
  kind: kinds,
  outcome: fc.constantFrom("rateLimited", "serverError", "transport", "final"),
  count: fc.integer({ min: 1, max: 40 }),
  retryAfterMs: fc.option(fc.integer({ min: 0, max: 10_000_000 }), { nil: undefined }),
  elapsedMs: fc.integer({ min: 0, max: 1_000_000 }),
  random: chance,
}) satisfies fc.Arbitrary<Try>;

const first = { count: 1, elapsedMs: 0, random: 0 };

describe("retry", () => {
  it("waits 5 s after a 429, doubling to 60 s", () => {
    const waits = [1, 2, 3, 4, 5, 6].map((count) =>
      waitBeforeRetry({ ...first, kind: "claim", outcome: "rateLimited", count }),
    );
    assert.deepEqual(waits, [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it("waits half a second after a failed read, doubling, and gives up after four tries", () => {
    const waits = [1, 2, 3, 4].map((count) =>
      waitBeforeRetry({ ...first, kind: "read", outcome: "transport", count }),
    );
    assert.deepEqual(waits, [500, 1_000, 2_000, undefined]);
  });

  it("honours what the server asks for, and still backs off from one that asks for nothing", () => {
    const limited = { ...first, kind: "write", outcome: "rateLimited" } as const;
    assert.equal(waitBeforeRetry({ ...limited, retryAfterMs: 2_000 }), 2_000);
    assert.equal(waitBeforeRetry({ ...limited, retryAfterMs: 0 }), 500);
    assert.equal(waitBeforeRetry({ ...limited, retryAfterMs: 0, count: 5 }), 8_000);
  });

  it("never repeats a claim or a change that may have been carried out", () => {
    fc.assert(
      fc.property(tries, (attempt) => {
        fc.pre(attempt.kind !== "read" && attempt.outcome !== "rateLimited");
        assert.equal(waitBeforeRetry(attempt), undefined);
      }),
    );
  });

  it("never repeats a final answer", () => {
    fc.assert(
      fc.property(tries, (t) => assert.equal(waitBeforeRetry({ ...t, outcome: "final" }), undefined)),
    );
  });

  it("keeps every request under five minutes of waiting", () => {
    fc.assert(
      fc.property(tries, (attempt) => {
        const wait = waitBeforeRetry(attempt);
        if (wait === undefined) return;
        assert.ok(wait > 0);
        assert.ok(attempt.elapsedMs + wait <= LONGEST_REQUEST_MS);
      }),
    );
  });

  it("ends, whatever the server answers", () => {
    fc.assert(
      fc.property(kinds, fc.array(tries, { minLength: 700, maxLength: 700 }), (kind, answers) => {
        const counts = { rateLimited: 0, failed: 0 };
        let elapsedMs = 0;
        let sent = 0;
        for (const { outcome, random, retryAfterMs } of answers) {
          sent++;
          const count = outcome === "rateLimited" ? ++counts.rateLimited : ++counts.failed;
          const wait = waitBeforeRetry({ kind, outcome, count, random, retryAfterMs, elapsedMs });
          if (wait === undefined) break;
          elapsedMs += wait;
        }
        assert.ok(elapsedMs <= LONGEST_REQUEST_MS);
        assert.ok(sent < 700);
        if (kind !== "read") assert.ok(counts.failed <= 1);
        assert.ok(counts.failed <= MOST_TRIES);
      }),
      { numRuns: 20 },
    );
  });

  it("adds jitter upwards only, by a quarter at most", () => {
    fc.assert(
      fc.property(chance, fc.integer({ min: 1, max: 4 }), (random, count) => {
        const base = { ...first, kind: "read", outcome: "rateLimited", count } as const;
        const plain = waitBeforeRetry(base) ?? 0;
        const wait = waitBeforeRetry({ ...base, random }) ?? 0;
        assert.ok(wait >= plain && wait <= plain * 1.25);
      }),
    );
  });
});

describe("Retry-After", () => {
  const now = Date.UTC(2026, 0, 1, 12, 0, 0);

  it("is seconds or a date", () => {
    assert.equal(parseRetryAfter("7", now), 7_000);
    assert.equal(parseRetryAfter(" 1.5 ", now), 1_500);
    assert.equal(parseRetryAfter("Thu, 01 Jan 2026 12:00:30 GMT", now), 30_000);
    assert.equal(parseRetryAfter("Thu, 01 Jan 2026 11:00:00 GMT", now), 0);
  });

  it("is ignored where it is neither", () => {
    for (const header of [undefined, "", "soon", "-5", "5 s"])
      assert.equal(parseRetryAfter(header, now), undefined);
  });
});
