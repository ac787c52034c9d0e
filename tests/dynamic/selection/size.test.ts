import assert from "node:assert/strict";
import { cards, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import { simsOf } from "../../harness/provider/providerReport";

const plan = PLAN;
const SIMS = 6_000;
const CLAIMS = Math.ceil(SIMS / 2_500);

describe("dynamic: many SIMs", () => {
  const forms = {
    list: [{ sims: cards(SIMS) }, 2 * CLAIMS + Math.ceil(SIMS / 100) + 3],
    range: [{ simRange: range(SIMS) }, 4 * CLAIMS + Math.ceil(SIMS / 1_000) + 3],
  } as const;
  for (const [form, [inputs, bound]] of Object.entries(forms)) {
    for (const listed of [true, false]) {
      it(`6,000 by ${form}, ${listed ? "listed" : "unlisted"}: three claims of at most 2,500, never two at once`, () =>
        withFleet({ pack: { count: SIMS, listed } }, async (fleet) => {
          const report = (await fleet.up({ ...inputs, plan })).clean();
          const judgement = fleet.emulator.judgement();
          assert.deepEqual(
            report.claims.map((claim) => simsOf(claim).length),
            [2_500, 2_500, 1_000],
          );
          assert.deepEqual(report.claims.flatMap(simsOf), cards(SIMS));
          assert.deepEqual(fleet.outputs().iccids, cards(SIMS));
          assert.equal(fleet.emulator.ledger.length, SIMS);
          assert.deepEqual([judgement.concurrentClaims, judgement.doubleClaims], [[], []]);
          const claims = new Set(report.claims.map(({ n }) => n));
          assert.deepEqual(
            judgement.requestsAboveLimit.filter((n) => claims.has(n)),
            [],
          );
        }));

      it(`a create by ${form}, ${listed ? "listed" : "unlisted"}, keeps to its bound of requests`, () =>
        withFleet({ pack: { count: SIMS, listed } }, async (fleet) => {
          const checked = (await fleet.preview({ ...inputs, plan })).clean();
          const both = (await fleet.up({ ...inputs, plan })).clean();
          // The organization is read once a process; the create's own share is what check does not send.
          const create = both.requests.length - checked.requests.length + 1;
          assert(create <= bound, `${create} requests, ${bound} allowed`);
        }));
    }
  }

  for (const listed of [true, false]) {
    it(`a list that is written as its range, ${listed ? "listed" : "unlisted"}, is not asked for SIM by SIM`, () =>
      withFleet({ pack: { count: 2_005, listed } }, async (fleet) => {
        (await fleet.up({ sims: cards(2_000), plan })).clean();
        const same = (await fleet.up({ simRange: range(2_000), plan })).clean();
        // Twice the plan, two pages, the whole and three gaps; and the organization.
        assert(same.requests.length <= 15, `${same.requests.length} requests`);
        assert.deepEqual([same.writes, fleet.outputs().simCount], [[], 2_000]);
        (await fleet.up({ sims: cards(2_000), plan })).clean();
        const more = (await fleet.up({ simRange: range(2_005), plan })).clean();
        assert(more.requests.length <= 19, `${more.requests.length} requests`);
        assert.deepEqual(more.claims.flatMap(simsOf), cards(5, 2_000));
        assert.equal(fleet.emulator.ledger.length, 2_005);
      }));
  }

  for (const previewAnswer of ["names", "namesRest", "costOnly"] as const)
    it(`six free SIMs among many active ones take no request for each of those: previews ${previewAnswer}`, () =>
      withFleet({ pack: { listed: false, count: 500 }, behaviour: { previewAnswer } }, async (fleet) => {
        const free = new Set([10, 125, 240, 355, 470, 485]);
        fleet.emulator.dashboard.activate(
          cards(500).filter((_, place) => !free.has(place)),
          { plan, zone: "global" },
        );
        const report = (await fleet.up({ simRange: range(500), plan, expectedSims: 500 })).clean();
        assert.ok(report.requests.length <= 40, `${report.requests.length} requests`);
        assert.equal(fleet.outputs().simCount, 500);
        assert.equal(fleet.emulator.judgement().doubleClaims.length, 0);
      }));

  for (const previewAnswer of ["names", "costOnly"] as const)
    for (const gaps of [3, 12])
      it(`a count that is too small is refused where nothing lists the free SIMs in ${gaps} gaps: previews ${previewAnswer}`, () =>
        withFleet({ pack: { listed: false, count: 72 }, behaviour: { previewAnswer } }, async (fleet) => {
          const isFree = (place: number): boolean => place % Math.floor(72 / gaps) < 3;
          fleet.emulator.dashboard.activate(
            cards(72).filter((_, place) => !isFree(place)),
            { plan, zone: "global" },
          );
          const inputs = { simRange: range(72), plan };
          const report = await fleet.up({ ...inputs, expectedSims: 72 - gaps });
          assert.deepEqual(report.failures, [
            `expectedSims is ${72 - gaps}, but the selection holds 72 SIMs`,
          ]);
          assert.deepEqual(report.claims, []);
        }));

  it("a range whose account takes few SIMs in a request is bought whole, though nothing names its SIMs", () =>
    withFleet(
      { pack: { listed: false, count: 2_600 }, behaviour: { previewAnswer: "costOnly", limit: 40 } },
      async (fleet) => {
        (await fleet.up({ simRange: range(2_600), plan, expectedSims: 2_600 })).clean();
        assert.equal(fleet.emulator.ledger.length, 2_600);
      },
    ));

  for (const [count, words] of [
    [12, "expectedSims is 12, but the selection holds 10 SIMs"],
    [9, "expectedSims is 9, but the selection holds 10 SIMs"],
  ] as const)
    it(`${count} expected SIMs where there are 10 activate and release nothing`, () =>
      withFleet({}, async (fleet) => {
        (await fleet.up({ simRange: range(12), plan, expectedSims: 12, onRelease: "pause" })).clean();
        const report = await fleet.up({ simRange: range(10), plan, expectedSims: count, onRelease: "pause" });
        assert.deepEqual([report.failures, report.writes], [[words], []]);
      }));

  it("state grows by its three ids and at most 12 bytes a SIM", () =>
    withFleet({ pack: { count: 2_000 } }, async (fleet) => {
      const sizes: number[] = [];
      for (const count of [1_000, 2_000]) {
        (await fleet.up({ simRange: range(count), plan })).clean();
        sizes.push(JSON.stringify(fleet.find()).length);
      }
      const [small = 0, large = 0] = sizes;
      const ids = JSON.stringify([cards(1)[0], 2_000_001, 5_000_001]).length - '["",,]'.length;
      const each = (large - small) / 1_000;
      assert(each <= ids + 12, `${each} bytes a SIM, ${ids + 12} allowed`);
    }));

  it("the text of the provider in state is short", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ simRange: range(1), plan })).clean();
      assert(String(fleet.outputs().__provider).length < 200);
    }));
});
