import assert from "node:assert/strict";
import type { Behaviour } from "../../../provider/testing/emulator";
import { cards, iccid, ORG, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import { simsOf, type Values } from "../../harness/provider/providerReport";

const plan = PLAN;

/** The three aligned outputs, by ICCID. */
function devicesOf(outputs: Values): [unknown, unknown, unknown][] {
  const { iccids, deviceIds, linkIds } = outputs;
  assert(Array.isArray(iccids) && Array.isArray(deviceIds) && Array.isArray(linkIds));
  assert.deepEqual([deviceIds.length, linkIds.length], [iccids.length, iccids.length]);
  return iccids.map((each, i) => [each, deviceIds[i], linkIds[i]]);
}

describe("dynamic: create", () => {
  for (const edition of ["E1", "E2", "E3", "blueprint"] as const) {
    for (const lists of ["array", "keyed"] as const) {
      for (const ids of ["number", "string"] as const) {
        const linksEndpoint = ids === "number";
        const behaviour: Partial<Behaviour> = { edition, lists, ids, linksEndpoint };
        it(`${Object.values(behaviour).join(", ")}: the same ids, aligned and ascending`, () =>
          withFleet({ behaviour, pack: { count: 30 } }, async (fleet) => {
            fleet.emulator.activateByHand(cards(5, 10), { plan, zone: "global" });
            (await fleet.up({ simRange: range(30), plan })).clean();
            const expected = cards(30).map((each) => {
              const { deviceId, linkId } = fleet.emulator.sim(each);
              return [each, deviceId, linkId];
            });
            assert.deepEqual(devicesOf(fleet.outputs()), expected);
            (await fleet.refresh()).clean();
            assert.deepEqual(devicesOf(fleet.outputs()), expected);
            assert.equal(fleet.emulator.ledger.length, 30);
          }));
      }
    }
  }

  it("returns every output, empty ones included, and every small input with its default", () =>
    withFleet({}, async (fleet) => {
      const report = (await fleet.up({ sims: [iccid(1), iccid(0), iccid(1)], plan })).clean();
      const { __roll, __applied, __claimedAtMs, ...outputs } = fleet.outputs();
      assert.deepEqual(
        [typeof __roll, typeof __applied, typeof __claimedAtMs],
        ["string", "string", "number"],
      );
      assert.deepEqual(outputs, {
        ...{ plan, zone: "global", orgId: ORG, adopt: "matching", onRelease: "keep", waitForLiveSeconds: 0 },
        iccids: cards(2),
        deviceIds: cards(2).map((each) => fleet.emulator.sim(each).deviceId),
        linkIds: cards(2).map((each) => fleet.emulator.sim(each).linkId),
        ...{ simCount: 2, unfinished: [], lost: [], schemaVersion: 2 },
        preview: report.preview(),
        order: { salesTax: 0, shippingCost: 0 },
        ...{ __urn: outputs.__urn, __provider: outputs.__provider },
      });
      assert(
        report.lines.some(
          ({ message }) => message === "sims: 1 of the 3 entries is repeated and counts once",
        ),
      );
    }));

  it("sends the terms that are declared, the zone as the plan spells it, and no others", () =>
    withFleet({}, async (fleet) => {
      const [bare] = (await fleet.up({ sims: cards(2), plan })).clean().claims;
      assert.deepEqual(bare?.body, { sims: cards(2), orgid: ORG, plan, zone: "global" });

      const limits = { overageLimit: 5_000_000, threshold: 4_000_000, smsLimit: 25 };
      const other = { sims: cards(2, 2), plan: 75, zone: "US", invalidatePreflightSims: false, ...limits };
      const report = (await fleet.upProgram({ other }, { sameProcess: true })).clean();
      assert.deepEqual(
        report.claims.map(({ body }) => body),
        [
          {
            ...{ sims: cards(2, 2), orgid: ORG, plan: 75, zone: "us", invalidatePreflightSims: false },
            ...{ overage_limit: 5_000_000, threshold: 4_000_000, smslimit: 25 },
          },
        ],
      );
      assert.partialDeepStrictEqual(fleet.outputs("other"), {
        ...limits,
        zone: "US",
        invalidatePreflightSims: false,
      });
    }));

  it("names the resource after its first declaration", () =>
    withFleet({}, async (fleet) => {
      const programs = {
        range: { simRange: range(3), plan },
        list: { sims: cards(3, 10), plan },
        one: { sims: [iccid(20)], plan },
        secret: { sims: [iccid(30)], plan, iccids: null, preview: null, unfinished: null, lost: null },
      };
      (await fleet.upProgram(programs)).clean();
      assert.deepEqual(
        fleet.resources.map(({ id }) => id).sort(),
        [range(3), `${iccid(10)}-to-${iccid(12)}-3-sims`, iccid(20), "sims-on-plan-2096"].sort(),
      );
    }));

  it("says on its row what it did", () =>
    withFleet({}, async (fleet) => {
      const report = (await fleet.up({ simRange: range(100), plan })).clean();
      const lasting = report.lines.filter(({ ephemeral }) => !ephemeral);
      assert.deepEqual(
        lasting.map(({ severity, message }) => [severity, message]),
        [["info", "activated 100 SIMs in 1 request, about $60.00"]],
      );
      assert(
        report.lines.some(({ message, ephemeral }) => ephemeral && message === "activated 100 of 100 SIMs"),
      );
    }));

  it("sums the money of its claims where the API tells it", () =>
    withFleet(
      { behaviour: { edition: "blueprint", limit: 2_500 }, pack: { count: 3_000 } },
      async (fleet) => {
        (await fleet.up({ simRange: range(3_000), plan })).clean();
        assert.deepEqual(fleet.outputs().order, { salesTax: 0, shippingCost: 0, totalCost: 1_800 });
      },
    ));

  it("two resources of one process never claim at the same time", () =>
    withFleet({}, async (fleet) => {
      const program = { a: { simRange: range(50), plan }, b: { simRange: range(50, 50), plan } };
      const report = (await fleet.upProgram(program)).clean();
      assert.deepEqual(
        report.claims.map((claim) => simsOf(claim).length),
        [50, 50],
      );
      assert.deepEqual(fleet.emulator.judgement().concurrentClaims, []);
    }));

  it("says once for all fleets that a pipeline keeps no journal", () =>
    withFleet({}, async (fleet) => {
      fleet.environment.CI = "true";
      const program = { a: { simRange: range(5), plan }, b: { simRange: range(5, 5), plan } };
      const report = (await fleet.upProgram(program)).clean();
      assert.equal(report.text.match(/keeps no journal/g)?.length, 1, report.text);
    }));

  it("a failure before the first claim leaves nothing behind", () =>
    withFleet({}, async (fleet) => {
      const report = await fleet.up({ simRange: `${iccid(500)}-${iccid(600)}`, plan });
      assert.equal(report.failures.length + report.errors.length, 1);
      assert.deepEqual([fleet.resources, report.writes], [[], []]);
    }));
});
