/** The whole life of a fleet, from the first preview to destroy. */
import assert from "node:assert/strict";
import { forEachEngine } from "../harness/engine/engines";
import { cards, PLAN, range, urnOf, withFleets } from "../harness/engine/fleetStack";
import {
  assertHeld,
  assertNothingWrong,
  charged,
  opsOf,
  pausedBy,
  previewOf,
  resultOf,
  succeeded,
} from "./asserts";
import { sideBySide } from "./sideBySide";

forEachEngine(
  "the life of a fleet",
  (engine) => {
    it("is previewed, activated, grown, shrunk, replaced and destroyed, and charged once", () =>
      withFleets(engine, { sims: 300 }, async (fleets) => {
        const { emulator } = fleets;
        const declare = (args: object): void =>
          fleets.declare({ name: "fleet", args: { plan: PLAN, onRelease: "pause", ...args } });

        declare({ simRange: range(0, 100) });
        const preview = succeeded(await fleets.preview());
        const summary = "activate 100 SIMs on Global Flat (2096, global): about $60.00 now, $60.00/month";
        assert.ok(preview.text.includes(summary), preview.text);
        assert.deepEqual(previewOf(preview), {
          ...{ activate: 100, adopt: 0, resume: 0, changePlan: 0, changeLimits: 0, release: 0, unchanged: 0 },
          ...{ simCount: 100, monthlyCost: 60, monthlyCostBefore: 0, dueNow: 60, summary },
        });
        assert.deepEqual(preview.writes, []);
        assert.deepEqual(emulator.ledger, []);

        const up = succeeded(await fleets.up());
        assert.equal(up.writes.length, 1);
        assert.deepEqual(charged(up), cards(0, 100));
        assertHeld(fleets, resultOf(up), cards(0, 100));
        assert.deepEqual(previewOf(up), previewOf(preview));

        const unchanged = succeeded(await fleets.up({ preview: true }));
        assert.deepEqual(unchanged.requests, []);

        declare({ simRange: range(0, 150) });
        const grown = succeeded(await fleets.up());
        assert.equal(grown.writes.length, 1);
        assert.deepEqual(charged(grown), cards(100, 150));
        assertHeld(fleets, resultOf(grown), cards(0, 150));

        const refreshed = succeeded(await fleets.refresh());
        assert.deepEqual(opsOf(refreshed), ["same"]);
        assert.deepEqual(refreshed.writes, []);

        declare({ simRange: range(0, 120) });
        const shrunk = succeeded(await fleets.up({ preview: true }));
        assert.match(shrunk.text, /release 30 SIMs \(pause; still billed\)/);
        assert.match(shrunk.text, /30 SIMs paused, still billed/);
        assert.equal(shrunk.writes.length, 1);
        assert.deepEqual(pausedBy(fleets), cards(120, 150));
        assertHeld(fleets, resultOf(shrunk), cards(0, 120));

        declare({ sims: cards(0, 120).reverse() });
        const listed = succeeded(await fleets.up());
        assert.deepEqual(opsOf(listed), ["same"]);
        assert.deepEqual(listed.writes, []);

        declare({ simRange: range(200, 210) });
        const replaced = succeeded(await fleets.up());
        assert.deepEqual(opsOf(replaced), ["create-replacement", "replace", "delete-replaced"]);
        assert.deepEqual(
          replaced.writes.map(({ path }) => path.split("/").at(-1)),
          ["bulkclaim", "state"],
        );
        assert.deepEqual(charged(replaced), cards(200, 210));
        assertHeld(fleets, resultOf(replaced), cards(200, 210));

        succeeded(await fleets.refresh());
        const destroyed = succeeded(await fleets.destroy());
        assert.match(destroyed.text, /10 SIMs paused, still billed \(onRelease: pause\)/);
        assert.deepEqual(pausedBy(fleets), [...cards(0, 150), ...cards(200, 210)]);
        assert.equal(await fleets.fleet("fleet"), undefined);
        assertNothingWrong(fleets, 160);
      }));
  },
  { shortForm: "embedded" },
);

