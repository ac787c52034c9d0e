/** What a person does on the page, by forms that need no script. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../../../provider/testing/emulator";
import { basic, until } from "../emulator/client";
import { hiddenFields, noticeOf, Visitor, visit } from "./visitor";

const FIRST = 89445001021983048260n;
const card = (place: number): string => `${FIRST + 10n * BigInt(place)}`;
const cards = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => card(from + at));

function withSims(work: (visitor: Visitor) => Promise<void>) {
  return visit(async (visitor) => {
    visitor.emulator.addPack({ first: card(0), count: 120, step: 10 });
    visitor.emulator.dashboard.activate(cards(0, 60), {
      plan: 2096,
      zone: "global",
      overageLimit: 7_000_000,
    });
    await work(visitor);
  });
}

describe("what a person does with SIMs on the page", () => {
  const states = ({ emulator }: Visitor, iccids: readonly string[]) => [
    ...new Set(iccids.map((iccid) => emulator.sim(iccid).state)),
  ];

  it(
    "pauses and resumes those that are ticked, and no others",
    withSims(async (visitor) => {
      const told = await visitor.told("/sims", "sims", { pick: cards(3, 6), do: "pause" });
      assert.equal(told, "3 SIMs were paused. The monthly fee goes on.");
      assert.deepEqual(states(visitor, cards(3, 6)), ["PAUSED-USER"]);
      assert.deepEqual(states(visitor, [...cards(0, 3), ...cards(6, 60)]), ["LIVE"]);
      assert.equal(
        await visitor.told("/sims", "sims", { pick: cards(3, 5), do: "resume" }),
        "2 SIMs were resumed.",
      );
      assert.deepEqual(
        visitor.emulator
          .sims()
          .filter(({ state }) => state === "PAUSED-USER")
          .map(({ iccid }) => iccid),
        [card(5)],
      );
      assert.deepEqual(visitor.emulator.judgement().pauses, [], "a person may");
    }),
  );

  it(
    "activates by hand, charges, and leaves alone what is active",
    withSims(async (visitor) => {
      const fields = { pick: cards(58, 62), do: "activate", "activate-terms": "75 us" };
      const told = await visitor.told("/sims?page=2", "sims", fields);
      assert.equal(
        told,
        "2 SIMs were activated and charged. 2 SIMs were left alone: active already, or deactivated.",
      );
      const charges = visitor.emulator.ledger
        .slice(60)
        .map(({ iccid, plan, zone, by }) => ({ iccid, plan, zone, by }));
      assert.deepEqual(
        charges,
        cards(60, 62).map((iccid) => ({ iccid, plan: 75, zone: "us", by: "hand" })),
      );
    }),
  );

  it(
    "changes plan, limits and tags",
    withSims(async (visitor) => {
      const { emulator } = visitor;
      await visitor.told("/sims", "sims", { pick: cards(0, 3), do: "plan", "plan-terms": "75 us" });
      const [moved] = cards(0, 3).map((iccid) => emulator.sim(iccid));
      assert.deepEqual([moved?.plan, moved?.zone, moved?.overageLimit], [75, "us", -1]);
      await visitor.told("/sims", "sims", {
        pick: [card(3)],
        do: "limits",
        overage: "500000",
        threshold: "",
        sms: "20",
      });
      const { overageLimit, threshold, smsLimit } = emulator.sim(card(3));
      assert.deepEqual([overageLimit, threshold, smsLimit], [500_000, -1, 20]);
      await visitor.told("/sims", "sims", { pick: cards(4, 6), do: "tag", "tag-name": "cold" });
      assert.deepEqual(
        emulator.tags().map(({ name, deviceIds }) => [name, deviceIds.length]),
        [["cold", 2]],
      );
      await visitor.told("/sims", "sims", { pick: [card(4)], do: "untag", "tag-name": "cold" });
      assert.deepEqual(emulator.tags()[0]?.deviceIds, [emulator.sim(card(5)).deviceId]);
    }),
  );

  it(
    "deactivates only what a person means to",
    withSims(async (visitor) => {
      const fields = { pick: cards(0, 2), do: "deactivate" };
      const refused = await visitor.press("/sims", "sims", fields);
      assert.match(
        noticeOf(refused.html),
        /^Nothing was done: 2 SIMs would be gone for ever\. Tick "I mean it"\.$/,
      );
      assert.match(refused.html, /class="notice bad" role="alert"/);
      assert.deepEqual(states(visitor, cards(0, 2)), ["LIVE"]);
      assert.equal(
        await visitor.told("/sims", "sims", { ...fields, sure: "yes" }),
        "2 SIMs were deactivated, for ever.",
      );
      assert.deepEqual(states(visitor, cards(0, 2)), ["DEAD"]);
      const again = await visitor.told("/sims/5000001", "sims", { do: "resume" });
      assert.equal(again, `Nothing was done. SIM ${card(0)}: not active.`);
    }),
  );

  it(
    "moves to an organization that was added, and says what a program has to do then",
    withSims(async (visitor) => {
      const { emulator } = visitor;
      assert.doesNotMatch((await visitor.get("/sims")).html, /value="move"/);
      const told = await visitor.told("/money", "organization", { name: "Second", seen: "yes" });
      assert.equal(told, "Organization 12346 was added, and 1 key sees it.");
      assert.deepEqual(
        emulator.keys().map(({ orgIds }) => orgIds),
        [[12345, 12346]],
      );
      await visitor.told("/sims", "sims", { pick: cards(0, 2), do: "move", "move-to": "12346" });
      assert.deepEqual(
        cards(0, 3).map((iccid) => emulator.sim(iccid).orgId),
        [12346, 12346, 12345],
      );
    }),
  );

  it(
    "does it to all that match, on every page of them",
    withSims(async (visitor) => {
      const path = "/sims?state=LIVE&q=8944";
      const told = await visitor.press(path, "sims", { which: "matching", pick: [card(119)], do: "pause" });
      assert.equal(noticeOf(told.html), "60 SIMs were paused. The monthly fee goes on.");
      assert.deepEqual(states(visitor, cards(0, 60)), ["PAUSED-USER"]);
      assert.equal(visitor.emulator.sim(card(119)).state, "INACTIVE");
    }),
  );

  it(
    "does nothing without a SIM, without a button, or with numbers that are none, and says why",
    withSims(async (visitor) => {
      const before = JSON.stringify(visitor.emulator.sims());
      for (const [fields, why] of [
        [{ do: "pause" }, "No SIM is ticked."],
        [{ pick: [card(0)] }, "Press one of the buttons to say what to do with the SIMs."],
        [{ pick: [card(0)], do: "limits", overage: "5 MB" }, "Data: 5 MB is not a whole number."],
        [{ pick: [card(0)], do: "limits" }, "No limit was given."],
        [{ pick: [card(0)], do: "plan", "plan-terms": "1 moon" }, "Plan 1 not found"],
        [{ pick: [card(0)], do: "tag" }, "The name of the tag is missing."],
        [{ pick: ["8944500109999999999"], do: "pause" }, "The account has no SIM 8944500109999999999."],
        [{ pick: ["__proto__"], do: "pause" }, "The account has no SIM __proto__."],
        [{ pick: [card(0)], do: "constructor" }, "Press one of the buttons to say what to do with the SIMs."],
      ] as const) {
        assert.equal(await visitor.told("/sims", "sims", fields), why);
      }
      assert.equal(JSON.stringify(visitor.emulator.sims()), before);
    }),
  );
});

describe("what a person does with money and packs on the page", () => {
  it(
    "changes a price and a balance",
    withSims(async (visitor) => {
      const { emulator } = visitor;
      const price = { plan: "2096", zone: "global", amount: "0.75" };
      assert.equal(
        await visitor.told("/money", "price", price),
        "Plan 2096 costs $0.75 a month in zone global from now on.",
      );
      assert.equal(emulator.plans().find(({ id }) => id === 2096)?.zones.global, "0.75");
      assert.match(
        await visitor.told("/money", "price", { ...price, amount: "-1" }),
        /^The price: -1 is no amount/,
      );
      assert.equal(
        await visitor.told("/money", "balance", { org: "12345", balance: "$1,000.5" }),
        "The balance of organization 12345 is $1,000.50.",
      );
      assert.equal(emulator.balance(12345), "1000.50");
      assert.match((await visitor.get("/money")).html, /\$1,000\.50/);
    }),
  );

  it(
    "adds a pack, and refuses numbers that are in the account",
    withSims(async (visitor) => {
      const { emulator } = visitor;
      const pack = {
        first: "8944 5001 0319 8304 8260",
        count: "3",
        step: "10",
        org: "12345",
        listed: "yes",
        eid: "",
      };
      const told = await visitor.told("/money", "pack", pack);
      assert.equal(told, "A pack of 3 SIMs was added, from 89445001031983048260 to 89445001031983048280.");
      assert.equal(emulator.simCount, 123);
      assert.match(await visitor.told("/money", "pack", pack), /is in the account already\.$/);
      assert.match(
        await visitor.told("/money", "pack", { ...pack, first: "12" }),
        /^An ICCID has 18 to 22 digits/,
      );
      assert.match(
        await visitor.told("/money", "pack", { ...pack, count: "99999999" }),
        /at most 1,000,000 SIMs/,
      );
      assert.equal(emulator.simCount, 123);
    }),
  );
});

describe("faults that are arranged on the page", () => {
  const claim = ({ emulator }: Visitor, sims: readonly string[]) =>
    fetch(`${emulator.url}/links/cellular/bulkclaim`, {
      method: "POST",
      headers: { authorization: basic(emulator.apiKey), "content-type": "application/json" },
      body: JSON.stringify({ sims, plan: 2096, zone: "global" }),
    });

  it(
    "drop the answer of the next claim: it is carried out, and the one after that is answered",
    withSims(async (visitor) => {
      const { emulator } = visitor;
      const html = (await visitor.get("/faults")).html;
      const told = await visitor.told("/faults", "fault", hiddenFields(html, "fault"));
      assert.equal(told, "Arranged. The next claim: it is carried out, and its answer is lost.");
      await assert.rejects(claim(visitor, cards(60, 62)));
      assert.equal(emulator.ledger.length, 62);
      assert.equal((await claim(visitor, cards(62, 63))).status, 200);
      assert.match((await visitor.get("/faults")).html, /over/);
      assert.equal(await visitor.told("/faults", "clear-faults", {}), "1 fault taken away.");
      assert.deepEqual(emulator.faults.list(), []);
    }),
  );

  it(
    "hold a claim back until it is released",
    withSims(async (visitor) => {
      const { emulator } = visitor;
      await visitor.told("/faults", "fault", { target: "claim", often: "next", mishap: "hold" });
      const answer = claim(visitor, cards(60, 61));
      await until(() => emulator.faults.held === 1);
      assert.match((await visitor.get("/faults")).html, /1 request is held back\./);
      assert.equal(emulator.ledger.length, 60);
      assert.equal(await visitor.told("/faults", "release", {}), "1 request released.");
      assert.equal((await answer).status, 200);
      assert.equal(emulator.ledger.length, 61);
      assert.equal(await visitor.told("/faults", "release", {}), "No request was held back.");
    }),
  );

  it("are every kind there is to choose, each in words that name it, and are kept in the state file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "page-"));
    const stateFile = join(folder, "account.json");
    try {
      const emulator = await startEmulator({ stateFile });
      const visitor = new Visitor(emulator);
      const { html } = await visitor.get("/faults");
      const values = (name: string) =>
        [
          ...(new RegExp(`<select id="${name}".*?</select>`, "s").exec(html)?.[0] ?? "").matchAll(
            /value="([^"]+)"/g,
          ),
        ].map(([, value = ""]) => value);
      const said: string[] = [];
      for (const mishap of values("mishap")) {
        const fields = {
          often: "three",
          mishap,
          seconds: "7",
          iccids: `${card(0)}, ${card(1)}`,
          reason: "no",
          state: "ODD",
        };
        said.push(await visitor.told("/faults", "fault", { ...fields, target: "any" }));
      }
      for (const target of values("target")) {
        said.push(await visitor.told("/faults", "fault", { often: "every", mishap: "empty", target }));
      }
      assert.ok(said.length >= 20);
      assert.equal(new Set(said).size, said.length);
      for (const each of said) assert.match(each, /^Arranged\. (The next three|Every) [a-z ]+: [^{}]+\.$/);
      const before = (await visitor.get("/faults")).html;
      await emulator.close();
      const again = await startEmulator({ stateFile });
      const rows = (text: string) => /<table role="table" id="fault-rows".*?<\/table>/s.exec(text)?.[0];
      assert.equal(rows((await new Visitor(again).get("/faults")).html), rows(before));
      await again.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it(
    "refuse what is not to be arranged",
    withSims(async (visitor) => {
      const fault = { target: "claim", often: "next", mishap: "refuse" };
      assert.equal(await visitor.told("/faults", "fault", fault), "Name the SIMs that are refused.");
      assert.match(
        await visitor.told("/faults", "fault", { ...fault, mishap: "x" }),
        /^Choose which requests go wrong/,
      );
      assert.equal(
        await visitor.told("/faults", "fault", { ...fault, mishap: "delay", seconds: "9999" }),
        "Seconds: from 0 to 3600.",
      );
      assert.deepEqual(visitor.emulator.faults.list(), []);
    }),
  );
});
