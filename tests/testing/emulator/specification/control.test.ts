import assert from "node:assert/strict";
import { join } from "node:path";
import { request } from "undici";
import { defaultBehaviour } from "../../../../provider/testing/emulator";
import { adminRoutes } from "../../../../provider/testing/emulator/control/adminApi";
import { behaviourForm } from "../../../../provider/testing/emulator/faults/faultForms";
import { root } from "../../../docs/pages";
import { at, basic, bench, client, FIRST } from "../client";
import { OpenApi } from "./openApi";

const specification = new OpenApi(join(root, "provider/testing/emulator/spec/control.yaml"));

/** The path of an operation with its names filled in, such as the examples do. */
const pathOf = (path: string): string => path.replace("{iccid}", FIRST);

describe("emulator: the specification of its control interface", () => {
  it("has every endpoint, and no other", () => {
    const ours = adminRoutes.map(({ method, path }) => `${method} /${path}`);
    const theirs = specification.operations.map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(ours.sort(), theirs.sort());
  });

  it("has every switch of the behaviour", () => {
    const { body = [] } = specification.find("PUT", "/behaviour") ?? {};
    assert.deepEqual([...body].sort(), Object.keys(defaultBehaviour).sort());
    assert.deepEqual([...body].sort(), Object.keys(behaviourForm.shape).sort());
  });

  it(
    "has examples that work, each answered as it says",
    bench(async ({ emulator }) => {
      const organization = emulator.addOrganization({ id: 778 });
      emulator.addKey({ key: emulator.apiKey, role: "admin", orgIds: [12345, organization] });
      // Packs and organizations come before what is done with them; what ends a SIM comes last.
      const order = ["addPack", "addOrganization", "addPlan", "addKey", "activate"];
      const rank = (id: string) => (order.includes(id) ? order.indexOf(id) : id === "deactivate" ? 99 : 50);
      const operations = specification.operations.toSorted((a, b) => rank(a.id) - rank(b.id));
      const problems: string[] = [];
      for (const operation of operations) {
        const { method, path, example } = operation;
        assert.ok(
          example !== undefined || method === "GET" || method === "DELETE" || path === "/release",
          path,
        );
        const reply = await request(new URL(`/emulator${pathOf(path)}`, emulator.url), {
          method: method === "PUT" || method === "POST" || method === "DELETE" ? method : "GET",
          headers: { authorization: basic(emulator.apiKey) },
          ...(example === undefined ? {} : { body: JSON.stringify(example) }),
        });
        const text = await reply.body.text();
        if (operation.id === "setSimState") emulator.setState(FIRST, "LIVE");
        if (reply.statusCode !== 200) problems.push(`${operation.id}: ${text}`);
        const type = String(reply.headers["content-type"]);
        const problem = specification.problem(operation, { status: reply.statusCode, type, text });
        if (problem !== undefined) problems.push(`${operation.id}: ${problem}`);
      }
      assert.deepEqual(problems, []);
      assert.equal(emulator.sim(FIRST).state, "DEAD");
      assert.equal(emulator.sim("89330000000000000009").orgId, 777);
      assert.equal(emulator.behaviour.edition, "E3");
      assert.equal(emulator.plans().find(({ id }) => id === 2096)?.zones.global, "60.00");
    }),
  );

  it(
    "pages through SIMs, and refuses with a sentence what cannot be",
    bench(async ({ emulator }) => {
      emulator.addPack({ first: FIRST, count: 5, state: "LIVE" });
      emulator.addPack({ first: "89445001021984000000", count: 5 });
      emulator.addKey({ key: "viewer", role: "viewer", orgIds: [12345] });
      const send = async (
        method: "GET" | "POST" | "PUT",
        path: string,
        body?: unknown,
        key = emulator.apiKey,
      ) => {
        const reply = await request(new URL(`/emulator/${path}`, emulator.url), {
          method,
          headers: { authorization: basic(key) },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        return { status: reply.statusCode, json: await reply.body.json() };
      };
      const page = (await send("GET", "sims?state=LIVE&offset=3&limit=10")).json;
      assert.deepEqual(
        [at(page, "data", "count"), at(page, "data", "sims", 1, "iccid")],
        [5, "89445001021983048264"],
      );
      const refused: [Awaited<ReturnType<typeof send>>, number, RegExp][] = [
        [await send("GET", "sims?colour=red"), 400, /Unrecognized key: "colour"/],
        [await send("GET", "sims/12"), 400, /An ICCID is text of 18 to 22 digits/],
        [await send("PUT", "sims/89445001021983999999", { state: "LIVE" }), 400, /The account has no SIM/],
        [await send("POST", "dashboard/pause", { iccids: ["89445001021984000000"] }), 400, /is not active/],
        [await send("POST", "dashboard/pause", { sims: [FIRST] }), 400, /iccids/],
        [await send("POST", "dashboard/explode", {}), 404, /has no POST dashboard\/explode/],
        [await send("GET", "ledger", undefined, "viewer"), 403, /No permissions/],
      ];
      for (const [{ status, json }, expected, sentence] of refused) {
        assert.equal(status, expected, JSON.stringify(json));
        assert.match(String(at(json, "error")), sentence);
      }
      assert.deepEqual(emulator.requests, []);
      assert.equal((await client(emulator).get("/devices?limit=1")).status, 200);
    }),
  );
});
