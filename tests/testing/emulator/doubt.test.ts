import assert from "node:assert/strict";
import { at, bench, client, column, FIRST } from "./client";

const claim = { plan: 2096, zone: "global" };

describe("emulator: what puts a client in doubt", () => {
  it(
    "lists that lag show SIMs as they were, for as many answers as told",
    bench(
      async ({ emulator, api }) => {
        const sims = emulator.addPack({ first: FIRST, count: 2, step: 10 });
        await api.post("/links/cellular/bulkclaim", { ...claim, sims });
        const seen = async () => [
          column(await api.get("/links/cellular?limit=5"), "state"),
          column(await api.get("/devices?limit=5"), "id"),
        ];
        assert.deepEqual(await seen(), [["INACTIVE", "INACTIVE"], []], "both lists count as an answer");
        assert.deepEqual(await seen(), [
          ["LIVE", "LIVE"],
          [2000002, 2000001],
        ]);
        assert.equal(emulator.sim(FIRST).state, "LIVE");
        await api.post("/devices/2000001/state", { state: "pause" });
        assert.equal(
          at((await api.get("/devices/2000001")).json, "data", "links", "cellular", 0, "state"),
          "PAUSED-USER",
        );
        assert.deepEqual(column(await api.get(`/links/cellular?sim=${FIRST}`), "state"), ["LIVE"]);
        await api.get("/links/cellular");
        assert.deepEqual(column(await api.get(`/links/cellular?sim=${FIRST}`), "state"), ["PAUSED-USER"]);
      },
      { behaviour: { laggingReads: 2, settleReads: 0 } },
    ),
  );

  it(
    "a map of refusals with status 200, where the server claims the rest, for one request",
    bench(async ({ emulator, api }) => {
      const [a = "", b = "", c = ""] = emulator.addPack({ first: FIRST, count: 3 });
      emulator.faults.add({
        nth: 1,
        fault: { kind: "refuse", iccids: [b], reason: "Carrier says no", rest: "claimed", status: 200 },
      });
      const first = await api.post("/links/cellular/bulkclaim", { ...claim, sims: [a, b] });
      assert.deepEqual(
        [first.status, first.json],
        [200, { success: false, data: { [b]: "Carrier says no" } }],
      );
      assert.deepEqual(
        emulator.ledger.map(({ iccid }) => iccid),
        [a],
      );
      const second = await api.post("/links/cellular/bulkclaim", { ...claim, sims: [a, c] });
      assert.equal(second.status, 400);
      assert.equal(emulator.ledger.length, 1);
    }),
  );

  it(
    "a claim that lands in another organization",
    bench(async ({ emulator, api }) => {
      const other = emulator.addOrganization({ balance: "10.00" });
      emulator.addKey({ key: "both", role: "admin", orgIds: [12345, other] });
      emulator.addPack({ first: FIRST, count: 1 });
      emulator.faults.add({ nth: 1, fault: { kind: "otherOrganization", orgId: other } });
      const reply = await api.post("/links/cellular/bulkclaim", { ...claim, orgid: 12345, sims: [FIRST] });
      assert.equal(reply.status, 200);
      assert.deepEqual([emulator.sim(FIRST).orgId, emulator.balance(other)], [other, "9.40"]);
      assert.deepEqual(column(await api.get("/links/cellular"), "sim"), []);
      assert.deepEqual(column(await client(emulator, "both").get("/links/cellular"), "sim"), [FIRST]);
    }),
  );

  it(
    "limits, moves and states that are refused for one SIM",
    bench(async ({ emulator, api }) => {
      const sims = emulator.addPack({ first: FIRST, count: 2, state: "LIVE" });
      emulator.faults.add({ method: "POST", fault: { kind: "refuse", iccids: [FIRST], reason: "No" } });
      emulator.faults.add({ method: "PUT", fault: { kind: "refuse", iccids: [FIRST], reason: "No" } });
      const deviceids = [2000001, 2000002];
      for (const [path, body] of [
        ["/devices/usagelimit", { deviceids, overagelimit: 5 }],
        ["/devices/state", { deviceids, state: "pause" }],
        ["/devices/changeplan", { deviceids, planid: 75, zone: "us", orgid: 12345 }],
      ] as const) {
        const { json } = await api.post(path, body);
        assert.deepEqual(
          [at(json, "data", "warnings", 0, "message"), at(json, "data", "devices_modified")],
          ["No", [2000002]],
        );
      }
      const links = { linkids: [5000001, 5000002], limit: 9 };
      assert.deepEqual((await api.post("/links/cellular/limit/overage", links)).json, {
        success: false,
        error: "No",
      });
      assert.equal((await api.put("/devices/2000001", { name: "x" })).status, 400);
      assert.deepEqual(
        sims.map((iccid) => emulator.sim(iccid)).map(({ plan, overageLimit }) => [plan, overageLimit]),
        [
          [2096, -1],
          [75, -1],
        ],
      );
    }),
  );
});
