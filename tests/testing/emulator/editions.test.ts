import assert from "node:assert/strict";
import type { Behaviour } from "../../../provider/testing/emulator";
import { at, bench, column, FIRST } from "./client";

const claim = { plan: 2096, zone: "global", sims: [FIRST] };
const taxes = { sales_tax: 0, shipping_cost: 0 };

describe("emulator: editions", () => {
  const claims: [Behaviour["edition"], unknown, unknown][] = [
    ["E1", { Devices: 2000001, link: 5000001, sim: FIRST }, taxes],
    ["E2", { simcardid: 7000001, device: 2000001, link: 5000001, sim: FIRST }, [taxes]],
    ["E3", { simcardid: "7000001", device: 2000001, link: 5000001, sim: FIRST }, undefined],
    ["blueprint", { device: 2000001, link: 5000001, sim: FIRST }, undefined],
  ];
  for (const [edition, item, order] of claims) {
    it(
      `${edition}: the answer of a claim`,
      bench(
        async ({ emulator, api }) => {
          emulator.addPack({ first: FIRST, count: 1 });
          const { json } = await api.post("/links/cellular/bulkclaim", claim);
          assert.deepEqual(at(json, "data"), [item]);
          if (edition !== "blueprint") assert.deepEqual(at(json, "order_data"), order);
          else {
            const { order_data } = { order_data: at(json, "order_data") };
            assert.deepEqual(
              ["sku", "unit_cost", "total_cost", "quantity", "preview"].map((name) => at(order_data, name)),
              ["PLAN", 0.6, 0.6, 1, false],
            );
          }
        },
        { behaviour: { edition } },
      ),
    );
  }

  it(
    "ids as text",
    bench(
      async ({ emulator, api }) => {
        emulator.addPack({ first: FIRST, count: 1 });
        const claimed = await api.post("/links/cellular/bulkclaim", claim);
        assert.deepEqual([column(claimed, "device"), column(claimed, "link")], [["2000001"], ["5000001"]]);
        assert.deepEqual(column(await api.get("/links/cellular"), "deviceid"), ["2000001"]);
        assert.deepEqual(column(await api.get("/devices"), "id"), ["2000001"]);
        assert.deepEqual(at((await api.get("/devices")).json, "lastid"), "2000001");
        const changed = await api.post("/devices/state", { deviceids: ["2000001"], state: "pause" });
        assert.deepEqual(at(changed.json, "data", "devices_modified"), ["2000001"]);
      },
      { behaviour: { ids: "string", settleReads: 0 } },
    ),
  );

  it(
    "lists keyed by id",
    bench(
      async ({ emulator, api }) => {
        emulator.addPack({ first: FIRST, count: 2, state: "LIVE" });
        assert.deepEqual(Object.keys(Object(at((await api.get("/links/cellular")).json, "data"))), [
          "5000001",
          "5000002",
        ]);
        assert.equal(at((await api.get("/devices")).json, "data", "2000002", "id"), 2000002);
        assert.equal(at((await api.get("/plans")).json, "data", "75", "name"), "Pilot 1 MB");
        assert.equal(at((await api.get("/organizations")).json, "data", "12345", "name"), "Emulated");
      },
      { behaviour: { lists: "keyed" } },
    ),
  );

  it(
    "errors under the other field",
    bench(
      async ({ api }) => {
        assert.deepEqual((await api.get("/plans/1")).json, { success: false, errors: "Plan not found" });
      },
      { behaviour: { errorField: "errors" } },
    ),
  );

  it(
    "bulk changes that say no more than success",
    bench(
      async ({ emulator, api }) => {
        emulator.addPack({ first: FIRST, count: 1, state: "LIVE" });
        const reply = await api.post("/devices/state", { deviceids: [2000001], state: "pause" });
        assert.deepEqual(reply.json, { success: true });
        assert.equal(emulator.sim(FIRST).state, "PAUSED-PENDING-USER");
      },
      { behaviour: { changeAnswers: "bare" } },
    ),
  );

  it(
    "unclaimed SIMs with device 0, zones with a capital, a last page without a word",
    bench(
      async ({ emulator, api }) => {
        emulator.addPack({ first: FIRST, count: 1 });
        const unclaimed = await api.get("/links/cellular");
        assert.deepEqual(column(unclaimed, "deviceid"), [0]);
        assert.equal(at(unclaimed.json, "continues"), undefined);
        await api.post("/links/cellular/bulkclaim", claim);
        assert.deepEqual(column(await api.get("/links/cellular"), "zone"), ["Global"]);
        assert.deepEqual(column(await api.get("/devices"), "links", "cellular", 0, "plan", "zone"), [
          "Global",
        ]);
      },
      { behaviour: { unclaimedDeviceId: "zero", zoneSpelling: "capitalised", lastPage: "silent" } },
    ),
  );

  it(
    "tags as a bare list, and by name on devices",
    bench(
      async ({ emulator, api }) => {
        emulator.addPack({ first: FIRST, count: 1, state: "LIVE" });
        const created = await api.post("/devices/tags?orgid=12345", { name: "cold", deviceids: [2000001] });
        assert.deepEqual(at(created.json, "data"), [{ id: 5001, name: "cold", deviceids: [2000001] }]);
        assert.deepEqual(column(await api.get("/devices"), "tags"), [["cold"]]);
      },
      { behaviour: { tagLists: "array", deviceTags: "names" } },
    ),
  );
});
