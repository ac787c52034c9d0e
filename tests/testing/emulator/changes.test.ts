import assert from "node:assert/strict";
import { at, bench, client, column, FIRST } from "./client";

const live = { first: FIRST, count: 3, step: 10, state: "LIVE", plan: 2096, zone: "global" };
const toPilot = { planid: 75, zone: "US", orgid: 12345 };

describe("emulator: plan changes", () => {
  it(
    "change plan and zone, wipe data limits, keep the SMS limit, and cost nothing",
    bench(async ({ emulator, api }) => {
      emulator.addPack(live);
      await api.post("/devices/usagelimit", {
        deviceids: [2000001],
        overagelimit: 10,
        datathreshold: 5,
        smslimit: 7,
      });
      const reply = await api.post("/devices/changeplan", { ...toPilot, deviceids: [2000001, 2000002, 9] });
      assert.deepEqual(at(reply.json, "data"), {
        warnings: [{ deviceid: 9, message: "Device not found" }],
        devices_modified: [2000001, 2000002],
        profiles_modified: [5000001, 5000002],
        newplanid: 75,
      });
      assert.equal(at(reply.json, "order_data", "transaction_type_id"), "PCH");
      const { plan, zone, overageLimit, threshold, smsLimit } = emulator.sim(FIRST);
      assert.deepEqual(
        { plan, zone, overageLimit, threshold, smsLimit },
        { plan: 75, zone: "us", overageLimit: -1, threshold: -1, smsLimit: 7 },
      );
      assert.deepEqual(
        emulator.ledger.map(({ kind, amount, plan, zone }) => ({ kind, amount, plan, zone })),
        [
          { kind: "planchange", amount: "0.00", plan: 75, zone: "us" },
          { kind: "planchange", amount: "0.00", plan: 75, zone: "us" },
        ],
      );
      assert.deepEqual(emulator.judgement().doubleCharges, []);
    }),
  );

  it(
    "set the limit that comes with them, on one device too",
    bench(async ({ emulator, api }) => {
      emulator.addPack(live);
      await api.post("/devices/2000001/changeplan", { ...toPilot, overage_limit: 99 });
      assert.deepEqual([emulator.sim(FIRST).plan, emulator.sim(FIRST).overageLimit], [75, 99]);
      assert.equal((await api.post("/devices/9/changeplan", toPilot)).status, 404);
    }),
  );

  it(
    "only look when they are previewed",
    bench(async ({ emulator, api }) => {
      emulator.addPack(live);
      for (const [path, ids] of [
        ["/devices/changeplan?preview=true", { deviceids: [2000001] }],
        ["/devices/2000001/changeplan?preview=1", {}],
      ] as const) {
        const reply = await api.post(path, { ...toPilot, ...ids });
        assert.equal(at(reply.json, "order_data", "preview"), true);
      }
      assert.equal(emulator.sim(FIRST).plan, 2096);
      assert.equal(emulator.ledger.length, 0);
    }),
  );

  it(
    "cost what the behaviour says, within the balance",
    bench(async ({ emulator }) => {
      const orgid = emulator.addOrganization({ balance: "1.00" });
      emulator.addKey({ key: "poor", role: "manager", orgIds: [orgid] });
      emulator.addPack({ ...live, orgId: orgid });
      emulator.behaviour.planChangeCost = "0.50";
      const poor = client(emulator, "poor");
      assert.equal(
        (
          await poor.post("/devices/changeplan", {
            ...toPilot,
            orgid,
            deviceids: [2000001, 2000002, 2000003],
          })
        ).status,
        402,
      );
      const reply = await poor.post("/devices/changeplan", {
        ...toPilot,
        orgid,
        deviceids: [2000001, 2000002],
      });
      assert.equal(at(reply.json, "order_data", "total_cost"), 1);
      assert.deepEqual([emulator.balance(orgid), emulator.ledger.length], ["0.00", 2]);
    }),
  );

  it(
    "need a plan, a zone and an organization, and active SIMs of it",
    bench(async ({ emulator, api }) => {
      emulator.addPack({ ...live, count: 1 });
      emulator.addPack({ first: "89445001021983099990", count: 1, state: "PAUSED-SYS" });
      emulator.addPack({ first: "89445001021983099991", count: 1, state: "DEAD" });
      for (const missing of ["planid", "zone", "orgid"]) {
        const body = { ...toPilot, deviceids: [2000001], [missing]: undefined };
        assert.deepEqual((await api.post("/devices/changeplan", body)).json, {
          success: false,
          error: `${missing} is required`,
        });
      }
      const reply = await api.post("/devices/changeplan", { ...toPilot, deviceids: [2000002, 2000003] });
      assert.deepEqual(
        [0, 1].map((place) => at(reply.json, "data", "warnings", place, "message")),
        ["Please contact support to change this plan.", "SIM is not active (DEAD)"],
      );
    }),
  );
});