forEachEngine(
  "a fleet that shrinks or is refactored",
  (engine) => {
    const scenario = sideBySide();

    scenario("keeps SIMs that leave, and neither loses nor buys again what was lost", () =>
      withFleets(engine, { sims: 40 }, async (fleets) => {
        const { emulator } = fleets;
        const declare = (args: object): void =>
          fleets.declare({ name: "fleet", args: { plan: PLAN, ...args } });
        declare({ simRange: range(0, 20) });
        succeeded(await fleets.up());

        const [first] = cards(0, 1);
        emulator.setState(first ?? "", "DEAD");
        const refreshed = succeeded(await fleets.refresh());
        assert.match(refreshed.text, new RegExp(`1 SIM lost \\(deactivated, or moved away\\): ${first}`));
        const state = await fleets.fleet("fleet");
        assert.deepEqual([state?.outputs.lost, state?.outputs.simCount], [[first], 19]);

        const again = succeeded(await fleets.up({ preview: true }));
        assert.deepEqual(again.writes, []);

        declare({ simRange: range(0, 15) });
        const shrunk = succeeded(await fleets.up());
        assert.match(shrunk.text, /5 SIMs stay active and billed \(onRelease: keep\)/);
        assert.deepEqual(shrunk.writes, []);
        assertHeld(fleets, resultOf(shrunk), cards(1, 15));

        const destroyed = succeeded(await fleets.destroy());
        assert.match(destroyed.text, /14 SIMs stay active and billed \(onRelease: keep\)/);
        assert.deepEqual(destroyed.writes, []);
        assert.deepEqual(fleets.states(), { DEAD: 1, LIVE: 19, INACTIVE: 20 });
        assertNothingWrong(fleets, 20);
      }),
    );

    scenario("is refactored without a claim and without a change of any SIM", () =>
      withFleets(engine, { sims: 60, behaviour: { settleReads: 0 } }, async (fleets) => {
        const fleet = (name: string, from: number, to: number, more: object = {}) => ({
          name,
          args: { plan: PLAN, onRelease: "pause", simRange: range(from, to) },
          ...more,
        });
        const groups = ["depot"];
        const providers = [{ name: "own", args: {} }];
        fleets.declareAll({
          ...{ groups, providers },
          fleets: [
            fleet("old-name", 0, 10),
            fleet("moved", 10, 20),
            fleet("whole", 20, 40),
            fleet("served", 40, 50),
            fleet("renewed", 50, 60),
          ],
        });
        succeeded(await fleets.up());
        assert.deepEqual(fleets.states(), { LIVE: 60 });

        fleets.declareAll({
          ...{ groups, providers },
          fleets: [
            fleet("whole", 20, 30),
            fleet("new-name", 0, 10),
            fleet("moved", 10, 20, { parent: "depot" }),
            fleet("served", 40, 50, { provider: "own" }),
            fleet("renewed", 50, 60),
            fleet("half", 30, 40),
          ],
        });
        // The update of the first then has long begun when the last is checked.
        fleets.emulator.faults.add({ path: "/plans", fault: { kind: "delay", milliseconds: 150 } });
        const refactored = succeeded(await fleets.up({ replace: [urnOf("renewed")] }));
        assert.deepEqual(refactored.writes, []);
        assert.deepEqual(fleets.states(), { LIVE: 60 });
        const counts = { "new-name": 10, moved: 10, whole: 10, half: 10, served: 10, renewed: 10 };
        assert.deepEqual(refactored.outputs.counts, counts);
        const ops = Object.fromEntries(refactored.steps.map(({ op, name }) => [`${op} ${name}`, 1]));
        for (const step of [
          "create new-name",
          "create moved",
          "update whole",
          "create half",
          "same served",
        ]) {
          assert.ok(step in ops, `${step} in ${Object.keys(ops)}`);
        }
        for (const step of ["create-replacement renewed", "delete-replaced renewed", "delete old-name"]) {
          assert.ok(step in ops, `${step} in ${Object.keys(ops)}`);
        }

        const destroyed = succeeded(await fleets.destroy());
        assert.deepEqual(fleets.states(), { "PAUSED-USER": 60 });
        assert.ok(destroyed.writes.every(({ path }) => path.endsWith("/state")));
        assertNothingWrong(fleets, 60);
      }),
    );
  },
  { shortForm: "none" },
);
