import assert from "node:assert/strict";
import { type ChangeAnswer, DoubtfulError, type Hologram } from "../../provider/hologram";
import { clientOf, failureOf, type Given, ORG, ok, type RawServer, withServer } from "./support";

/** What a client makes of one answer, and what it sent for it. */
async function asked<T>(
  given: Given,
  ask: (client: Hologram) => Promise<T>,
): Promise<{ result: T; sent: string; body: unknown }> {
  const results: { result: T; sent: string; body: unknown }[] = [];
  await withServer(
    () => given,
    async (server: RawServer) => {
      const result = await ask(clientOf(server));
      const [one] = server.seen;
      assert.ok(one !== undefined);
      results.push({ result, sent: `${one.method} ${one.path}?${one.query}`, body: one.body });
    },
  );
  const [only] = results;
  assert.ok(only !== undefined);
  return only;
}

describe("plans and prices", () => {
  const plan = {
    id: "2096",
    name: "Global",
    data: 0,
    billingperiod: 1,
    tiers: {
      BASE: { devicecount: 0, zones: { global: { amount: "0.600000", sms: "0.19" }, us: { amount: 1 } } },
      GOLD: { zones: { global: {} } },
    },
  };
  const expected = {
    id: 2096,
    name: "Global",
    data: 0,
    billingPeriod: 1,
    zones: [
      { zone: "global", tier: "BASE", amount: "0.600000" },
      { zone: "us", tier: "BASE", amount: "1" },
      { zone: "global", tier: "GOLD" },
    ],
  };

  it("come from a list, an object keyed by id, or the plan alone", async () => {
    for (const data of [[{ id: 1, name: "other" }, plan], { "2096": plan }, plan]) {
      const { result, sent } = await asked(ok(data), (client) => client.plan(ORG, 2096));
      assert.deepEqual(result, expected);
      assert.equal(sent, "GET /plans?orgid=12345&id=2096");
    }
  });

  it("are undefined for a plan that is not there", async () => {
    for (const given of [
      ok([]),
      ok([{ id: 1, name: "other" }]),
      { status: 404, body: { success: false, error: "Not found" } },
    ]) {
      assert.equal((await asked(given, (client) => client.plan(ORG, 2096))).result, undefined);
    }
  });

  it("take zones from the plan itself where it has no tiers, and small amounts without an exponent", async () => {
    const { result } = await asked(
      ok([{ id: 5, name: "x", zones: { "1": { amount: 0.0000001 } } }]),
      (client) => client.plans(ORG),
    );
    assert.deepEqual(result, [
      { id: 5, name: "x", billingPeriod: 1, zones: [{ zone: "1", amount: "0.0000001" }] },
    ]);
  });

  it("take zones from the plan itself too where its tiers leave out the one that the organization is on", async () => {
    const zones = { global: { amount: "2.00" } };
    const tiers = { BASE: { zones: { global: { amount: "0.60" } } } };
    const base = { zone: "global", tier: "BASE", amount: "0.60" };
    for (const [current_tier, expected] of [
      ["GOLD", [base, { zone: "global", tier: "GOLD", amount: "2.00" }]],
      ["BASE", [base]],
      [null, [base]],
    ] as const) {
      const { result } = await asked(ok([{ id: 5, name: "x", current_tier, zones, tiers }]), (client) =>
        client.plan(ORG, 5),
      );
      assert.deepEqual([result?.zones, result?.currentTier], [expected, current_tier ?? undefined]);
    }
  });

  it("say which plan is switched off, and only where Hologram does", async () => {
    const plans = [0, "0", 1, undefined, null].map((enabled, n) => ({ id: n + 1, name: "x", enabled }));
    const { result } = await asked(ok(plans), (client) => client.plans(ORG));
    assert.deepEqual(
      result.map(({ isOff }) => isOff),
      [true, true, undefined, undefined, undefined],
    );
  });

  it("list prices by zone and tier, of the one plan", async () => {
    const rows = [
      { plan_id: 2096, zone: "global", account_tier: "BASE", amount: 0.6 },
      { plan_id: 75, zone: "global", account_tier: "BASE", amount: 9 },
      { zone: 1, amount: "1.25" },
    ];
    const { result, sent } = await asked(ok(rows), (client) => client.pricing(ORG, 2096));
    assert.deepEqual(result, [
      { zone: "global", tier: "BASE", amount: "0.6" },
      { zone: "1", amount: "1.25" },
    ]);
    assert.equal(sent, "GET /plans/pricing?orgid=12345&planid=2096");
  });

  it("have no further prices where the key may not see them", async () => {
    for (const status of [403, 404]) {
      const given = { status, body: { success: false, error: "no" } };
      assert.deepEqual((await asked(given, (client) => client.pricing(ORG, 2096))).result, []);
    }
  });
});

