/** Servers that answer otherwise than the documentation says: nothing is bought twice, nothing paid for is lost. */
import assert from "node:assert/strict";
import { type Passing, type Rewriting, rewritingProxy } from "../harness/account/rewritingProxy";
import { account, card, cards, KEY, ORG, PLAN } from "../harness/engine/fleetStack";
import { kinds, packOf } from "./selections";
import { MINUTE, type Stage, story } from "./stories";
import { aClaim, assertOnce, doneIn, heldBy, nothing, refuseClaims, settle, simsIn } from "./told";

const hours = 60 * MINUTE;
/** Ten cards that no list shows before they are claimed. */
const unlisted = {
  ...packOf(10),
  packs: (packOf(10).packs ?? []).map((pack) => ({ ...pack, listed: false })),
};

/** Puts a proxy that changes answers before the account of the story. */
async function behind({ fleets }: Stage, rewriting: Rewriting, work: () => Promise<void>): Promise<void> {
  const proxy = await rewritingProxy(fleets.emulator.url, rewriting);
  try {
    fleets.setEnv({ HOLOGRAM_BASE_URL: proxy.baseUrl });
    await work();
  } finally {
    await proxy.close();
  }
}

describe("answers", () => {
  for (const [kind, select] of kinds("a list")) {
    const fleet = (args: object = {}) => ({ name: "fleet", args: { plan: PLAN, ...select(0, 10), ...args } });

    for (const failureStatus of [200, 400] as const) {
      story(
        `${kind}: a claim that is refused for one SIM and done for the rest, and a list that lags behind by one answer (status ${failureStatus})`,
        {
          account: packOf(10),
          behaviour: { partialClaims: "rest", alreadyActive: "charge", failureStatus },
          also: ["embedded"],
        },
        async (stage) => {
          const { fleets } = stage;
          await behind(stage, lagging(), async () => {
            fleets.declare(fleet());
            refuseClaims(fleets, ...cards(9, 10));
            assert.equal((await fleets.up({ preview: true })).ok, false);
            assertOnce(fleets);
            fleets.emulator.faults.clear();
            await stage.pass(15 * MINUTE);
            await settle(fleets);
            assertOnce(fleets);
            assert.deepEqual([fleets.emulator.ledger.length, await heldBy(fleets)], [10, 10]);
          });
        },
      );
    }

    for (const [what, spell] of Object.entries({
      "a trailing F": (iccid: string) => `${iccid}F`,
      "no check digit": (iccid: string) => iccid.slice(0, -1),
    })) {
      story(
        `${kind}: what was bought is recorded where answers spell ICCIDs with ${what}`,
        { account: unlisted, also: ["embedded"] },
        async (stage) => {
          const { fleets } = stage;
          await behind(stage, { answer: (_passing, body) => respelt(body, spell) }, async () => {
            fleets.declare(fleet());
            const up = await fleets.up({ preview: true });
            const again = await fleets.up({ preview: true });
            await stage.pass(15 * MINUTE);
            await fleets.up({ preview: true });
            assertOnce(fleets);
            const claimed = fleets.emulator.ledger.length;
            // Either nothing is bought, and the error says why, or all of it is on record.
            if (claimed === 0) assert.match(up.text, /ICCID|SIM/i);
            else assert.deepEqual([claimed, await heldBy(fleets)], [10, 10], `${up.text}\n${again.text}`);
          });
        },
      );
    }

    story(
      `${kind}: one item of a list that cannot be read does not hide the others`,
      { account: packOf(10), also: ["embedded"] },
      async (stage) => {
        const { fleets } = stage;
        fleets.declare(fleet());
        assert.ok((await fleets.up({ preview: true })).ok);
        await behind(stage, { answer: withUnreadableItem }, async () => {
          const refreshed = await fleets.refresh();
          assert.ok(refreshed.ok, refreshed.text);
          const held = Number(await heldBy(fleets));
          assert.ok(held >= 9, `${held} SIMs are held`);
          const up = await fleets.up({ preview: true });
          assert.deepEqual(doneIn(fleets, up), nothing);
        });
        await fleets.refresh();
        assert.equal(await heldBy(fleets), 10);
        assertOnce(fleets);
      },
    );

    story(
      `${kind}: a server that ignores the organization in reads does not lend this fleet another one's SIMs`,
      {
        account: {
          ...packOf(10),
          organizations: [
            { id: ORG, name: "Fleet Operations" },
            { id: 777, name: "Field Trials" },
          ],
          keys: [{ key: KEY, role: "admin", orgIds: [ORG, 777] }],
        },
        also: ["embedded"],
      },
      async (stage) => {
        const { fleets } = stage;
        for (const iccid of cards(5, 10)) fleets.emulator.move(iccid, 777);
        fleets.emulator.activateByHand(cards(5, 10), { plan: PLAN, zone: "global", orgId: 777 });
        const before = fleets.emulator.ledger.length;
        await behind(stage, { url: withoutOrganization }, async () => {
          fleets.declare({
            name: "fleet",
            args: { plan: PLAN, orgId: ORG, onRelease: "pause", ...select(0, 10) },
          });
          await fleets.up({ preview: true });
          await fleets.destroy();
        });
        const theirs = cards(5, 10).map((iccid) => fleets.emulator.sim(iccid).state);
        assert.deepEqual(
          theirs,
          Array.from({ length: 5 }, () => "LIVE"),
        );
        assert.ok(fleets.emulator.ledger.length - before <= 5);
        assertOnce(fleets);
      },
    );

    for (const aheadMs of [-3 * hours, 3 * hours]) {
      const off = aheadMs < 0 ? "behind" : "ahead";
      story(
        `${kind}: doubt lasts as long where the server's clock is three hours ${off}`,
        { account: packOf(10), behaviour: { alreadyActive: "charge" }, also: [] },
        async (stage) => {
          const { fleets } = stage;
          await behind(stage, { aheadMs }, async () => {
            fleets.declare(fleet());
            const fault = { kind: "lateCommit", milliseconds: 6 * MINUTE } as const;
            fleets.emulator.faults.add({ ...aClaim, nth: 1, fault });
            assert.equal((await fleets.up({ preview: true })).ok, false);
            fleets.emulator.faults.clear();
            assert.deepEqual(doneIn(fleets, await fleets.up({ preview: true })), nothing);
            await stage.pass(15 * MINUTE);
            await settle(fleets);
            assertOnce(fleets);
            assert.deepEqual([fleets.emulator.ledger.length, await heldBy(fleets)], [10, 10]);
          });
        },
      );
    }
  }

  const gaps = Array.from({ length: 12 }, (_, i) => ({
    first: card(40 * i),
    count: 10 + i,
    step: 10,
    listed: false,
  }));
  story(
    "cards that nobody lists or names are all claimed, in as many gaps between active ones as they lie",
    {
      account: {
        ...account,
        packs: [
          ...gaps,
          ...gaps.map(({ first, count }) => ({
            first: `${BigInt(first) + BigInt(count) * 10n}`,
            count: 5,
            step: 10,
            state: "LIVE",
          })),
        ],
      },
      behaviour: { previewAnswer: "costOnly" },
      also: ["embedded"],
    },
    async ({ fleets }) => {
      const unclaimed = gaps.reduce((sum, { count }) => sum + count, 0);
      const expectedSims = unclaimed + gaps.length * 5;
      const args = { plan: PLAN, simRange: `${card(0)}-${card(500)}`, expectedSims };
      fleets.declare({ name: "fleet", args });
      const up = await fleets.up({ preview: true });
      assert.ok(up.ok, up.text);
      assert.equal(await heldBy(fleets), expectedSims);
      assert.equal(simsIn(fleets, "INACTIVE").length, 0);
      assertOnce(fleets);
    },
  );

  story(
    "a hundred gaps between active SIMs are not claimed one by one",
    {
      account: {
        ...account,
        packs: [
          { first: card(0), count: 100, step: 20, listed: false },
          { first: card(1), count: 100, step: 20, state: "LIVE" },
        ],
      },
      behaviour: { previewAnswer: "costOnly" },
      also: [],
    },
    async ({ fleets }) => {
      const args = { plan: PLAN, simRange: `${card(0)}-${card(200)}`, expectedSims: 200 };
      fleets.declareAll({ fleets: [{ name: "fleet", args }], outputs: "previews" });
      const up = await fleets.up({ preview: true });
      const claims = up.writes.filter(({ path }) => path === aClaim.path);
      // Either it is refused with a sentence, or it takes as few requests as a range may: 4⌈N / 2,500⌉ + ⌈links / 1,000⌉ + 3.
      if (up.ok) assert.equal(await heldBy(fleets), 200);
      else assert.match(up.text, /list|gaps|ranges/);
      assert.ok(claims.length <= 8, `${claims.length} claims`);
      assertOnce(fleets);
    },
  );
});

