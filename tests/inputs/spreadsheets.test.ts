import assert from "node:assert/strict";
import { parseInputs } from "../../provider/dynamic/inputs/parse";

const plan = 2096;
const [good, other] = ["89445001021983048260", "89445001021983049259"];

function problemOf(inputs: Readonly<Record<string, unknown>>): string {
  const parsed = parseInputs({ plan, ...inputs });
  assert.ok("problems" in parsed, "it was to be refused");
  assert.equal(parsed.problems.length, 1, parsed.problems.join("\n"));
  return parsed.problems[0] ?? "";
}

/** Spoilt in one way: the text, and the cause that is to be named. */
const spoilt: readonly (readonly [what: string, text: string, cause: RegExp])[] = [
  [
    "scientific notation",
    "8.9445E+19",
    /scientific notation, and its last digits are lost; format the column as text/,
  ],
  ["scientific notation with a comma", "8,9445e19", /scientific notation/],
  ["a trailing F", `${good.slice(0, 19)}F`, /the F at its end fills up the SIM's memory.*leave it out/],
  ["quotation marks", `"${good}"`, /quotation marks around it/],
  ["typographic quotation marks", `“${good}”`, /quotation marks around it/],
  ["a formula", `="${good}"`, /a formula of a spreadsheet/],
  ["an apostrophe", `'${good}`, /the apostrophe in front is how spreadsheets mark text/],
  ["blanks inside", "8944 5001 0219 8304 8260", /blanks or marks between its digits/],
  ["dots inside", "89.445.001.021.983.048.260", /blanks or marks between its digits/],
  [
    "a zero-width space",
    `89445\u200b001021983048260`,
    /"89445<U\+200B>001021983048260".*a zero-width space \(U\+200B\), which cannot be seen/,
  ],
  ["a mark of direction", `89445\u200e001021983048260`, /<U\+200E>.*it holds U\+200E, which cannot be seen/],
  ["digits of another script", "٨٩٤٤٥٠٠١٠٢١٩٨٣٠٤٨٢٦٠", /not the digits 0 to 9, although they look like them/],
];
/** A range's bounds are trimmed, a list's entries are not. */
const spoiltInLists: typeof spoilt = [
  ["a blank behind", `${good} `, /blanks around it/],
  ["a no-break space", `${good}\u00a0`, /<U\+00A0>".*a no-break space \(U\+00A0\)/],
  ["a byte order mark", `\ufeff${good}`, /<U\+FEFF>.*a byte order mark/],
  ["a carriage return", `${good}\r`, /a carriage return \(U\+000D\)/],
];

describe("numbers from a spreadsheet", () => {
  for (const [what, text, cause] of [...spoilt, ...spoiltInLists]) {
    it(`with ${what} are refused in a list, by name of the cause`, () => {
      const problem = problemOf({ sims: [other, text] });
      assert.match(problem, /^sims: element 2, .*is not an ICCID: /);
      assert.match(problem, cause);
    });
  }

  for (const [what, text, cause] of spoilt) {
    it(`with ${what} are refused as a bound of a range`, () => {
      assert.match(problemOf({ simRange: `${text}-${other}` }), cause);
    });
  }

  it("with a longer dash between them are no range, and the dash is named", () => {
    assert.match(
      problemOf({ simRange: `${good}–${other}` }),
      /is not a range: the dash in it is U\+2013; write the hyphen/,
    );
    assert.match(problemOf({ simRange: "8944-5001-8945" }), /is not a range: it has several hyphens/);
  });

  it("rounded to 15 digits are refused, and a count that is written down lets those pass that are right", () => {
    const rounded = ["89445001021983000000", "89445001021984500000"] as const;
    const wanted =
      /every number ends in zeros after its first 15 digits \(89445001021983000000\).*expectedSims/;
    assert.match(problemOf({ simRange: rounded.join("-") }), wanted);
    assert.match(problemOf({ sims: rounded }), wanted);
    assert.match(
      problemOf({
        eidRange: `${"8904".padEnd(15, "1").padEnd(32, "0")}-${"8904".padEnd(15, "2").padEnd(32, "0")}`,
      }),
      /^eidRange: every/,
    );
    assert.ok("inputs" in parseInputs({ plan, simRange: rounded.join("-"), expectedSims: 200 }));
  });

  it("of which one ends in zeros by chance are taken", () => {
    assert.ok("inputs" in parseInputs({ plan, simRange: "89445001021983000000-89445001021983999999" }));
    assert.ok("inputs" in parseInputs({ plan, sims: [good, "89445001021983000000"] }));
    assert.ok("inputs" in parseInputs({ plan, sims: ["89445001021983000000"] }));
  });
});
