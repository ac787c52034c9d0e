import assert from "node:assert/strict";
import { at, bench, client, column, FIRST } from "./client";

describe("emulator: users, usage and money", () => {
  it(
    "answers who the key's user is, and what organizations are like",
    bench(async ({ emulator, api }) => {
      const personal = emulator.addOrganization({ name: "Me", personal: true, testModeDays: 30 });
      emulator.addKey({ key: "me", role: "manager", orgIds: [personal, 12345] });
      const me = client(emulator, "me");
      assert.deepEqual((await me.get("/users/me")).json, {
        success: true,
        data: {
          id: 2,
          email: "user2@example.com",
          first: "User",
          last: "2",
          partnerid: 1,
          role: "",
          registered: "1970-01-01 00:00:00",
          personal_org: personal,
        },
      });
      assert.equal(at((await api.get("/users/me")).json, "data", "personal_org"), undefined);
      const { json } = await me.get("/organizations?personal_for=2");
      const found = at(json, "data", 0);
      assert.deepEqual(
        [at(json, "size"), at(found, "id"), at(found, "is_personal"), at(found, "preflight_timeout_in_days")],
        [1, personal, 1, 30],
      );
      assert.deepEqual(at(found, "users", 0, "permissions"), ["activation", "changeplan"]);
      assert.deepEqual(column(await me.get("/organizations?deleted=true"), "id"), []);
      assert.deepEqual(column(await me.get("/organizations?id=12345"), "is_personal"), [0]);
      const tag = await me.post("/devices/tags", { name: "mine" });
      assert.equal(tag.status, 200);
      assert.equal(emulator.tags()[0]?.orgId, personal);
      assert.equal((await api.post("/devices/tags", { name: "whose" })).status, 400);
    }),
  );

  it(
    "answers usage with empty lists, names with names, and no locations",
    bench(async ({ emulator, api }) => {
      emulator.addPack({ first: FIRST, count: 2, state: "LIVE" });
      for (const path of ["data", "data/daily", "data/monthly", "data/billing", "sms"]) {
        const reply = await api.get(`/usage/${path}?orgid=12345&limit=10`);
        assert.deepEqual([reply.status, at(reply.json, "data")], [200, []], path);
      }
      assert.deepEqual(at((await api.get("/devices/names?limit=1")).json, "data"), [
        { 2000002: "SIM (48261)" },
      ]);
      assert.deepEqual(at((await api.get("/devices/locations")).json, "data"), []);
      assert.deepEqual(at((await api.get("/devices/opensessions")).json, "data"), []);
      assert.equal((await api.get("/usage/data?orgid=9")).status, 403);
    }),
  );

  it(
    "adds to a balance, by organization and by user, and says so in the history",
    bench(async ({ emulator, clock }) => {
      const orgid = emulator.addOrganization({ personal: true, balance: "1.00" });
      emulator.addKey({ key: "me", role: "admin", orgIds: [orgid] });
      emulator.addKey({ key: "manager", role: "manager", orgIds: [orgid] });
      const me = client(emulator, "me");
      const added = await me.post(`/organizations/${orgid}/balance`, { addamount: 123.5 });
      assert.deepEqual(
        [at(added.json, "order_data", "sku"), at(added.json, "order_data", "total_cost")],
        ["ACCTREFILL", 123.5],
      );
      emulator.addPack({ first: FIRST, count: 1, orgId: orgid });
      clock.advance(1000);
      await me.post("/links/cellular/bulkclaim", { plan: 2096, zone: "global", sims: [FIRST] });
      clock.advance(1000);
      assert.equal((await me.post("/users/me/balance", { addamount: "1.10" })).status, 200);
      assert.equal(at((await me.get("/users/me/balance")).json, "data", "balance"), "125.00");
      const history = await me.get("/users/me/balancehistory");
      assert.deepEqual(
        [column(history, "id"), column(history, "amount"), column(history, "transaction_type_id")],
        [
          [3, 2, 1],
          ["1.10", "-0.60", "123.5"],
          ["REFILL", "PLAN", "REFILL"],
        ],
      );
      assert.equal(
        column(history, "description")[1],
        `Charge to balance: SIM Activation (Link ID#5000001 SIM:${FIRST} Device:'SIM (48260)')`,
      );
      const second = Math.floor(clock.now() / 1000) - 1;
      const path = `/organizations/${orgid}/balancehistory`;
      for (const [query, ids] of [
        [`timestart=${second}&timeend=${second}`, [2]],
        ["id=1", [1]],
        ["transactionTypeId=REFILL&limit=1", [3]],
        ["startafter=2", [1]],
      ] as const) {
        assert.deepEqual(column(await me.get(`${path}?${query}`), "id"), ids, query);
      }
      for (const addamount of ["-1", "0", "1.234", "much", undefined]) {
        assert.equal((await me.post(`/organizations/${orgid}/balance`, { addamount })).status, 400);
      }
      const manager = client(emulator, "manager");
      assert.equal((await manager.post("/users/me/balance", { addamount: 1 })).status, 403);
      assert.equal((await client(emulator).get("/users/me/balance")).status, 404);
    }),
  );
});
