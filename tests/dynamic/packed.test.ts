import assert from "node:assert/strict";
import fc from "fast-check";
import { pack, unpack } from "../../provider/dynamic/wire/packed";
import { ascendingUnique } from "../../provider/fleet/numbers/selection";
import { cards } from "../harness/provider/providerFleet";

const number = fc.bigInt({ min: 10n ** 18n, max: 10n ** 21n }).map(String);

describe("dynamic: packed numbers", () => {
  it("are the same numbers again, any and none", () =>
    fc.assert(
      fc.property(fc.array(number, { maxLength: 200 }).map(ascendingUnique), (numbers) => {
        assert.deepEqual(unpack(pack(numbers)), numbers);
      }),
    ));

  it("are short where the cards lie evenly, and fit a header where they end in a check digit", () => {
    assert(pack(cards(100_000)).length < 1_000);
    const checked = Array.from({ length: 10_000 }, (_, i) =>
      withCheckDigit(`${894450010219830000n + BigInt(i)}`),
    );
    assert(pack(checked).length < 6_000, `${pack(checked).length}`);
  });

  it("are not a range", () => {
    assert.equal(unpack("89445001021983048260-89445001021983048269"), undefined);
  });
});

/** As ICCIDs end in practice (ITU-T E.118: Luhn). */
function withCheckDigit(body: string): string {
  const sum = [...body].reverse().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}
