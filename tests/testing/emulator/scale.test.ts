import assert from "node:assert/strict";
import { at, bench, column } from "./client";

describe("emulator: a million SIMs", () => {
  it(
    "are packed, listed from the middle and claimed without walking over all of them",
    bench(async ({ emulator, api }) => {
      const sims = emulator.addPack({
        first: "89445001020000000000",
        count: 1_000_000,
        step: 10,
        listed: false,
      });
      assert.equal(sims.length, 1_000_000);
      const last = sims.slice(-2500);
      const claim = { plan: 2096, zone: "global", simrange: `${last[0]}-${last.at(-1)}` };
      assert.equal(column(await api.post("/links/cellular/bulkclaim", claim), "sim").length, 2500);
      const started = performance.now();
      const page = await api.get("/links/cellular?limit=1000&startafter=6000000");
      assert.deepEqual([at(page.json, "size"), column(page, "sim")[0]], [1000, last.at(-2)]);
      const tooLarge = await api.post("/links/cellular/bulkclaim", {
        ...claim,
        simrange: `${sims[0]}-${sims.at(-1)}`,
      });
      assert.equal(tooLarge.status, 400);
      // A hundred times what it takes: it is the walk over a million rows that must not come back.
      assert.ok(performance.now() - started < 2000);
    }),
  ).timeout(20_000);
});
