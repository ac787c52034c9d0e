import assert from "node:assert/strict";
import fc from "fast-check";
import { packNames, unpackNames } from "../../provider/fleet/numbers/packedNames";
import { ascendingUnique } from "../../provider/fleet/numbers/selection";

const number = fc.bigInt({ min: 10n ** 17n, max: 10n ** 22n - 1n }).map(String);
const numbers = fc.array(number, { maxLength: 60 }).map(ascendingUnique);

describe("fleet: packed names", () => {
  it("are the same numbers again, whatever part of them is in the base", () => {
    fc.assert(
      fc.property(numbers, numbers, fc.infiniteStream(fc.boolean()), (names, others, coins) => {
        const shared = names.filter(() => coins.next().value);
        const base = ascendingUnique([...shared, ...others]);
        assert.deepEqual(unpackNames(packNames(names, base), base), names);
      }),
    );
  });

  it("are the same numbers again where they lie further apart than a double counts", () => {
    const names = ["1", "9007199254740993", "9999999999999999", "10000000000000000", `1${"0".repeat(31)}`];
    assert.deepEqual(unpackNames(packNames(names)), names);
  });

  it("are one text for one set, in whatever order it comes", () => {
    fc.assert(
      fc.property(numbers, (names) => {
        assert.equal(packNames(names.toReversed()), packNames(names));
        assert.equal(packNames(names.toReversed(), names), packNames(names, names));
      }),
    );
  });

  it("take next to nothing for the cards of a pack, and one character for a card with a check digit", () => {
    const even = Array.from({ length: 100_000 }, (_, i) => String(89445001021983048260n + BigInt(i) * 10n));
    assert.ok(packNames(even).length < 40);
    const checked = even.map((each, i) => String(BigInt(each) + BigInt((i * 7) % 10)));
    assert.ok(packNames(checked).length <= 100_040, `${packNames(checked).length}`);
    const third = even.filter((_, i) => i % 3 === 0);
    assert.ok(packNames(third, even).length < 17_000);
    assert.equal(packNames(even, even), "*");
  });

  it("that are damaged are an error, not other SIMs", () => {
    assert.throws(() => unpackNames("0-5", ["89445001021983048260"]), RangeError);
    assert.throws(() => unpackNames("9-x", []), RangeError);
    assert.throws(() => unpackNames(";89445001021983048260:?", []), RangeError);
  });
});
