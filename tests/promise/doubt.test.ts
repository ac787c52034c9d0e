/** Nobody pays twice: a claim that may still be landing is not sent again, whichever way leads round it. */
import assert from "node:assert/strict";
import { card, cards, type FleetStack, type Operation, PLAN, urnOf } from "../harness/engine/fleetStack";
import { newTag } from "../harness/provider/providerTerms";
import { aList, kinds, packOf } from "./selections";
import { MINUTE, type Stage, story } from "./stories";
import {
  aClaim,
  assertOnce,
  doneIn,
  heldBy,
  nothing,
  PILOT,
  previewIn,
  previewThenUp,
  settle,
  simsIn,
} from "./told";

/** A server that sells a SIM a second time when it is asked to. */
const sellsTwice = { alreadyActive: "charge" } as const;

/** The next claim gets no answer, and lands so much later; without a time it never does. */
function loseAnswer({ emulator }: FleetStack, landsAfter?: number): void {
  const fault =
    landsAfter === undefined
      ? ({ kind: "drop", commit: false } as const)
      : ({ kind: "lateCommit", milliseconds: landsAfter } as const);
  emulator.faults.add({ ...aClaim, nth: 1, fault });
}

function claimsIn({ writes }: Operation): number {
  return writes.filter(({ path }) => path === aClaim.path).length;
}

/** What somebody does while the claim of fleet `fleet`, of the cards 0 to 9, is in doubt. */
interface WayRound {
  readonly what: string;
  readonly go: (stage: Stage, declare: Declare) => Promise<readonly Operation[]>;
}

/** Declares fleets by name, each with the places of its cards. */
type Declare = (fleets: Readonly<Record<string, readonly [number, number]>>, more?: object) => void;

const waysRound: readonly WayRound[] = [
  {
    what: "`up` again",
    go: async ({ fleets }) => [await fleets.up({ preview: true })],
  },
  {
    what: "destroy, which says so, and up",
    go: async ({ fleets }) => {
      const destroyed = await fleets.destroy();
      assert.match(destroyed.text, /doubt|may still be landing/);
      return [destroyed, await fleets.up({ preview: true })];
    },
  },
  {
    what: "`up --replace`",
    go: async ({ fleets }) => [await fleets.up({ preview: true, replace: [urnOf("fleet")] })],
  },
  {
    what: "another name",
    go: async ({ fleets }, declare) => {
      declare({ renamed: [0, 10] });
      return [await fleets.up({ preview: true })];
    },
  },
  {
    what: "a split whose halves wait for each other",
    go: async ({ fleets }, declare) => {
      declare({ fleet: [0, 5], half: [5, 10] }, { dependsOn: ["fleet"] });
      return [await fleets.up({ preview: true })];
    },
  },
  {
    what: "a split",
    go: async ({ fleets }, declare) => {
      declare({ half: [5, 10], fleet: [0, 5] });
      return [await fleets.up({ preview: true })];
    },
  },
  {
    what: "a target",
    go: async ({ fleets }, declare) => {
      declare({ fleet: [0, 5], half: [5, 10] });
      return [await fleets.up({ preview: true, args: ["--target", urnOf("half")] })];
    },
  },
  {
    what: "a refresh, and up",
    go: async ({ fleets }) => [await fleets.refresh(), await fleets.up({ preview: true })],
  },
];

