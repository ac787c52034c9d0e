import assert from "node:assert/strict";
import { at, bench, column, FIRST } from "./client";

const OTHER = "89330000000000000007";

describe("emulator: a device with several profiles", () => {
  it(
    "is one device with several links, found by each",
    bench(async ({ emulator, api }) => {
      emulator.addPack({ first: FIRST, count: 1, state: "LIVE", eids: "89049032000001000000000000000010" });
      emulator.addProfile(FIRST, { iccid: OTHER });
      for (const query of ["", `?sim=${OTHER}`, `?sim=${FIRST}`, "?linkid=5000002"]) {
        const reply = await api.get(`/devices${query}`);
        assert.equal(at(reply.json, "size"), 1, query);
        const links = at(reply.json, "data", 0, "links", "cellular");
        assert.ok(Array.isArray(links));
        assert.deepEqual(
          links.map((link: unknown) => [
            at(link, "sim"),
            at(link, "state"),
            at(link, "profile_state"),
            at(link, "euicc_type"),
          ]),
          [
            [FIRST, "LIVE", "ENABLED", "BOOTSTRAP"],
            [OTHER, "LIVE", "DISABLED", "OPERATIONAL"],
          ],
        );
      }
      const links = await api.get("/links/cellular?deviceid=2000001");
      assert.deepEqual(
        [column(links, "sim"), column(links, "simcardid"), column(links, "eid")],
        [
          [OTHER, FIRST],
          [7000001, 7000001],
          [null, "89049032000001000000000000000010"],
        ],
      );
    }),
  );

  it(
    "is changed as a whole by device and one by one by link, and pays once for a plan",
    bench(
      async ({ emulator, api }) => {
        emulator.addPack({ first: FIRST, count: 1, state: "LIVE" });
        emulator.addProfile(FIRST, { iccid: OTHER });
        const terms = { planid: 75, zone: "us", orgid: 12345, deviceids: [2000001] };
        const { json } = await api.post("/devices/changeplan", terms);
        assert.deepEqual(
          [at(json, "data", "devices_modified"), at(json, "data", "profiles_modified")],
          [[2000001], [5000001, 5000002]],
        );
        assert.deepEqual(
          [at(json, "order_data", "quantity"), at(json, "order_data", "total_cost")],
          [1, 0.5],
        );
        assert.equal(emulator.ledger.length, 1);
        await api.post("/links/cellular/5000002/state", { state: "pause" });
        assert.deepEqual(
          emulator.sims().map(({ state, plan }) => [state, plan]),
          [
            ["LIVE", 75],
            ["PAUSED-USER", 75],
          ],
        );
        await api.post("/devices/state", { deviceids: [2000001], state: "live" });
        assert.deepEqual(
          emulator.sims().map(({ state }) => state),
          ["LIVE", "LIVE"],
        );
        const claim = { plan: 2096, zone: "global", sims: [OTHER] };
        assert.deepEqual((await api.post("/links/cellular/bulkclaim", claim)).json, {
          success: false,
          data: { [OTHER]: "SIM is already activated" },
        });
        const other = emulator.addOrganization({});
        emulator.dashboard.move([OTHER], other);
        assert.deepEqual(
          emulator.sims().map(({ orgId, profileOf }) => [orgId, profileOf]),
          [
            [other, undefined],
            [other, FIRST],
          ],
        );
      },
      { behaviour: { planChangeCost: "0.50", settleReads: 0 } },
    ),
  );
});

describe("emulator: ids of choice", () => {
  it(
    "are those of links, cards and devices, in whatever order they are activated",
    bench(async ({ emulator, api }) => {
      const first = { first: FIRST, count: 2, linkId: 900, simCardId: 40, deviceId: 70 };
      const sims = emulator.addPack(first);
      const later = emulator.addPack({ first: "89445001021984000000", count: 1 });
      assert.throws(
        () => emulator.addPack({ first: OTHER, count: 1, linkId: 901 }),
        /Link ids from 901 on are taken/,
      );
      const claim = async (iccids: string[]) =>
        api.post("/links/cellular/bulkclaim", { plan: 2096, zone: "global", sims: iccids });
      await claim(later);
      await claim(sims.slice(1));
      await claim(sims.slice(0, 1));
      assert.deepEqual(
        emulator.sims().map(({ linkId, simCardId, deviceId }) => [linkId, simCardId, deviceId]),
        [
          [900, 40, 70],
          [901, 41, 71],
          [902, 7000001, 2000001],
        ],
      );
      assert.deepEqual(column(await api.get("/devices"), "id"), [2000001, 71, 70]);
      assert.deepEqual(column(await api.get("/devices?startafter=71"), "id"), [70]);
      assert.deepEqual(column(await api.get("/links/cellular?startafter=902"), "id"), [901, 900]);
      assert.equal(at((await api.get("/devices/71")).json, "data", "simcardid"), 41);
    }),
  );
});
