import assert from "node:assert/strict";
import fc from "fast-check";
import {
  countOfSims,
  formatCount,
  formatDollars,
  money,
  toDollars,
  zero,
} from "../../provider/fleet/model/money";

/** An amount as the API writes it, and the same in millionths. */
const amount = fc.integer({ min: 0, max: 50_000_000 }).map((micros) => ({
  micros: BigInt(micros),
  text: `${Math.trunc(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, "0")}`,
}));

describe("money", () => {
  it("is decimal: prices times counts are exact, and rounded to cents once, half up", () => {
    fc.assert(
      fc.property(amount, fc.integer({ min: 0, max: 1_000_000 }), ({ micros, text }, count) => {
        const cents = (micros * BigInt(count) + 5_000n) / 10_000n;
        assert.equal(toDollars(money(text).times(count)), Number(cents) / 100);
      }),
    );
  });

  it("sums without drifting", () => {
    const sum = Array.from({ length: 1_000 }, () => "0.1").reduce((total, each) => total.plus(each), zero);
    assert.equal(sum.toFixed(), "100");
  });

  it("rounds the sum, not its parts", () => {
    assert.equal(toDollars(money("0.004").times(10)), 0.04);
    assert.equal(toDollars(money("1.005")), 1.01);
    assert.equal(toDollars(money("2.675")), 2.68);
  });

  it("is written as dollars", () => {
    assert.equal(formatDollars(7500), "$7,500.00");
    assert.equal(formatDollars(0.6), "$0.60");
    assert.equal(formatDollars(1_234_567.891), "$1,234,567.89");
  });

  it("counts SIMs in words", () => {
    assert.deepEqual([0, 1, 2, 12_500].map(countOfSims), ["0 SIMs", "1 SIM", "2 SIMs", "12,500 SIMs"]);
    assert.equal(formatCount(1_000_000), "1,000,000");
  });
});
