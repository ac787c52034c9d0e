import assert from "node:assert/strict";
import { request } from "undici";
import type { Emulator } from "../../../provider/testing/emulator";
import { at, basic, bench, FIRST } from "./client";

async function send(emulator: Emulator, path: string, type: string, body: string) {
  const reply = await request(`${emulator.url}${path}`, {
    method: "POST",
    headers: { authorization: basic(emulator.apiKey), "content-type": type },
    body,
  });
  return { status: reply.statusCode, json: await reply.body.json() };
}

const FORM = "application/x-www-form-urlencoded";
const cards = [FIRST, "89445001021983048261", "89445001021983048262"];

describe("emulator: what a request says", () => {
  const forms: Record<string, string> = {
    "commas, in a form": `sims=${cards.join(",")}`,
    "a repeated name": cards.map((iccid) => `sims=${iccid}`).join("&"),
    brackets: cards.map((iccid) => `sims%5B%5D=${iccid}`).join("&"),
    indexes: `sims[2]=${cards[2]}&sims[0]=${cards[0]}&sims[1]=${cards[1]}`,
  };
  for (const [form, body] of Object.entries(forms)) {
    it(
      `is understood: a list by ${form}`,
      bench(async ({ emulator }) => {
        emulator.addPack({ first: FIRST, count: 4 });
        const claim = `${body}&plan=2096&zone=global`;
        const { status } = await send(emulator, "/links/cellular/bulkclaim", FORM, claim);
        assert.equal(status, 200);
        assert.deepEqual(emulator.ledger.map(({ iccid }) => iccid).sort(), cards);
      }),
    );
  }

  it(
    "is understood: a list in a query, and a form by the name that the blueprint has for it",
    bench(async ({ emulator, api }) => {
      emulator.addPack({ first: FIRST, count: 4, state: "LIVE" });
      for (const query of ["ids=2000001&ids=2000003", "ids[]=2000001&ids[]=2000003", "ids=2000001,2000003"]) {
        assert.equal(at((await api.get(`/devices?${query}`)).json, "size"), 2, query);
      }
      const body = "deviceids[0]=2000001&deviceids[1]=2000002&state=pause";
      const { json } = await send(emulator, "/devices/state", "application/x-form-urlencoded", body);
      assert.deepEqual(at(json, "data", "devices_modified"), [2000001, 2000002]);
    }),
  );

  it(
    "is refused aloud where it would be ignored",
    bench(async ({ emulator, api }) => {
      emulator.addPack({ first: FIRST, count: 2, state: "LIVE" });
      const deviceids = [2000001];
      const refused: [string, unknown, string][] = [
        ["/devices/usagelimit", { deviceids, usagelimit: 5 }, "Unknown field usagelimit"],
        ["/devices/state?preview=true", { deviceids, state: "pause" }, "Unknown parameter preview"],
        ["/devices/state", ["pause"], "The body must be a JSON object or form-urlencoded fields"],
        ["/devices/state", { deviceids, state: ["pause"] }, "state must be a single value"],
        [
          "/links/cellular/bulkclaim",
          { sims: [FIRST], plan: 1, zone: "global", label: "x" },
          "Unknown field label",
        ],
      ];
      for (const [path, body, error] of refused) {
        const reply = await api.post(path, body);
        assert.deepEqual([reply.status, reply.json], [400, { success: false, error }], path);
      }
      const text = await send(emulator, "/devices/state", "multipart/form-data; boundary=x", "--x--");
      assert.equal(text.status, 400);
      for (const query of ["colour=red", "startAfter=5", "orgid=12345&orgid=12345"]) {
        assert.equal((await api.get(`/links/cellular?${query}`)).status, 400, query);
      }
      assert.ok(emulator.sims().every(({ state }) => state === "LIVE"));
      emulator.behaviour.unknownFields = "ignore";
      assert.equal((await api.post("/devices/usagelimit", { deviceids, usagelimit: 5 })).status, 200);
    }),
  );

  it(
    "is answered aloud where Hologram documents it and it is not played",
    bench(async ({ api }) => {
      const notPlayed: [string, unknown, string][] = [
        ["/sms/incoming", { deviceids: [1], body: "x" }, "POST /sms/incoming"],
        ["/devices/messages", {}, "POST /devices/messages"],
        ["/csr/rdm", {}, "POST /csr/rdm"],
        ["/devices/search", { query: "x" }, "POST /devices/search"],
        ["/devices/state", { deviceids: [1], state: "pause", priority: 1 }, "The field priority"],
        ["/devices/changeplan?unbillableplanchange=true", {}, "The parameter unbillableplanchange"],
      ];
      for (const [path, body, subject] of notPlayed) {
        const reply = await api.post(path, body);
        const error = `${subject} is not played by this emulator`;
        assert.deepEqual([reply.status, reply.json], [501, { success: false, error }]);
      }
      assert.deepEqual((await api.get("/nothing?x=1")).json, {
        success: false,
        error: "API method does not exist",
      });
    }),
  );

  it(
    "is narrowed by orgid on every endpoint",
    bench(async ({ emulator, api }) => {
      const other = emulator.addOrganization({});
      emulator.addKey({ key: emulator.apiKey, role: "admin", orgIds: [12345, other] });
      emulator.addPack({ first: FIRST, count: 1, state: "LIVE" });
      const pause = { deviceids: [2000001], state: "pause" };
      const { json } = await api.post(`/devices/state?orgid=${other}`, pause);
      assert.deepEqual(at(json, "data", "warnings", 0, "message"), "Device not found");
      assert.equal((await api.get(`/devices/2000001?orgid=${other}`)).status, 404);
      assert.equal((await api.get("/users/me?orgid=9")).status, 403);
      await api.post("/devices/state?orgid=12345", pause);
      assert.equal(emulator.judgement().pauses.length, 1);
    }),
  );
});
