/** No SIM is paused, deactivated or let go unless a preview has told it. */
import assert from "node:assert/strict";
import { cards, type FleetStack, PLAN, urnOf } from "../harness/engine/fleetStack";
import { accountOf, bought, kinds, packOf, packUpTo, scattered } from "./selections";
import { story } from "./stories";
import { assertOnce, doneIn, heldBy, nothing, previewIn, previewThenUp, refuseClaims, simsIn } from "./told";

const state = { pause: "PAUSED-USER", deactivate: "DEAD" } as const;
const env = { HOLOGRAM_MAX_DEACTIVATIONS: "20" };

describe("releases", () => {
  for (const [kind, select] of kinds("a list")) {
    for (const onRelease of ["pause", "deactivate"] as const) {
      const long = kind !== "a list" && onRelease === "deactivate";
      const setup = { account: packOf(60), env, long } as const;
      const fleet = (from: number, to: number, options: object = {}) => ({
        name: "fleet",
        args: { plan: PLAN, onRelease, ...select(from, to) },
        options,
      });

      story(
        `${kind}, ${onRelease}: a fleet that is to hold other SIMs altogether is replaced, also after a failure, and \`protect\` stops that`,
        { ...setup, also: ["embedded", "pulumi"] },
        async ({ fleets }) => {
          fleets.declare(fleet(0, 10, { protect: true }));
          refuseClaims(fleets, ...cards(9, 10));
          assert.equal((await fleets.up({ preview: true })).ok, false);
          assert.equal(await heldBy(fleets), 9);
          fleets.emulator.faults.clear();

          fleets.declare(fleet(50, 55, { protect: true }));
          const preview = await fleets.preview();
          assert.match(preview.text, /protect/);
          const up = await fleets.up({ preview: true });
          assert.equal(up.ok, false);
          assert.match(up.text, /protect/);
          assert.deepEqual(doneIn(fleets, up), nothing);
          assert.deepEqual(simsIn(fleets, "LIVE"), cards(0, 9));
        },
      );

      story(
        `${kind}, ${onRelease}: the preview of a replacement tells how many SIMs the old fleet lets go, and what becomes of them`,
        setup,
        async (stage) => {
          const { fleets } = stage;
          fleets.declare(fleet(0, 10));
          assert.ok((await fleets.up({ preview: true })).ok);
          fleets.declare(fleet(50, 55));
          const { preview, up, done } = await previewThenUp(stage);
          assert.ok(up.ok, up.text);
          assert.equal(
            preview.steps.some(({ op }) => op === "replace" || op === "create-replacement"),
            true,
          );
          assert.partialDeepStrictEqual(previewIn(preview), { activate: 5, release: 10 });
          assert.match(String(previewIn(preview).summary), new RegExp(`10 SIMs?.*${onRelease}`, "i"));
          assert.deepEqual(done.claimed, cards(50, 55));
          assert.deepEqual(simsIn(fleets, state[onRelease]), cards(0, 10));
        },
      );

      story(
        `${kind}, ${onRelease}: after a growth that failed, taking it back releases nothing before a preview told it`,
        { ...setup, also: ["embedded", "pulumi"] },
        async (stage) => {
          const { fleets } = stage;
          fleets.declare(fleet(0, 10));
          assert.ok((await fleets.up({ preview: true })).ok);
          fleets.declare(fleet(0, 20));
          refuseClaims(fleets, ...cards(19, 20));
          assert.equal((await fleets.up({ preview: true })).ok, false);
          assert.equal(await heldBy(fleets), 19);
          fleets.emulator.faults.clear();

          fleets.declare(fleet(0, 10));
          for (const way of ["up", "skip preview"] as const) {
            const { up, done } = await previewThenUp(stage, way);
            assert.deepEqual(done, nothing);
            assert.match(up.text, /`?pulumi refresh`?/);
          }
          assert.deepEqual(simsIn(fleets, "LIVE"), cards(0, 19));

          assert.ok((await fleets.refresh()).ok);
          const { preview, up } = await previewThenUp(stage);
          assert.ok(up.ok, up.text);
          assert.partialDeepStrictEqual(previewIn(preview), { release: 9, activate: 0 });
          assert.deepEqual(simsIn(fleets, state[onRelease]), cards(10, 19));
          assert.equal(await heldBy(fleets), 10);
          const quiet = await fleets.up({ preview: true });
          assert.deepEqual([quiet.ok, quiet.requests], [true, []]);
          assertOnce(fleets);
        },
      );
    }

    story(
      `${kind}: what a shrink lets go is told and done in one command, and only told where the preview is skipped`,
      { account: packOf(30), also: ["embedded", "pulumi"] },
      async (stage) => {
        const { fleets } = stage;
        const declare = (to: number): void =>
          fleets.declare({ name: "fleet", args: { plan: PLAN, onRelease: "pause", ...select(0, to) } });
        declare(20);
        assert.ok((await fleets.up({ preview: true })).ok);

        declare(15);
        const skipped = await fleets.up({ preview: false });
        assert.deepEqual(doneIn(fleets, skipped), nothing);
        assert.match(skipped.text, /5 SIMs/);
        const { preview, up, done } = await previewThenUp(stage);
        assert.ok(up.ok, up.text);
        assert.match(preview.text, /5 SIMs .*pause/);
        assert.deepEqual(done.paused, cards(15, 20));

        declare(12);
        const whole = await previewThenUp(stage, "up");
        assert.ok(whole.up.ok, whole.up.text);
        assert.deepEqual([previewIn(whole.preview).release, whole.done.paused], [3, cards(12, 15)]);
        assert.equal(await heldBy(fleets), 12);
      },
    );
  }

  story(
    "SIMs that stay (onRelease: keep) leave the declaration without a request, whether the preview was skipped or not",
    { account: packOf(30) },
    async ({ fleets }) => {
      const declare = (to: number): void =>
        fleets.declare({ name: "fleet", args: { plan: PLAN, sims: cards(0, to) } });
      declare(20);
      assert.ok((await fleets.up({ preview: true })).ok);
      for (const [to, preview] of [
        [15, false],
        [10, true],
      ] as const) {
        declare(to);
        const up = await fleets.up({ preview });
        assert.ok(up.ok, up.text);
        assert.deepEqual(up.writes, []);
        assert.match(up.text, /5 SIMs stay active and billed/);
      }
      const up = await fleets.up({ preview: true });
      assert.deepEqual([up.ok, up.requests, await heldBy(fleets)], [true, [], 10]);
      assert.deepEqual(simsIn(fleets, "LIVE"), cards(0, 20));
    },
  );

  const many = {
    "1,300 SIMs bought one by one": { sims: bought(1_310), accountOf },
    "100,000 scattered SIMs": {
      sims: scattered(100_010),
      accountOf: (all: string[]) => packUpTo(all.at(-1) ?? ""),
    },
  };
  for (const [what, { sims, accountOf }] of Object.entries(many)) {
    const count = sims.length - 10;
    story(
      `${what}: 300 leave and 10 come, one is refused: all 300 are paused in the end, each after a preview told it`,
      { account: accountOf(sims), long: count > 10_000, also: count > 10_000 ? [] : ["pulumi"] },
      async (stage) => {
        const { fleets } = stage;
        const declare = (declared: readonly string[]): void =>
          fleets.declareAll({
            fleets: [{ name: "fleet", args: { plan: PLAN, onRelease: "pause", sims: declared } }],
            outputs: "previews",
          });
        const [all, come] = [sims.slice(0, count), sims.slice(count)];
        declare(all);
        assert.ok((await fleets.up({ preview: true })).ok);
        assert.equal(await heldBy(fleets), count);

        const gone = all.filter((_, place) => place % 4 === 3).slice(0, 300);
        const leaving = new Set(gone);
        declare([...all.filter((iccid) => !leaving.has(iccid)), ...come]);
        refuseClaims(fleets, ...come.slice(4, 5));
        const failed = await previewThenUp(stage);
        assert.equal(failed.up.ok, false);
        assert.partialDeepStrictEqual(previewIn(failed.preview), { release: 300, activate: 10 });
        assert.equal(failed.done.claimed.length, 9);

        fleets.emulator.faults.clear();
        const second = await previewThenUp(stage);
        assert.ok(second.up.ok, second.up.text);
        assert.deepEqual(second.done.claimed, come.slice(4, 5));
        assert.deepEqual([...failed.done.paused, ...second.done.paused].sort(), [...gone].sort());
        assert.equal(await heldBy(fleets), count - 290);
        const quiet = await fleets.up({ preview: true });
        assert.deepEqual([quiet.ok, quiet.requests], [true, []]);
        assertOnce(fleets);
      },
    );
  }

  story(
    "`--replace` says on its rows what becomes of the SIMs, and pauses none that the program still declares",
    { account: packOf(20), also: ["embedded", "pulumi"] },
    async ({ fleets }: { fleets: FleetStack }) => {
      fleets.declare({ name: "fleet", args: { plan: PLAN, onRelease: "pause", sims: cards(0, 10) } });
      assert.ok((await fleets.up({ preview: true })).ok);
      const up = await fleets.up({ preview: true, replace: [urnOf("fleet")] });
      assert.ok(up.ok, up.text);
      assert.deepEqual(doneIn(fleets, up), nothing);
      assert.deepEqual(simsIn(fleets, "LIVE"), cards(0, 10));
    },
  );
});
