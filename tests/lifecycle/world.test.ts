/** What others did to the SIMs: activated, moved to another plan, paused, deactivated by hand. */
import assert from "node:assert/strict";
import { forEachEngine } from "../support/engines";
import { card, cards, PLAN, range, withFleets } from "../support/fleetStack";
import {
  assertHeld,
  assertNothingWrong,
  charged,
  failedWith,
  previewOf,
  resultOf,
  succeeded,
} from "./asserts";
import { sideBySide } from "./sideBySide";

const OTHER = 75;

forEachEngine("SIMs that others changed", (engine) => {
  const scenario = sideBySide();

  scenario(
    "100 activated by hand are adopted: no charge and no write; on another plan only with always",
    () =>
      withFleets(engine, { sims: 100, behaviour: { settleReads: 0 } }, async (fleets) => {
        const { emulator } = fleets;
        emulator.activateByHand(cards(0, 99), { plan: PLAN, zone: "global" });
        emulator.activateByHand([card(99)], { plan: OTHER, zone: "global" });
        fleets.declare({ name: "fleet", args: { plan: PLAN, simRange: range(0, 100) } });
        const refused = failedWith(
          await fleets.up(),
          new RegExp(`with plan 75 instead of 2096: ${card(99)}`),
        );
        assert.deepEqual([refused.writes, refused.charges], [[], []]);

        fleets.declare({ name: "fleet", args: { plan: PLAN, simRange: range(0, 100), adopt: "always" } });
        const up = succeeded(await fleets.up());
        assert.deepEqual(
          up.writes.map(({ path, body }) => [path, Reflect.get(Object(body), "deviceids")]),
          [["/devices/changeplan", [emulator.sim(card(99)).deviceId]]],
        );
        assert.deepEqual(
          charged(up).filter((iccid) => iccid !== card(99)),
          [],
        );
        assertHeld(fleets, resultOf(up), cards(0, 100));
        assert.partialDeepStrictEqual(previewOf(up), { activate: 0, adopt: 100, changePlan: 1, dueNow: 0 });
        const again = succeeded(await fleets.up());
        assert.deepEqual(again.requests, []);
      }),
  );

  scenario("drift is shown by a refresh and repaired by the next up; what is dead is lost, for ever", () =>
    withFleets(engine, { sims: 30, behaviour: { settleReads: 0 } }, async (fleets) => {
      const { emulator } = fleets;
      fleets.declare({ name: "fleet", args: { plan: PLAN, simRange: range(0, 30) } });
      succeeded(await fleets.up());
      emulator.setState(card(0), "DEAD");
      emulator.setState(card(1), "PAUSED-USER");
      const refreshed = succeeded(await fleets.refresh());
      assert.match(refreshed.text, new RegExp(`1 SIM lost \\(deactivated, or moved away\\): ${card(0)}`));
      const found = (await fleets.fleet("fleet"))?.outputs ?? {};
      assert.partialDeepStrictEqual(found, {
        simCount: 29,
        lost: [card(0)],
        preview: { drift: ["1 SIM paused by hand"] },
      });

      const up = succeeded(await fleets.up());
      assert.deepEqual(
        up.writes.map(({ path }) => path),
        ["/devices/state"],
      );
      assert.equal(emulator.sim(card(1)).state, "LIVE");
      assert.deepEqual(succeeded(await fleets.up()).requests, []);
      assertHeld(fleets, resultOf(up), cards(1, 30));
      assertNothingWrong(fleets, 30);
    }),
  );
});
