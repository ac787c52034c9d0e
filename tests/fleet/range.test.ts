import assert from "node:assert/strict";
import { parseIntervals, parseRange, printIntervals, printRange } from "../../provider/fleet/numbers/range";

const [first, last] = ["89445001021983048260", "89445001021983049259"];

describe("the spelling of ranges", () => {
  it("is read back as it was printed, spaces around the bounds apart", () => {
    assert.deepEqual(parseRange(printRange({ first, last })), { first, last });
    assert.deepEqual(parseRange(` ${first} - ${last}`), { first, last });
  });

  it("has two bounds: one number and three are none", () => {
    for (const text of ["", first, `${first}-${last}-${last}`]) assert.equal(parseRange(text), undefined);
  });

  it("is a single number in messages and state where both bounds are the same, and never in requests", () => {
    assert.equal(printIntervals([{ first, last: first }]), first);
    assert.equal(printRange({ first, last: first }), `${first}-${first}`);
  });

  it("of several intervals is read back whole", () => {
    const several = [
      { first, last: first },
      { first: last, last: "89445001021983049999" },
    ];
    assert.deepEqual(parseIntervals(printIntervals(several)), several);
  });
});
