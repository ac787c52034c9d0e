/** What leaves a declaration: nothing is paused by default, and nothing is deactivated by mistake. */
import assert from "node:assert/strict";
import { forEachEngine } from "../harness/engine/engines";
import { cards, type FleetStack, PLAN, range, urnOf, withFleets } from "../harness/engine/fleetStack";
import { charged, failedWith, succeeded } from "./asserts";
import { sideBySide } from "./sideBySide";

const behaviour = { settleReads: 0 };

forEachEngine(
  "releasing",
  (engine) => {
    const scenario = sideBySide();

    scenario("to deactivate takes an `up` that records it, and a limit that allows it", () =>
      withFleets(engine, { sims: 12, behaviour }, async (fleets) => {
        const { stack } = fleets;
        const declare = (sims: number, args: object = {}, name = "fleet"): void =>
          fleets.declare({ name, args: { plan: PLAN, sims: cards(0, sims), ...args } });
        declare(12);
        succeeded(await fleets.up());
        const forEver = { onRelease: "deactivate" };
        declare(10, forEver);
        assert.match(succeeded(await fleets.up()).text, /2 SIMs stay active and billed \(onRelease: keep\)/);
        assert.deepEqual(deactivatedIn(fleets), []);

        declare(7, forEver);
        for (const limit of [undefined, "2"]) {
          if (limit !== undefined) await stack.setConfig({ "hologram:maxDeactivations": limit });
          const words = /3 SIMs for ever.*`pulumi config set hologram:maxDeactivations 3`/s;
          assert.deepEqual(failedWith(await fleets.up(), words).writes, []);
        }
        await stack.setConfig({ "hologram:maxDeactivations": "3" });
        const released = succeeded(await fleets.up({ preview: true }));
        assert.match(released.text, /deactivate 3 SIMs FOR EVER/);
        assert.deepEqual(deactivatedIn(fleets), cards(7, 10));

        declare(7, forEver, "renamed");
        assert.deepEqual(succeeded(await fleets.up()).writes, []);
        const words = /7 SIMs for ever.*HOLOGRAM_MAX_DEACTIVATIONS=7/s;
        assert.deepEqual(failedWith(await fleets.destroy(), words).writes, []);
        fleets.setEnv({ HOLOGRAM_MAX_DEACTIVATIONS: "7" });
        succeeded(await fleets.destroy());
        assert.deepEqual(deactivatedIn(fleets), cards(0, 10));
      }),
    );

    scenario("by default no rename, parent, replace, split, provider, shrink or destroy changes a SIM", () =>
      withFleets(engine, { sims: 90, behaviour }, async (fleets) => {
        const fleet = (name: string, from: number, to: number, more: object = {}) => ({
          name,
          args: { plan: PLAN, simRange: range(from, to) },
          ...more,
        });
        const around = { groups: ["depot"], providers: [{ name: "own", args: {} }] };
        fleets.declareAll({
          ...around,
          fleets: [
            ...[fleet("old-name", 0, 10), fleet("moved", 10, 20), fleet("whole", 20, 40)],
            ...[fleet("served", 40, 50), fleet("renewed", 50, 60), fleet("shrunk", 60, 70)],
            fleet("elsewhere", 70, 80),
          ],
        });
        succeeded(await fleets.up());
        fleets.declareAll({
          ...around,
          fleets: [
            ...[fleet("new-name", 0, 10), fleet("moved", 10, 20, { parent: "depot" })],
            ...[fleet("whole", 20, 30), fleet("half", 30, 40)],
            ...[fleet("served", 40, 50, { provider: "own" }), fleet("renewed", 50, 60)],
            ...[fleet("shrunk", 60, 65), fleet("elsewhere", 80, 90)],
          ],
        });
        const changed = succeeded(await fleets.up({ replace: [urnOf("renewed")] }));
        assert.deepEqual(charged(changed), cards(80, 90));
        assert.deepEqual(
          changed.writes.map(({ path }) => path),
          ["/links/cellular/bulkclaim"],
        );
        assert.deepEqual(succeeded(await fleets.destroy()).writes, []);
        assert.deepEqual(fleets.states(), { LIVE: 90 });
        const { pauses, deactivations } = fleets.emulator.judgement();
        assert.deepEqual([pauses, deactivations], [[], []]);
      }),
    );
  },
  { shortForm: "none" },
);

function deactivatedIn({ emulator }: FleetStack): string[] {
  return emulator
    .judgement()
    .deactivations.map(({ iccid }) => iccid)
    .sort();
}
