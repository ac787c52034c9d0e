import assert from "node:assert/strict";
import { cards, PLAN, range, withFleet } from "../../harness/provider/providerFleet";
import type { FleetHarness } from "../../harness/provider/providerHarness";

const plan = PLAN;
const simRange = range(100);
/** An account that names the SIMs of a range neither in previews nor in listings. */
const silent = { pack: { listed: false }, behaviour: { previewAnswer: "costOnly" } } as const;

/** Nobody listens there. */
const DEAD = "http://127.0.0.1:9/api/1";
const setTo = (environment: object, values: object): void => void Object.assign(environment, values);

/** What keeps a preview from being verified, and what it then says. */
const troubles: readonly [what: string, begin: (fleet: FleetHarness) => void, says: RegExp][] = [
  ["no key", ({ environment }) => setTo(environment, { HOLOGRAM_API_KEY: undefined }), /^no API key$/],
  [
    "a dead API",
    ({ environment }) => setTo(environment, { HOLOGRAM_BASE_URL: DEAD }),
    /^Hologram could not be reached at .*The request had no effect\.$/,
  ],
  [
    "an API that fails",
    (fleet) => fleet.emulator.faults.add({ path: "/plans", fault: { kind: "status", status: 503 } }),
    /GET \/plans with status 503/,
  ],
  [
    "a page of HTML",
    (fleet) =>
      fleet.emulator.faults.add({ path: "/plans", fault: { kind: "html", status: 200, commit: true } }),
    /GET \/plans cannot be read/,
  ],
];

