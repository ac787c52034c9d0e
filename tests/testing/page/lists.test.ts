/** What the page finds and how it turns over: SIMs, charges, requests. */
import assert from "node:assert/strict";
import { basic } from "../emulator/client";
import { listed, plain, type Visitor, visit } from "./visitor";

const FIRST = 89445001021983048260n;
const card = (place: number): string => `${FIRST + 10n * BigInt(place)}`;
const cards = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => card(from + at));
const packs = { first: card(0), count: 120, step: 10 };

async function claim(
  visitor: Visitor,
  sims: readonly string[],
  path = "/links/cellular/bulkclaim",
): Promise<void> {
  const answer = await fetch(visitor.emulator.url + path, {
    method: "POST",
    headers: { authorization: basic(visitor.emulator.apiKey), "content-type": "application/json" },
    body: JSON.stringify({ sims, plan: 2096, zone: "global" }),
  });
  await answer.text();
}

describe("the list of SIMs on the page", () => {
  it(
    "turns over, by fifty, with links that lead there, and never past its end",
    visit(async (visitor) => {
      visitor.emulator.addPack(packs);
      visitor.emulator.addPack({ first: "89445001031983048260", count: 5 });
      const first = await visitor.get("/sims");
      assert.deepEqual(listed(first.html), cards(0, 50));
      assert.match(first.html, /125 SIMs/);
      assert.match(first.html, /Page 1 of 3/);
      assert.match(first.html, /href="\/sims\?page=2">Next/);
      const last = listed((await visitor.get("/sims?page=3")).html);
      assert.deepEqual(last.slice(0, 21), [...cards(100, 120), "89445001031983048260"]);
      assert.equal(last.length, 25);
      for (const page of ["99", "1e9", "-1", "x"]) {
        assert.equal((await visitor.get(`/sims?page=${page}`)).status, 200);
      }
      assert.deepEqual(listed((await visitor.get("/sims?page=99")).html), last);
    }),
  );

  it(
    "is filtered by number, range, part, name, device, link, state, plan, organization and tag, and by several of them",
    visit(async (visitor) => {
      const { emulator } = visitor;
      const other = emulator.addOrganization({ name: "Second" });
      emulator.addPack(packs);
      emulator.addPack({ first: "89445001031983048260", count: 5, orgId: other });
      emulator.dashboard.activate(cards(0, 10), { plan: 2096, zone: "global" });
      emulator.dashboard.changePlan(cards(2, 5), { plan: 75, zone: "us" });
      emulator.dashboard.pause(cards(4, 7));
      const tag = emulator.dashboard.tag(cards(3, 8), "cold");
      const { deviceId = 0, linkId } = emulator.sim(card(9));
      const found = async (query: string) => listed((await visitor.get(`/sims?${query}`)).html);
      assert.deepEqual(await found(`q=${card(7)}`), [card(7)]);
      assert.deepEqual(await found(`q=${card(7)}-${card(11)}`), cards(7, 12));
      assert.deepEqual(await found(`q=${card(7)} - ${card(8)}`), cards(7, 9));
      assert.deepEqual(await found("q=0483"), cards(4, 14));
      assert.deepEqual(await found("q=SIM (48290)"), [card(3)]);
      assert.deepEqual(await found(`q=${deviceId}`), [card(9)]);
      assert.deepEqual(await found(`q=${linkId}`), [card(9)]);
      assert.deepEqual(await found("state=PAUSED-USER"), cards(4, 7));
      assert.deepEqual(await found("plan=75"), cards(2, 5));
      assert.deepEqual((await found(`org=${other}`)).length, 5);
      assert.deepEqual(await found(`tag=${tag}`), cards(3, 8));
      assert.deepEqual(await found(`tag=${tag}&state=PAUSED-USER&plan=75&q=8944`), [card(4)]);
      assert.deepEqual(await found("state=INACTIVE&page=2"), cards(60, 110));
      assert.deepEqual(await found("q=nobody"), []);
      const { html } = await visitor.get("/sims?q=nobody");
      assert.match(html, /No SIM is like that\./);
      assert.match(
        (await visitor.get("/sims?state=INACTIVE")).html,
        /href="\/sims\?state=INACTIVE&amp;page=2">Next/,
      );
    }),
  );

  it(
    "shows state, plan, zone, limits, tags, device, link and how often a SIM was bought",
    visit(async (visitor) => {
      const { emulator } = visitor;
      emulator.addPack(packs);
      emulator.dashboard.activate([card(0)], {
        plan: 75,
        zone: "us",
        overageLimit: 5_000_000,
        threshold: 500_000,
      });
      emulator.dashboard.tag([card(0)], "cold");
      const { html } = await visitor.get(`/sims?q=${card(0)}`);
      const row = plain(
        /<tr role="row" id="sim-\d+".*?<\/tr>/s.exec(html)?.[0].replaceAll("</td>", "|") ?? "",
      );
      assert.equal(
        row,
        `|${card(0)}SIM (48260)|LIVE|Pilot 1 MB75, us|5 MBwarns at 500 kB, 100 SMS|cold|2000001|5000001|once|`,
      );
    }),
  );

  it(
    "leaves the account as it is: a look settles no state and makes no SIM",
    visit(
      async (visitor) => {
        const { emulator } = visitor;
        emulator.addPack(packs);
        await claim(visitor, cards(0, 2));
        for (const path of ["/", "/sims", "/sims?q=0482", "/sims/5000001", "/money"]) await visitor.get(path);
        assert.equal(emulator.sim(card(0)).state, "LIVE-PENDING");
        assert.deepEqual(
          emulator.requests.map(({ path }) => path),
          ["/links/cellular/bulkclaim"],
        );
      },
      { behaviour: { settleReads: 1 } },
    ),
  );
});

