import assert from "node:assert/strict";
import { cards, iccid, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import { simsOf } from "../../harness/provider/providerReport";

const plan = PLAN;
const simRange = range(40);
const claim = { path: "/links/cellular/bulkclaim", preview: false } as const;
const refused = [iccid(3), iccid(7)];
const kept = cards(40).filter((each) => !refused.includes(each));

const reasonLines: Readonly<Record<number, readonly string[]>> = {
  1: [`reason 0: ${cards(10).join(", ")} and 14 more`],
  3: [
    `reason 0: ${[0, 3, 6, 9].map(iccid).join(", ")}`,
    `reason 1: ${[1, 4, 7].map(iccid).join(", ")}`,
    `reason 2: ${[2, 5, 8].map(iccid).join(", ")}`,
    "and 14 more",
  ],
  12: [...cards(10).map((each, i) => `reason ${i}: ${each}`), "and 14 more, for other reasons too"],
};

describe("dynamic: refusals", () => {
  for (const failureStatus of [200, 400] as const) {
    for (const partialClaims of ["allOrNothing", "rest"] as const) {
      for (const inputs of [{ simRange }, { sims: cards(40) }]) {
        it(`single SIMs, HTTP ${failureStatus}, ${partialClaims}, ${Object.keys(inputs)}: certain; the rest is bought once`, () =>
          withFleet({ behaviour: { failureStatus, partialClaims } }, async (fleet) => {
            fleet.emulator.faults.add({
              ...claim,
              fault: { kind: "refuse", iccids: refused, reason: "SIM is blocked" },
            });
            const report = await fleet.up({ ...inputs, plan });
            assert.deepEqual(report.reasons, [
              "2 SIMs not done (38 certain, 2 refused). Run `pulumi up` again to go on; SIMs that are active by then are not claimed again.",
              `SIM is blocked: ${refused.join(", ")}`,
            ]);
            assert.partialDeepStrictEqual(fleet.outputs(), {
              iccids: kept,
              unfinished: refused.map((each) => `${each}: SIM is blocked`),
            });
            assert.equal(report.claims.length, partialClaims === "rest" ? 1 : 2);
            assert.deepEqual(fleet.emulator.judgement().doubleClaims, []);
            assert.equal(fleet.emulator.ledger.length, 38);

            fleet.emulator.faults.clear();
            const next = (await fleet.up({ ...inputs, plan })).clean();
            assert.deepEqual(next.claims.flatMap(simsOf), refused);
            assert.deepEqual(fleet.outputs().iccids, cards(40));
            assert.equal(fleet.emulator.ledger.length, 40);
          }));
      }
    }
  }

  for (const kinds of [1, 3, 12]) {
    it(`for ${kinds} reasons: ten SIMs are named over all of them, and the others are counted`, () =>
      withFleet({}, async (fleet) => {
        (await fleet.up({ sims: [iccid(39)], plan })).clean();
        const data = Object.fromEntries(cards(24).map((each, i) => [each, `reason ${i % kinds}`]));
        fleet.emulator.faults.add({
          ...claim,
          fault: { kind: "status", status: 400, body: { success: false, data } },
        });
        const [summary = "", ...lines] = (await fleet.up({ sims: [...cards(24), iccid(39)], plan })).reasons;
        assert.match(summary, /^24 SIMs not done \(0 certain, 24 refused\)\./);
        assert.deepEqual(lines, reasonLines[kinds]);
        assert.equal(fleet.emulator.ledger.length, 1);
      }));
  }

  it("single SIMs in the preview fail it, with the server's words", () =>
    withFleet({}, async (fleet) => {
      const fault = { kind: "refuse", iccids: refused, reason: "SIM is blocked" } as const;
      fleet.emulator.faults.add({ path: "/links/cellular/bulkclaim", fault });
      for (const inputs of [{ simRange }, { sims: cards(40) }]) {
        const report = await fleet.up({ ...inputs, plan });
        assert.deepEqual(report.failures, [`SIM is blocked: ${refused.join(", ")}`]);
        assert.deepEqual([report.writes, fleet.resources], [[], []]);
      }
    }));

  it("a whole claim: what came before is held, what comes after is not sent", () =>
    withFleet({ pack: { count: 5_100 } }, async (fleet) => {
      const body = { success: false, error: "Not today" };
      fleet.emulator.faults.add({ ...claim, nth: 2, fault: { kind: "status", status: 400, body } });
      const inputs = { sims: cards(5_100), plan };
      const report = await fleet.up(inputs);
      assert.equal(report.claims.length, 2);
      assert.match(
        report.reasons.join("\n"),
        /^2,600 SIMs not done \(2,500 certain, 2,600 not sent\)\..*\n.*Not today/,
      );
      (await fleet.up(inputs)).clean();
      assert.equal(fleet.emulator.ledger.length, 5_100);
      assert.deepEqual(fleet.emulator.judgement().doubleClaims, []);
    }));

  for (const [balanceStatus, balanceWords] of [
    [402, "Insufficient balance"],
    [400, "Your account has not enough funds"],
  ] as const) {
    it(`balance too low, ${balanceStatus}: stops at once, tells the server's words, holds what was claimed`, () =>
      withFleet({ behaviour: { balanceStatus, balanceWords } }, async (fleet) => {
        const orgId = fleet.emulator.addOrganization({ name: "Poor", balance: "1500.00" });
        fleet.emulator.addKey({ key: "key-of-the-poor", role: "admin", orgIds: [orgId] });
        fleet.emulator.addPack({ first: iccid(10_000), count: 3_000, step: 10, orgId });
        fleet.environment.HOLOGRAM_API_KEY = "key-of-the-poor";
        const report = await fleet.up({ sims: cards(3_000, 10_000), plan });
        assert.equal(report.claims.length, 2);
        assert.match(
          report.reasons.join("\n"),
          new RegExp(
            `^500 SIMs not done \\(2,500 certain.*Top up the organization's balance.*\n.*${balanceWords}`,
          ),
        );
        assert.equal(fleet.outputs().simCount, 2_500);
        assert.equal(fleet.emulator.balance(orgId), "0.00");
      }));
  }

  it("a range too large for a preview is halved until it fits, and claimed", () =>
    withFleet({ behaviour: { limit: 15 } }, async (fleet) => {
      const preview = (await fleet.preview({ simRange: range(40), plan })).clean().preview();
      assert.partialDeepStrictEqual(preview, { activate: 40, simCount: 40 });
      assert.equal(preview.unverified, undefined);
      (await fleet.up({ simRange: range(40), plan })).clean();
      assert.deepEqual(fleet.outputs().iccids, cards(40));
      assert.equal(fleet.emulator.ledger.length, 40);
    }));

  it("a claim too large is halved until it fits", () =>
    withFleet({ behaviour: { limit: 15 } }, async (fleet) => {
      const report = (await fleet.up({ sims: cards(40), plan })).clean();
      assert.deepEqual(fleet.outputs().iccids, cards(40));
      assert.equal(fleet.emulator.ledger.length, 40);
      assert.deepEqual(
        report.claims.filter(({ status }) => status === 200).map((seen) => simsOf(seen).length),
        [10, 10, 10, 10],
      );
    }));
});

describe("dynamic: keys and roles", () => {
  const keys = [
    [
      "a wrong key",
      "no-such-key-11aa",
      /^Hologram refused the API key at GET \/organizations.*; set HOLOGRAM_API_KEY/,
    ],
    [
      "a viewer",
      "key-of-a-viewer",
      /^The role of this API key's user is too low for GET \/organizations.*; it takes .*Editor/,
    ],
    ["an editor", "key-of-an-editor", /role|permissions/i],
  ] as const;
  for (const [who, key, says] of keys) {
    it(`${who}: one sentence, and nothing was done`, () =>
      withFleet({}, async (fleet) => {
        fleet.emulator.addKey({ key: "key-of-a-viewer", role: "viewer", orgIds: [12345] });
        fleet.emulator.addKey({ key: "key-of-an-editor", role: "editor", orgIds: [12345] });
        const { HOLOGRAM_API_KEY } = fleet.environment;
        (await fleet.up({ simRange, plan, onRelease: "pause" })).clean();
        const before = structuredClone(fleet.outputs());
        fleet.environment.HOLOGRAM_API_KEY = key;
        for (const report of [
          await fleet.upProgram({
            fleet: { simRange, plan, onRelease: "pause" },
            other: { simRange: range(10, 50), plan },
          }),
          await fleet.up({ simRange: range(50), plan, onRelease: "pause" }),
        ]) {
          // A role that may not ask leaves the preview unverified: it says so, and nothing is activated.
          const told = [...report.failures, ...report.errors, ...report.reasons];
          assert.ok(report.failures.length + report.errors.length + Math.min(1, report.reasons.length) <= 1);
          assert.match([...told, report.text].join("\n"), says);
          const carriedOut = report.writes.filter(({ status }) => status !== 403);
          assert.deepEqual([carriedOut, fleet.emulator.ledger.length], [[], 40]);
        }
        assert.deepEqual(fleet.outputs().iccids, before.iccids);
        fleet.environment.HOLOGRAM_API_KEY = HOLOGRAM_API_KEY;
        (await fleet.destroy()).clean();
      }));
  }

  it("an editor who destroys is told which SIMs are not paused", () =>
    withFleet({}, async (fleet) => {
      fleet.emulator.addKey({ key: "key-of-an-editor", role: "editor", orgIds: [12345] });
      (await fleet.up({ simRange, plan, onRelease: "pause" })).clean();
      fleet.environment.HOLOGRAM_API_KEY = "key-of-an-editor";
      const report = await fleet.destroy();
      assert.match(
        report.errors.join(),
        /^40 SIMs of 40 could not be released \(onRelease: pause\): The role of this API key's user is too low/,
      );
      assert.equal(fleet.resources.length, 1);
    }));
});
