import assert from "node:assert/strict";
import { cards, iccid, PLAN, range } from "../../harness/provider/providerFleet";
import { FleetHarness } from "../../harness/provider/providerHarness";
import type { Values } from "../../harness/provider/providerReport";

const [A, B] = [iccid(0), iccid(9)];
const HUGE = "8".repeat(2_000_000);
const plan = PLAN;
const simRange = range(10);
const eidRange = "89044045000000000000000000000001-89044045000000000000000000000020";

/** What is declared, and what the one failure says: the input, and the SIM or value. */
type Case = readonly [what: string, inputs: Values, says: RegExp];

const selections: readonly Case[] = [
  ["no selection", { plan }, /exactly one of simRange, sims and eidRange is required/],
  ["a range and a list", { simRange, sims: [A], plan }, /simRange and sims exclude each other/],
  ["a range and EIDs", { simRange, eidRange, plan }, /simRange and eidRange exclude each other/],
  ["a list and EIDs", { sims: [A], eidRange, plan }, /sims and eidRange exclude each other/],
  ["all three", { simRange, sims: [A], eidRange, plan }, /simRange and sims and eidRange exclude/],
];

const ranges: readonly Case[] = [
  ["reversed", { simRange: `${B}-${A}`, plan }, new RegExp(`^simRange: .*${B} is greater than ${A}`)],
  ["bounds of 20 and 19 digits", { simRange: `${A}-${B.slice(1)}`, plan }, /^simRange: .* 20 and 19 digits/],
  [
    "letters",
    { simRange: `8944500102198304826X-${B}`, plan },
    /^simRange: "8944500102198304826X" is not an ICCID/,
  ],
  ["empty", { simRange: "", plan }, /^simRange: "" is not a range/],
  ["one bound", { simRange: A, plan }, new RegExp(`^simRange: "${A}" is not a range`)],
  ["an open end", { simRange: `${A}-`, plan }, /^simRange: "" is not an ICCID/],
  ["three bounds", { simRange: `${A}-${B}-${B}`, plan }, /^simRange: .* is not a range/],
  ["another dash", { simRange: `${A}–${B}`, plan }, /^simRange: .* is not a range/],
  ["a comma", { simRange: `${A},${B}`, plan }, /^simRange: .* is not a range/],
  [
    "17 digits",
    { simRange: `${A.slice(3)}-${B.slice(3)}`, plan },
    /^simRange: "\d{17}" is not an ICCID: 18 to 22/,
  ],
  ["23 digits", { simRange: `${A}111-${B}111`, plan }, /^simRange: "\d{23}" is not an ICCID: 18 to 22/],
  [
    "a leading zero",
    { simRange: `0${A}-0${B}`, plan },
    /^simRange: "0\d{20}" is not an ICCID: .*leading zero/,
  ],
  [
    "spaces inside",
    { simRange: `8944 5001 0219 8304 8260-${B}`, plan },
    /^simRange: "8944 5001.*" is not an ICCID/,
  ],
  ["an exponent", { simRange: `8.9445e19-${B}`, plan }, /^simRange: "8.9445e19" is not an ICCID/],
  ["Arabic digits", { simRange: `٨٩٤٤٥٠٠١٠٢١٩٨٣٠٤٨٢٦٠-${B}`, plan }, /^simRange: .* is not an ICCID/],
  ["a number", { simRange: Number(A), plan }, /^simRange: \S+ is not allowed here; write "first-last"/],
  ["a list", { simRange: [A, B], plan }, /^simRange: .* is not allowed here; write "first-last"/],
  ["an object", { simRange: { first: A, last: B }, plan }, /^simRange: .* is not allowed here/],
  ["true", { simRange: true, plan }, /^simRange: true is not allowed here/],
  ["null", { simRange: null, plan }, /^simRange: null is not allowed here/],
  ["2 MB of digits", { simRange: HUGE, plan }, /^simRange: .*2000002 characters/],
  ["2 MB on both sides", { simRange: `${HUGE}-${HUGE}`, plan }, /^simRange: .* is not an ICCID/],
];

