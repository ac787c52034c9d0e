import assert from "node:assert/strict";
import { request } from "undici";
import type { Emulator } from "../../../provider/testing/emulator";
import { at, basic, bench, FIRST } from "./client";

async function ask(
  emulator: Emulator,
  method: "GET" | "PUT" | "POST" | "DELETE",
  subject: string,
  body?: unknown,
  key = emulator.apiKey,
) {
  const reply = await request(new URL(`/emulator/${subject}`, emulator.url), {
    method,
    headers: { authorization: basic(key) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: reply.statusCode, json: await reply.body.json() };
}

describe("emulator: the control interface", () => {
  it(
    "answers judgement, ledger and requests, and is no request itself",
    bench(async ({ emulator, api }) => {
      emulator.addPack({ first: FIRST, count: 1 });
      await api.post("/links/cellular/bulkclaim", { plan: 2096, zone: "global", sims: [FIRST] });
      const data = async (subject: string) => at((await ask(emulator, "GET", subject)).json, "data");
      assert.deepEqual(await data("judgement"), emulator.judgement());
      assert.deepEqual(await data("ledger"), emulator.ledger);
      assert.deepEqual(await data("requests"), emulator.requests);
      assert.equal(emulator.requests.length, 1);
    }),
  );

  it(
    "plants and clears faults, releases what is held, turns switches",
    bench(async ({ emulator, api }) => {
      const rule = {
        path: { expression: "^/plans", flags: "" },
        nth: 1,
        fault: { kind: "rateLimit", retryAfter: 2 },
      };
      assert.equal((await ask(emulator, "POST", "faults", rule)).status, 200);
      assert.equal((await api.get("/plans")).status, 429);
      await ask(emulator, "DELETE", "faults");
      assert.deepEqual(emulator.faults.list(), []);
      await ask(emulator, "PUT", "behaviour", { edition: "E3", ids: "string" });
      assert.deepEqual([emulator.behaviour.edition, emulator.behaviour.ids], ["E3", "string"]);
      assert.equal(at((await ask(emulator, "GET", "behaviour")).json, "data", "edition"), "E3");
      emulator.faults.add({ fault: { kind: "hold" } });
      const held = api.get("/plans");
      while (emulator.faults.list()[0]?.played !== 1) await new Promise((resolve) => setImmediate(resolve));
      await ask(emulator, "POST", "release");
      assert.equal((await held).status, 200);
    }),
  );

  it(
    "is for admins, and says what it does not understand",
    bench(async ({ emulator }) => {
      emulator.addKey({ key: "manager", role: "manager", orgIds: [12345] });
      assert.equal((await ask(emulator, "GET", "ledger", undefined, "manager")).status, 403);
      assert.equal((await ask(emulator, "GET", "ledger", undefined, "wrong")).status, 401);
      assert.equal((await ask(emulator, "GET", "nothing")).status, 404);
      const unavailable = { kind: "status", status: 503 };
      for (const rule of [
        { fault: { ...unavailable, comit: true } },
        { fault: { ...unavailable, status: 99 } },
        { fault: { ...unavailable, headers: { "bad name": "x" } } },
        { nth: 0, fault: unavailable },
        { nth: { from: 5, to: 2 }, fault: unavailable },
        { nth: { from: 2, until: 3 }, fault: unavailable },
        { probability: 2, fault: unavailable },
        { method: "FOO", fault: unavailable },
        { fault: { kind: "delay", milliseconds: -1 } },
      ]) {
        assert.equal((await ask(emulator, "POST", "faults", rule)).status, 400, JSON.stringify(rule));
      }
      for (const switches of [{ planChangeCost: "abc" }, { limit: -1 }, { balanceStatus: 99 }]) {
        assert.equal((await ask(emulator, "PUT", "behaviour", switches)).status, 400);
      }
      const refused = await ask(emulator, "POST", "faults", { fault: { kind: "meteor" } });
      assert.equal(refused.status, 400);
      assert.equal((await ask(emulator, "PUT", "behaviour", { edition: "E9" })).status, 400);
      assert.deepEqual([emulator.faults.list(), emulator.behaviour.edition], [[], "E2"]);
    }),
  );
});
