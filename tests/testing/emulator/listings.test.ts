import assert from "node:assert/strict";
import fc from "fast-check";
import { startEmulator } from "../../../provider/testing/emulator";
import { at, bench, type Client, client, column, FIRST } from "./client";

/** Everything a list shows, page by page. */
async function all(api: Client, path: string, limit: number): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let after = ""; ; ) {
    const reply = await api.get(`${path}${path.includes("?") ? "&" : "?"}limit=${limit}${after}`);
    found.push(...column(reply, "id"));
    if (at(reply.json, "continues") !== true) return found;
    after = `&startafter=${at(reply.json, "lastid")}`;
  }
}

describe("emulator: lists", () => {
  it(
    "show unclaimed SIMs as INACTIVE without a device, where the pack is listed",
    bench(async ({ emulator, api }) => {
      emulator.addPack({ first: FIRST, count: 1 });
      const hidden = emulator.addPack({ first: "89445001021983099990", count: 2, listed: false });
      const before = await api.get("/links/cellular");
      assert.deepEqual([column(before, "sim"), column(before, "state")], [[FIRST], ["INACTIVE"]]);
      assert.deepEqual(column(before, "deviceid"), [undefined]);
      assert.deepEqual(column(await api.get("/devices"), "id"), []);
      emulator.activateByHand(hidden.slice(0, 1), { plan: 2096, zone: "global" });
      assert.deepEqual(column(await api.get("/links/cellular"), "sim"), [hidden[0], FIRST]);
    }),
  );

  it(
    "filter links by SIM, range, ids, device, tag and organization",
    bench(async ({ emulator }) => {
      const second = emulator.addOrganization({});
      emulator.addKey({ key: "both", role: "editor", orgIds: [emulator.orgId, second] });
      const api = client(emulator, "both");
      const sims = emulator.addPack({ first: FIRST, count: 5, step: 10, state: "LIVE" });
      const [a, b, c, d, e] = sims;
      emulator.move(e ?? "", second);
      const created = await client(emulator).post("/devices/tags?orgid=12345", {
        name: "t",
        deviceids: [2000002, 2000004],
      });
      const tag = at(created.json, "data", "tags", 0, "id");
      const filters: [string, unknown[]][] = [
        ["", [e, d, c, b, a]],
        [`sim=${b}`, [b]],
        [`sims=${d},${a}`, [d, a]],
        [`sims=${d},${a}&simrange=${a}-${b}`, [a]],
        [`simrange=${b}-${d}`, [d, c, b]],
        ["id=5000003", [c]],
        ["ids=5000001,5000002,9", [b, a]],
        ["deviceid=2000004", [d]],
        ["deviceids=2000004,2000001", [d, a]],
        [`tagid=${tag}`, [d, b]],
        ["tagname=t", [d, b]],
        [`orgid=${second}`, [e]],
        ["orgid=12345", [d, c, b, a]],
        ["sim=12", []],
        ["sim=abc", []],
        ["claimedafter=0&claimedbefore=4000000000", [e, d, c, b, a]],
        ["claimedbefore=1", []],
      ];
      for (const [query, expected] of filters) {
        assert.deepEqual(column(await api.get(`/links/cellular?${query}`), "sim"), expected, query);
      }
      assert.equal((await api.get("/links/cellular?simrange=1")).status, 400);
      assert.equal((await api.get("/links/cellular?orgid=x")).status, 400);
    }),
  );

  it(
    "filter devices; a list or a range of ICCIDs is refused there, or ignored where that is asked for",
    bench(async ({ emulator, api }) => {
      const [a, b, c] = emulator.addPack({ first: FIRST, count: 3, step: 10, state: "LIVE" });
      await api.post("/devices/tags?orgid=12345", { name: "t", deviceids: [2000002] });
      const filters: [string, unknown[]][] = [
        [`sim=${b}`, [b]],
        ["id=2000001", [a]],
        ["ids=2000001,2000003", [c, a]],
        ["linkid=5000003", [c]],
        ["tagname=t", [b]],
        ["name=48260", [a]],
      ];
      for (const [query, expected] of filters) {
        const reply = await api.get(`/devices?${query}`);
        assert.deepEqual(column(reply, "links", "cellular", 0, "sim"), expected, query);
      }
      for (const query of [`sims=${a}`, `simrange=${a}-${a}`]) {
        emulator.behaviour.unknownFields = "refuse";
        const reply = await api.get(`/devices?${query}`);
        assert.deepEqual(
          [reply.status, at(reply.json, "error")],
          [400, `Unknown parameter ${query.split("=")[0]}`],
        );
        emulator.behaviour.unknownFields = "ignore";
        assert.equal(column(await api.get(`/devices?${query}`), "id").length, 3);
      }
    }),
  );

  it(
    "refuse an organization that the key does not see",
    bench(async ({ emulator, api }) => {
      const other = emulator.addOrganization({});
      for (const path of ["/links/cellular", "/devices", "/plans", "/devices/tags"]) {
        const reply = await api.get(`${path}?orgid=${other}`);
        assert.deepEqual(
          [reply.status, reply.json],
          [403, { success: false, error: "No permissions to perform operation" }],
        );
      }
    }),
  );

  it("page through every SIM once, whatever the page size, filter and pack layout", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ count: fc.integer({ min: 1, max: 12 }), listed: fc.boolean() }), {
          maxLength: 4,
        }),
        fc.integer({ min: 1, max: 15 }),
        fc.integer({ min: 0, max: 5 }),
        async (packs, limit, claimed) => {
          const emulator = await startEmulator();
          try {
            const api = client(emulator);
            const sims = packs.flatMap((pack, place) =>
              emulator.addPack({ first: `8944500102198${place}000000`, step: 10, ...pack }),
            );
            emulator.activateByHand(sims.slice(0, claimed), { plan: 2096, zone: "global" });
            const shown = emulator
              .sims()
              .filter((sim) => sim.deviceId !== undefined || packs[Number(sim.iccid[13])]?.listed === true);
            assert.deepEqual(
              await all(api, "/links/cellular", limit),
              shown.map((sim) => sim.linkId).reverse(),
            );
            const range = shown.filter(
              (sim) => sim.iccid >= "89445001021980000025" && sim.iccid <= "89445001021982000055",
            );
            assert.deepEqual(
              await all(api, "/links/cellular?simrange=89445001021980000025-89445001021982000055", limit),
              range.map((sim) => sim.linkId).reverse(),
            );
            const devices = shown.flatMap((sim) => sim.deviceId ?? []);
            assert.deepEqual(
              await all(api, "/devices", limit),
              devices.sort((x, y) => y - x),
            );
          } finally {
            await emulator.close();
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it(
    "neither skip nor repeat when SIMs are claimed between two pages",
    bench(async ({ emulator, api }) => {
      const sims = emulator.addPack({ first: FIRST, count: 9, step: 10 });
      emulator.activateByHand(sims.slice(0, 5), { plan: 2096, zone: "global" });
      const first = await api.get("/devices?limit=3");
      emulator.activateByHand(sims.slice(5), { plan: 2096, zone: "global" });
      const second = await api.get(`/devices?limit=3&startafter=${at(first.json, "lastid")}`);
      assert.deepEqual(
        [...column(first, "id"), ...column(second, "id")],
        [2000005, 2000004, 2000003, 2000002, 2000001],
      );
    }),
  );

  it(
    "hold at most 1,000 items, and 100 where nobody says",
    bench(async ({ emulator, api }) => {
      emulator.addPack({ first: FIRST, count: 1200 });
      const large = await api.get("/links/cellular?limit=5000");
      assert.deepEqual(
        [at(large.json, "limit"), at(large.json, "size"), at(large.json, "continues")],
        [1000, 1000, true],
      );
      assert.equal(column(await api.get("/links/cellular"), "id").length, 100);
    }),
  );

  it(
    "go without the old list when told to",
    bench(
      async ({ emulator, api }) => {
        emulator.addPack({ first: FIRST, count: 1 });
        for (const path of ["", "/5000001", "/5000001/history"]) {
          assert.equal((await api.get(`/links/cellular${path}`)).status, 404);
        }
        assert.equal(
          (await api.post("/links/cellular/bulkclaim", { plan: 2096, zone: "global", sims: [FIRST] })).status,
          200,
        );
      },
      { behaviour: { linksEndpoint: false } },
    ),
  );

  it(
    "show one link, one device, and what happened to it; no foreign ones",
    bench(async ({ emulator, api }) => {
      const [own = "", foreign = ""] = emulator.addPack({ first: FIRST, count: 2, state: "LIVE" });
      emulator.move(foreign, emulator.addOrganization({}));
      await api.post("/devices/state", { deviceids: [2000001], state: "pause" });
      assert.equal(at((await api.get("/links/cellular/5000001")).json, "data", "sim"), own);
      assert.equal(at((await api.get("/devices/2000001")).json, "data", "links", "cellular", 0, "sim"), own);
      const history = await api.get("/links/cellular/5000001/history");
      assert.deepEqual(column(history, "newstate"), ["LIVE-PENDING", "LIVE", "PAUSED-PENDING-USER"]);
      for (const path of [
        "/links/cellular/5000002",
        "/links/cellular/5000002/history",
        "/devices/2000002",
        "/devices/9",
      ]) {
        assert.equal((await api.get(path)).status, 404, path);
      }
    }),
  );

  it(
    "carry secrets that a test finds again",
    bench(async ({ emulator, api }) => {
      emulator.addPack({ first: FIRST, count: 1, state: "LIVE" });
      for (const path of ["/links/cellular", "/devices", "/links/cellular/5000001", "/devices/2000001"]) {
        const { text } = await api.get(path);
        for (const secret of ["PIN-SECRET-5000001", "PUK-SECRET-5000001", "IP-SECRET-5000001"]) {
          assert.ok(text.includes(secret), `${path} ${secret}`);
        }
      }
    }),
  );

  it(
    "read back an SMS limit of 100 where none was asked for",
    bench(async ({ emulator, api }) => {
      const [one = "", two = ""] = emulator.addPack({ first: FIRST, count: 2 });
      await api.post("/links/cellular/bulkclaim", { plan: 2096, zone: "global", sims: [one], smslimit: -1 });
      await api.post("/links/cellular/bulkclaim", { plan: 2096, zone: "global", sims: [two] });
      assert.deepEqual(column(await api.get("/links/cellular"), "smslimit"), [100, 100]);
    }),
  );

  it(
    "show an eSIM that swapped its profile under its new ICCID, on the same device",
    bench(async ({ emulator, api }) => {
      const [a = "", b = ""] = emulator.addPack({ first: FIRST, count: 2, step: 10, state: "LIVE" });
      const swapped = "89330000000000000001";
      emulator.swapProfile(a, swapped);
      assert.deepEqual(column(await api.get("/devices?id=2000001"), "links", "cellular", 0, "sim"), [
        swapped,
      ]);
      assert.deepEqual(column(await api.get(`/links/cellular?sims=${a},${swapped}`), "sim"), [swapped]);
      assert.deepEqual(column(await api.get(`/links/cellular?simrange=${a}-${b}`), "sim"), [b]);
      assert.deepEqual(
        column(await api.get(`/links/cellular?simrange=${swapped}-${swapped}`), "deviceid"),
        [2000001],
      );
      const claim = { plan: 2096, zone: "global" };
      const byList = await api.post("/links/cellular/bulkclaim", { ...claim, sims: [a] });
      assert.deepEqual(at(byList.json, "data"), { [a]: "SIM not found" });
      const byRange = await api.post("/links/cellular/bulkclaim", { ...claim, simrange: `${a}-${b}` });
      assert.deepEqual(at(byRange.json, "data"), { [b]: "SIM is already activated" });
      assert.throws(() => emulator.swapProfile(b, swapped), /is in the account already/);
    }),
  );
});