describe("emulator: plan changes by link", () => {
  it(
    "change many links, or one",
    bench(async ({ emulator, api }) => {
      emulator.addPack(live);
      await api.post("/links/cellular/changeplan", { ...toPilot, linkids: [5000001, 5000002] });
      await api.post("/links/cellular/5000003/changeplan", { ...toPilot, zone: "global" });
      assert.deepEqual(
        emulator.sims().map(({ plan, zone }) => [plan, zone]),
        [
          [75, "us"],
          [75, "us"],
          [75, "global"],
        ],
      );
      assert.equal((await api.post("/links/cellular/changeplan", { ...toPilot, linkids: [9] })).status, 404);
    }),
  );
});

describe("emulator: limits", () => {
  it(
    "by devices, with what is new in the answer; what is not named stays",
    bench(async ({ emulator, api }) => {
      emulator.addPack(live);
      const reply = await api.post("/devices/usagelimit", {
        deviceids: [2000001, 2000002],
        overagelimit: 10,
        smslimit: -1,
      });
      assert.deepEqual(at(reply.json, "data"), {
        warnings: [],
        devices_modified: [2000001, 2000002],
        profiles_modified: [5000001, 5000002],
        newoveragelimit: 10,
        newsmslimit: -1,
      });
      await api.post("/devices/batch/usagelimit?orgid=12345", { deviceids: [2000001], datathreshold: 5 });
      assert.equal(
        (await api.post("/devices/batch/usagelimit", { deviceids: [2000001], datathreshold: 6 })).status,
        400,
      );
      const { overageLimit, threshold, smsLimit } = emulator.sim(FIRST);
      assert.deepEqual(
        { overageLimit, threshold, smsLimit },
        { overageLimit: 10, threshold: 5, smsLimit: 100 },
      );
    }),
  );

  it(
    "by links, many and one",
    bench(async ({ emulator, api }) => {
      emulator.addPack(live);
      await api.post("/links/cellular/limit/sms", { linkids: [5000001, 5000002], limit: 3 });
      await api.post("/links/cellular/limit/overage", { linkids: [5000001], limit: 20 });
      await api.post("/links/cellular/threshold", { linkids: [5000001], threshold: 10 });
      const read = () => {
        const { overageLimit, threshold, smsLimit } = emulator.sim(FIRST);
        return [overageLimit, threshold, smsLimit];
      };
      assert.deepEqual(read(), [20, 10, 3]);
      await api.post("/links/cellular/5000001/limit/sms", { limit: 4 });
      await api.post("/links/cellular/5000001/limit/overage", { limit: 21 });
      await api.post("/links/cellular/5000001/threshold", { limit: 11 });
      assert.deepEqual(read(), [21, 11, 4]);
      await api.put("/links/cellular/5000001/", { overagelimit: -1, datathreshold: -1, smslimit: 5 });
      assert.deepEqual(read(), [-1, -1, 5]);
      assert.equal((await api.post("/links/cellular/limit/sms", { linkids: [9], limit: 3 })).status, 404);
      assert.equal((await api.post("/links/cellular/limit/sms", { limit: 3 })).status, 400);
      assert.equal((await api.post("/links/cellular/limit/sms", { linkids: [5000001] })).status, 400);
    }),
  );
});

