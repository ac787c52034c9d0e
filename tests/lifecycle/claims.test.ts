/** Claims that are many, that fail in part, that are in doubt, and that die half-way. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { forEachEngine } from "../harness/engine/engines";
import {
  card,
  cards,
  type FleetStack,
  type Operation,
  PLAN,
  range,
  withFleets,
} from "../harness/engine/fleetStack";
import { everything } from "../harness/engine/form";
import { assertHeld, assertNothingWrong, charged, failedWith, resultOf, succeeded } from "./asserts";
import { sideBySide } from "./sideBySide";

const aClaim = { path: "/links/cellular/bulkclaim", preview: false };

forEachEngine(
  "claims",
  (engine) => {
    const scenario = sideBySide();

    scenario(
      "go out one after the other, 2,500 SIMs at most, whatever names the SIMs and however many fleets",
      () =>
        withFleets(engine, { sims: 12_000 }, async (fleets) => {
          fleets.declareAll({
            fleets: [
              { name: "list", args: { plan: PLAN, sims: cards(0, 6_000) } },
              { name: "range", args: { plan: PLAN, simRange: range(6_000, 12_000) } },
            ],
            outputs: false,
          });
          const up = succeeded(await fleets.up());
          assert.equal(up.writes.length, 6);
          assert.deepEqual(charged(up), cards(0, 12_000));
          assert.match(up.text, /activated 6,000 SIMs in 3 requests, about \$3,600\.00/);
          assertHeld(fleets, await outputsOf(fleets, "list"), cards(0, 6_000));
          assertHeld(fleets, await outputsOf(fleets, "range"), cards(6_000, 12_000));
          assertNothingWrong(fleets, 12_000);
        }),
    );

    scenario("of a run that was killed are found by the next, and none is claimed twice", () =>
      withFleets(engine, { sims: 6_000 }, async (fleets) => {
        const { emulator, stack } = fleets;
        fleets.declare({ name: "fleet", args: { plan: PLAN, sims: cards(0, 6_000) } });
        emulator.faults.add({ ...aClaim, nth: 2, fault: { kind: "hold" } });
        const killed = fleets.up();
        await until(() => emulator.writes().length === 2);
        await stack.kill();
        assert.equal((await killed).ok, false);
        const { pendingOperations } = await stack.export();
        assert.deepEqual(
          pendingOperations.map(({ type }) => type),
          ["creating"],
        );

        // What was on its way lands after the death of who sent it.
        emulator.faults.release();
        await until(() => emulator.ledger.length === 5_000);
        failedWith(await fleets.up(), /lock/i);
        await stack.cancel();
        const up = succeeded(await fleets.up());
        assert.deepEqual(charged(up), cards(5_000, 6_000));
        assert.match(up.text, /adopted 5,000 SIMs that were active already/);
        assertHeld(fleets, resultOf(up), cards(0, 6_000));
        assertNothingWrong(fleets, 6_000);
      }),
    );

    scenario("that are refused for some SIMs hold the others, and the next run completes them", () =>
      withFleets(engine, { sims: 300 }, async (fleets) => {
        const { emulator } = fleets;
        fleets.declare({ name: "fleet", args: { plan: PLAN, sims: cards(0, 300) } });
        const refused = cards(7, 10);
        emulator.faults.add({
          ...aClaim,
          fault: { kind: "refuse", iccids: refused, reason: "SIM is reserved" },
        });
        const partial = failedWith(await fleets.up(), /297 certain, 3 refused/);
        assert.match(partial.errors.join("\n"), new RegExp(`SIM is reserved: ${refused.join(", ")}`));
        assert.equal(partial.charges.length, 297);
        const held = await outputsOf(fleets, "fleet");
        assert.equal(held.simCount, 297);
        assert.deepEqual(
          held.unfinished,
          refused.map((iccid) => `${iccid}: SIM is reserved`),
        );

        emulator.faults.clear();
        const completed = succeeded(await fleets.up({ preview: true }));
        assert.match(completed.text, /continues: 3 SIMs still to activate, about \$1\.80/);
        assert.deepEqual(charged(completed), refused);
        assertHeld(fleets, resultOf(completed), cards(0, 300));
        assert.deepEqual(resultOf(completed).unfinished, []);
        assertNothingWrong(fleets, 300);
      }),
    );

    scenario("in doubt stop the run, survive in state, and are settled by a later one", () =>
      withFleets(engine, { sims: 3_000, env: { HOLOGRAM_CLAIM_SETTLE_SECONDS: "2" } }, async (fleets) => {
        const { emulator } = fleets;
        fleets.declare({ name: "fleet", args: { plan: PLAN, simRange: range(0, 3_000) } });
        emulator.faults.add({ ...aClaim, nth: 2, fault: { kind: "drop", commit: false } });
        const partial = failedWith(await fleets.up(), /2,500 certain, 500 doubtful/);
        assert.equal(partial.writes.length, 2);
        const held = await outputsOf(fleets, "fleet");
        assert.equal(held.simCount, 2_500);
        assert.match(String(held.unfinished), new RegExp(`^${card(2_500)}: doubtful until .*,and 490 more$`));

        await sleep(2_000);
        const completed = succeeded(await fleets.up());
        assert.deepEqual(charged(completed), cards(2_500, 3_000));
        assertHeld(fleets, resultOf(completed), cards(0, 3_000));
        assertNothingWrong(fleets, 3_000);
      }),
    );

    // Most of it is waiting: long enough that the second run begins in the meantime.
    const settle = engine.kind === "embedded" ? 12 : 30;
    if (engine.kind === "embedded" || everything) {
      scenario(
        "that land after the run has looked for them are told apart, found later, and not sent again",
        () =>
          withFleets(
            engine,
            { sims: 6_000, env: { HOLOGRAM_CLAIM_SETTLE_SECONDS: `${settle}` } },
            async (fleets) => {
              const { emulator } = fleets;
              fleets.declare({ name: "fleet", args: { plan: PLAN, sims: cards(0, 6_000) } });
              emulator.faults.add({
                ...aClaim,
                nth: 2,
                fault: { kind: "lateCommit", milliseconds: settle * 400 },
              });
              const partial = failedWith(await fleets.up(), /2,500 certain, 2,500 doubtful, 1,000 not sent/);
              assert.equal(partial.writes.length, 2);
              assert.equal((await outputsOf(fleets, "fleet")).simCount, 2_500);

              emulator.faults.clear();
              await emulator.idle();
              // All that was in doubt is there by now, so nothing is in doubt any more.
              const completed = succeeded(await fleets.up());
              assert.deepEqual(charged(completed), cards(5_000, 6_000));
              assertHeld(fleets, resultOf(completed), cards(0, 6_000));
              assert.deepEqual(succeeded(await fleets.up()).requests, []);
              assertNothingWrong(fleets, 6_000);
            },
          ),
      );
    }

    scenario("whose answer is lost are read back, and the change succeeds", () =>
      withFleets(engine, { sims: 20, env: { HOLOGRAM_CLAIM_SETTLE_SECONDS: "10" } }, async (fleets) => {
        const { emulator } = fleets;
        fleets.declare({ name: "fleet", args: { plan: PLAN, simRange: range(0, 20) } });
        emulator.faults.add({ ...aClaim, nth: 1, fault: { kind: "drop", commit: true } });
        const up: Operation = succeeded(await fleets.up());
        assert.equal(up.writes.length, 1);
        assertHeld(fleets, resultOf(up), cards(0, 20));
        assertNothingWrong(fleets, 20);
      }),
    );
  },
  { shortForm: "none" },
);

async function outputsOf(fleets: FleetStack, name: string): Promise<Readonly<Record<string, unknown>>> {
  const fleet = await fleets.fleet(name);
  assert.ok(fleet, `${name} is in state`);
  return fleet.outputs;
}

async function until(done: () => boolean): Promise<void> {
  const end = Date.now() + 30_000;
  while (!done()) {
    assert.ok(Date.now() < end, `waited in vain for ${done}`);
    await sleep(20);
  }
}