/** After each claim the next list is as it was before it: without what was claimed. */
function lagging(): Rewriting {
  let stale = false;
  return {
    answer: ({ method, url }, body) => {
      if (method === "POST" && url.includes("bulkclaim") && !url.includes("preview")) stale = true;
      if (method !== "GET" || !url.includes("/links/cellular") || !stale) return undefined;
      stale = false;
      return { ...Object(body), data: Array.isArray(Object(body).data) ? [] : {}, size: 0, continues: false };
    },
  };
}

/** The same answer with every ICCID spelt in another way; as a key too. */
function respelt(value: unknown, spell: (iccid: string) => string): unknown {
  const other = (text: string): string => (/^8944500\d{12,13}$/.test(text) ? spell(text) : text);
  if (typeof value === "string") return other(value);
  if (Array.isArray(value)) return value.map((each) => respelt(each, spell));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [other(key), respelt(each, spell)]));
}

/** A list of links or devices whose first item is no object of ours. */
function withUnreadableItem({ method, url }: Passing, body: unknown): unknown {
  const { data } = Object(body);
  if (method !== "GET" || !/\/(links\/cellular|devices)\?/.test(url) || !Array.isArray(data))
    return undefined;
  return { ...Object(body), data: [{ id: null, deviceid: {}, links: "?" }, ...data.slice(1)] };
}

function withoutOrganization({ method, url }: Passing): string | undefined {
  return method === "GET" ? url.replace(/([?&])orgid=\d+&?/, "$1") : undefined;
}
