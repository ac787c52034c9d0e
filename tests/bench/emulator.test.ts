import assert from "node:assert/strict";
import { at, bench, type Client, column } from "../testing/emulator/client";

describe("emulator: a million SIMs", () => {
  it(
    "are packed, listed from the middle and claimed without walking over all of them",
    bench(async ({ emulator, api }) => {
      const few = emulator.addPack({ first: "89445001010000000000", count: 10_000, step: 10, listed: false });
      const claim = (sims: readonly string[]) => ({
        plan: 2096,
        zone: "global",
        simrange: span(sims.slice(-2500)),
      });
      assert.equal(column(await api.post("/links/cellular/bulkclaim", claim(few)), "sim").length, 2500);
      const small = await fastest(api, span(few));

      const many = emulator.addPack({
        first: "89445001020000000000",
        count: 1_000_000,
        step: 10,
        listed: false,
      });
      assert.equal(column(await api.post("/links/cellular/bulkclaim", claim(many)), "sim").length, 2500);
      const large = await fastest(api, span(many));
      assert.ok(large < small * 20, `${small} ms among 10,000, ${large} ms among a million`);
    }),
  ).timeout(60_000);
});

const span = (sims: readonly string[]): string => `${sims[0]}-${sims.at(-1)}`;

/** Milliseconds for a page from the middle and the refusal of too large a range: the best of five. */
async function fastest(api: Client, simrange: string): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const started = performance.now();
    assert.equal(at((await api.get("/links/cellular?limit=1000")).json, "size"), 1000);
    const refused = await api.post("/links/cellular/bulkclaim", { plan: 2096, zone: "global", simrange });
    assert.equal(refused.status, 400);
    best = Math.min(best, performance.now() - started);
  }
  return best;
}
