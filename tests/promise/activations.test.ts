/** No SIM is activated, adopted or changed unless a preview has told it, nor at another price. */
import assert from "node:assert/strict";
import { rewritingProxy } from "../harness/account/rewritingProxy";
import { card, cards, FIRST, type FleetStack, PLAN, range, STEP } from "../harness/engine/fleetStack";
import { kinds, packOf } from "./selections";
import { MINUTE, type Stage, story } from "./stories";
import {
  aClaim,
  assertOnce,
  byHand,
  doneIn,
  heldBy,
  nothing,
  PILOT,
  previewIn,
  previewThenUp,
  refuseClaims,
  setPrice,
  simsIn,
} from "./told";

/** So many cards that come into the inventory between the numbers of the pack. */
function newCards({ emulator }: FleetStack, count: number): string[] {
  return emulator.addPack({ first: `${FIRST + 5n}`, count, step: Number(STEP) });
}

/** What may happen while a person reads the preview. */
const whilePreviewing: Readonly<Record<string, (fleets: FleetStack) => void>> = {
  "a price that rises": (fleets) => setPrice(fleets, "60.000000"),
  "cards that come": (fleets) => void newCards(fleets, 5),
};

describe("activations", () => {
  for (const way of ["up", "saved plan", "with refresh"] as const) {
    const also = way === "up" ? (["embedded", "pulumi"] as const) : (["pulumi"] as const);
    story(
      `50 cards that came into a range are told before they are activated, also after an edit that failed (${way})`,
      { account: packOf(100), also },
      async (stage) => {
        const { fleets } = stage;
        const declare = (args: object): void =>
          fleets.declare({ name: "fleet", args: { plan: PLAN, simRange: range(0, 100), ...args } });
        declare({});
        assert.ok((await fleets.up({ preview: true })).ok);

        declare({ overageLimit: 7_000_000 });
        fleets.emulator.faults.add({
          path: "/devices/usagelimit",
          fault: { kind: "refuse", iccids: cards(40, 41), reason: "SIM is locked" },
        });
        assert.equal((await fleets.up({ preview: true })).ok, false);
        const came = newCards(fleets, 50);
        fleets.emulator.faults.clear();

        const { preview, up, done } = await previewThenUp(stage, way);
        assert.ok(up.ok, up.text);
        const { activate = 0, simCount, dueNow, monthlyCost } = previewIn(preview);
        assert.deepEqual(
          { activate, simCount, dueNow, monthlyCost },
          { activate: 50, simCount: 150, dueNow: 30, monthlyCost: 90 },
        );
        assert.deepEqual(done.claimed, came);
        assert.ok(fleets.emulator.sims().every(({ overageLimit }) => overageLimit === 7_000_000));
        assertOnce(fleets);
      },
    );
  }

  story(
    "a preview of an edit counts as many SIMs, and as much money, as the edit comes to",
    { account: packOf(100) },
    async ({ fleets }) => {
      const declare = (args: object): void =>
        fleets.declare({ name: "fleet", args: { plan: PLAN, simRange: range(0, 100), ...args } });
      declare({});
      assert.ok((await fleets.up({ preview: true })).ok);
      newCards(fleets, 50);
      declare({ overageLimit: 7_000_000 });
      const { activate, changeLimits, simCount, monthlyCost } = previewIn(await fleets.preview());
      assert.deepEqual([activate, changeLimits, simCount, monthlyCost], [50, 100, 150, 90]);
      declare({ overageLimit: 7_000_000, expectedSims: 100 });
      const stopped = await fleets.preview();
      assert.equal(stopped.ok, false);
      assert.match(stopped.text, /expectedSims.*150|150.*expectedSims/s);
    },
  );

  const unlisted = { packs: [{ first: card(0), count: 120, step: 10, listed: false }] };
  const countsOnly = { previewAnswer: "costOnly" } as const;
  story(
    "a range whose SIMs nobody names is not bought where Hologram counts more of them than expected",
    { account: { ...packOf(0), ...unlisted }, behaviour: countsOnly, also: ["embedded", "pulumi"] },
    async ({ fleets }) => {
      fleets.setEnv({ HOLOGRAM_MAX_ACTIVATIONS: "120", HOLOGRAM_MAX_DUE_NOW: "72" });
      const declare = (expectedSims: number): void =>
        fleets.declare({ name: "fleet", args: { plan: PLAN, simRange: range(0, 120), expectedSims } });
      declare(100);
      const preview = await fleets.preview();
      assert.match(preview.text, /100/);
      assert.match(preview.text, /120/);
      for (const skips of [true, false]) {
        const up = await fleets.up({ preview: !skips });
        assert.equal(up.ok, false);
        assert.deepEqual(doneIn(fleets, up), nothing);
      }

      declare(120);
      fleets.setEnv({ HOLOGRAM_MAX_ACTIVATIONS: "100" });
      const capped = await fleets.up({ preview: false });
      assert.equal(capped.ok, false);
      assert.deepEqual(doneIn(fleets, capped), nothing);
      fleets.setEnv({ HOLOGRAM_MAX_ACTIVATIONS: "120" });
      const up = await fleets.up({ preview: true });
      assert.ok(up.ok, up.text);
      assert.deepEqual(doneIn(fleets, up).spent, 72);
    },
  );

  for (const [kind, select] of kinds("a list")) {
    const fleet = (to: number, args: object = {}) => ({
      name: "fleet",
      args: { plan: PLAN, ...select(0, to), ...args },
    });

    for (const way of ["up", "saved plan", "skip preview"] as const) {
      story(
        `${kind}: work that was left open is not done at another price than it was told at (${way})`,
        {
          account: packOf(40),
          long: kind !== "a list" && way !== "up",
          also: way === "saved plan" ? ["pulumi"] : ["embedded"],
        },
        async (stage) => {
          const { fleets } = stage;
          fleets.declare(fleet(40));
          refuseClaims(fleets, ...cards(30, 40));
          assert.equal((await fleets.up({ preview: true })).ok, false);
          assert.equal(await heldBy(fleets), 30);
          fleets.emulator.faults.clear();
          setPrice(fleets, "60.000000");

          const dear = await previewThenUp(stage, way);
          assert.deepEqual(dear.done, nothing);
          await buysAtTheNewPrice(stage, 10, 600);
        },
      );

      story(
        `${kind}: a claim in doubt is not sent again at another price than it was told at (${way})`,
        { account: packOf(40), long: kind !== "a list" && way !== "up", also: [] },
        async (stage) => {
          const { fleets } = stage;
          fleets.declare(fleet(40));
          fleets.emulator.faults.add({ ...aClaim, nth: 1, fault: { kind: "drop", commit: false } });
          assert.equal((await fleets.up({ preview: true })).ok, false);
          fleets.emulator.faults.clear();
          setPrice(fleets, "60.000000");
          await stage.pass(15 * MINUTE);

          const dear = await previewThenUp(stage, way);
          assert.deepEqual(dear.done, nothing);
          await buysAtTheNewPrice(stage, 40, 2_400);
        },
      );
    }

    story(
      `${kind}: a SIM that was refused is bought on another plan only at the price that the preview of the edit tells`,
      { account: packOf(10), also: ["embedded", "pulumi"] },
      async (stage) => {
        const { fleets } = stage;
        fleets.declare(fleet(10));
        refuseClaims(fleets, ...cards(9, 10));
        assert.equal((await fleets.up({ preview: true })).ok, false);
        fleets.emulator.faults.clear();
        fleets.declare(fleet(10, { plan: PILOT }));
        const { preview, up, done } = await previewThenUp(stage);
        assert.ok(up.ok, up.text);
        assert.partialDeepStrictEqual(previewIn(preview), { activate: 1, changePlan: 9, dueNow: 1.5 });
        assert.deepEqual([done.claimed, done.spent, done.planChanged], [cards(9, 10), 1.5, cards(0, 9)]);
      },
    );

    story(
      `${kind}: SIMs that a growth bought before it failed are this fleet's own at the next edit`,
      { account: packOf(20), also: ["embedded", "pulumi"] },
      async (stage) => {
        const { fleets } = stage;
        fleets.declare(fleet(10));
        assert.ok((await fleets.up({ preview: true })).ok);
        fleets.declare(fleet(20));
        refuseClaims(fleets, ...cards(19, 20));
        assert.equal((await fleets.up({ preview: true })).ok, false);
        fleets.emulator.faults.clear();

        fleets.declare(fleet(20, { overageLimit: 7_000_000 }));
        const early = await fleets.preview();
        if (!early.ok) {
          assert.match(early.text, /pulumi refresh/);
          assert.ok((await fleets.refresh()).ok);
        }
        const { preview, up, done } = await previewThenUp(stage);
        assert.ok(up.ok, up.text);
        assert.equal(previewIn(preview).activate, 1);
        assert.deepEqual(done.claimed, cards(19, 20));
        assert.ok(fleets.emulator.sims().every(({ overageLimit }) => overageLimit === 7_000_000));
        assert.equal(await heldBy(fleets), 20);
      },
    );
  }

  story(
    "cards that another stack activates within a range are told as adopted before they are",
    { account: packOf(110), also: ["embedded"] },
    async (stage) => {
      const { fleets } = stage;
      const declare = (to: number): void =>
        fleets.declare({ name: "fleet", args: { plan: PLAN, onRelease: "pause", simRange: range(0, to) } });
      declare(100);
      assert.ok((await fleets.up({ preview: true })).ok);
      const theirs = await fleets.another("theirs");
      const came = newCards(fleets, 50);
      theirs.declare({ name: "theirs", args: { plan: PLAN, sims: came } });
      assert.ok((await theirs.up({ preview: true })).ok);

      const unchanged = await previewThenUp(stage);
      assert.deepEqual([unchanged.up.ok, unchanged.done, await heldBy(fleets)], [true, nothing, 100]);
      declare(110);
      const { preview, up, done } = await previewThenUp(stage);
      assert.ok(up.ok, up.text);
      assert.partialDeepStrictEqual(previewIn(preview), { activate: 10, adopt: 50, simCount: 160 });
      assert.deepEqual(done.claimed, cards(100, 110));
      assert.equal(await heldBy(fleets), 160);
    },
  );

  for (const way of ["up", "saved plan", "skip preview"] as const) {
    story(
      `what people changed by hand stays as it is while work is open, until a preview tells of it (${way})`,
      {
        account: packOf(20),
        behaviour: { planChangeCost: "5.00" },
        also: way === "saved plan" ? ["pulumi"] : ["embedded"],
      },
      async (stage) => {
        const { fleets } = stage;
        fleets.declare({ name: "fleet", args: { plan: PLAN, sims: cards(0, 20) } });
        refuseClaims(fleets, ...cards(18, 20));
        assert.equal((await fleets.up({ preview: true })).ok, false);
        fleets.emulator.faults.clear();
        fleets.emulator.setState(card(0), "PAUSED-USER");
        await byHand(fleets, "/devices/changeplan", cards(1, 3), {
          planid: PILOT,
          zone: "global",
          orgid: fleets.emulator.orgId,
        });

        const { done } = await previewThenUp(stage, way);
        assert.deepEqual(done, { ...nothing, claimed: cards(18, 20), spent: 1.2 });
        assert.equal(fleets.emulator.sim(card(0)).state, "PAUSED-USER");

        assert.ok((await fleets.refresh()).ok);
        const repaired = await previewThenUp(stage);
        assert.ok(repaired.up.ok, repaired.up.text);
        assert.partialDeepStrictEqual(previewIn(repaired.preview), { resume: 1, changePlan: 2 });
        assert.deepEqual(repaired.done.resumed, cards(0, 1));
        assert.deepEqual(repaired.done.planChanged, cards(1, 3));
      },
    );
  }

  story(
    "a range whose create failed is completed as it was told, and cards that came since wait for a preview of their own",
    { account: packOf(10), also: ["embedded", "pulumi"] },
    async (stage) => {
      const { fleets } = stage;
      const declare = (args: object): void =>
        fleets.declare({ name: "fleet", args: { plan: PLAN, simRange: range(0, 10), ...args } });
      declare({});
      refuseClaims(fleets, ...cards(9, 10));
      assert.equal((await fleets.up({ preview: true })).ok, false);
      fleets.emulator.faults.clear();
      const came = newCards(fleets, 9);

      const { up, done } = await previewThenUp(stage);
      assert.ok(up.ok, up.text);
      assert.deepEqual(done.claimed, cards(9, 10));
      assert.equal(await heldBy(fleets), 10);
      declare({ expectedSims: 19 });
      const more = await previewThenUp(stage);
      assert.ok(more.up.ok, more.up.text);
      assert.deepEqual([previewIn(more.preview).activate, more.done.claimed], [9, came]);
    },
  );

  for (const [what, change] of Object.entries(whilePreviewing)) {
    for (const way of ["up", "saved plan"] as const) {
      story(
        `${what} between the preview and the update of one command stops the update (${way})`,
        { account: packOf(10), also: way === "up" ? ["embedded", "pulumi"] : ["pulumi"] },
        async (stage) => {
          const { fleets } = stage;
          const declare = (): void =>
            fleets.declare({ name: "fleet", args: { plan: PLAN, simRange: range(0, 10) } });
          declare();
          const plan = stage.file("plan.json");
          if (way === "saved plan") assert.ok((await fleets.preview({ args: ["--save-plan", plan] })).ok);
          let pending = true;
          const proxy = await rewritingProxy(fleets.emulator.url, {
            answer: ({ method, url }) => {
              if (pending && method === "POST" && url.includes("preview")) {
                pending = false;
                change(fleets);
              }
              return undefined;
            },
          });
          try {
            const own = fleets.emulator.url;
            fleets.setEnv({ HOLOGRAM_BASE_URL: proxy.baseUrl });
            const up = await fleets.up({ preview: true, args: way === "saved plan" ? ["--plan", plan] : [] });
            assert.equal(up.ok, false, up.text);
            assert.deepEqual(doneIn(fleets, up), nothing);
            fleets.setEnv({ HOLOGRAM_BASE_URL: own });
          } finally {
            await proxy.close();
          }
          const { preview, up, done } = await previewThenUp(stage);
          assert.ok(up.ok, up.text);
          assert.equal(done.claimed.length, previewIn(preview).activate);
          assert.equal(done.spent, previewIn(preview).dueNow);
        },
      );
    }
  }

  story(
    "the organization of a fleet stays the one it was created in, whatever the check could see then",
    {
      account: {
        ...packOf(10),
        organizations: [
          { id: 12345, name: "Fleet Operations" },
          { id: 777, name: "Field Trials" },
        ],
        keys: [{ key: "k3y-with+odd/chars=and%20more", role: "admin", orgIds: [12345, 777] }],
      },
    },
    async ({ fleets }) => {
      const declare = (orgId: number): void =>
        fleets.declare({ name: "fleet", args: { plan: PLAN, orgId, sims: cards(0, 10) } });
      declare(12345);
      fleets.emulator.faults.add({
        path: "/organizations",
        method: "GET",
        nth: { from: 1, to: 1 },
        fault: { kind: "status", status: 403 },
      });
      await fleets.preview();
      assert.ok((await fleets.up({ preview: true })).ok);
      declare(777);
      const preview = await fleets.preview();
      assert.equal(preview.ok, false, preview.text);
      assert.match(preview.text, /orgId/);
      const up = await fleets.up({ preview: false });
      assert.deepEqual([up.ok, up.writes], [false, []]);
      assert.deepEqual(simsIn(fleets, "LIVE"), cards(0, 10));
    },
  );

  story(
    "two fleets that declare one SIM are told so by name, before anything is sent",
    { account: packOf(20), also: ["embedded", "pulumi"] },
    async ({ fleets }) => {
      fleets.declare(
        { name: "north", args: { plan: PLAN, sims: cards(0, 10) } },
        { name: "south", args: { plan: PLAN, simRange: range(9, 19) } },
      );
      for (const operation of [await fleets.preview(), await fleets.up({ preview: true })]) {
        assert.equal(operation.ok, false);
        assert.match(operation.text, /is declared by (north|south) too/);
        assert.match(operation.text, new RegExp(card(9)));
        assert.deepEqual(operation.writes, []);
      }
    },
  );
});

/** The new price is told after a refresh at the latest; then it is what is paid. */
async function buysAtTheNewPrice(stage: Stage, sims: number, dollars: number): Promise<void> {
  const { fleets } = stage;
  assert.ok((await fleets.refresh()).ok);
  const { preview, up, done } = await previewThenUp(stage);
  assert.ok(up.ok, up.text);
  assert.partialDeepStrictEqual(previewIn(preview), { activate: sims, dueNow: dollars });
  assert.deepEqual([done.claimed.length, done.spent], [sims, dollars]);
  assertOnce(fleets);
}
