import assert from "node:assert/strict";
import { request } from "undici";
import { startEmulator } from "../../../provider/testing/emulator";
import { at, basic, bench, client, FIRST } from "./client";

describe("emulator: who is let in", () => {
  it(
    "takes HTTP Basic with the user name apikey, and a key in the query unless that is switched off",
    bench(async ({ emulator }) => {
      const ask = async (query: string, authorization?: string) => {
        const reply = await request(`${emulator.url}/plans${query}`, {
          headers: authorization === undefined ? {} : { authorization },
        });
        return [reply.statusCode, at(await reply.body.json(), "error")];
      };
      const refused = [401, "Not logged in"];
      const wrong = [basic("wrong"), basic(emulator.apiKey, "someone"), `Bearer ${emulator.apiKey}`];
      assert.deepEqual(await ask(""), refused);
      assert.deepEqual(await ask("?apikey=wrong"), refused);
      for (const header of wrong) assert.deepEqual(await ask(`?apikey=${emulator.apiKey}`, header), refused);
      assert.deepEqual(await ask("", basic(emulator.apiKey)), [200, undefined]);
      assert.deepEqual(await ask(`?apikey=${emulator.apiKey}&limit=1`), [200, undefined]);
      assert.deepEqual(emulator.requests.at(-1)?.query, { limit: "1" }, "the key is not written down");
      emulator.behaviour.apikeyQuery = false;
      assert.deepEqual(await ask(`?apikey=${emulator.apiKey}`), refused);
    }),
  );

  it(
    "lets viewers do nothing, editors read, managers write",
    bench(async ({ emulator }) => {
      emulator.addPack({ first: FIRST, count: 3 });
      const claim = { plan: 2096, zone: "global" };
      const expected = {
        viewer: [403, 403, 403],
        editor: [200, 403, 403],
        manager: [200, 200, 403],
        admin: [200, 200, 200],
      };
      for (const role of ["viewer", "editor", "manager", "admin"] as const) {
        emulator.addKey({ key: role, role, orgIds: [12345] });
        const api = client(emulator, role);
        const sims = emulator
          .sims()
          .filter((sim) => sim.deviceId === undefined)
          .slice(0, 1)
          .map((sim) => sim.iccid);
        const codes = [
          (await api.get("/devices")).status,
          (await api.post("/links/cellular/bulkclaim", { ...claim, sims })).status,
          (await api.get("/organizations/12345/balance")).status,
        ];
        assert.deepEqual(codes, expected[role], role);
      }
      assert.equal(emulator.ledger.length, 2);
    }),
  );

  it(
    "refuses a claim into an organization that the key does not see",
    bench(async ({ emulator, api }) => {
      emulator.addPack({ first: FIRST, count: 1 });
      const orgid = emulator.addOrganization({});
      const reply = await api.post("/links/cellular/bulkclaim", {
        plan: 2096,
        zone: "global",
        sims: [FIRST],
        orgid,
      });
      assert.equal(reply.status, 403);
      assert.equal(emulator.ledger.length, 0);
    }),
  );
});

describe("emulator: the server", () => {
  it(
    "listens on loopback only, and answers to loopback names only",
    bench(async ({ emulator }) => {
      await assert.rejects(
        startEmulator({ host: "0.0.0.0" }),
        /The emulator listens on loopback only, not on 0\.0\.0\.0\./,
      );
      assert.match(emulator.url, /^http:\/\/127\.0\.0\.1:\d+\/api\/1$/);
      const reply = await request(`${emulator.url}/plans`, {
        headers: { authorization: basic(emulator.apiKey), host: "evil.example" },
      });
      assert.equal(reply.statusCode, 403);
      await reply.body.dump();
      assert.equal(emulator.requests.length, 0);
    }),
  );

  it(
    "fails where the port is taken",
    bench(async ({ emulator }) => {
      await assert.rejects(startEmulator({ port: emulator.port }), { code: "EADDRINUSE" });
    }),
  );

  it(
    "answers 404 to what the API does not have, and keeps what it was sent",
    bench(async ({ emulator, api }) => {
      assert.deepEqual((await api.get("/nothing")).json, {
        success: false,
        error: "API method does not exist",
      });
      const reply = await fetch(`${emulator.url}/devices/state`, {
        method: "POST",
        headers: { authorization: basic(emulator.apiKey) },
        body: "{broken",
      });
      assert.equal(reply.status, 400);
      assert.equal(emulator.requests[1]?.body, "{broken");
    }),
  );

  it("begins with an account of choice", async () => {
    const emulator = await startEmulator({
      account: {
        organizations: [{ id: 1, name: "One", balance: "5.00" }],
        keys: [{ key: "k", role: "admin", orgIds: [1] }],
        plans: [{ id: 3, name: "P", zones: { eu: "0.1" } }],
        packs: [{ first: FIRST, count: 2, state: "LIVE" }],
      },
    });
    try {
      assert.deepEqual([emulator.orgId, emulator.apiKey, emulator.balance()], [1, "k", "5.00"]);
      assert.deepEqual(
        emulator.sims().map(({ plan, zone, state }) => [plan, zone, state]),
        [
          [3, "eu", "LIVE"],
          [3, "eu", "LIVE"],
        ],
      );
      assert.equal(emulator.knows(FIRST), true);
      assert.equal(emulator.knows("89"), false);
    } finally {
      await emulator.close();
    }
  });
});
