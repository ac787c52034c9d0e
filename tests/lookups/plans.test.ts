import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as hologram from "../../provider";
import { isKnown } from "../../provider/resources/sdk";
import { known, sentence, withProgram } from "../harness/cli/lookups";

const ORG = 4711;
const account = {
  organizations: [{ id: ORG, name: "Trucks" }],
  keys: [{ key: "key-of-trucks-5b3e", role: "editor", orgIds: [ORG] }],
  plans: [
    { id: 2096, name: "Global Flat", zones: { global: "0.605000", eu: "0.500000" } },
    { id: 75, name: "Pilot 1 MB", data: 1_000_000, billingPeriod: 12, zones: { global: "1.5" } },
    { id: 76, name: "pilot 1 mb ", zones: { global: "2" }, tiers: { GOLD: { global: "1.75" } } },
  ],
} as const;

// The emulator names an admin's key as its own; here the only key is an editor's, which is all that reading takes.
const env = { HOLOGRAM_API_KEY: "key-of-trucks-5b3e" };
const withPlans = (test: Parameters<typeof withProgram>[1]) =>
  withProgram({ account: { ...account, keys: [...account.keys, admin] } }, async (program) => {
    await program.begin({ env });
    await test(program);
  });
const admin = { key: "key-of-admin-77aa", role: "admin", orgIds: [ORG] } as const;

describe("look-ups: plans", () => {
  it("lists them by id, with prices as dollars and as the digits that Hologram sent", () =>
    withPlans(async () => {
      const plans = await hologram.getPlans();
      assert.deepEqual(plans, [
        {
          id: 75,
          name: "Pilot 1 MB",
          data: 1_000_000,
          billingPeriod: 12,
          currentTier: "BASE",
          zones: [{ zone: "global", tier: "BASE", price: 1.5, priceText: "1.5" }],
        },
        {
          id: 76,
          name: "pilot 1 mb",
          data: 0,
          billingPeriod: 1,
          currentTier: "BASE",
          zones: [
            { zone: "global", tier: "BASE", price: 2, priceText: "2" },
            { zone: "global", tier: "GOLD", price: 1.75, priceText: "1.75" },
          ],
        },
        {
          id: 2096,
          name: "Global Flat",
          data: 0,
          billingPeriod: 1,
          currentTier: "BASE",
          zones: [
            { zone: "global", tier: "BASE", price: 0.605, priceText: "0.605000" },
            { zone: "eu", tier: "BASE", price: 0.5, priceText: "0.500000" },
          ],
        },
      ]);
    }));

  it("sends one listing for a program that asks ten times, in either form, for all or for one", () =>
    withPlans(async (program) => {
      await Promise.all([
        hologram.getPlans(),
        hologram.getPlans({}),
        hologram.getPlans({ orgId: ORG }),
        hologram.getPlan({ id: 75 }),
        known(hologram.getPlansOutput()),
        known(hologram.getPlanOutput({ name: pulumi.output("global flat") })),
      ]);
      await Promise.all([
        hologram.getPlans(),
        hologram.getPlan({ name: "Global Flat" }),
        hologram.getPlan({ id: 76 }),
      ]);
      await known(hologram.getPlansOutput({ orgId: ORG }));
      assert.deepEqual(program.paths, ["/organizations", "/plans"]);
      assert.partialDeepStrictEqual(program.emulator.requests[1]?.query, { orgid: String(ORG) });

      // Another run, as the Automation API has many in one process, asks again.
      await program.begin({ env });
      await hologram.getPlans();
      assert.deepEqual(program.paths, ["/organizations", "/plans"]);
    }));

  it("asks again after a failure", () =>
    withPlans(async (program) => {
      const { faults } = program.emulator;
      faults.add({
        path: "/plans",
        nth: 1,
        fault: { kind: "status", status: 400, body: { error: "not today" } },
      });
      assert.equal(
        await sentence(program, () => hologram.getPlans()),
        'getPlans: Hologram refused GET /plans with status 400: "not today".',
      );
      assert.equal((await hologram.getPlans()).length, 3);
    }));

  it("finds one by its id, or by its name without regard to case and spaces around it", () =>
    withPlans(async () => {
      assert.equal((await hologram.getPlan({ id: 75 })).name, "Pilot 1 MB");
      assert.equal((await hologram.getPlan({ name: "  gLOBAL fLAT " })).id, 2096);
      assert.equal(await known(hologram.getPlanOutput({ name: "Global Flat" }).id), 2096);
    }));

  const wrong = [
    [
      { name: "Global" },
      'no plan has the name "Global". The plans are 75 (Pilot 1 MB), 76 (pilot 1 mb), 2096 (Global Flat)',
    ],
    [{ id: 7 }, "no plan has the id 7. The plans are 75 (Pilot 1 MB), 76 (pilot 1 mb), 2096 (Global Flat)"],
    [
      { name: "pilot 1 MB" },
      '2 plans have the name "pilot 1 MB": 75 (Pilot 1 MB), 76 (pilot 1 mb). Give the id of one',
    ],
    [{}, "give either id or name"],
    [{ id: 75, name: "Pilot 1 MB" }, "give either id or name"],
    [{ id: 75, zone: "eu" }, '"zone" is not one of its arguments: orgId, id, name'],
  ] as const;
  for (const [args, words] of wrong) {
    it(`refuses ${JSON.stringify(args)} with a sentence`, () =>
      withPlans(async (program) => {
        assert.equal(await sentence(program, () => hologram.getPlan(args)), `getPlan: ${words}`);
      }));
  }

  it("works in a preview where inputs are known; unknown ones make it unknown, and ask nothing", () =>
    withPlans(async (program) => {
      await program.begin({ preview: true, env });
      const { tagId } = new hologram.DeviceTag("not-there-yet", { name: "x" });
      assert.equal(await isKnown(tagId), false);
      assert.equal(await isKnown(hologram.getPlanOutput({ id: tagId })), false);
      assert.equal(await isKnown(hologram.getPlansOutput({ orgId: tagId })), false);
      assert.deepEqual(program.paths, []);
      assert.equal(await known(hologram.getPlanOutput({ id: pulumi.output(75) }).name), "Pilot 1 MB");
    }));

  it("of a secret argument is a secret, and of a provider with a secret key is none", () =>
    withPlans(async ({ emulator }) => {
      const plan = hologram.getPlanOutput({ name: pulumi.secret("Global Flat") });
      assert.equal(await pulumi.isSecret(plan), true);
      const { apiKey, url: baseUrl } = emulator;
      const provider = new hologram.Provider("own", { apiKey: pulumi.secret(apiKey), baseUrl });
      const open = hologram.getPlanOutput({ name: "Global Flat" }, { provider });
      assert.equal((await known(open)).id, 2096);
      assert.equal(await pulumi.isSecret(open), false);
    }));
});
