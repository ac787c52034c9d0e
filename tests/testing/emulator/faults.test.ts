import assert from "node:assert/strict";
import { type Fault, startEmulator } from "../../../provider/testing/emulator";
import { at, type Bench, bench, client, column, FIRST, until } from "./client";

const CLAIM = "/links/cellular/bulkclaim";

function claim({ api }: Pick<Bench, "api">, sims: readonly string[] = [FIRST]) {
  return api.post(CLAIM, { plan: 2096, zone: "global", sims });
}

/** A test with one SIM and one fault planted on claims. */
function withFault(fault: Fault, work: (bench: Bench) => Promise<void>) {
  return bench(async (given) => {
    given.emulator.addPack({ first: FIRST, count: 1 });
    given.emulator.faults.add({ method: "POST", path: CLAIM, nth: 1, fault });
    await work(given);
  });
}

function charges({ emulator }: Bench): number {
  return emulator.ledger.length;
}

describe("emulator: faults", () => {
  it(
    "refuse: these SIMs, with this reason, in claims, previews and changes",
    bench(async (given) => {
      const { emulator, api } = given;
      const [one = "", two = ""] = emulator.addPack({ first: FIRST, count: 2 });
      emulator.faults.add({ fault: { kind: "refuse", iccids: [two], reason: "SIM is on hold" } });
      const refused = await claim(given, [one, two]);
      assert.deepEqual(refused.json, { success: false, data: { [two]: "SIM is on hold" } });
      const preview = await api.post(`${CLAIM}?preview=true`, { sims: [two] });
      assert.deepEqual(at(preview.json, "data"), { [two]: "SIM is on hold" });
      emulator.setState(two, "LIVE");
      const pause = await api.post("/devices/state", {
        deviceids: [emulator.sim(two).deviceId],
        state: "pause",
      });
      assert.equal(at(pause.json, "data", "warnings", 0, "message"), "SIM is on hold");
      assert.equal(charges(given), 0);
    }),
  );

  for (const commit of [false, true]) {
    const outcome = commit ? "after the commit" : "before the commit";
    it(
      `status ${outcome}`,
      withFault(
        { kind: "status", status: 503, body: { no: "luck" }, headers: { "x-a": "b" }, commit },
        async (given) => {
          const reply = await claim(given);
          assert.deepEqual([reply.status, reply.json, reply.headers["x-a"]], [503, { no: "luck" }, "b"]);
          assert.equal(charges(given), commit ? 1 : 0);
          assert.equal(given.emulator.requests[0]?.status, 503);
        },
      ),
    );

    it(
      `drop ${outcome}`,
      withFault({ kind: "drop", commit }, async (given) => {
        await assert.rejects(claim(given), { code: "UND_ERR_SOCKET" });
        assert.equal(charges(given), commit ? 1 : 0);
        assert.equal(given.emulator.requests[0]?.status, 0);
      }),
    );

    it(
      `html ${outcome}`,
      withFault({ kind: "html", status: 502, commit }, async (given) => {
        const reply = await claim(given);
        assert.deepEqual([reply.status, reply.headers["content-type"]], [502, "text/html"]);
        assert.match(reply.text, /^<html>/);
        assert.equal(charges(given), commit ? 1 : 0);
      }),
    );

    it(
      `empty ${outcome}`,
      withFault({ kind: "empty", commit }, async (given) => {
        const reply = await claim(given);
        assert.deepEqual([reply.status, reply.text], [200, ""]);
        assert.equal(charges(given), commit ? 1 : 0);
      }),
    );

    it(
      `hold, carried out ${commit ? "at once" : "at the release"}`,
      withFault({ kind: "hold", commit }, async (given) => {
        const reply = claim(given);
        await until(() => given.emulator.requests.length === 1);
        assert.equal(charges(given), commit ? 1 : 0);
        given.emulator.faults.release();
        assert.equal((await reply).status, 200);
        assert.equal(charges(given), 1);
      }),
    );

    it(
      `lateCommit, ${commit ? "with a connection that hangs" : "with a connection that drops"}`,
      withFault({ kind: "lateCommit", milliseconds: 60_000, hang: commit }, async (given) => {
        const { emulator, clock } = given;
        const lost = assert.rejects(claim(given));
        await until(() => emulator.requests.length === 1);
        if (!commit) await lost;
        clock.advance(59_999);
        await new Promise((resolve) => setImmediate(resolve));
        assert.equal(charges(given), 0);
        clock.advance(1);
        await emulator.idle();
        assert.equal(charges(given), 1);
        await emulator.close();
        await lost;
      }),
    );
  }

  it(
    "rateLimit: 429 with and without a time to wait, as JSON or text, not carried out",
    bench(async (given) => {
      const { emulator } = given;
      emulator.addPack({ first: FIRST, count: 1 });
      emulator.faults.add({ path: CLAIM, nth: 1, fault: { kind: "rateLimit", retryAfter: 7 } });
      emulator.faults.add({ path: CLAIM, nth: 2, fault: { kind: "rateLimit" } });
      const first = await claim(given);
      assert.deepEqual(
        [first.status, first.headers["retry-after"], first.json],
        [429, "7", { success: false, error: "API rate limit exceeded" }],
      );
      emulator.behaviour.rateLimitBody = "text";
      const second = await claim(given);
      assert.deepEqual(
        [second.status, second.headers["retry-after"], second.text],
        [429, undefined, "API rate limit exceeded"],
      );
      assert.equal(charges(given), 0);
      assert.equal((await claim(given)).status, 200);
    }),
  );

  it(
    "delay: carried out at once, answered later by the clock",
    withFault({ kind: "delay", milliseconds: 5000 }, async (given) => {
      let answered = false;
      const reply = claim(given).then(() => {
        answered = true;
      });
      await until(() => charges(given) === 1);
      assert.equal(answered, false);
      given.clock.advance(5000);
      await reply;
    }),
  );

  it(
    "halfBody: the charge is there, the answer breaks off",
    withFault({ kind: "halfBody", commit: true }, async (given) => {
      const { emulator } = given;
      const answer = await fetch(`${emulator.url}${CLAIM}`, {
        method: "POST",
        headers: { authorization: `Basic ${Buffer.from(`apikey:${emulator.apiKey}`).toString("base64")}` },
        body: new URLSearchParams({ plan: "2096", zone: "global", simrange: `${FIRST}-${FIRST}` }),
      });
      assert.equal(answer.status, 200);
      await assert.rejects(answer.text());
      assert.equal(charges(given), 1);
    }),
  );

  it(
    "wrongCount: the answer names fewer SIMs than were claimed",
    bench(async (given) => {
      const sims = given.emulator.addPack({ first: FIRST, count: 5 });
      given.emulator.faults.add({ fault: { kind: "wrongCount", drop: 2 } });
      assert.equal(column(await claim(given, sims), "sim").length, 3);
      assert.equal(charges(given), 5);
    }),
  );

  it(
    "extraSims: the answer names SIMs that nobody asked for",
    bench(async (given) => {
      const { emulator } = given;
      const [one = "", two = ""] = emulator.addPack({ first: FIRST, count: 2 });
      const unknown = "89999999999999999999";
      emulator.faults.add({ fault: { kind: "extraSims", iccids: [two, unknown] } });
      assert.deepEqual(column(await claim(given, [one]), "sim"), [one, two, unknown]);
      assert.deepEqual(
        emulator.ledger.map((entry) => entry.iccid),
        [one],
      );
    }),
  );

  it(
    "unknownState: shown by reads, kept by changes",
    bench(async (given) => {
      const { emulator, api } = given;
      emulator.addPack({ first: FIRST, count: 2 });
      emulator.faults.add({ method: "GET", nth: 1, fault: { kind: "unknownState", state: "FROZEN" } });
      emulator.faults.add({
        method: "POST",
        nth: { from: 1, to: 2 },
        fault: { kind: "unknownState", state: "SLEEPING" },
      });
      await claim(given);
      assert.deepEqual(column(await api.get("/links/cellular"), "state"), ["INACTIVE", "FROZEN"]);
      assert.equal(emulator.sim(FIRST).state, "SLEEPING");
      emulator.setState(FIRST, "LIVE");
      await api.post("/devices/state", { deviceids: [2000001], state: "pause" });
      assert.deepEqual(column(await api.get("/devices"), "links", "cellular", 0, "state"), ["SLEEPING"]);
    }),
  );
});