const lists: readonly Case[] = [
  ["empty", { sims: [], plan }, /^sims: \[\] is not allowed here; write a list of 1 to 1000000 ICCIDs/],
  [
    "a number",
    { sims: [A, 8944500102198304], plan },
    /^sims: element 2, 8944500102198304, .*a number loses digits/,
  ],
  [
    "letters",
    { sims: [A, "8944500102198304826X"], plan },
    /^sims: element 2, "8944500102198304826X", is not/,
  ],
  ["an empty text", { sims: ["", A], plan }, /^sims: element 1, "", is not an ICCID/],
  ["null", { sims: [A, null], plan }, /^sims: element 2, null, is not an ICCID/],
  ["a list in the list", { sims: [[A], B], plan }, /^sims: element 1, .* is not an ICCID/],
  ["an object", { sims: [{ iccid: A }], plan }, /^sims: element 1, .* is not an ICCID/],
  ["17 digits", { sims: [A.slice(3)], plan }, /^sims: element 1, "\d{17}", is not an ICCID: 18 to 22 digits/],
  ["23 digits", { sims: [`${A}111`], plan }, /^sims: element 1, "\d{23}", is not an ICCID/],
  ["a leading zero", { sims: [`0${A}`], plan }, /^sims: element 1, .*without a leading zero/],
  ["spaces around", { sims: [` ${A} `], plan }, /^sims: element 1, .* is not an ICCID/],
  ["a range in the list", { sims: [`${A}-${B}`], plan }, /^sims: element 1, .* is not an ICCID/],
  ["a text", { sims: `${A},${B}`, plan }, /^sims: .* is not allowed here; write a list/],
  ["an object for the list", { sims: { 0: A }, plan }, /^sims: .* is not allowed here; write a list/],
  ["2 MB", { sims: [A, HUGE], plan }, /^sims: element 2, .*2000002 characters.*is not an ICCID/],
  [
    "a million and one",
    { sims: new Array(1_000_001).fill(A), plan },
    /^sims: .* is not allowed here; write a list/,
  ],
];

