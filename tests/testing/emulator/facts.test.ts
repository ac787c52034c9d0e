import assert from "node:assert/strict";
import { at, bench, column, FIRST } from "./client";

const claim = { plan: 2096, zone: "global" };

describe("emulator: facts of the API", () => {
  it(
    "claims by tier, as old clients do: the name of a zone, or its place in the plan",
    bench(async ({ emulator, api }) => {
      const [a = "", b = "", c = ""] = emulator.addPack({ first: FIRST, count: 3 });
      await api.post(`/links/cellular/sim_${a}/claim`, { plan: 75, tier: 2 });
      await api.post("/links/cellular/bulkclaim", { plan: 75, tier: "global", sims: [b] });
      assert.deepEqual(
        emulator.sims().map(({ zone }) => zone),
        ["us", "global", undefined],
      );
      const both = await api.post("/links/cellular/bulkclaim", { ...claim, tier: 1, sims: [c] });
      assert.deepEqual(both.json, { success: false, error: "zone and tier exclude each other" });
      const beyond = await api.post("/links/cellular/bulkclaim", { plan: 75, tier: 9, sims: [c] });
      assert.deepEqual(beyond.json, { success: false, error: "Zone 9 is not available for plan 75" });
    }),
  );

  it(
    "says in the blueprint's order whether it was a preview",
    bench(
      async ({ emulator, api }) => {
        emulator.addPack({ first: FIRST, count: 1 });
        const ask = async (query: string) =>
          (await api.post(`/links/cellular/bulkclaim${query}`, { ...claim, sims: [FIRST] })).json;
        const preview = await ask("?preview=true");
        assert.deepEqual(
          [at(preview, "order_data", "preview"), at(preview, "order_data", "total_cost")],
          [true, 0.6],
        );
        assert.equal(at(await ask(""), "order_data", "preview"), false);
      },
      { behaviour: { edition: "blueprint" } },
    ),
  );

  it(
    "compares zones without or with letter case",
    bench(async ({ emulator, api }) => {
      const [a, b] = emulator.addPack({ first: FIRST, count: 2 });
      const zone = "Global";
      assert.equal((await api.post("/links/cellular/bulkclaim", { ...claim, zone, sims: [a] })).status, 200);
      emulator.behaviour.zoneMatching = "exact";
      const refused = await api.post("/links/cellular/bulkclaim", { ...claim, zone, sims: [b] });
      assert.deepEqual(refused.json, { success: false, error: "Zone Global is not available for plan 2096" });
      assert.equal((await api.post("/links/cellular/bulkclaim", { ...claim, sims: [b] })).status, 200);
    }),
  );

  it(
    "ends Test Mode after the days of the organization",
    bench(async ({ emulator, api, clock }) => {
      const day = 24 * 3_600_000;
      const orgId = emulator.addOrganization({ testModeDays: 30 });
      emulator.addKey({ key: emulator.apiKey, role: "admin", orgIds: [12345, orgId] });
      emulator.addPack({ first: FIRST, count: 1, state: "TEST-ACTIVATE" });
      emulator.addPack({ first: "89445001021984000000", count: 1, state: "TEST-ACTIVATE", orgId });
      const stamp = (days: number) =>
        new Date(clock.now() + days * day).toISOString().slice(0, 19).replace("T", " ");
      assert.deepEqual(column(await api.get("/devices"), "preflight_scheduled_endtime"), [
        stamp(30),
        stamp(365),
      ]);
    }),
  );

  it(
    "ends the billing period of active SIMs, in periods from the activation on",
    bench(async ({ emulator, api, clock }) => {
      emulator.addPlan({ id: 3, name: "Quarterly", billingPeriod: 3, zones: { global: "1" } });
      const [a = "", b = "", c = ""] = emulator.addPack({ first: FIRST, count: 3 });
      emulator.dashboard.activate([a, c], claim);
      emulator.dashboard.activate([b], { plan: 3, zone: "global" });
      emulator.dashboard.deactivate([c]);
      const ends = async () => column(await api.get("/links/cellular"), "whenexpires");
      const never = "0000-00-00 00:00:00";
      assert.deepEqual(await ends(), [never, "2026-04-01 00:00:00", "2026-01-31 00:00:00"]);
      clock.advance(31 * 24 * 3_600_000);
      assert.deepEqual(await ends(), [never, "2026-04-01 00:00:00", "2026-03-02 00:00:00"]);
    }),
  );

  it(
    "shows every state that was seen, and claims only SIMs that were never live",
    bench(async ({ emulator, api }) => {
      const states = ["FACTORY", "INACTIVE-TESTED", "TEST-ACTIVATE", "DEAD-PENDING", "FROZEN", "PAUSED-SYS"];
      const sims = emulator.addPack({ first: FIRST, count: states.length });
      for (const [place, state] of states.entries()) emulator.setState(sims[place] ?? "", state);
      assert.deepEqual(column(await api.get("/links/cellular"), "state"), states.toReversed());
      emulator.behaviour.previewAnswer = "namesRest";
      const preview = await api.post("/links/cellular/bulkclaim?preview=true", { ...claim, sims });
      assert.deepEqual(column(preview, "sim"), sims.slice(0, 3).toReversed());
      for (const deviceid of [2000001, 2000003]) {
        const reply = await api.post(`/devices/${deviceid}/state`, { state: "pause" });
        assert.deepEqual(at(reply.json, "data", "newstate"), "", String(deviceid));
      }
    }),
  );

  it(
    "updates a device as its page says, or refuses",
    bench(async ({ emulator, api }) => {
      const other = emulator.addOrganization({});
      emulator.addKey({ key: emulator.apiKey, role: "admin", orgIds: [12345, other] });
      emulator.addPack({ first: FIRST, count: 1, state: "LIVE" });
      const put = (body: unknown, query = "") => api.put(`/devices/2000001${query}`, body);
      const named = await put({ name: "Fridge 7", tunnelable: 0 }, "?orgid=12345");
      assert.deepEqual(
        [at(named.json, "data", "name"), at(named.json, "data", "tunnelable")],
        ["Fridge 7", 0],
      );
      assert.equal(at((await api.get("/links/cellular/5000001")).json, "data", "tunnelable"), 0);
      assert.equal((await put({ name: "x" }, `?orgid=${other}`)).status, 404);
      assert.equal((await put({ colour: "red" })).status, 400);
      assert.equal((await put({ orgid: other })).status, 200);
      assert.deepEqual([emulator.sim(FIRST).orgId, emulator.sim(FIRST).deviceName], [other, "Fridge 7"]);
      assert.deepEqual((await api.get("/devices/99")).json, { success: false, error: "Invalid Device ID" });
    }),
  );

  it(
    "changes the plan of links without an organization, and limits with the plan",
    bench(async ({ emulator, api }) => {
      emulator.addPack({ first: FIRST, count: 2, state: "LIVE" });
      const terms = { planid: 75, zone: "us", overage_limit: 7, threshold: 5, smslimit: 3 };
      assert.equal((await api.post("/links/cellular/5000001/changeplan", terms)).status, 200);
      assert.equal(
        (await api.post("/links/cellular/changeplan", { ...terms, linkids: [5000002] })).status,
        200,
      );
      for (const { plan, overageLimit, threshold, smsLimit } of emulator.sims())
        assert.deepEqual([plan, overageLimit, threshold, smsLimit], [75, 7, 5, 3]);
      const unpaid = { ...terms, orgid: 12345, deviceids: [2000001], useacctbalance: false };
      assert.equal((await api.post("/devices/changeplan", unpaid)).status, 501);
      assert.equal((await api.post("/links/cellular/5000001/overagelimit", { limit: 9 })).status, 200);
      assert.equal(emulator.sim(FIRST).overageLimit, 9);
    }),
  );

  it(
    "changes states by the filters of a device list",
    bench(async ({ emulator, api }) => {
      emulator.addPack({ first: FIRST, count: 3, state: "LIVE" });
      const tag = emulator.dashboard.tag([FIRST], "cold");
      const send = (deviceFilters: unknown) =>
        api.post("/devices/batch/state", { state: "pause", deviceFilters });
      const { json } = await send({ tagid: tag });
      assert.deepEqual(at(json, "data", "valid_tasks", 0, "task_results", "devices_modified"), [2000001]);
      assert.deepEqual(
        emulator.sims().map(({ state }) => state),
        ["PAUSED-PENDING-USER", "LIVE", "LIVE"],
      );
      assert.equal((await send({})).status, 400);
      assert.equal((await send({ plan_name: "x" })).status, 501);
      assert.equal((await send("all")).status, 400);
    }),
  );

  it(
    "answers a batch of limits at once, or with a job in the newest edition",
    bench(async ({ emulator, api }) => {
      emulator.addPack({ first: FIRST, count: 1, state: "LIVE" });
      const body = { deviceids: [2000001], overagelimit: 5 };
      assert.equal((await api.post("/devices/batch/usagelimit", body)).status, 400);
      const old = await api.post("/devices/batch/usagelimit?orgid=12345", body);
      assert.equal(at(old.json, "data", "newoveragelimit"), 5);
      emulator.behaviour.edition = "E3";
      const { json } = await api.post("/devices/batch/usagelimit", { ...body, overagelimit: 6 });
      assert.deepEqual(
        [at(json, "data", "jobid"), at(json, "data", "valid_tasks", 0, "task_results", "newoveragelimit")],
        [1, 6],
      );
    }),
  );
});
