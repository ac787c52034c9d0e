/** What a preview could not verify: the update of the same command does no more than it said, whatever it can read by then. */
import assert from "node:assert/strict";
import { rewritingProxy } from "../harness/account/rewritingProxy";
import { card, cards, PLAN } from "../harness/engine/fleetStack";
import { aList, kinds, packOf } from "./selections";
import { story } from "./stories";
import { byHand, doneIn, heldBy, nothing, PILOT, previewIn, refuseClaims, setPrice } from "./told";

/** All tries of one listing fail; the update phase of the same command reads it again. */
const unreadable = {
  path: "/links",
  method: "GET",
  nth: { from: 1, to: 4 },
  fault: { kind: "status", status: 500 },
} as const;

describe("an update that cannot read again what its preview read", () => {
  const inUpdate = { ...unreadable, nth: { from: 2, to: 5 } } as const;
  for (const [kind, select] of kinds("a range", "EIDs"))
    story(`${kind}: does what the preview told`, { account: packOf(10) }, async ({ fleets }) => {
      fleets.declare({ name: "fleet", args: { plan: PLAN, ...select(0, 3) } });
      fleets.emulator.faults.add(inUpdate);
      const up = await fleets.up({ preview: true });
      assert.match(up.text, /the account could not be read again \(.*\): what the preview told holds/);
      assert.deepEqual([up.ok, doneIn(fleets, up).claimed.length, await heldBy(fleets)], [true, 3, 3]);
      assert.deepEqual((await fleets.up({ preview: true })).requests, []);
    });

  story("is bound by the price that the preview told", { account: packOf(10) }, async ({ fleets }) => {
    let listings = 0;
    fleets.emulator.faults.add(inUpdate);
    const proxy = await rewritingProxy(fleets.emulator.url, {
      url: ({ method, url }) => {
        if (method === "GET" && url.includes("/links") && ++listings > 1) setPrice(fleets, "60.00");
        return undefined;
      },
    });
    try {
      fleets.setEnv({ HOLOGRAM_BASE_URL: proxy.baseUrl });
      fleets.declare({ name: "fleet", args: { plan: PLAN, ...aList(0, 3) } });
      const up = await fleets.up({ preview: true });
      assert.match(up.text, /activate 3 SIMs .*about \$1\.80 now/);
      assert.deepEqual([up.ok, doneIn(fleets, up)], [false, nothing]);
    } finally {
      await proxy.close();
    }
  });
});

describe("a preview that could not read the account", () => {
  story("binds the price that it told", { account: packOf(10) }, async ({ fleets }) => {
    let plans = 0;
    fleets.emulator.faults.add(unreadable);
    const proxy = await rewritingProxy(fleets.emulator.url, {
      url: ({ method, url }) => {
        // The preview phase asks twice.
        if (method === "GET" && /\/plans/.test(url) && ++plans > 2) setPrice(fleets, "60.00");
        return undefined;
      },
    });
    try {
      fleets.setEnv({ HOLOGRAM_BASE_URL: proxy.baseUrl });
      fleets.declare({ name: "fleet", args: { plan: PLAN, ...aList(0, 3) } });
      const up = await fleets.up({ preview: true });
      assert.match(up.text, /at most 3 SIMs are activated, about \$1\.80 now/);
      assert.deepEqual(doneIn(fleets, up), nothing);
    } finally {
      await proxy.close();
    }
  });

  for (const [kind, select] of kinds("a list"))
    story(
      `${kind}: releases, resumes and moves to another plan nothing, and the next command tells all of it`,
      {
        account: packOf(10),
        behaviour: { planChangeCost: "5.00" },
        env: { HOLOGRAM_MAX_DEACTIVATIONS: "10" },
      },
      async ({ fleets }) => {
        const declare = (from: number, to: number): void =>
          fleets.declare({
            name: "fleet",
            args: { plan: PLAN, onRelease: "deactivate", ...select(from, to) },
          });
        declare(0, 6);
        assert.ok((await fleets.up({ preview: true })).ok);
        fleets.emulator.setState(card(4), "PAUSED-USER");
        const terms = { planid: PILOT, zone: "global", orgid: fleets.emulator.orgId };
        await byHand(fleets, "/devices/changeplan", cards(5, 6), terms);
        declare(2, 7);
        fleets.emulator.faults.add(unreadable);
        const done = doneIn(fleets, await fleets.up({ preview: true }));
        assert.deepEqual([done.deactivated, done.paused, done.resumed, done.planChanged], [[], [], [], []]);
        await fleets.refresh();
        const preview = await fleets.preview();
        assert.partialDeepStrictEqual(previewIn(preview), { release: 2, resume: 1, changePlan: 1 });
        assert.ok((await fleets.up({ preview: true })).ok);
        assert.equal(await heldBy(fleets), 5);
      },
    );

  for (const [kind, select] of kinds("a range", "EIDs").filter(([each]) => each !== "a list"))
    story(`${kind} without expectedSims: activates nothing`, { account: packOf(10) }, async ({ fleets }) => {
      fleets.declare({ name: "fleet", args: { plan: PLAN, ...select(0, 3) } });
      fleets.emulator.faults.add(unreadable);
      const up = await fleets.up({ preview: true });
      assert.deepEqual(doneIn(fleets, up), nothing);
      assert.match(up.text, /without expectedSims/);
      assert.ok((await fleets.up({ preview: true })).ok);
      assert.equal(await heldBy(fleets), 3);
    });

  story("still says so beside work that is open", { account: packOf(10) }, async ({ fleets }) => {
    const declare = (to: number): void =>
      fleets.declare({ name: "fleet", args: { plan: PLAN, ...aList(0, to) } });
    declare(6);
    refuseClaims(fleets, ...cards(3, 6));
    assert.equal((await fleets.up({ preview: true })).ok, false);
    fleets.emulator.faults.clear();
    declare(8);
    fleets.emulator.faults.add(unreadable);
    const preview = await fleets.preview();
    assert.match(preview.text, /not verified: .*at most 2 SIMs are activated, about \$1\.20 now/);
    assert.match(preview.text, /continues: 3 SIMs still to activate, about \$1\.80/);
  });
});
