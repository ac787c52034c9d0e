import assert from "node:assert/strict";
import { at, bench, column, FIRST } from "./client";

const CLAIM = "/links/cellular/bulkclaim";
const terms = { plan: 2096, zone: "global", orgid: 12345 };

describe("emulator: Test Mode SIMs", () => {
  const pack = { first: FIRST, count: 1, state: "TEST-ACTIVATE", plan: 75, zone: "us" };

  it(
    "have a device, a plan, a zone and a start time of their own",
    bench(async ({ emulator, api }) => {
      emulator.addPack(pack);
      const devices = await api.get("/devices");
      assert.deepEqual(column(devices, "preflight_starttime"), ["2026-01-01 00:00:00"]);
      assert.deepEqual(column(devices, "links", "cellular", 0, "state"), ["TEST-ACTIVATE"]);
      const { testMode, plan, zone } = emulator.sim(FIRST);
      assert.deepEqual({ testMode, plan, zone }, { testMode: true, plan: 75, zone: "us" });
      assert.equal(emulator.ledger.length, 0);
    }),
  );

  it(
    "keep plan and zone when they are claimed without the flag",
    bench(async ({ emulator, api }) => {
      emulator.addPack(pack);
      await api.post(CLAIM, { ...terms, sims: [FIRST] });
      const { testMode, plan, zone } = emulator.sim(FIRST);
      assert.deepEqual({ testMode, plan, zone }, { testMode: false, plan: 75, zone: "us" });
      assert.equal(emulator.ledger[0]?.amount, "1.00");
    }),
  );

  it(
    "are claimed afresh with the flag, in one meaning",
    bench(async ({ emulator, api }) => {
      emulator.addPack(pack);
      await api.post(CLAIM, { ...terms, sims: [FIRST], invalidatePreflightSims: true });
      assert.deepEqual([emulator.sim(FIRST).plan, emulator.sim(FIRST).zone], [2096, "global"]);
      assert.equal(emulator.ledger[0]?.amount, "0.60");
    }),
  );

  it(
    "are refused with the flag, in the other",
    bench(
      async ({ emulator, api }) => {
        emulator.addPack(pack);
        for (const query of ["", "?preview=1"]) {
          const reply = await api.post(`${CLAIM}${query}`, {
            ...terms,
            sims: [FIRST],
            invalidatePreflightSims: true,
          });
          assert.deepEqual(at(reply.json, "data"), { [FIRST]: "SIM is in Test Mode" });
        }
        assert.equal((await api.post(CLAIM, { ...terms, sims: [FIRST] })).status, 200);
      },
      { behaviour: { preflight: "E1" } },
    ),
  );
});
