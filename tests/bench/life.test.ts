import assert from "node:assert/strict";
import type { Sent } from "./accountProcess";
import { grown, replay } from "./life";
import { cards, ORG, PLAN, range } from "./pack";

describe("the bare script beside a contender", () => {
  it("sends the same requests to an account of its own, and is counted with its bytes", async () => {
    const claim: Sent = {
      method: "POST",
      path: "/links/cellular/bulkclaim",
      query: {},
      body: { sims: cards(0, 10), plan: PLAN, zone: "global", orgid: ORG },
    };
    const list: Sent = {
      method: "GET",
      path: "/links/cellular",
      query: { orgid: `${ORG}`, simrange: range(0, 10) },
      body: undefined,
    };
    const life = { contender: "package", sims: 10, resources: 1, delay: 20 } as const;
    const rows = await replay(
      life,
      new Map([
        ["up", [list, claim]],
        ["unchanged up", []],
      ]),
    );
    const [up, unchanged] = rows;
    assert.ok(up && unchanged);
    assert.deepEqual([up.requests, up.claims, unchanged.requests, unchanged.seconds], [2, 1, 0, 0]);
    assert.ok(up.sent > JSON.stringify(claim.body).length && up.read > 1_000);
    assert.ok(up.seconds > 0.04, "two answers were held back");
  });

  it("grows by a hundredth, and by one SIM at least", () => {
    assert.deepEqual([10, 1_000, 100_000].map(grown), [11, 1_010, 101_000]);
  });
});