describe("emulator: the script of faults", () => {
  it(
    "picks by method, path, expression, preview and count",
    bench(async ({ emulator, api }) => {
      const status = (code: number): Fault => ({ kind: "status", status: code });
      emulator.faults.add({ method: "post", path: /bulkclaim$/, preview: true, fault: status(501) });
      emulator.faults.add({
        method: "POST",
        path: "/links/cellular/bulkclaim",
        preview: false,
        nth: 2,
        fault: status(502),
      });
      emulator.faults.add({ path: "/plans", nth: { from: 2 }, fault: status(503) });
      const codes: number[] = [];
      codes.push((await api.post(`${CLAIM}?preview=1`, {})).status);
      for (let n = 0; n < 3; n += 1) codes.push((await api.post(CLAIM, {})).status);
      for (let n = 0; n < 3; n += 1) codes.push((await api.get("/plans/75")).status);
      codes.push((await api.get("/organizations")).status);
      assert.deepEqual(codes, [501, 400, 502, 400, 200, 503, 503, 200]);
      assert.deepEqual(
        emulator.faults.list().map(({ matched, played }) => [matched, played]),
        [
          [1, 1],
          [3, 1],
          [3, 2],
        ],
      );
      emulator.faults.clear();
      assert.equal((await api.get("/plans")).status, 200);
    }),
  );

  it("draws from its seed: the same seed, the same script", async () => {
    const run = async (seed: number): Promise<number[]> => {
      const emulator = await startEmulator({ seed });
      try {
        emulator.faults.add({ probability: 0.5, fault: { kind: "status", status: 500 } });
        const codes: number[] = [];
        for (let n = 0; n < 30; n += 1) codes.push((await client(emulator).get("/organizations")).status);
        return codes;
      } finally {
        await emulator.close();
      }
    };
    const first = await run(7);
    assert.deepEqual(await run(7), first);
    assert.notDeepEqual(await run(8), first);
    const failures = first.filter((code) => code === 500).length;
    assert.ok(failures > 5 && failures < 25, `${failures} of 30`);
  });

  it(
    "plays the first rule that applies and counts the others",
    bench(async ({ emulator, api }) => {
      emulator.faults.add({ nth: 2, fault: { kind: "status", status: 500 } });
      emulator.faults.add({ fault: { kind: "status", status: 501 } });
      const codes = [];
      for (let n = 0; n < 3; n += 1) codes.push((await api.get("/plans")).status);
      assert.deepEqual(codes, [501, 500, 501]);
    }),
  );

  it(
    "carries out nothing once the emulator is closed",
    bench(async (given) => {
      const { emulator, clock } = given;
      emulator.addPack({ first: FIRST, count: 2 });
      emulator.faults.add({ nth: 1, fault: { kind: "lateCommit", milliseconds: 1000 } });
      emulator.faults.add({ nth: 2, fault: { kind: "hold" } });
      await assert.rejects(claim(given));
      const held = assert.rejects(claim(given));
      await until(() => emulator.requests.length === 2);
      await emulator.close();
      emulator.faults.release();
      clock.advance(1000);
      await emulator.idle();
      await held;
      assert.equal(charges(given), 0);
    }),
  );
});
