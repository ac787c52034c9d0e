import assert from "node:assert/strict";
import { cards, ORG, PLAN, range, withFleet } from "../../harness/provider/providerFleet";

const plan = PLAN;
const simRange = range(10);
const KEYS = { both: "key-of-both-2f1d", foreign: "key-of-others-9a7c" };
/** Two organizations: the default key sees the first, one key both, one only the second. */
const setup = {
  pack: { orgId: 4711 },
  account: {
    organizations: [
      { id: 4711, name: "Trucks" },
      { id: 4712, name: "Meters" },
    ],
    keys: [
      { key: "key-of-trucks-5b3e", role: "admin", orgIds: [4711] },
      { key: KEYS.both, role: "admin", orgIds: [4711, 4712] },
      { key: KEYS.foreign, role: "admin", orgIds: [4712] },
    ],
    plans: [{ id: PLAN, name: "Global Flat", zones: { global: "0.60" } }],
  },
} as const;

const outage = { kind: "status", status: 503 } as const;

describe("dynamic: the organization", () => {
  it("that a claim lands in is another one than was asked: no fleet of the run claims any more", () =>
    withFleet({}, async (fleet) => {
      const { emulator, environment } = fleet;
      emulator.addOrganization({ id: 777 });
      emulator.addKey({ key: environment.HOLOGRAM_API_KEY ?? "", role: "admin", orgIds: [ORG, 777] });
      environment.HOLOGRAM_ORG_ID = `${ORG}`;
      const fault = { kind: "otherOrganization", orgId: 777 } as const;
      emulator.faults.add({ path: "/links/cellular/bulkclaim", preview: false, fault });
      const part = (from: number) => ({ sims: cards(3, from), plan });
      const report = await fleet.upProgram({ a: part(0), b: part(10), c: part(20) });
      assert.deepEqual([report.claims.length, emulator.ledger.length], [1, 3]);
      assert.match(report.reasons.join("\n"), /activated in another organization; it is charged there/);
      assert.match(
        report.text,
        /nothing was activated: Hologram activated in organization 777, not in 12345/,
      );
    }));

  it("is the key's only one, and stored", () =>
    withFleet({}, async (fleet) => {
      (await fleet.up({ simRange, plan })).clean();
      assert.partialDeepStrictEqual(fleet.find()?.inputs, { orgId: ORG });
      assert.partialDeepStrictEqual(fleet.outputs(), { orgId: ORG });
    }));

  it("of several and none named: check lists them and sends nothing else", () =>
    withFleet(setup, async (fleet) => {
      fleet.environment.HOLOGRAM_API_KEY = KEYS.both;
      const report = await fleet.up({ simRange, plan });
      const [reason = ""] = report.failures;
      assert.equal(report.failures.length, 1);
      assert.match(reason, /^orgId: the API key sees several organizations, name one of /);
      assert.match(reason, /4711 \(Trucks\)/);
      assert.match(reason, /4712 \(Meters\)/);
      assert.deepEqual(
        report.requests.map(({ path }) => path),
        ["/organizations"],
      );
    }));

  const namings = [
    ["the input", { orgId: 4711 }, {}, {}],
    ["the environment", {}, { HOLOGRAM_ORG_ID: "4711" }, {}],
    ["the stack configuration", {}, {}, { "hologram:orgId": "4711" }],
    [
      "the environment before the stack configuration",
      {},
      { HOLOGRAM_ORG_ID: "4711" },
      { "hologram:orgId": "4712" },
    ],
    [
      "an explicit provider before the environment",
      {},
      { HOLOGRAM_ORG_ID: "4712" },
      { "hologram:explicit": "true", "hologram:orgId": "4711" },
    ],
    [
      "the input before all others",
      { orgId: 4711 },
      { HOLOGRAM_ORG_ID: "4712" },
      { "hologram:orgId": "4712" },
    ],
  ] as const;
  for (const [by, inputs, environment, config] of namings) {
    it(`is named by ${by}`, () =>
      withFleet(setup, async (fleet) => {
        fleet.environment.HOLOGRAM_API_KEY = KEYS.both;
        Object.assign(fleet.environment, environment);
        fleet.config = config;
        const report = (await fleet.up({ simRange, plan, ...inputs })).clean();
        assert.partialDeepStrictEqual(fleet.outputs(), { orgId: 4711, iccids: cards(10) });
        for (const { body } of report.claims) assert.partialDeepStrictEqual(body, { orgid: 4711 });
      }));
  }

  it("stays what it was, whatever the configuration says later", () =>
    withFleet(setup, async (fleet) => {
      fleet.environment.HOLOGRAM_API_KEY = KEYS.both;
      fleet.environment.HOLOGRAM_ORG_ID = "4711";
      (await fleet.up({ simRange, plan })).clean();
      fleet.environment.HOLOGRAM_ORG_ID = "4712";
      (await fleet.up({ simRange: range(20), plan })).clean();
      assert.partialDeepStrictEqual(fleet.outputs(), { orgId: 4711, iccids: cards(20) });
      assert(fleet.emulator.ledger.every(({ orgId }) => orgId === 4711));
    }));

  it("cannot be changed in the program", () =>
    withFleet(setup, async (fleet) => {
      fleet.environment.HOLOGRAM_API_KEY = KEYS.both;
      (await fleet.up({ simRange, plan, orgId: 4711 })).clean();
      const report = await fleet.up({ simRange, plan, orgId: 4712 });
      assert.match(
        report.failures.join(),
        /^orgId: the SIMs belong to organization 4711, and changing it to 4712 is not supported: .*transfer/,
      );
      assert.deepEqual([report.requests, fleet.outputs().orgId], [[], 4711]);
    }));

  it("that the key does not see is an error before any other request, in every operation", () =>
    withFleet(setup, async (fleet) => {
      (await fleet.up({ simRange, plan, onRelease: "pause" })).clean();
      const before = structuredClone(fleet.outputs());
      fleet.environment.HOLOGRAM_API_KEY = KEYS.foreign;
      const inputs = { simRange: range(20), plan, onRelease: "pause" };
      const reports = [
        await fleet.preview(inputs),
        await fleet.up(inputs),
        await fleet.refresh(),
        await fleet.destroy(),
      ];
      for (const report of reports) {
        const said = [...report.failures, ...report.errors];
        assert.equal(said.length, 1);
        assert.match(
          said.join(),
          /^the API key does not see organization 4711; it sees 4712 \(Meters\)\. Nothing was read or changed\. Use a key/,
        );
        assert.deepEqual(
          report.requests.map(({ path }) => path),
          ["/organizations"],
        );
      }
      assert.deepEqual(fleet.outputs(), before);
      assert.equal(fleet.resources.length, 1);
    }));

  it("that no check could find out is not created in: what is created now could not be held to it later", () =>
    withFleet(setup, async (fleet) => {
      const list = { sims: cards(5), plan };
      // Four tries are as many as a read gets, in each of the two checks.
      fleet.emulator.faults.add({ path: "/organizations", nth: { from: 1, to: 8 }, fault: outage });
      const report = await fleet.up(list);
      assert.match(report.failures.join(), /^Hologram refused GET \/organizations with status 503/);
      assert.deepEqual([report.writes, fleet.resources], [[], []]);
      (await fleet.up(list)).clean();
      assert.partialDeepStrictEqual(fleet.find()?.inputs, { orgId: 4711 });
    }));

  it("that the preview found is the one of the update, whose check cannot ask", () =>
    withFleet(setup, async (fleet) => {
      const between = () =>
        fleet.emulator.faults.add({ path: "/organizations", nth: { from: 1, to: 4 }, fault: outage });
      const report = await fleet.up({ sims: cards(5), plan }, { between });
      assert.deepEqual([report.failures, report.errors], [[], []]);
      assert.partialDeepStrictEqual(fleet.find()?.inputs, { orgId: 4711 });
    }));

  it("on record is the one to go on with, also in a replace, whatever the key sees and the settings name by then", () =>
    withFleet(setup, async (fleet) => {
      (await fleet.up({ simRange, plan })).clean();
      fleet.environment.HOLOGRAM_API_KEY = KEYS.both;
      for (const [named, from] of [
        [undefined, 20],
        ["4712", 40],
      ] as const) {
        fleet.environment.HOLOGRAM_ORG_ID = named;
        const replaced = (await fleet.up({ simRange: range(10, from), plan })).clean();
        assert.match(replaced.changes, /replace/);
        assert.equal((await fleet.up({ simRange: range(10, from), plan })).clean().changes, "");
        assert.equal(fleet.outputs().orgId, 4711);
      }
    }));

  it("of the record is held against what old inputs without one come to", () =>
    withFleet(setup, async (fleet) => {
      (await fleet.up({ simRange, plan })).clean();
      const resource = fleet.find();
      assert(resource);
      // As an older package left it, where no check could find out the organization.
      const { orgId: _, ...inputs } = resource.inputs;
      resource.inputs = { ...inputs, preview: { unverified: "Hologram answered with status 503" } };
      fleet.environment.HOLOGRAM_API_KEY = KEYS.both;
      fleet.environment.HOLOGRAM_ORG_ID = "4712";
      const report = await fleet.up({ simRange, plan });
      assert.match(
        [...report.failures, ...report.errors].join(),
        /^orgId: the SIMs belong to organization 4711, and changing it to 4712 is not supported: /,
      );
      assert.deepEqual([report.writes, (await fleet.refresh()).errors], [[], []]);
      (await fleet.up({ simRange, plan, orgId: 4711 })).clean();
    }));

  it("that does not exist is refused like one the key does not see", () =>
    withFleet(setup, async (fleet) => {
      const report = await fleet.up({ simRange, plan, orgId: 99 });
      assert.match(report.failures.join(), /does not see organization 99; it sees 4711 \(Trucks\)/);
    }));
});