describe("dynamic: a preview that cannot be verified", () => {
  for (const [what, begin, says] of troubles) {
    it(`${what}: the preview goes on and says so`, () =>
      withFleet({}, async (fleet) => {
        begin(fleet);
        const report = (await fleet.preview({ simRange, plan })).clean();
        assert.equal(report.changes, "create fleet");
        assert.deepEqual(Object.keys(report.preview()), ["unverified"]);
        assert.match(String(report.preview().unverified), says);
        assert.match(report.lines.at(-1)?.message ?? "", /^not verified: /);
        assert.deepEqual(report.writes, []);
      }));
  }

  it("a dead API: up fails with one sentence, and claims nothing", () =>
    withFleet({}, async (fleet) => {
      fleet.environment.HOLOGRAM_BASE_URL = DEAD;
      const report = await fleet.up({ simRange, plan, expectedSims: 100 });
      assert.deepEqual([report.failures.length, report.errors], [1, []]);
      assert.match(
        report.failures.join(),
        /^Hologram could not be reached at .* The request had no effect\.$/,
      );
      assert.deepEqual([report.reasons, fleet.resources], [[], []]);
    }));

  it("no key: up says how to set one", () =>
    withFleet({}, async (fleet) => {
      fleet.environment.HOLOGRAM_API_KEY = undefined;
      const report = await fleet.up({ simRange, plan });
      assert.match(
        report.errors.join(),
        /^no API key: set HOLOGRAM_API_KEY .*pulumi config set --secret hologram:apiKey/,
      );
    }));

  /** The account is back by the time of the create, and neither check of the command has seen it. */
  const blip = { path: "/plans", nth: { from: 1, to: 8 }, fault: { kind: "status", status: 503 } } as const;

  it("a range without expectedSims is then not claimed", () =>
    withFleet({}, async (fleet) => {
      fleet.emulator.faults.add(blip);
      const report = await fleet.up({ simRange, plan });
      assert.equal(report.preview().simCount, undefined);
      assert.match(
        report.errors.join(),
        /^nothing was sent: the preview could not be verified \(.*503.*\), and a range without expectedSims/,
      );
      assert.deepEqual([report.writes, fleet.resources, fleet.emulator.ledger], [[], [], []]);
    }));

  for (const inputs of [{ simRange, expectedSims: 100 }, { sims: cards(100) }]) {
    it(`${Object.keys(inputs).join(" with ")} is claimed all the same`, () =>
      withFleet({}, async (fleet) => {
        fleet.emulator.faults.add(blip);
        const report = (await fleet.up({ ...inputs, plan })).clean();
        assert.equal(report.preview().simCount, undefined);
        assert.deepEqual(fleet.outputs().iccids, cards(100));
        assert.equal(fleet.emulator.ledger.length, 100);
      }));
  }

  it("the next preview tells what the SIMs that were claimed all the same have cost until now", () =>
    withFleet({}, async (fleet) => {
      fleet.emulator.faults.add(blip);
      (await fleet.up({ sims: cards(100), plan })).clean();
      const grown = (await fleet.preview({ sims: cards(150), plan })).clean().preview();
      assert.partialDeepStrictEqual(grown, { activate: 50, unchanged: 100, simCount: 150, dueNow: 30 });
      assert.deepEqual([grown.monthlyCostBefore, grown.monthlyCost], [60, 90]);
      const shrunk = (await fleet.preview({ sims: cards(40), plan })).clean().preview();
      assert.partialDeepStrictEqual(shrunk, {
        release: 60,
        unchanged: 40,
        monthlyCostBefore: 60,
        monthlyCost: 24,
      });
    }));

  it("a range whose SIMs only the listing names is claimed with a count, and not without", () =>
    withFleet({}, async (fleet) => {
      const fault = {
        kind: "status",
        status: 400,
        body: { success: false, error: "Preview is not available" },
      } as const;
      fleet.emulator.faults.add({ path: "/links/cellular/bulkclaim", preview: true, fault });
      const uncounted = await fleet.up({ simRange, plan });
      assert.match(
        uncounted.errors.join(),
        /^nothing was activated: no preview tells which SIMs of the range can be activated \(Preview is not available\)/,
      );
      assert.deepEqual([uncounted.claims, fleet.emulator.ledger], [[], []]);
      (await fleet.up({ simRange, plan, expectedSims: 100 })).clean();
      assert.equal(fleet.emulator.ledger.length, 100);
    }));

  it("a range whose SIMs neither preview nor listing names is not claimed", () =>
    withFleet(silent, async (fleet) => {
      const preview = (await fleet.preview({ simRange, plan })).clean().preview();
      assert.partialDeepStrictEqual(preview, { activate: 0, simCount: 0, dueNow: 0 });
      assert.match(
        String(preview.unverified),
        /does not say which SIMs the range holds .*: set expectedSims to 100, Hologram's own count, to activate them$/,
      );
      const report = await fleet.up({ simRange, plan });
      assert.match(
        report.errors.join(),
        /^nothing was activated: Hologram does not say which SIMs the range holds .*: set expectedSims to 100,/,
      );
      assert.deepEqual([report.writes, fleet.resources, fleet.emulator.ledger], [[], [], []]);
    }));

  it("with expectedSims it is claimed as a range, and never more than that", () =>
    withFleet(silent, async (fleet) => {
      const inputs = { simRange, plan, expectedSims: 100 };
      const preview = (await fleet.preview(inputs)).clean().preview();
      assert.partialDeepStrictEqual(preview, { activate: 100, simCount: 100, dueNow: 60 });
      const report = (await fleet.up(inputs)).clean();
      assert.deepEqual(
        report.claims.map(({ body }) => body),
        [{ simrange: simRange, orgid: fleet.emulator.orgId, plan, zone: "global" }],
      );
      assert.deepEqual(fleet.outputs().iccids, cards(100));
      const again = (await fleet.up(inputs)).clean();
      assert.deepEqual(again.requests, []);
    }));

  it("and leaves out what is active already", () =>
    withFleet(silent, async (fleet) => {
      fleet.emulator.activateByHand(cards(30, 20), { plan, zone: "global" });
      const report = (await fleet.up({ simRange, plan, expectedSims: 100 })).clean();
      assert.partialDeepStrictEqual(report.preview(), { activate: 70, adopt: 30 });
      assert.deepEqual(fleet.outputs().iccids, cards(100));
      assert.deepEqual(fleet.emulator.judgement().doubleClaims, []);
      assert.deepEqual(fleet.emulator.judgement().doubleCharges, []);
    }));

  it("names the number of expectedSims with which all of it is bought, what is active counted", () =>
    withFleet({ ...silent, pack: { listed: false, count: 10 } }, async (fleet) => {
      fleet.emulator.activateByHand(cards(1, 9), { plan, zone: "global" });
      const inputs = { simRange: range(10), plan };
      const { unverified } = (await fleet.preview(inputs)).clean().preview();
      assert.match(
        String(unverified),
        /: set expectedSims to 10 \(9 by Hologram's own count, and 1 known otherwise\) to activate them$/,
      );
      (await fleet.up({ ...inputs, expectedSims: 10 })).clean();
      assert.deepEqual(fleet.outputs().iccids, cards(10));
    }));

  it("a range that grew into what nobody names is warned of, in the preview and in the update", () =>
    withFleet(silent, async (fleet) => {
      (await fleet.up({ simRange: range(50), plan, expectedSims: 50 })).clean();
      for (const report of [await fleet.preview({ simRange, plan }), await fleet.up({ simRange, plan })]) {
        const warnings = report.clean().lines.filter(({ severity }) => severity === "warning");
        assert.match(
          warnings.map(({ message }) => message).join(),
          /^not verified: Hologram does not say which SIMs the range holds .*: set expectedSims to 100 \(50 by Hologram's own count, and 50 known otherwise\) to activate them$/,
        );
        assert.deepEqual(report.claims, []);
      }
    }));

  it("fewer SIMs than expected end part-way, with what there is held", () =>
    withFleet({ ...silent, pack: { listed: false, count: 60 } }, async (fleet) => {
      const report = await fleet.up({ simRange, plan, expectedSims: 100 });
      assert.match(report.reasons.join("\n"), /40 SIMs fewer in the range than expectedSims says/);
      assert.deepEqual(fleet.outputs().iccids, cards(60));
      assert.equal(fleet.emulator.ledger.length, 60);
    }));

  it("is told where the API names no price", () =>
    withFleet({}, async (fleet) => {
      const body = {
        success: true,
        data: [{ id: 7, name: "Priceless", data: 0, billingperiod: 1, zones: ["global"], tiers: {} }],
      };
      fleet.emulator.addPlan({ id: 7, name: "Priceless", zones: { global: "0.10" } });
      fleet.emulator.faults.add({ path: /^\/plans$/, fault: { kind: "status", status: 200, body } });
      fleet.emulator.faults.add({
        path: "/plans/pricing",
        fault: { kind: "status", status: 200, body: { success: true, data: [] } },
      });
      const preview = (await fleet.preview({ simRange, plan: 7 })).clean().preview();
      assert.partialDeepStrictEqual(preview, {
        activate: 100,
        unverified: "Hologram names no price for plan 7",
      });
      assert.equal(preview.dueNow, undefined);
    }));
});