describe("emulator: tags", () => {
  it(
    "are created, linked, listed, unlinked and deleted",
    bench(async ({ emulator, api }) => {
      emulator.addPack(live);
      const created = await api.post("/devices/tags?orgid=12345", { name: "cold", deviceids: [2000001] });
      assert.deepEqual(created.json, {
        success: true,
        data: { tags: [{ id: 5001, name: "cold", deviceids: [2000001] }] },
      });
      await api.post("/devices/tags/5001/link", { deviceids: [2000002] });
      assert.deepEqual(
        at((await api.get("/devices/tags?id=5001")).json, "data", "tags", 0, "deviceids"),
        [2000001, 2000002],
      );
      assert.deepEqual(column(await api.get("/devices?tagid=5001"), "tags", 0), ["cold", "cold"]);
      await api.post("/devices/tags/5001/unlink", { deviceids: [2000001] });
      assert.deepEqual(at((await api.get("/devices/tags?deviceids=2000001")).json, "data", "tags"), []);
      assert.deepEqual(
        emulator.sims().map((sim) => sim.tagIds),
        [[], [5001], []],
      );
      assert.deepEqual((await api.delete("/devices/tags/5001")).json, { success: true });
      assert.deepEqual(
        emulator.sims().map((sim) => sim.tagIds),
        [[], [], []],
      );
      assert.equal((await api.delete("/devices/tags/5001")).status, 404);
    }),
  );

  it(
    "stay within their organization",
    bench(async ({ emulator, api }) => {
      emulator.addPack(live);
      emulator.move(FIRST, emulator.addOrganization({}));
      assert.equal((await api.post("/devices/tags", { name: "cold" })).status, 400);
      assert.equal((await api.post("/devices/tags?orgid=12345", {})).status, 400);
      assert.equal(
        (await api.post("/devices/tags?orgid=12345", { name: "cold", deviceids: [2000001] })).status,
        400,
      );
      await api.post("/devices/tags?orgid=12345", { name: "cold" });
      assert.equal((await api.post("/devices/tags/5001/link", { deviceids: [2000001] })).status, 400);
      assert.equal((await api.post("/devices/tags/5001/link", {})).status, 400);
    }),
  );
});

describe("emulator: names and transfers", () => {
  it(
    "names devices by prefix, with or without the last digits",
    bench(async ({ emulator, api }) => {
      emulator.addPack(live);
      await api.post("/devices/names?preview=true", { prefix: "Van", deviceids: [2000001] });
      assert.equal(emulator.sim(FIRST).deviceName, "SIM (48260)");
      await api.post("/devices/names", { prefix: "Van", deviceids: [2000001] });
      assert.equal(emulator.sim(FIRST).deviceName, "Van (48260)");
      await api.post("/devices/names", { prefix: "Van", skipPostfix: true, deviceids: [2000001] });
      assert.equal(emulator.sim(FIRST).deviceName, "Van");
      await api.put("/devices/2000001", { name: "Lorry" });
      assert.equal(emulator.sim(FIRST).deviceName, "Lorry");
      assert.equal((await api.post("/devices/names", { deviceids: [2000001] })).status, 400);
    }),
  );

  it(
    "transfers between organizations of the key that have the plan; tags are dropped",
    bench(async ({ emulator }) => {
      const [open, closed, foreign] = [
        emulator.addOrganization({}),
        emulator.addOrganization({}),
        emulator.addOrganization({}),
      ];
      emulator.addPlan({ id: 7, name: "Private", zones: { global: "1" }, orgIds: [12345, open] });
      emulator.addKey({ key: "wide", role: "manager", orgIds: [12345, open, closed] });
      const api = client(emulator, "wide");
      emulator.addPack({ ...live, plan: 7 });
      await api.post("/devices/tags?orgid=12345", { name: "cold", deviceids: [2000001] });
      const preview = await api.post("/devices/transfer?preview=true", { deviceids: [2000001], orgid: open });
      assert.deepEqual(at(preview.json, "data", "transferred_deviceids"), [2000001]);
      assert.deepEqual([emulator.sim(FIRST).orgId, emulator.sim(FIRST).tagIds], [12345, [5001]]);
      const refused = await api.post("/devices/transfer", { deviceids: [2000001], orgid: closed });
      assert.deepEqual(at(refused.json, "data", "transferred_deviceids"), []);
      assert.match(String(at(refused.json, "data", "warnings", 0, "message")), /Plan 7 is not available/);
      assert.equal(
        (await api.post("/devices/transfer", { deviceids: [2000001], orgid: foreign })).status,
        403,
      );
      const done = await api.post("/devices/transfer", { deviceids: [2000001, 2000002], orgid: open });
      assert.deepEqual(at(done.json, "data"), {
        destination_orgid: open,
        transferred_deviceids: [2000001, 2000002],
        warnings: [],
      });
      assert.deepEqual([emulator.sim(FIRST).orgId, emulator.sim(FIRST).tagIds], [open, []]);
      await api.put("/devices/2000001", { orgid: 12345 });
      assert.equal(emulator.sim(FIRST).orgId, 12345);
      assert.equal((await api.put("/devices/2000001", { orgid: closed })).status, 400);
    }),
  );
});