describe("organizations and balances", () => {
  it("are read in either form", async () => {
    for (const data of [[{ id: 7, name: "A", owner: 1 }], { "7": { id: "7", name: "A" } }]) {
      assert.deepEqual((await asked(ok(data), (client) => client.organizations())).result, [
        { id: 7, name: "A" },
      ]);
    }
  });

  it("tell the balance as decimal text", async () => {
    const data = { orgid: ORG, balance: "96.05", promobalance: 1.5, minbalance: "10.00", has_postpay: 0 };
    const { result, sent } = await asked(ok(data), (client) => client.balance(ORG));
    assert.deepEqual(result, { balance: "96.05", promoBalance: "1.5", minBalance: "10.00" });
    assert.equal(sent, `GET /organizations/${ORG}/balance?`);
  });

  it("have no balance where the key may not see one", async () => {
    for (const status of [403, 404]) {
      const given = { status, body: { success: false, error: "No permissions to perform operation" } };
      assert.equal((await asked(given, (client) => client.balance(ORG))).result, undefined);
    }
    await assert.rejects(
      asked({ status: 400, body: { error: "x" } }, (client) => client.balance(ORG)),
      { name: "ApiError" },
    );
  });
});

describe("changes", () => {
  it("send their own spelling of each setting", async () => {
    const changes: [(client: Hologram) => Promise<ChangeAnswer>, string, object][] = [
      [(c) => c.setState(ORG, [1, 2], "pause"), "/devices/state", { state: "pause" }],
      [
        (c) => c.changePlan(ORG, [1, 2], { plan: 75, zone: "us", overageLimit: 9 }),
        "/devices/changeplan",
        { planid: 75, zone: "us", orgid: ORG, overage_limit: 9 },
      ],
      [
        (c) => c.setLimits(ORG, [1, 2], { overageLimit: 9, threshold: 8, smsLimit: -1 }),
        "/devices/usagelimit",
        { overagelimit: 9, datathreshold: 8, smslimit: -1 },
      ],
      [(c) => c.setLimits(ORG, [1, 2], { smsLimit: 5 }), "/devices/usagelimit", { smslimit: 5 }],
      [(c) => c.linkTag(ORG, 44, [1, 2]), "/devices/tags/44/link", {}],
      [(c) => c.unlinkTag(ORG, 44, [1, 2]), "/devices/tags/44/unlink", {}],
    ];
    for (const [change, path, body] of changes) {
      const { sent, body: seen, result } = await asked({ body: { success: true } }, change);
      assert.equal(sent, `POST ${path}?orgid=12345`);
      assert.deepEqual(seen, { deviceids: [1, 2], ...body });
      assert.deepEqual(result, { warnings: new Map(), remarks: [] });
    }
  });

  it("tell what was modified and what was not", async () => {
    const data = {
      warnings: [
        { deviceid: "2", linkid: 3, message: "SIM state is locked" },
        { deviceid: 4 },
        { linkid: 9, message: "odd" },
        "be careful",
      ],
      devices_modified: [1, "5", { id: 6 }],
    };
    const { result } = await asked(ok(data), (client) => client.setState(ORG, [1, 2, 4, 5, 6], "live"));
    assert.deepEqual(result, {
      modified: new Set([1, 5, 6]),
      warnings: new Map([
        [2, "SIM state is locked"],
        [4, "not changed, and no reason was given"],
      ]),
      remarks: ["odd", "be careful"],
    });
  });

  it("send nothing for no device, and refuse more than 1,000", () =>
    withServer(
      () => ok({}),
      async (server) => {
        const client = clientOf(server);
        assert.deepEqual((await client.setState(ORG, [], "deactivate")).modified, new Set());
        await assert.rejects(client.setState(ORG, new Array<number>(1_001).fill(1), "pause"), RangeError);
        assert.equal(server.seen.length, 0);
      },
    ));
});

describe("tags", () => {
  const tag = { id: "44", name: "cold", deviceids: ["1", 2] };
  const read = { id: 44, name: "cold", deviceIds: [1, 2] };

  it("are listed in either form", async () => {
    for (const data of [
      { tags: [tag, { id: 45, name: "warm" }] },
      [tag, { id: 45, name: "warm" }],
      { tags: { "44": tag, "45": { id: 45, name: "warm" } } },
    ]) {
      assert.deepEqual((await asked(ok(data), (client) => client.tags(ORG))).result, [
        read,
        { id: 45, name: "warm" },
      ]);
    }
    assert.deepEqual((await asked(ok({ tags: [] }), (client) => client.tags(ORG))).result, []);
  });

  it("are created, and named by the answer", async () => {
    for (const data of [{ tags: [tag] }, [tag], tag]) {
      const { result, sent, body } = await asked(ok(data), (client) => client.createTag(ORG, "cold"));
      assert.deepEqual(result, read);
      assert.equal(sent, "POST /devices/tags?orgid=12345");
      assert.deepEqual(body, { name: "cold" });
    }
    await withServer(
      () => ok({ tags: [] }),
      async (server) =>
        assert.ok((await failureOf(clientOf(server).createTag(ORG, "cold"))) instanceof DoubtfulError),
    );
  });

  it("are deleted", async () => {
    const { sent, body } = await asked({ body: { success: true } }, (client) => client.deleteTag(ORG, 44));
    assert.equal(sent, "DELETE /devices/tags/44?orgid=12345");
    assert.equal(body, undefined);
  });
});