const others: readonly Case[] = [
  ["no plan", { simRange }, /^plan: required/],
  ["plan 0", { simRange, plan: 0 }, /^plan: 0 is not allowed here; write the id of a data plan/],
  ["a negative plan", { simRange, plan: -75 }, /^plan: -75 is not allowed/],
  ["half a plan", { simRange, plan: 75.5 }, /^plan: 75.5 is not allowed/],
  // On the wire, NaN and infinity are null.
  ["plan NaN", { simRange, plan: JSON.parse(JSON.stringify(Number.NaN)) }, /^plan: null is not allowed/],
  ["a plan as text", { simRange, plan: "2096" }, /^plan: "2096" is not allowed/],
  ["a plan beyond all numbers", { simRange, plan: 2 ** 60 }, /^plan: 1152921504606847000 is not allowed/],
  ["an empty zone", { simRange, plan, zone: "" }, /^zone: "" is not allowed here; write the name of a zone/],
  ["a zone of spaces", { simRange, plan, zone: "   " }, /^zone: " {3}" is not allowed/],
  ["a zone by number", { simRange, plan, zone: 1 }, /^zone: 1 is not allowed/],
  ["a zone of 2 MB", { simRange, plan, zone: HUGE }, /^zone: .*2000002 characters\) is not allowed/],
  ["orgId 0", { simRange, plan, orgId: 0 }, /^orgId: 0 is not allowed here; write the id of an organization/],
  ["an orgId as text", { simRange, plan, orgId: "12345" }, /^orgId: "12345" is not allowed/],
  ["expectedSims 0", { simRange, plan, expectedSims: 0 }, /^expectedSims: 0 is not allowed/],
  ["half a SIM", { simRange, plan, expectedSims: 9.5 }, /^expectedSims: 9.5 is not allowed/],
  ["fewer SIMs than none", { simRange, plan, expectedSims: -10 }, /^expectedSims: -10 is not allowed/],
  ["expectedSims as text", { simRange, plan, expectedSims: "10" }, /^expectedSims: "10" is not allowed/],
  [
    "more expected than listed",
    { sims: [A, B], plan, expectedSims: 3 },
    /^expectedSims is 3, but the selection holds 2 SIMs/,
  ],
  [
    "a repeated SIM expected twice",
    { sims: [A, A], plan, expectedSims: 2 },
    /^expectedSims is 2, but the selection holds 1 SIM/,
  ],
  [
    "overageLimit -2",
    { simRange, plan, overageLimit: -2 },
    /^overageLimit: -2 is not allowed here; write bytes/,
  ],
  ["half a byte", { simRange, plan, overageLimit: 0.5 }, /^overageLimit: 0.5 is not allowed/],
  ["a limit with a unit", { simRange, plan, overageLimit: "5 MB" }, /^overageLimit: "5 MB" is not allowed/],
  ["threshold -5", { simRange, plan, threshold: -5 }, /^threshold: -5 is not allowed/],
  [
    "a threshold at the limit",
    { simRange, plan, threshold: 5, overageLimit: 5 },
    /^threshold: 5 bytes must be below overageLimit, 5/,
  ],
  [
    "a threshold above it",
    { simRange, plan, threshold: 9, overageLimit: 5 },
    /^threshold: 9 bytes must be below/,
  ],
  ["smsLimit -2", { simRange, plan, smsLimit: -2 }, /^smsLimit: -2 is not allowed here; write SMS per cycle/],
  ["half an SMS", { simRange, plan, smsLimit: 1.5 }, /^smsLimit: 1.5 is not allowed/],
  ["tagId 0", { simRange, plan, tagId: 0 }, /^tagId: 0 is not allowed/],
  ["a tag by name", { simRange, plan, tagId: "trucks" }, /^tagId: "trucks" is not allowed/],
  [
    "a flag as text",
    { simRange, plan, invalidatePreflightSims: "true" },
    /^invalidatePreflightSims: "true" is not/,
  ],
  ["adopt: true", { simRange, plan, adopt: true }, /^adopt: true is not allowed here; write "matching"/],
  [
    "an unknown onRelease",
    { simRange, plan, onRelease: "delete" },
    /^onRelease: "delete" is not allowed here; write "keep"/,
  ],
  ["a negative wait", { simRange, plan, waitForLiveSeconds: -1 }, /^waitForLiveSeconds: -1 is not allowed/],
  [
    "another case",
    { simrange: simRange, plan },
    /"simrange" is not an input of SimActivation; did you mean simRange\?/,
  ],
  ["an input nobody knows", { simRange, plan, apn: "hologram" }, /^"apn" is not an input of SimActivation/],
  [
    "an input of 2 MB",
    { simRange, plan, [HUGE]: 1 },
    /2000002 characters\) is not an input of SimActivation/,
  ],
];

/** What only the account can tell. */
const accounts: readonly Case[] = [
  [
    "an unknown plan",
    { simRange, plan: 999 },
    /^plan: organization 12345 has no plan 999\. Its plans: 2096 \(Global Flat\)/,
  ],
  [
    "an unknown zone",
    { simRange, plan, zone: "mars" },
    /^zone: plan 2096 \(Global Flat\) has no zone "mars"\. Its zones: global/,
  ],
  [
    "an organization of others",
    { simRange, plan, orgId: 4711 },
    /does not see organization 4711; it sees 12345/,
  ],
  [
    "fewer expected than there are",
    { simRange, plan, expectedSims: 9 },
    /^expectedSims is 9, but the selection holds 10 SIMs/,
  ],
  [
    "more expected than there are",
    { simRange, plan, expectedSims: 100 },
    /^expectedSims is 100, but the selection holds 10 SIMs/,
  ],
  ["a SIM nobody knows", { sims: [A, "89445001029999999999"], plan }, /SIM not found: 89445001029999999999/],
  ["a deactivated SIM", { sims: [A, iccid(50)], plan }, new RegExp(`never be activated again: ${iccid(50)}`)],
  [
    "a SIM active on another plan",
    { sims: [A, iccid(51)], plan },
    new RegExp(`already active with plan 75 instead of 2096: ${iccid(51)}`),
  ],
];

