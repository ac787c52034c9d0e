import assert from "node:assert/strict";
import { request } from "undici";
import type { AccountEvent } from "../../../provider/testing/emulator";
import { bench, client, FIRST } from "./client";

const terms = { plan: 2096, zone: "global" };

describe("emulator: the dashboard", () => {
  it(
    "pauses, resumes and deactivates at once, past faults and judgement",
    bench(async ({ emulator }) => {
      const { dashboard } = emulator;
      const sims = dashboard.addPack({ first: FIRST, count: 3 });
      dashboard.activate(sims, terms);
      emulator.faults.add({ fault: { kind: "drop", commit: false } });
      dashboard.pause(sims);
      assert.deepEqual(new Set(emulator.sims().map(({ state }) => state)), new Set(["PAUSED-USER"]));
      dashboard.resume(sims.slice(0, 2));
      dashboard.deactivate(sims.slice(1));
      assert.deepEqual(
        emulator.sims().map(({ state }) => state),
        ["LIVE", "DEAD", "DEAD"],
      );
      assert.throws(() => dashboard.resume(sims), /SIM \d+: SIM is deactivated\./);
      assert.equal(emulator.sim(FIRST).state, "LIVE");
      const { pauses, deactivations } = emulator.judgement();
      assert.deepEqual([pauses, deactivations, emulator.requests], [[], [], []]);
    }),
  );

  it(
    "changes plans for what a change costs, and removes the data limits",
    bench(
      async ({ emulator: { dashboard, ...emulator } }) => {
        const sims = dashboard.addPack({ first: FIRST, count: 2 });
        dashboard.activate(sims, { ...terms, overageLimit: 7 });
        dashboard.setLimits(sims.slice(0, 1), { smsLimit: 9, threshold: 3 });
        dashboard.changePlan(sims.slice(0, 1), { plan: 75, zone: "us" });
        const [changed, kept] = emulator.sims();
        assert.deepEqual(
          [changed?.plan, changed?.zone, changed?.overageLimit, changed?.threshold, changed?.smsLimit],
          [75, "us", -1, -1, 9],
        );
        assert.deepEqual([kept?.plan, kept?.overageLimit], [2096, 7]);
        assert.deepEqual(
          emulator.ledger.map(({ kind, amount, by }) => [kind, amount, by]),
          [
            ["activation", "0.60", "hand"],
            ["activation", "0.60", "hand"],
            ["planchange", "0.25", "hand"],
          ],
        );
        assert.equal(emulator.balance(), "999998.55");
        assert.throws(() => dashboard.changePlan(sims, { plan: 75, zone: "mars" }), /Zone mars/);
      },
      { behaviour: { planChangeCost: "0.25" } },
    ),
  );

  it(
    "tags, moves away and back, changes a price and a balance",
    bench(async ({ emulator }) => {
      const { dashboard } = emulator;
      const sims = dashboard.addPack({ first: FIRST, count: 2 });
      dashboard.activate(sims, terms);
      const tagId = dashboard.tag(sims, "cold");
      assert.equal(dashboard.tag(sims.slice(0, 1), "cold"), tagId);
      assert.deepEqual(emulator.tags(), [
        { id: tagId, orgId: 12345, name: "cold", deviceIds: [2000001, 2000002] },
      ]);
      dashboard.untag(sims.slice(1), "cold");
      const other = emulator.addOrganization({ name: "Other", balance: "1.00" });
      dashboard.move(sims, other);
      assert.deepEqual(
        emulator.sims().map(({ orgId, tagIds }) => [orgId, tagIds]),
        [
          [other, []],
          [other, []],
        ],
      );
      dashboard.move(sims, 12345);
      dashboard.setPrice(2096, "global", "60.00");
      assert.throws(() => dashboard.setPrice(2096, "mars", "1"), /Plan 2096 has no zone mars\./);
      dashboard.setBalance(other, "2.5");
      assert.equal(emulator.plans().find(({ id }) => id === 2096)?.zones.global, "60.00");
      assert.deepEqual(
        emulator.organizations().map(({ id, balance }) => [id, balance]),
        [
          [12345, "999998.80"],
          [other, "2.50"],
        ],
      );
    }),
  );

  it(
    "adds single cards between the numbers of a pack, and none twice",
    bench(async ({ emulator, api }) => {
      const { dashboard } = emulator;
      dashboard.addPack({ first: FIRST, count: 3, step: 10 });
      const between = ["89445001021983048265", "89445001021983048275"];
      dashboard.addCards(between, { listed: false });
      assert.throws(() => dashboard.addCards([...between, "89445001021983048266"]), /in the account already/);
      assert.equal(emulator.simCount, 5);
      const claimed = await api.post("/links/cellular/bulkclaim", {
        ...terms,
        simrange: `${FIRST}-89445001021983048280`,
      });
      assert.equal(claimed.status, 200);
      assert.equal(emulator.ledger.length, 5);
    }),
  );
});

describe("emulator: what shows the account while it runs", () => {
  it(
    "is served outside the API, and is on no list of requests",
    bench(
      async ({ emulator }) => {
        emulator.faults.add({ fault: { kind: "drop", commit: false } });
        const url = new URL("/sims?state=LIVE", emulator.url);
        const reply = await request(url, { method: "POST", body: "x" });
        assert.deepEqual([reply.statusCode, await reply.body.text()], [200, "POST /sims?state=LIVE x 0"]);
        const foreign = await request(url, { headers: { host: "evil.example" } });
        assert.equal(foreign.statusCode, 403);
        await foreign.body.dump();
        assert.deepEqual(emulator.requests, []);
      },
      {
        page: (emulator) => async (asked) => {
          const { pathname, search } = new URL(asked.url);
          const text = `${asked.method} ${pathname}${search} ${await asked.text()} ${emulator.simCount}`;
          return new Response(text);
        },
      },
    ),
  );

  it(
    "is told of requests, answers, charges and changes",
    bench(async ({ emulator, clock }) => {
      const events: AccountEvent[] = [];
      const unsubscribe = emulator.subscribe((event) => void events.push(event));
      const told = () => events.splice(0).map((event) => event.kind);
      emulator.dashboard.addPack({ first: FIRST, count: 1 });
      assert.deepEqual(told(), ["account"]);
      const api = client(emulator);
      await api.post("/links/cellular/bulkclaim", { ...terms, sims: [FIRST] });
      const [, charges, , answer] = events;
      assert.ok(charges?.kind === "charges" && answer?.kind === "answer");
      assert.deepEqual([charges.entries[0]?.iccid, answer.request.status], [FIRST, 200]);
      assert.deepEqual(told(), ["request", "charges", "account", "answer"]);
      await api.get("/links/cellular");
      assert.deepEqual(told(), ["request", "account", "answer"], "the pending state has settled");
      await api.get("/links/cellular");
      assert.deepEqual(told(), ["request", "answer"]);
      emulator.faults.add({ nth: 1, fault: { kind: "lateCommit", milliseconds: 10 } });
      await assert.rejects(api.post("/devices/2000001/state", { state: "pause" }));
      assert.deepEqual(told(), ["account", "request", "account", "answer"]);
      clock.advance(10);
      await emulator.idle();
      assert.deepEqual(told(), ["account"]);
      unsubscribe();
      await api.get("/devices");
      assert.deepEqual(told(), []);
    }),
  );
});
