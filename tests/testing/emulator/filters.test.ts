import assert from "node:assert/strict";
import { at, bench, client, column, FIRST } from "./client";

describe("emulator: filters", () => {
  it(
    "of links choose, each of them",
    bench(async ({ emulator, api }) => {
      const sims = emulator.addPack({ first: FIRST, count: 4, step: 10 });
      emulator.dashboard.activate(sims.slice(0, 3), { plan: 2096, zone: "global" });
      const [a = "", b = "", c = "", unclaimed] = sims;
      const cold = emulator.dashboard.tag([a], "cold");
      const hot = emulator.dashboard.tag([b], "hot");
      await api.put("/devices/2000003", { tunnelable: false });
      const cases: [string, unknown[]][] = [
        ["imsi=234000005000001", [a]],
        ["imsis=234000005000001,234000005000003", [c, a]],
        ["msisdn=99995000002", [b]],
        ["msisdn=%2B99995000002", [b]],
        [`tagids=${cold},${hot}`, [b, a]],
        [`tagid=${cold}&tagids=${cold},${hot}`, [a]],
        ["carrierid=2", [unclaimed, c, b, a]],
        ["carrierid=3", []],
        ["tunnelable=false", [c]],
        ["tunnelable=1&deviceid=2000001", [a]],
        ["orgids=12345", [unclaimed, c, b, a]],
      ];
      for (const [query, expected] of cases) {
        assert.deepEqual(column(await api.get(`/links/cellular?${query}`), "sim"), expected, query);
      }
      assert.equal(
        at((await api.get("/links/cellular?showip=false")).json, "data", 0, "priv_ip_address"),
        undefined,
      );
      assert.equal((await api.get("/links/cellular?orgids=12345,9")).status, 403);
      assert.equal((await api.get("/links/cellular?tunnelable=perhaps")).status, 400);
      for (const query of ["id=", "simrange=", "sims=", "limit="]) {
        assert.equal((await api.get(`/links/cellular?${query}`)).status, 400, query);
      }
    }),
  );

  it(
    "of devices choose, each of them",
    bench(async ({ emulator, api }) => {
      const orgId = emulator.addOrganization({ name: "Other" });
      emulator.addKey({ key: "both", role: "admin", orgIds: [12345, orgId] });
      emulator.addPack({ first: FIRST, count: 2, step: 10, state: "LIVE" });
      emulator.addPack({ first: "89445001021984000000", count: 1, state: "LIVE", orgId });
      const both = client(emulator, "both");
      await api.put("/devices/2000002", { tunnelable: 0 });
      const cases: [string, unknown[]][] = [
        ["imei=957520074024080", []],
        ["imei-sv=9575200740240801", []],
        ["phone=%2B15555551234", []],
        ["type=unknown", [2000003, 2000002, 2000001]],
        ["type=tracker", []],
        ["tunnelable=true", [2000003, 2000001]],
        ["tunnelable=0", [2000002]],
        [`orgids=${orgId}`, [2000003]],
        [`orgids=${orgId}&orgid=12345`, []],
        ["withlocation=true", [2000003, 2000002, 2000001]],
      ];
      for (const [query, expected] of cases) {
        assert.deepEqual(column(await both.get(`/devices?${query}`), "id"), expected, query);
        const count = (await both.get(`/devices/count?${query.replace("withlocation=true", "")}`)).json;
        assert.equal(at(count, "data"), expected.length, query);
      }
      emulator.behaviour.devicesWithoutOrgId = "none";
      assert.deepEqual(column(await both.get("/devices"), "id"), []);
      assert.deepEqual(column(await both.get("/devices?orgid=12345"), "id"), [2000002, 2000001]);
    }),
  );

  it(
    "are in the link to the next page, and the key is not",
    bench(async ({ emulator, api }) => {
      const orgid = emulator.addOrganization({});
      emulator.addPack({ first: FIRST, count: 5, orgId: orgid });
      emulator.addPack({ first: "89445001021984000000", count: 5 });
      emulator.addKey({ key: "both", role: "admin", orgIds: [12345, orgid] });
      const both = client(emulator, "both");
      const query = `orgid=${orgid}&limit=2&simrange=${FIRST}-89445001021983048263`;
      const seen: unknown[] = [];
      let next: unknown = `/api/1/links/cellular?${query}`;
      while (typeof next === "string") {
        const page = await both.get(next.slice("/api/1".length));
        seen.push(...column(page, "sim"));
        next = at(page.json, "links", "next");
      }
      assert.deepEqual(
        seen,
        [...Array(4).keys()].map((n) => String(BigInt(FIRST) + BigInt(3 - n))),
      );
      const page = await api.get(`/devices?apikey=x&limit=1`);
      assert.equal(at(page.json, "links", "next"), undefined);
      const keyed = await api.get(`/links/cellular?apikey=x&limit=1`);
      assert.equal(at(keyed.json, "links", "next"), "/api/1/links/cellular?limit=1&startafter=5000010");
    }),
  );
});
