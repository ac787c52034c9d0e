import assert from "node:assert/strict";
import { at, bench, client, column, FIRST } from "./client";

describe("emulator: plans", () => {
  it(
    "carry zones and prices as text under their tiers",
    bench(async ({ emulator, api }) => {
      emulator.addPlan({
        id: 9,
        name: "Tiered",
        data: 500,
        billingPeriod: 12,
        enabled: false,
        zones: { Global: "2.500000" },
        tiers: { VOLUME: { Global: "2.000000" } },
      });
      const { json } = await api.get("/plans/9");
      const plan = at(json, "data");
      assert.deepEqual(
        ["id", "name", "data", "billingperiod", "enabled"].map((name) => at(plan, name)),
        [9, "Tiered", 500, 12, 0],
      );
      assert.equal(at(plan, "tiers", "BASE", "zones", "Global", "amount"), "2.500000");
      assert.equal(at(plan, "tiers", "VOLUME", "zones", "Global", "amount"), "2.000000");
      emulator.addPack({ first: FIRST, count: 1 });
      const claim = await api.post("/links/cellular/bulkclaim", { plan: 9, zone: "Global", sims: [FIRST] });
      assert.deepEqual(claim.json, { success: false, error: "Plan 9 not found" });
    }),
  );

  it(
    "are listed by id, name and organization, in pages",
    bench(async ({ emulator, api }) => {
      const other = emulator.addOrganization({});
      emulator.addPlan({ id: 9, name: "Private", zones: {}, orgIds: [other] });
      assert.deepEqual(column(await api.get("/plans"), "id"), [2096, 75]);
      assert.deepEqual(column(await api.get("/plans?ids=75,9"), "id"), [75]);
      assert.deepEqual(column(await api.get("/plans?name=FLAT"), "id"), [2096]);
      const first = await api.get("/plans?limit=1");
      assert.deepEqual(
        [column(first, "id"), at(first.json, "continues"), at(first.json, "lastid")],
        [[2096], true, 2096],
      );
      assert.deepEqual(column(await api.get("/plans?limit=1&startafter=2096"), "id"), [75]);
      assert.equal((await api.get("/plans/9")).status, 404);
    }),
  );

  it(
    "have a price list",
    bench(async ({ api }) => {
      const prices = await api.get("/plans/pricing?planid=75&zone=US");
      assert.deepEqual(
        [column(prices, "plan_id"), column(prices, "zone"), column(prices, "amount")],
        [[75], ["us"], [1]],
      );
      assert.equal(column(await api.get("/plans/pricing"), "plan_id").length, 3);
    }),
  );
});

describe("emulator: organizations and money", () => {
  it(
    "shows the organizations of the key",
    bench(async ({ emulator, api }) => {
      const second = emulator.addOrganization({ name: "Second" });
      const third = emulator.addOrganization({});
      emulator.addKey({ key: "two", role: "editor", orgIds: [12345, second] });
      const two = client(emulator, "two");
      assert.deepEqual(column(await two.get("/organizations"), "name"), ["Second", "Emulated"]);
      assert.equal(at((await two.get(`/organizations/${second}`)).json, "data", "name"), "Second");
      assert.equal((await two.get(`/organizations/${third}`)).status, 403);
      assert.equal((await api.get(`/organizations/${second}`)).status, 403);
    }),
  );

  it(
    "shows balance and history to admins, a charge with its links",
    bench(async ({ emulator, api }) => {
      emulator.addPack({ first: FIRST, count: 2 });
      await api.post("/links/cellular/bulkclaim", { plan: 75, zone: "us", simrange: `${FIRST}-${FIRST}` });
      await api.post("/links/cellular/bulkclaim", { plan: 75, zone: "us", sims: ["89445001021983048261"] });
      const balance = await api.get("/organizations/12345/balance");
      assert.deepEqual(
        [at(balance.json, "data", "balance"), at(balance.json, "data", "orgid")],
        ["999998.00", 12345],
      );
      const history = await api.get("/organizations/12345/balancehistory");
      assert.deepEqual(
        [column(history, "amount"), column(history, "linkids")],
        [
          ["-1.00", "-1.00"],
          [["5000002"], ["5000001"]],
        ],
      );
      const page = await api.get("/organizations/12345/balancehistory?limit=1");
      assert.deepEqual([column(page, "id"), at(page.json, "continues")], [[2], true]);
      assert.deepEqual(
        column(await api.get("/organizations/12345/balancehistory?limit=1&startafter=2"), "id"),
        [1],
      );
      emulator.addKey({ key: "manager", role: "manager", orgIds: [12345] });
      assert.equal((await client(emulator, "manager").get("/organizations/12345/balance")).status, 403);
    }),
  );
});
