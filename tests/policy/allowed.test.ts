import assert from "node:assert/strict";
import { allowedOrganizations, allowedPlans, allowedZones } from "../../provider/policy";
import { assertViolation, UNKNOWN, verdict } from "./support";

describe("policy allowed-plans", () => {
  const ask = (plan: unknown, config: object = { plans: [75, 2096] }) =>
    verdict(allowedPlans, { props: { plan } }, config);

  it("knows plans by their id", async () => {
    assert.deepEqual(await ask(2096), []);
    assertViolation(await ask(2097), '"fleet" is on plan 2097; allowed: 75, 2096', "add it to plans");
  });

  it("waits for an unknown plan, allows none with an empty list, and says nothing without one", async () => {
    assert.deepEqual(await ask(UNKNOWN), []);
    assertViolation(await ask(2096, { plans: [] }), "allowed: none");
    assert.deepEqual(await ask(1, {}), { notApplicable: "plans is not configured" });
  });
});

describe("policy allowed-zones", () => {
  const ask = (zone: unknown, config: object = { zones: ["Global", "eu"] }) =>
    verdict(allowedZones, { props: { zone } }, config);

  it("compares names without regard to case, and knows the default", async () => {
    assert.deepEqual(await ask("global"), []);
    assert.deepEqual(await ask(undefined), []);
    assertViolation(await ask("us"), '"fleet" is in zone "us"; allowed: Global, eu', "add it to zones");
    assertViolation(await ask(undefined, { zones: ["eu"] }), 'in zone "global"');
  });

  it("waits for an unknown zone, and says nothing without a list", async () => {
    assert.deepEqual(await ask(UNKNOWN, { zones: ["eu"] }), []);
    assert.deepEqual(await ask("us", {}), { notApplicable: "zones is not configured" });
  });
});

describe("policy allowed-organizations", () => {
  const ask = (orgId: unknown, props = {}, config: object = { organizations: [12345] }) =>
    verdict(allowedOrganizations, { props: { ...props, orgId } }, config);

  it("knows organizations by their id", async () => {
    assert.deepEqual(await ask(12345), []);
    assertViolation(
      await ask(9),
      '"fleet" belongs to organization 9; allowed: 12345',
      "add it to organizations",
    );
  });

  it("does not let a fleet pass whose organization nobody could tell", async () => {
    const preview = { unverified: "no API key" };
    assertViolation(await ask(undefined, { preview }), 'the organization of "fleet" is not known', "orgId");
  });

  it("waits for unknown inputs, and says nothing without a list", async () => {
    const preview = { unverified: "not known before the update" };
    assert.deepEqual(await ask(UNKNOWN, { preview }), []);
    assert.deepEqual(await ask(undefined, { preview, plan: UNKNOWN }), []);
    assert.deepEqual(await ask(9, {}, {}), { notApplicable: "organizations is not configured" });
  });
});
