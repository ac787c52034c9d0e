/** A failure too large for its report, on the real engine. */
import assert from "node:assert/strict";
import { card, type FleetStack, PLAN, range, withFleets } from "../harness/engine/fleetStack";
import { everything } from "../harness/engine/form";
import { realEngine } from "../harness/engine/realEngine";
import { assertNothingWrong, charged, failedWith, succeeded } from "./asserts";

const SIMS = 100_000;

describe("a partial failure of 100,000 SIMs", () => {
  for (const refreshes of [false, true]) {
    const between = refreshes ? ", after a refresh," : "";
    it(`leaves state as it should be, and the next up${between} completes the lists`, async function onTheRealEngine() {
      const engine = realEngine();
      if (engine === undefined || !everything) return this.skip();
      this.timeout(600_000);
      await withFleets(engine, { sims: SIMS }, (fleets) => completes(fleets, refreshes));
    });
  }
});

async function completes(fleets: FleetStack, refreshes: boolean): Promise<void> {
  const { faults } = fleets.emulator;
  const fleet = { name: "fleet", args: { plan: PLAN, simRange: range(0, SIMS) } };
  fleets.declareAll({ fleets: [fleet], outputs: false });
  faults.add({
    ...{ path: "/links/cellular/bulkclaim", preview: false },
    fault: { kind: "refuse", iccids: [card(77_777)], reason: "SIM is reserved" },
  });
  failedWith(await fleets.up(), /99,999 certain, 1 refused/);
  const partial = (await fleets.fleet("fleet"))?.outputs ?? {};
  assert.partialDeepStrictEqual(partial, { simCount: SIMS - 1, orgId: 12345 });
  assert.equal(partial.iccids, undefined);

  faults.clear();
  if (refreshes) assert.deepEqual(succeeded(await fleets.refresh()).writes, []);
  const completed = succeeded(await fleets.up());
  assert.deepEqual(charged(completed), [card(77_777)]);
  const { iccids, deviceIds, linkIds, unfinished } = (await fleets.fleet("fleet"))?.outputs ?? {};
  for (const list of [iccids, deviceIds, linkIds]) assert.equal(Array.isArray(list) && list.length, SIMS);
  assert.deepEqual(unfinished, []);
  assert.deepEqual(succeeded(await fleets.up()).requests, []);
  assertNothingWrong(fleets, SIMS);
}
