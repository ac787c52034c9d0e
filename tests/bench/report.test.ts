import assert from "node:assert/strict";
import { boundsIn } from "./bounds";
import { svg } from "./plot";
import { markdown } from "./report";
import { merge, noResults, type Row, scaledPerSim } from "./results";

const row = (some: Partial<Row>): Row => ({
  contender: "package",
  sims: 1_000,
  resources: 1,
  delay: 0,
  operation: "up",
  seconds: 2,
  requests: 10,
  claims: 1,
  sent: 100,
  read: 200,
  ...some,
});

describe("the report of a benchmark", () => {
  it("takes new figures for old ones of the same operation, and keeps the others", () => {
    const before = { ...noResults, rows: [row({ seconds: 9 }), row({ operation: "destroy" })] };
    const merged = merge(before, { ...noResults, rows: [row({ seconds: 3 })] });
    assert.deepEqual(
      merged.rows.map(({ operation, seconds }) => [operation, seconds]),
      [
        ["up", 3],
        ["destroy", 2],
      ],
    );
  });

  it("scales one resource per SIM from the largest number that was measured, and says so", () => {
    const rows = [
      row({ contender: "perSim", sims: 100, seconds: 4 }),
      row({ contender: "perSim", seconds: 50 }),
    ];
    const own = row({ sims: 10_000 });
    assert.deepEqual(scaledPerSim({ rows }, own, "up"), { seconds: 500, scaled: true });
    assert.equal(scaledPerSim({ rows }, row({ sims: 10_000, delay: 50 }), "up"), undefined);
    assert.match(markdown({ ...noResults, rows: [...rows, own] }), /\| up \| 2\.00 \|.*\| ≈ 500 \| 250 \|/);
  });

  it("shows `@pulumi/command` where it was measured, and says what is missing where it was not", () => {
    const rows = [row({}), row({ contender: "command", seconds: 1 })];
    const measured = markdown({ ...noResults, rows });
    assert.match(measured, /\| up \| 2\.00 \|.*\| 1\.00 \| 0\.5 \|/);
    assert.doesNotMatch(measured, /was not measured/);
    assert.match(
      markdown({ ...noResults, rows: [row({})] }),
      /`pulumi plugin install resource command 1\.2\.1`/,
    );
  });

  it("tells of a bound that was missed", () => {
    const at = (contender: Row["contender"], seconds: number): Row =>
      row({ contender, seconds, sims: 100_000 });
    const told = (own: number) =>
      boundsIn({ ...noResults, rows: [at("package", own), at("floor", 4), at("script", 2)] });
    assert.deepEqual(
      [told(6.9), told(7.1)].map((limits) => limits.map(({ kept }) => kept)),
      [[true], [false]],
    );
    const unchanged = [row({ operation: "unchanged up", requests: 1 })];
    assert.deepEqual(
      boundsIn({ ...noResults, rows: unchanged }).map(({ kept }) => kept),
      [false],
    );
  });

  it("holds requests of a create, its check apart, against the bound of its form", () => {
    const create = (requests: number) =>
      boundsIn({
        ...noResults,
        rows: [
          row({ contender: "list", operation: "preview", requests: 4 }),
          row({ contender: "list", requests }),
        ],
      }).map(({ what, kept }) => [what, kept]);
    // 2 × 1 + 10 + 3 for the create, beside the four of its check.
    assert.deepEqual(create(4 + 15).at(-1), ["requests of a create of 1,000 by list", true]);
    assert.deepEqual(create(4 + 16).at(-1), ["requests of a create of 1,000 by list", false]);
  });

  it("is drawn with both axes logarithmic", async () => {
    const rows = [10, 1_000].map((sims) => row({ sims, seconds: sims / 100 }));
    const drawn = await svg({ rows });
    assert.match(drawn, /^<svg /);
    assert.match(drawn, /this package/);
  });
});
