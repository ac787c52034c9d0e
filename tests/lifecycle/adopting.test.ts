/** SIMs that were activated by hand before a program declares them. */
import assert from "node:assert/strict";
import { forEachEngine } from "../harness/engine/engines";
import { card, cards, PLAN, range, withFleets } from "../harness/engine/fleetStack";
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
const terms = { plan: PLAN, zone: "global", overageLimit: 5_000_000 };

forEachEngine(
  "adopting",
  (engine) => {
    const scenario = sideBySide();

    scenario("100 SIMs whose plan, zone and declared limits match: no charge and no write", () =>
      withFleets(engine, { sims: 100, behaviour: { settleReads: 0 } }, async (fleets) => {
        const { emulator } = fleets;
        // A limit that is not declared may be any.
        emulator.activateByHand(cards(0, 100), { ...terms, threshold: 77 });
        fleets.declare({ name: "fleet", args: { ...terms, simRange: range(0, 100) } });
        const up = succeeded(await fleets.up({ preview: true }));
        assert.deepEqual([up.writes, up.charges], [[], []]);
        assert.partialDeepStrictEqual(previewOf(up), { activate: 0, adopt: 100, changeLimits: 0, dueNow: 0 });
        assertHeld(fleets, resultOf(up), cards(0, 100));
        assert.deepEqual(succeeded(await fleets.up({ preview: true })).requests, []);
        assert.partialDeepStrictEqual(emulator.sim(card(50)), { ...terms, threshold: 77 });
        assertNothingWrong(fleets, emulator.ledger.length);
      }),
    );

    scenario("one on another plan: `matching` refuses before anything is spent, `always` changes it", () =>
      withFleets(engine, { sims: 120, behaviour: { settleReads: 0 } }, async (fleets) => {
        const { emulator } = fleets;
        emulator.activateByHand(cards(0, 99), { plan: PLAN, zone: "global" });
        emulator.activateByHand([card(99)], { plan: OTHER, zone: "global" });
        const declare = (args: object): void =>
          fleets.declare({ name: "fleet", args: { plan: PLAN, simRange: range(0, 120), ...args } });
        declare({});
        const words = new RegExp(`with plan 75 instead of 2096: ${card(99)}`);
        const refused = failedWith(await fleets.up(), words);
        assert.deepEqual([refused.writes, refused.charges], [[], []]);

        declare({ adopt: "always" });
        const up = succeeded(await fleets.up());
        assert.deepEqual(
          up.writes.map(({ path }) => path),
          ["/links/cellular/bulkclaim", "/devices/changeplan"],
        );
        assert.deepEqual(Object(up.writes[1]?.body).deviceids, [emulator.sim(card(99)).deviceId]);
        assert.deepEqual(
          charged(up).filter((iccid) => iccid !== card(99)),
          cards(100, 120),
        );
        assertHeld(fleets, resultOf(up), cards(0, 120));
        assert.partialDeepStrictEqual(previewOf(up), { activate: 20, adopt: 100, changePlan: 1 });
        assert.deepEqual(succeeded(await fleets.up()).requests, []);
      }),
    );
  },
  { shortForm: "none" },
);