describe("the ledger on the page", () => {
  it(
    "says what was charged for, by which request, how much, and how often each SIM was bought",
    visit(
      async (visitor) => {
        const { emulator } = visitor;
        emulator.addPack(packs);
        await claim(visitor, cards(0, 60));
        await claim(visitor, cards(58, 61));
        emulator.dashboard.changePlan(cards(0, 2), { plan: 75, zone: "us" });
        const { html } = await visitor.get("/ledger");
        const rows = [...html.matchAll(/<tr role="row" id="charge-.*?<\/tr>/gs)].map(([row]) =>
          plain(row.replace(/<time.*?<\/time>/s, "").replaceAll("</td>", "|")),
        );
        assert.deepEqual(rows, [
          "|2 changes of plan Pilot 1 MB, us|$0.202 × $0.10|hand|",
          "|3 activations Global Flat, global 2 SIMs bought before|$1.803 × $0.60|request 2|",
          "|60 activations Global Flat, global|$36.0060 × $0.60|request 1|",
        ]);
        const bySim = (await visitor.get("/ledger?by=sim")).html;
        assert.match(bySim, /65 charges/);
        assert.match(bySim, /Page 1 of 2/);
        const one = (await visitor.get(`/ledger?by=sim&q=${card(59)}`)).html;
        assert.equal(one.match(/<strong>twice<\/strong>/g)?.length, 2);
        assert.match(one, /2 charges/);
      },
      { behaviour: { alreadyActive: "charge", planChangeCost: "0.10" } },
    ),
  );
});

describe("the judgement on the page", () => {
  it(
    "is calm while nothing was bought twice, and an alarm that names SIMs and requests when something was",
    visit(
      async (visitor) => {
        visitor.emulator.addPack(packs);
        assert.match((await visitor.get("/")).html, /class="verdict good"/);
        await claim(visitor, cards(0, 20));
        assert.match(
          plain((await visitor.get("/")).html),
          /Nothing was bought twice20 SIMs bought, \$12\.00 charged in all\./,
        );
        await claim(visitor, cards(0, 15));
        for (const path of ["/", "/sims", "/ledger", "/requests", "/money", "/faults", "/nowhere"]) {
          const { html } = await visitor.get(path);
          assert.match(html, /class="verdict bad" role="alert"/, path);
          assert.match(plain(html), /15 SIMs were bought twice20 SIMs bought, \$21\.00 charged/, path);
          assert.match(plain(html), new RegExp(`${card(0)}: request 1, request 2`), path);
          assert.match(html, /and 5 more/);
        }
      },
      { behaviour: { alreadyActive: "charge" } },
    ),
  );

  it(
    "warns of a claim that came again and was refused",
    visit(async (visitor) => {
      visitor.emulator.addPack(packs);
      await claim(visitor, cards(0, 2));
      await claim(visitor, cards(1, 2));
      const { html } = await visitor.get("/");
      assert.match(html, /class="verdict doubtful"/);
      assert.match(plain(html), /1 SIM was claimed again, after a claim that had been carried out:/);
    }),
  );
});

describe("the requests on the page", () => {
  it(
    "come newest first, claims marked with what they bought, with their bodies, and are sorted by kind",
    visit(async (visitor) => {
      const { emulator } = visitor;
      emulator.addPack(packs);
      await claim(visitor, cards(0, 3), "/links/cellular/bulkclaim?preview=true");
      emulator.faults.add({
        path: "/links/cellular/bulkclaim",
        nth: 1,
        fault: { kind: "drop", commit: true },
      });
      await assert.rejects(claim(visitor, cards(0, 3)));
      await fetch(`${emulator.url}/plans`, { headers: { authorization: basic(emulator.apiKey) } });
      const { html } = await visitor.get("/requests");
      const rows = [...html.matchAll(/<tr role="row" id="request-(\d+)" class="(\w*)".*?<\/tr>/gs)];
      assert.deepEqual(
        rows.map(([, n, tone]) => [n, tone]),
        [
          ["3", ""],
          ["2", "claim"],
          ["1", ""],
        ],
      );
      const lost = plain(rows[1]?.[0] ?? "");
      assert.match(lost, /claim POST \/links\/cellular\/bulkclaim/);
      assert.match(lost, /sims \[3\] · plan 2096 · zone global/);
      assert.match(lost, /no answer3 charged, \$1\.80/);
      const of = async (kind: string) =>
        [...(await visitor.get(`/requests?kind=${kind}`)).html.matchAll(/id="request-(\d+)"/g)].map(
          ([, n]) => n,
        );
      assert.deepEqual(
        [await of("claim"), await of("preview"), await of("read"), await of("change")],
        [["2"], ["1"], ["3"], []],
      );
      const whole = plain((await visitor.get("/requests/2")).html);
      for (const iccid of cards(0, 3)) assert.match(whole, new RegExp(iccid));
      assert.equal((await visitor.get("/requests/9")).status, 404);
    }),
  );

  it(
    "are not made by those who look, and an address that is not there says so",
    visit(async (visitor) => {
      await visitor.get("/");
      const missing = await visitor.get("/nowhere");
      assert.equal(missing.status, 404);
      assert.match(missing.html, /There is no such page/);
      assert.deepEqual(visitor.emulator.requests, []);
    }),
  );
});