const tables = { selections, ranges, lists, others, accounts };

describe("dynamic: malformed declarations", () => {
  let fleet: FleetHarness;
  before(async () => {
    fleet = await FleetHarness.start();
    fleet.emulator.addPack({ first: A, count: 100, step: 10 });
    fleet.emulator.setState(iccid(50), "DEAD");
    fleet.emulator.activateByHand([iccid(51)], { plan: 75, zone: "global" });
  });
  after(() => fleet.close());

  it("are at least sixty", () => {
    assert(Object.values(tables).flat().length >= 60);
  });

  for (const [group, cases] of Object.entries(tables)) {
    for (const [what, inputs, says] of cases) {
      it(`${group}: ${what}`, async () => {
        const charges = fleet.emulator.ledger.length;
        const report = await fleet.up(inputs);
        const told = report.failures.join("\n");
        assert.match(told, new RegExp(says.source, "m"));
        assert(report.failures.length <= 2, `too much to read: ${told.slice(0, 2_000)}`);
        for (const reason of report.failures) assert(reason.length < 300, `long: ${reason.slice(0, 400)}`);
        assert.deepEqual([report.errors, report.reasons, report.steps], [[], [], []]);
        assert.deepEqual([report.writes, fleet.emulator.ledger.length], [[], charges]);
        if (group !== "accounts") assert.deepEqual(report.requests, []);
      });
    }
  }

  it("name three bad elements of a list and count the rest", async () => {
    const sims = [...cards(5), ...Array.from({ length: 1_000 }, (_, i) => `bad-${i}`)];
    const { failures } = await fleet.preview({ sims, plan });
    assert.deepEqual(failures, [
      'sims: element 6, "bad-0", is not an ICCID: 18 to 22 digits, as text, without a leading zero',
      'sims: element 7, "bad-1", is not an ICCID: 18 to 22 digits, as text, without a leading zero',
      'sims: element 8, "bad-2", is not an ICCID: 18 to 22 digits, as text, without a leading zero',
      "sims: and 997 more elements are not ICCIDs",
    ]);
    const four = await fleet.preview({ sims: sims.slice(0, 9), plan });
    assert.equal(four.failures.at(-1), "sims: and 1 more element is no ICCID");
  });

  for (const [inputs, ...causes] of [
    [{ sims: ["8944 5001 0219 8304 8260"] }, "blanks or marks"],
    [{ sims: ["89445001021983048"] }, "18 to 22 digits"],
    [{ sims: [iccid(0), "8.9445001021983E+19", "89445001021983048-280"] }, "scientific", "blanks or marks"],
    [{ simRange: "89445001021983048 260-89445001021983048290" }, "blanks or marks"],
    [{ simRange: "89445001021983048260\u201389445001021983048290" }, 'the hyphen of the keyboard, "-"'],
  ] as const)
    it(`are told without a digit where the selection is secret: ${JSON.stringify(inputs)}`, async () => {
      const report = await fleet.preview({ ...inputs, plan: PLAN, iccids: null, preview: null });
      const said = report.failures.join("\n");
      for (const cause of causes) assert.ok(said.includes(cause), said);
      assert.match(said, /\(secret\)/);
      assert.doesNotMatch(said, /89445|8944 |8\.94/);
    });

  it("are told all at once", async () => {
    const { failures } = await fleet.preview({ simRange: `${B}-${A}`, plan: 0, zone: "", smsLimit: -9 });
    assert.deepEqual(failures.map((reason) => reason.split(":")[0]).sort(), [
      "plan",
      "simRange",
      "smsLimit",
      "zone",
    ]);
  });
});
