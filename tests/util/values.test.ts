import assert from "node:assert/strict";
import fc from "fast-check";
import { chunksOf } from "../../provider/util/chunks";
import { defined } from "../../provider/util/defined";

describe("chunksOf", () => {
  it("cuts a list into full pieces and a rest", () => {
    assert.deepEqual(chunksOf([1, 2, 3, 4, 5], 2), [[1, 2], [3, 4], [5]]);
    assert.deepEqual(chunksOf([1, 2], 2), [[1, 2]]);
    assert.deepEqual(chunksOf([], 2), []);
  });

  it("loses nothing, changes no order, and makes no piece too long", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 20 }), (list, size) => {
        const chunks = chunksOf(list, size);
        assert.deepEqual(chunks.flat(), list);
        assert.equal(chunks.length, Math.ceil(list.length / size));
        assert.ok(chunks.every((chunk) => chunk.length <= size));
      }),
    );
  });

  it("refuses a size that would never end", () => {
    for (const size of [0, -1, Number.NaN]) assert.throws(() => chunksOf([1], size), RangeError);
  });
});

describe("defined", () => {
  it("leaves out what is undefined, and keeps null, false, 0 and the empty text", () => {
    const all = { a: undefined, b: null, c: false, d: 0, e: "" };
    assert.deepEqual(Object.keys(defined(all)), ["b", "c", "d", "e"]);
  });

  it("has a type in which what may be absent is optional, and the rest is required", () => {
    const zone: string | undefined = [][0];
    const terms: { readonly plan: number; readonly zone?: string } = defined({ plan: 2096, zone });
    assert.deepEqual(terms, { plan: 2096 });
  });
});