describe("claims in doubt", () => {
  for (const [kind, select] of kinds("a list")) {
    for (const { what, go } of waysRound) {
      for (const landsAfter of [5 * MINUTE, undefined]) {
        const lands = landsAfter === undefined ? "never lands" : "lands late";
        story(
          `${kind}: a claim that ${lands} is not sent again by ${what}`,
          {
            account: packOf(20),
            behaviour: sellsTwice,
            also: [],
            long: kind === "a range" && landsAfter === undefined,
          },
          async (stage) => {
            const { fleets } = stage;
            const declare: Declare = (declared, more = {}) =>
              fleets.declareAll({
                fleets: Object.entries(declared).map(([name, [from, to]]) => ({
                  ...(name === "fleet" ? {} : more),
                  name,
                  args: { plan: PLAN, ...select(from, to) },
                })),
              });
            declare({ fleet: [0, 10] });
            loseAnswer(fleets, landsAfter);
            const first = await fleets.up({ preview: true });
            assert.deepEqual([first.ok, claimsIn(first)], [false, 1]);
            fleets.emulator.faults.clear();

            for (const operation of await go(stage, declare)) {
              assert.deepEqual(doneIn(fleets, operation), nothing);
              assert.equal(claimsIn(operation), 0);
            }
            await stage.pass(15 * MINUTE);
            await settle(fleets);
            assertOnce(fleets);
            assert.equal(fleets.emulator.ledger.length, 10);
            assert.deepEqual(simsIn(fleets, "LIVE"), cards(0, 10));
          },
        );
      }
    }

    story(
      `${kind}: a growth that was taken back in doubt is not bought by a new fleet meanwhile`,
      { account: packOf(20), behaviour: sellsTwice, also: [] },
      async (stage) => {
        const { fleets } = stage;
        const fleet = (name: string, from: number, to: number) => ({
          name,
          args: { plan: PLAN, ...select(from, to) },
        });
        fleets.declare(fleet("fleet", 0, 10));
        assert.ok((await fleets.up({ preview: true })).ok);
        fleets.declare(fleet("fleet", 0, 20));
        loseAnswer(fleets, 5 * MINUTE);
        assert.equal((await fleets.up({ preview: true })).ok, false);
        fleets.emulator.faults.clear();

        fleets.declare(fleet("fleet", 0, 10), fleet("other", 10, 20));
        const up = await fleets.up({ preview: true });
        assert.equal(claimsIn(up), 0);
        await stage.pass(15 * MINUTE);
        await settle(fleets);
        assertOnce(fleets);
        assert.equal(fleets.emulator.ledger.length, 20);
        assert.equal(await heldBy(fleets, "other"), 10);
      },
    );

    story(
      `${kind}: another stack on this machine does not send it again either`,
      { account: packOf(20), behaviour: sellsTwice, also: [] },
      async (stage) => {
        const { fleets } = stage;
        const fleet = { name: "fleet", args: { plan: PLAN, ...select(0, 10) } };
        fleets.declare(fleet);
        loseAnswer(fleets, 5 * MINUTE);
        assert.equal((await fleets.up({ preview: true })).ok, false);
        fleets.emulator.faults.clear();
        const other = await fleets.another("other");
        other.declare(fleet);
        const up = await other.up({ preview: true });
        assert.equal(claimsIn(up), 0);
        await stage.pass(15 * MINUTE);
        assert.ok((await other.up({ preview: true })).ok);
        assertOnce(fleets);
        assert.equal(fleets.emulator.ledger.length, 10);
      },
    );

    story(
      `${kind}: another machine that has refreshed the stack does not send it again under another name`,
      { account: packOf(20), behaviour: sellsTwice, also: [] },
      async (stage) => {
        const { fleets } = stage;
        const args = { plan: PLAN, ...select(0, 10) };
        fleets.declare({ name: "fleet", args });
        loseAnswer(fleets, 5 * MINUTE);
        assert.equal((await fleets.up({ preview: true })).ok, false);
        fleets.emulator.faults.clear();
        fleets.setEnv({ HOLOGRAM_JOURNAL: stage.file("journal of another machine") });
        assert.ok((await fleets.refresh()).ok);
        fleets.declare({ name: "renamed", args });
        assert.equal(claimsIn(await fleets.up({ preview: true })), 0);
        await stage.pass(15 * MINUTE);
        await settle(fleets);
        assertOnce(fleets);
        assert.deepEqual([fleets.emulator.ledger.length, await heldBy(fleets, "renamed")], [10, 10]);
      },
    );

    for (const [onRelease, state] of [
      ["pause", "PAUSED-USER"],
      ["deactivate", "DEAD"],
    ] as const) {
      const setup = { account: packOf(20), env: { HOLOGRAM_MAX_DEACTIVATIONS: "20" }, also: [] } as const;
      const declare = (fleets: FleetStack): void =>
        fleets.declare({ name: "fleet", args: { plan: PLAN, onRelease, ...select(0, 10) } });

      story(
        `${kind}, ${onRelease}: destroy waits for what is landing, and releases it`,
        setup,
        async (stage) => {
          const { fleets } = stage;
          declare(fleets);
          loseAnswer(fleets, 3 * MINUTE);
          assert.equal((await fleets.up({ preview: true })).ok, false);
          const destroyed = await fleets.destroy();
          assert.ok(destroyed.ok, destroyed.text);
          assert.deepEqual(simsIn(fleets, state), cards(0, 10));
        },
      );

      story(
        `${kind}, ${onRelease}: a destroy that cannot see yet what lands fails, says until when, and releases it later`,
        setup,
        async (stage) => {
          const { fleets } = stage;
          declare(fleets);
          loseAnswer(fleets, 8 * MINUTE);
          assert.equal((await fleets.up({ preview: true })).ok, false);
          const early = await fleets.destroy();
          assert.equal(early.ok, false);
          assert.match(early.text, /\d\d:\d\d:\d\d/);
          assert.match(early.text, /HOLOGRAM_CLAIM_SETTLE_SECONDS=0 pulumi destroy/);
          assert.deepEqual(early.writes, []);
          await stage.pass(15 * MINUTE);
          const late = await fleets.destroy();
          assert.ok(late.ok, late.text);
          assert.deepEqual(simsIn(fleets, state), cards(0, 10));
        },
      );

      story(
        `${kind}, ${onRelease}: what lands after a growth was taken back is told before it is released`,
        setup,
        async (stage) => {
          const { fleets } = stage;
          const grow = (to: number): void =>
            fleets.declare({ name: "fleet", args: { plan: PLAN, onRelease, ...select(0, to) } });
          grow(10);
          assert.ok((await fleets.up({ preview: true })).ok);
          grow(20);
          loseAnswer(fleets, 4 * MINUTE);
          assert.equal((await fleets.up({ preview: true })).ok, false);
          grow(10);
          const early = await fleets.up({ preview: true });
          assert.deepEqual(early.writes, []);
          await stage.pass(15 * MINUTE);
          const { done } = await previewThenUp(stage);
          assert.deepEqual(done, nothing);
          assert.ok((await fleets.refresh()).ok);
          const { preview, up } = await previewThenUp(stage);
          assert.ok(up.ok, up.text);
          assert.equal(previewIn(preview).release, 10);
          assert.deepEqual(simsIn(fleets, state), cards(10, 20));
        },
      );
    }

    story(
      `${kind}: while a claim is in doubt nothing is released either`,
      { account: packOf(20), also: [] },
      async (stage) => {
        const { fleets } = stage;
        const declare = (from: number, to: number): void =>
          fleets.declare({ name: "fleet", args: { plan: PLAN, onRelease: "pause", ...select(from, to) } });
        declare(0, 10);
        assert.ok((await fleets.up({ preview: true })).ok);
        declare(5, 15);
        loseAnswer(fleets);
        assert.equal((await fleets.up({ preview: true })).ok, false);
        fleets.emulator.faults.clear();
        for (const preview of [true, false]) {
          const early = await fleets.up({ preview });
          assert.equal(early.ok, false);
          assert.deepEqual(early.writes, []);
        }
        await stage.pass(15 * MINUTE);
        const { up } = await previewThenUp(stage);
        assert.ok(up.ok, up.text);
        assert.deepEqual(simsIn(fleets, "PAUSED-USER"), cards(0, 5));
        assert.deepEqual(simsIn(fleets, "LIVE"), cards(5, 15));
        assertOnce(fleets);
      },
    );
  }

  story(
    "after a claim without an answer no fleet of the run claims any more",
    { account: packOf(30), also: [] },
    async (stage) => {
      const { fleets } = stage;
      fleets.declare(
        ...["one", "two", "three"].map((name, place) => ({
          name,
          args: { plan: PLAN, ...aList(10 * place, 10 * place + 10) },
        })),
      );
      fleets.emulator.faults.add({ ...aClaim, fault: { kind: "drop", commit: false } });
      const up = await fleets.up({ preview: true });
      assert.deepEqual([up.ok, claimsIn(up)], [false, 1]);
      fleets.emulator.faults.clear();
      await stage.pass(15 * MINUTE);
      await settle(fleets);
      assertOnce(fleets);
      assert.equal(fleets.emulator.ledger.length, 30);
    },
  );

  for (const [kind, select] of kinds("a range", "a list", "EIDs"))
    story(
      `${kind}: a fleet that comes to SIMs of another stack's claim in doubt is only read`,
      { account: packOf(20), behaviour: sellsTwice, also: [] },
      async ({ fleets }) => {
        fleets.declare({ name: "fleet", args: { plan: PLAN, ...select(0, 5) } });
        assert.ok((await fleets.up({ preview: true })).ok);
        const other = await fleets.another("other");
        loseAnswer(fleets);
        other.declare({ name: "theirs", args: { plan: PLAN, ...aList(10, 15) } });
        assert.equal((await other.up({ preview: true })).ok, false);
        fleets.emulator.faults.clear();
        fleets.declare({ name: "fleet", args: { plan: PILOT, overageLimit: 5_000, ...select(0, 15) } });
        const up = await fleets.up({ preview: true });
        assert.deepEqual([up.ok, up.writes], [false, []]);
        assert.match(up.text, /doubtful until/);
      },
    );

  story(
    "after a claim without an answer the fleet itself is only read: no limit, no tag, no state of it is changed",
    { account: packOf(20), also: [] },
    async (stage) => {
      const { fleets } = stage;
      const { emulator } = fleets;
      const [old, tag] = [await newTag(emulator, "old"), await newTag(emulator, "new")];
      const declare = (count: number, args: object): void =>
        fleets.declare({ name: "fleet", args: { plan: PLAN, sims: cards(0, count), ...args } });
      declare(10, { overageLimit: 5_000, tagId: old });
      assert.ok((await fleets.up({ preview: true })).ok);
      emulator.setState(card(3), "PAUSED-USER");
      declare(15, { overageLimit: 9_000, tagId: tag });
      loseAnswer(fleets);
      const up = await fleets.up({ preview: true });
      assert.deepEqual([up.ok, up.writes.map(({ path }) => path)], [false, [aClaim.path]]);
      assert.match(up.text, /waits: other SIMs of the fleet may still be landing/);
      emulator.faults.clear();
      await stage.pass(15 * MINUTE);
      await settle(fleets);
      assertOnce(fleets);
      const states = cards(0, 15).map((iccid) => emulator.sim(iccid));
      assert.deepEqual(
        [...new Set(states.map(({ state, overageLimit }) => `${state} ${overageLimit}`))],
        ["LIVE 9000"],
      );
      assert.ok(states.every(({ tagIds }) => tagIds.includes(tag) && !tagIds.includes(old)));
    },
  );

  story(
    "a claim that the account never got is found out without waiting, once a person says so",
    { account: packOf(10), also: ["embedded"], env: { HOLOGRAM_CLAIM_SETTLE_SECONDS: "5" } },
    async ({ fleets }) => {
      fleets.declare({ name: "fleet", args: { plan: PLAN, onRelease: "pause", sims: cards(0, 10) } });
      loseAnswer(fleets);
      assert.equal((await fleets.up({ preview: true })).ok, false);
      fleets.emulator.faults.clear();
      fleets.setEnv({ HOLOGRAM_CLAIM_SETTLE_SECONDS: "0" });
      const destroyed = await fleets.destroy();
      assert.ok(destroyed.ok, destroyed.text);
      assert.deepEqual([destroyed.writes, (await fleets.stack.export()).resources.length > 1], [[], false]);
      assert.deepEqual(simsIn(fleets, "INACTIVE"), cards(0, 10));
      assert.equal(fleets.emulator.sim(card(0)).deviceId, undefined);
    },
  );
});
