import assert from "node:assert/strict";
import fc from "fast-check";
import { ascendingUnique, compareNumbers, Selection } from "../../provider/fleet/numbers/selection";

const base = 89445001021983048260n;
/** Small numbers high up, so that sets collide often and every number is longer than a double holds. */
const number = fc.integer({ min: 0, max: 40 }).map((n) => (base + BigInt(n)).toString());
const list = fc.array(number, { maxLength: 20 });
const range = fc.tuple(number, number).map((pair): [string, string] => {
  const [first, last] = [...pair].sort(compareNumbers);
  return [first ?? pair[0], last ?? pair[1]];
});
const selection = fc.oneof(
  list.map((numbers) => Selection.ofList(numbers)),
  fc
    .array(range, { maxLength: 4 })
    .map((ranges) => ranges.reduce((all, [a, b]) => all.union(Selection.ofRange(a, b)), Selection.empty)),
);
const universe = Array.from({ length: 43 }, (_, i) => (base - 1n + BigInt(i)).toString());
const members = (s: Selection): string[] => universe.filter((n) => s.has(n));
const both = (f: (a: Selection, b: Selection) => void): void =>
  fc.assert(fc.property(selection, selection, f), { numRuns: 400 });

describe("Selection", () => {
  it("holds exactly what a list names, once and in order", () => {
    fc.assert(
      fc.property(list, (numbers) => {
        assert.deepEqual(members(Selection.ofList(numbers)), ascendingUnique(numbers));
      }),
    );
  });

  it("prints every number of up to 32 digits as it was given", () => {
    // Beside the places where a half of 16 digits carries over, and where a double stops being exact.
    const edges = [10n ** 8n, 10n ** 16n, 2n ** 53n, 10n ** 16n + 2n ** 53n, 10n ** 24n, 10n ** 32n];
    const beside = fc
      .constantFrom(...edges)
      .chain((edge) => fc.bigInt({ min: edge - 3n, max: edge === 10n ** 32n ? edge - 1n : edge + 3n }));
    const any = fc.bigInt({ min: 0n, max: 10n ** 32n - 1n });
    const text = fc
      .oneof(
        beside,
        any,
        fc.integer({ min: 1, max: 31 }).map((n) => 10n ** BigInt(n)),
      )
      .map(String);
    fc.assert(
      fc.property(text, (each) => {
        assert.equal(Selection.ofList([each]).toString(), each);
      }),
      { numRuns: 1_000 },
    );
  });

  it("answers look-ups in any order, and asked again, alike", () => {
    fc.assert(
      fc.property(list, fc.array(number, { maxLength: 60 }), (numbers, asked) => {
        const [set, selected] = [new Set(numbers), Selection.ofList(numbers)];
        for (const one of [...asked, ...asked.toSorted(), ...asked.toReversed()])
          assert.equal(selected.has(one), set.has(one), one);
      }),
      { numRuns: 400 },
    );
  });

  it("unites, intersects and subtracts as sets do", () => {
    both((a, b) => {
      assert.deepEqual(
        members(a.union(b)),
        universe.filter((n) => a.has(n) || b.has(n)),
      );
      assert.deepEqual(
        members(a.intersect(b)),
        universe.filter((n) => a.has(n) && b.has(n)),
      );
      assert.deepEqual(
        members(a.minus(b)),
        universe.filter((n) => a.has(n) && !b.has(n)),
      );
    });
  });

  it("is the same set, the same text and the same intervals, however it was made", () => {
    both((a, b) => {
      const again = a.minus(b).union(a.intersect(b));
      assert.ok(again.equals(a));
      assert.equal(again.toString(), a.toString());
      assert.ok(Selection.ofList(members(a)).equals(a));
    });
  });

  it("keeps its intervals sorted, disjoint and not touching", () => {
    both((a, b) => {
      const intervals = a.union(b).intervals();
      for (const [i, { first, last }] of intervals.entries()) {
        assert.ok(BigInt(first) <= BigInt(last));
        const next = intervals[i + 1];
        if (next) assert.ok(BigInt(last) + 1n < BigInt(next.first));
      }
    });
  });

  it("tells overlap, cover and width", () => {
    both((a, b) => {
      assert.equal(
        a.overlaps(b),
        members(a).some((n) => b.has(n)),
      );
      assert.equal(
        a.covers(b),
        members(b).every((n) => a.has(n)),
      );
      assert.equal(a.width, BigInt(members(a).length));
      assert.equal(a.isEmpty, members(a).length === 0);
    });
  });

  it("is listed whole, in few parts", () => {
    const few = Selection.ofList(["5", "7", "9"]);
    assert.deepEqual(few.spans(), few.intervals());
    assert.deepEqual(Selection.ofList(["5", "7", "9", "11"]).spans(), [{ first: "5", last: "11" }]);
    assert.deepEqual(Selection.empty.spans(), []);
  });

  it("splits after any number of numbers, losing none", () => {
    fc.assert(
      fc.property(selection, fc.integer({ min: 0, max: 45 }), (a, count) => {
        const [head, tail] = a.splitAfter(BigInt(count));
        assert.deepEqual(members(head), members(a).slice(0, count));
        assert.deepEqual(members(tail), members(a).slice(count));
      }),
    );
  });

  it("keeps 19 and 20 digits apart and in numeric order", () => {
    const [short, long] = ["8944500102198304826", "89445001021983048260"];
    assert.deepEqual(ascendingUnique([long, short, long]), [short, long]);
    assert.equal(Selection.ofList([short]).has(long), false);
  });

  it("is exact where a number passes from one half of its digits to the other", () => {
    const edges = [
      10n ** 16n,
      10n ** 16n * 5n,
      5n * 10n ** 15n,
      89n * 10n ** 30n + 10n ** 16n,
      10n ** 32n - 6n,
    ];
    const near = fc
      .tuple(fc.constantFrom(...edges), fc.integer({ min: -5, max: 5 }))
      .map(([edge, n]) => edge + BigInt(n));
    const some = fc.array(near, { maxLength: 30 }).map((values) => new Set(values));
    fc.assert(
      fc.property(some, some, (a, b) => {
        const [one, other] = [a, b].map((values) => Selection.ofList([...values].map(String)));
        assert.ok(one && other);
        const wanted = (values: ReadonlySet<bigint>) => ascendingUnique([...values].map(String));
        const held = (s: Selection) =>
          s.intervals().flatMap(({ first, last }) => {
            const count = Number(BigInt(last) - BigInt(first)) + 1;
            return Array.from({ length: count }, (_, i) => (BigInt(first) + BigInt(i)).toString());
          });
        assert.deepEqual(held(one), wanted(a));
        assert.deepEqual(held(one.union(other)), wanted(a.union(b)));
        assert.deepEqual(held(one.intersect(other)), wanted(a.intersection(b)));
        assert.deepEqual(held(one.minus(other)), wanted(a.difference(b)));
        assert.equal(one.width, BigInt(a.size));
      }),
      { numRuns: 1_000 },
    );
  });

  it("refuses what is no number of up to 32 digits, whatever zeros stand before it", () => {
    assert.equal(Selection.ofList([`${"0".repeat(30)}1234`]).toString(), "1234");
    for (const text of ["1".repeat(33), "12a4", "-1", "1.5"]) {
      assert.throws(() => Selection.ofList([text]), RangeError);
    }
  });

  it("refuses a reversed range", () => {
    assert.throws(() => Selection.ofRange("89445001021983048261", "89445001021983048260"), RangeError);
  });
});
