import assert from "node:assert/strict";
import { at, bench, client, column, FIRST } from "./client";

const claim = { plan: 2096, zone: "global", sims: [FIRST] };

describe("emulator: states", () => {
  it(
    "are pending for as many reads as the behaviour says",
    bench(
      async ({ emulator, api }) => {
        emulator.addPack({ first: FIRST, count: 1 });
        await api.post("/links/cellular/bulkclaim", claim);
        const seen: unknown[] = [];
        for (let read = 0; read < 3; read += 1)
          seen.push(...column(await api.get("/links/cellular"), "state"));
        assert.deepEqual(seen.slice(0), ["LIVE-PENDING", "LIVE-PENDING", "LIVE"]);
        await api.post("/devices/2000001/state", { state: "pause" });
        for (let read = 0; read < 3; read += 1) {
          seen.push(...column(await api.get("/devices"), "links", "cellular", 0, "state"));
        }
        assert.deepEqual(seen.slice(3), ["PAUSED-PENDING-USER", "PAUSED-PENDING-USER", "PAUSED-USER"]);
      },
      { behaviour: { settleReads: 2 } },
    ),
  );

  it(
    "are settled at once, or for ever pending, when told to",
    bench(async ({ emulator, api }) => {
      const [one = "", two = ""] = emulator.addPack({ first: FIRST, count: 2 });
      emulator.behaviour.settleReads = 0;
      await api.post("/links/cellular/bulkclaim", { ...claim, sims: [one] });
      assert.equal(emulator.sim(one).state, "LIVE");
      emulator.behaviour.settleReads = Number.POSITIVE_INFINITY;
      await api.post("/links/cellular/bulkclaim", { ...claim, sims: [two] });
      for (let read = 0; read < 5; read += 1) await api.get("/links/cellular");
      assert.equal(emulator.sim(two).state, "LIVE-PENDING");
    }),
  );

  it(
    "settle by the clock when told to, however often they are read",
    bench(
      async ({ emulator, api, clock }) => {
        emulator.addPack({ first: FIRST, count: 1 });
        await api.post("/links/cellular/bulkclaim", claim);
        clock.advance(29_999);
        for (let read = 0; read < 3; read += 1) {
          assert.deepEqual(column(await api.get("/links/cellular"), "state"), ["LIVE-PENDING"]);
        }
        clock.advance(1);
        assert.deepEqual(column(await api.get("/links/cellular"), "state"), ["LIVE"]);
      },
      { behaviour: { settleMilliseconds: 30_000 } },
    ),
  );

  it(
    "are locked while they are pending",
    bench(async ({ emulator, api }) => {
      emulator.addPack({ first: FIRST, count: 2 });
      await api.post("/links/cellular/bulkclaim", claim);
      const reply = await api.post("/devices/state", { deviceids: [2000001, 9], state: "pause" });
      assert.equal(reply.status, 200);
      assert.deepEqual(at(reply.json, "data"), {
        warnings: [
          { deviceid: 9, message: "Device not found" },
          {
            deviceid: 2000001,
            linkid: 5000001,
            message: "SIM state is locked (LIVE-PENDING). Contact support",
          },
        ],
        devices_modified: [],
        profiles_modified: [],
        newstate: "",
      });
      assert.deepEqual(emulator.judgement().pauses, []);
    }),
  );

  it(
    "go from live to paused and back; the dead stay dead",
    bench(
      async ({ emulator, api }) => {
        emulator.addPack({ first: FIRST, count: 1, state: "LIVE" });
        const steps: [string, string][] = [
          ["pause", "PAUSED-USER"],
          ["live", "LIVE"],
          ["deactivate", "DEAD"],
          ["live", "DEAD"],
          ["pause", "DEAD"],
        ];
        for (const [state, reached] of steps) {
          await api.post("/devices/state", { deviceids: [2000001], state });
          assert.equal(emulator.sim(FIRST).state, reached, state);
        }
        const refused = await api.post("/links/cellular/bulkclaim", claim);
        assert.deepEqual(at(refused.json, "data"), { [FIRST]: "SIM is deactivated" });
        const { pauses, deactivations } = emulator.judgement();
        assert.deepEqual(
          [pauses, deactivations],
          [[{ iccid: FIRST, request: 1 }], [{ iccid: FIRST, request: 3 }]],
        );
      },
      { behaviour: { settleReads: 0 } },
    ),
  );

  it(
    "are not fought where Hologram paused, nor where the SIM is in Test Mode",
    bench(async ({ emulator, api }) => {
      emulator.addPack({ first: FIRST, count: 1, state: "PAUSED-SYS" });
      emulator.addPack({ first: "89445001021983099990", count: 1, state: "TEST-ACTIVATE" });
      const reply = await api.post("/devices/state", { deviceids: [2000001, 2000002], state: "live" });
      assert.deepEqual(at(reply.json, "data", "devices_modified"), []);
      assert.equal(emulator.sim(FIRST).state, "PAUSED-SYS");
    }),
  );

  it(
    "change in a batch job, by link, and by device",
    bench(
      async ({ emulator, api }) => {
        emulator.addPack({ first: FIRST, count: 3, state: "LIVE" });
        const job = await api.post("/devices/batch/state?orgid=12345", {
          deviceids: [2000001, 2000009],
          state: "pause",
        });
        assert.equal(at(job.json, "data", "jobid"), "1");
        const results = at(job.json, "data", "valid_tasks", 0, "task_results");
        assert.deepEqual(at(results, "devices_modified"), [2000001]);
        assert.deepEqual(at(results, "warnings"), [{ deviceid: 2000009, message: "Device not found" }]);
        await api.post("/links/cellular/5000002/state", { state: "pause" });
        await api.post("/devices/2000003/state", { state: "pause" });
        assert.deepEqual(
          emulator.sims().map((sim) => sim.state),
          ["PAUSED-USER", "PAUSED-USER", "PAUSED-USER"],
        );
        assert.equal((await api.get("/devices/batch/state")).status, 403);
        emulator.behaviour.activityHistory = true;
        assert.equal(at((await api.get("/devices/batch/state")).json, "data", "tasks", 0, "device_count"), 1);
      },
      { behaviour: { settleReads: 0 } },
    ),
  );

  it(
    "take three commands and no other, deactivation from admins alone",
    bench(async ({ emulator, api }) => {
      emulator.addPack({ first: FIRST, count: 1, state: "LIVE" });
      assert.equal((await api.post("/devices/state", { deviceids: [2000001], state: "resume" })).status, 400);
      assert.equal((await api.post("/devices/state", { state: "pause" })).status, 400);
      emulator.addKey({ key: "manager", role: "manager", orgIds: [emulator.orgId] });
      const manager = client(emulator, "manager");
      assert.equal(
        (await manager.post("/devices/state", { deviceids: [2000001], state: "deactivate" })).status,
        403,
      );
      assert.equal(emulator.sim(FIRST).state, "LIVE");
      assert.equal(
        (await manager.post("/devices/state", { deviceids: [2000001], state: "pause" })).status,
        200,
      );
    }),
  );

  it(
    "are set and moved behind the API's back",
    bench(async ({ emulator }) => {
      emulator.addPack({ first: FIRST, count: 1 });
      emulator.setState(FIRST, "PAUSED-USER");
      assert.deepEqual(
        [emulator.sim(FIRST).state, emulator.sim(FIRST).deviceId, emulator.sim(FIRST).plan],
        ["PAUSED-USER", 2000001, 2096],
      );
      const other = emulator.addOrganization({});
      emulator.move(FIRST, other);
      assert.equal(emulator.sim(FIRST).orgId, other);
      emulator.setState(FIRST, "INACTIVE");
      assert.equal(emulator.sim(FIRST).state, "INACTIVE");
      assert.deepEqual(emulator.judgement().pauses, []);
      assert.throws(() => emulator.sim("89"), /The account has no SIM 89\./);
      assert.throws(() => emulator.addPack({ first: FIRST, count: 1 }), /is in the account already/);
      emulator.setState(FIRST, "DEAD");
      assert.throws(() => emulator.activateByHand([FIRST], { plan: 2096, zone: "global" }), /is deactivated/);
    }),
  );
});
