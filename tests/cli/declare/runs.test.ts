import assert from "node:assert/strict";
import { runsOf } from "../../../provider/cli/declare/runs";

/** Runs of these SIMs where `between` is listed as well, as `first-last` or one number. */
function runs(iccids: readonly bigint[], between: readonly bigint[] = []): string[] {
  const listed = [...iccids, ...between].sort((a, b) => (a < b ? -1 : 1)).map(String);
  return runsOf(iccids.map(String), listed).map(({ first, last }) =>
    first === last ? first : `${first}-${last}`,
  );
}

const BASE = 8944500102300000000n;
const at = (...places: readonly number[]): bigint[] => places.map((place) => BASE + BigInt(place));
const span = (from: number, to: number): string => `${BASE + BigInt(from)}-${BASE + BigInt(to)}`;

/** A card of a pack whose numbers end in Luhn's check digit. */
function checked(place: number): bigint {
  const body = 894450010230000000n + BigInt(place);
  for (let digit = 0n; digit < 10n; digit++) {
    const iccid = body * 10n + digit;
    const sum = [...`${iccid}`]
      .reverse()
      .map((text, at) =>
        at % 2 === 0 ? Number(text) : [...`${Number(text) * 2}`].reduce((all, each) => all + Number(each), 0),
      )
      .reduce((all, each) => all + each, 0);
    if (sum % 10 === 0) return iccid;
  }
  return assert.fail("no digit fits");
}

describe("runs of SIMs", () => {
  it("are numbers that follow each other, and nothing that could hold another card", () => {
    assert.deepEqual(runs(at(0, 1, 2, 3)), [span(0, 3)]);
    assert.deepEqual(
      runs(at(0, 1, 3, 4)),
      [span(0, 1), span(3, 4)],
      "a card may be there that is not listed",
    );
    assert.deepEqual(runs(at(0, 5, 10)), at(0, 5, 10).map(String));
  });

  it("go in steps of ten where the last digit says nothing", () => {
    assert.deepEqual(runs(at(0, 10, 20, 30)), [span(0, 30)]);
    assert.deepEqual(runs(at(0, 10, 30, 40)), [span(0, 10), span(30, 40)]);
    assert.deepEqual(runs(at(0, 10, 20), at(13)), at(0, 10, 20).map(String), "a card is listed between");
    assert.deepEqual(runs(at(9, 10, 20, 21)), [span(9, 10), span(20, 21)], "here every number is a card");
  });

  it("follow check digits, whose distances differ", () => {
    const cards = [3, 4, 5, 6, 8, 9].map(checked);
    const [a, , , d, e, f] = cards;
    assert.ok(new Set(cards.slice(1, 4).map((card, place) => card - (cards[place] ?? 0n))).size > 1);
    assert.deepEqual(runs(cards), [`${a}-${d}`, `${e}-${f}`]);
  });

  it("end where the length of the numbers changes", () => {
    const [short, long] = [9_999_999_999_999_999_999n, 10_000_000_000_000_000_000n];
    assert.deepEqual(runs([short, long]), [`${short}`, `${long}`]);
  });
});
