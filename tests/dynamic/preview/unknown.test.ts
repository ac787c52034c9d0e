import assert from "node:assert/strict";
import { cards, iccid, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import type { FleetHarness } from "../../harness/provider/providerHarness";

/** How the engine spells a value that is not known yet (pkg/resource/plugin/rpc.go): text, and the six other kinds. */
const sentinels = [
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];
const [UNKNOWN = ""] = sentinels;
const plan = PLAN;
const simRange = range(100);

describe("dynamic: inputs that are not known before the update", () => {
  for (const sentinel of sentinels) {
    it(`${sentinel}: stays as it is, and the preview goes on without a request`, () =>
      withFleet({}, async (fleet) => {
        const programs = [
          { simRange: sentinel, plan },
          { sims: sentinel, plan },
          { sims: [iccid(0), sentinel], plan },
          { simRange: sentinel, plan, expectedSims: 100 },
          { simRange, plan: sentinel },
          { simRange, plan, zone: sentinel },
          { simRange, plan, orgId: sentinel },
        ];
        for (const inputs of programs) {
          const report = (await fleet.preview(inputs)).clean();
          assert.equal(report.changes, "create fleet");
          const [name] =
            Object.entries(inputs).find(([, value]) => value === sentinel || Array.isArray(value)) ?? [];
          assert.deepEqual(report.preview(), { unverified: `not known before the update: ${name}` });
          assert.partialDeepStrictEqual(report.checked.fleet, inputs);
          assert.deepEqual(report.requests, []);
        }
      }));
  }

  it("leave the preview whole where it does not depend on them", () =>
    withFleet({}, async (fleet) => {
      for (const name of ["tagId", "overageLimit", "threshold", "smsLimit", "expectedSims", "onRelease"]) {
        const report = (await fleet.preview({ simRange, plan, [name]: UNKNOWN })).clean();
        assert.partialDeepStrictEqual(report.preview(), { activate: 100, dueNow: 60 });
        assert.equal(report.preview().unverified, undefined);
        assert.equal(report.checked.fleet?.[name], UNKNOWN);
      }
    }));

  it("still let what is known be refused", () =>
    withFleet({}, async (fleet) => {
      const both = await fleet.preview({ simRange: UNKNOWN, sims: UNKNOWN, plan });
      assert.deepEqual(both.failures, ["simRange and sims exclude each other: declare exactly one of them"]);
      const bad = await fleet.preview({ sims: UNKNOWN, plan: "2096", zone: UNKNOWN });
      assert.equal(bad.failures.length, 1);
      assert.match(bad.failures.join(), /^plan: "2096" is not allowed/);
    }));

  it("of a fleet that exists are an update, not a replace, and its preview names them", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ simRange, plan })).clean();
      for (const inputs of [
        { simRange: UNKNOWN, plan },
        { sims: [...cards(100), UNKNOWN], plan },
      ]) {
        const report = (await fleet.preview(inputs)).clean();
        assert.equal(report.changes, "update fleet");
        assert.match(String(report.preview().unverified), /^not known before the update: (simRange|sims)$/);
        assert.deepEqual(report.requests, []);
      }
      const tagged = (await fleet.preview({ simRange, plan, tagId: UNKNOWN })).clean();
      assert.partialDeepStrictEqual(tagged.preview(), { activate: 0, simCount: 100 });
    }));

  it("leave it open how many SIMs a range holds, and the update tells", () =>
    withFleet({ pack: { listed: false }, behaviour: { previewAnswer: "costOnly" } }, async (fleet) => {
      const up = (await upLater(fleet, { simRange, plan }, { expectedSims: 100 })).clean();
      assert.partialDeepStrictEqual(up.preview(), { activate: 100 });
      assert.equal(fleet.emulator.ledger.length, 100);
    }));

  it("bind the update all the same, where the preview does not depend on them", () =>
    withFleet({}, async (fleet) => {
      const { emulator } = fleet;
      emulator.faults.add({
        method: "GET",
        path: "/links/cellular",
        nth: { from: 1, to: 4 },
        fault: { kind: "status", status: 503 },
      });
      const dearer = () => emulator.addPlan({ id: PLAN, name: "Global Flat", zones: { global: "60.00" } });
      const up = await upLater(fleet, { sims: cards(3), plan }, { overageLimit: 5_000 }, dearer);
      assert.match(up.errors.join(), /not on the terms that were approved/);
      assert.deepEqual([up.writes, emulator.ledger], [[], []]);
    }));

  it("are verified in the update, and bounded by what that finds", () =>
    withFleet({}, async (fleet) => {
      (await fleet.preview({ simRange: UNKNOWN, plan })).clean();
      const up = (await fleet.up({ simRange, plan })).clean();
      assert.partialDeepStrictEqual(up.preview(), { activate: 100 });
      assert.equal(fleet.emulator.ledger.length, 100);
    }));
});

/** An `up` whose preview phase does not know what `late` holds. */
function upLater(fleet: FleetHarness, inputs: object, late: object, between: () => void = () => undefined) {
  const unknown = Object.fromEntries(Object.keys(late).map((name) => [name, UNKNOWN]));
  const declared = { ...inputs, ...unknown };
  return fleet.up(declared, {
    between: () => {
      Object.assign(declared, late);
      between();
    },
  });
}
