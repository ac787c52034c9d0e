/** What a change of the inputs leads to, row by row, with the requests that it made. */
import assert from "node:assert/strict";
import { forEachEngine } from "../support/engines";
import { card, cards, type FleetStack, type Operation, PLAN, range, withFleets } from "../support/fleetStack";
import { everything } from "../support/form";
import { assertNothingWrong, charged, failedWith, opsOf, pausedBy, resultOf, succeeded } from "./asserts";
import { sideBySide } from "./sideBySide";

const EID = 89044045000000000000000000000001n;

forEachEngine("changes of a selection", (engine) => {
  if (engine.kind === "pulumi" && !everything) {
    it("are tried on the real engine in the full form only (HOLOGRAM_TESTS=all)");
    return;
  }
  const scenario = sideBySide();
  const declare = (fleets: FleetStack, args: object, options = {}): void =>
    fleets.declare({ name: "fleet", args: { plan: PLAN, ...args }, options });

  scenario("order, repetition, and a range written as the list of its SIMs: no change", () =>
    withFleets(engine, { sims: 20 }, async (fleets) => {
      declare(fleets, { simRange: range(0, 20) });
      succeeded(await fleets.up());
      const all = cards(0, 20);
      for (const sims of [all, [...all].reverse(), [...all, ...all]]) {
        declare(fleets, { sims });
        const same = succeeded(await fleets.up());
        assert.deepEqual([opsOf(same), same.writes], [["same"], []]);
        assert.deepEqual(paths(succeeded(await fleets.up())), []);
      }
    }),
  );

  scenario("overlapping: in place, what was added is claimed and what left is released, as recorded", () =>
    withFleets(engine, { sims: 30, behaviour: { settleReads: 0 } }, async (fleets) => {
      declare(fleets, { sims: cards(0, 20), onRelease: "pause" });
      succeeded(await fleets.up());
      declare(fleets, { sims: cards(5, 25), onRelease: "pause" });
      const moved = succeeded(await fleets.up());
      assert.deepEqual(opsOf(moved), ["update"]);
      assert.deepEqual(charged(moved), cards(20, 25));
      assert.deepEqual(pausedBy(fleets), cards(0, 5));
      // The other order of the words in a diff: what comes back was paused by this program, and is resumed.
      declare(fleets, { sims: cards(0, 25), onRelease: "pause" });
      const back = succeeded(await fleets.up());
      assert.deepEqual([charged(back), writes(back)], [[], ["/devices/state"]]);
      assert.deepEqual(fleets.states(), { INACTIVE: 5, LIVE: 25 });
      assertNothingWrong(fleets, 25);
    }),
  );

  scenario("disjoint: replace, claims first; `protect` stops that, and does not stop a shrink", () =>
    withFleets(engine, { sims: 30, behaviour: { settleReads: 0 } }, async (fleets) => {
      declare(fleets, { sims: cards(0, 10) }, { protect: true });
      succeeded(await fleets.up());
      declare(fleets, { sims: cards(10, 20) }, { protect: true });
      assert.deepEqual(failedWith(await fleets.up(), /protect/).writes, []);
      declare(fleets, { sims: cards(0, 8) }, { protect: true });
      const shrunk = succeeded(await fleets.up());
      assert.deepEqual([opsOf(shrunk), writes(shrunk)], [["update"], []]);
      declare(fleets, { sims: cards(10, 20) });
      const replaced = succeeded(await fleets.up());
      assert.deepEqual(charged(replaced), cards(10, 20));
      assert.deepEqual(pausedBy(fleets), []);
      assertNothingWrong(fleets, 20);
    }),
  );

  scenario("another organization, and ICCIDs to EIDs: the preview fails and nothing is sent", () =>
    withFleets(engine, {}, async (fleets) => {
      fleets.emulator.addPack({ first: card(0), count: 10, step: 10, eids: `${EID}` });
      declare(fleets, { simRange: range(0, 10) });
      succeeded(await fleets.up());
      declare(fleets, { simRange: range(0, 10), orgId: 4711 });
      assert.deepEqual(
        failedWith(await fleets.up(), /SIMs move between organizations by a transfer/).writes,
        [],
      );
      declare(fleets, { eidRange: `${EID}-${EID + 9n}` });
      assert.deepEqual(failedWith(await fleets.up(), /the same cards under another name/).writes, []);
      fleets.declareAll({
        fleets: [
          { name: "fleet", args: { plan: PLAN, simRange: range(0, 10) } },
          { name: "esims", args: { plan: PLAN, eidRange: `${EID}-${EID + 9n}` } },
        ],
      });
      const both = succeeded(await fleets.up());
      assert.deepEqual([both.writes, resultOf(both, "esims").iccids], [[], cards(0, 10)]);
      fleets.declare({ name: "esims", args: { plan: PLAN, eidRange: `${EID}-${EID + 9n}` } });
      assert.deepEqual(succeeded(await fleets.up()).writes, []);
      assertNothingWrong(fleets, 10);
    }),
  );
});

const paths = ({ requests }: Operation): string[] => requests.map(({ path }) => path);
const writes = ({ writes: sent }: Operation): string[] => sent.map(({ path }) => path);
