import assert from "node:assert/strict";
import { cards, PLAN, range, withFleet } from "../../harness/provider/providerFleet";

const inputs = { simRange: range(40), plan: PLAN };
const claim = { path: "/links/cellular/bulkclaim", preview: false } as const;
const limited = (nth: { from: number; to?: number }, retryAfter?: number) =>
  ({
    ...claim,
    nth,
    fault: { kind: "rateLimit", ...(retryAfter === undefined ? {} : { retryAfter }) },
  }) as const;

describe("dynamic: 429", () => {
  for (const rateLimitBody of ["json", "text"] as const) {
    it(`without Retry-After, ${rateLimitBody}: waits 5 s, then twice as long, and claims once`, () =>
      withFleet({ behaviour: { rateLimitBody } }, async (fleet) => {
        fleet.emulator.faults.add(limited({ from: 1, to: 3 }));
        const report = (await fleet.up(inputs)).clean();
        assert.deepEqual(
          report.claims.map(({ status }) => status),
          [429, 429, 429, 200],
        );
        const [first = 0, second = 0, third = 0] = fleet.timeline.sleeps;
        for (const [slept, least] of [
          [first, 5_000],
          [second, 10_000],
          [third, 20_000],
        ] as const) {
          assert(slept >= least && slept <= least * 1.25, `${slept} ms of ${least}`);
        }
        assert(
          report.lines.some(
            ({ message, ephemeral }) => ephemeral && /rate limited, next try in \d+ s$/.test(message),
          ),
        );
        assert.deepEqual(fleet.outputs().iccids, cards(40));
        assert.equal(fleet.emulator.ledger.length, 40);
        assert.deepEqual(fleet.emulator.judgement().doubleClaims, []);
      }));
  }

  it("with Retry-After: waits as long as it says", () =>
    withFleet({}, async (fleet) => {
      fleet.emulator.faults.add(limited({ from: 1, to: 2 }, 17));
      (await fleet.up(inputs)).clean();
      assert.deepEqual(fleet.timeline.sleeps, [17_000, 17_000]);
    }));

  it("for ever: gives up after five minutes, certain that nothing was bought", () =>
    withFleet({}, async (fleet) => {
      fleet.emulator.faults.add(limited({ from: 1 }));
      const begun = fleet.timeline.now;
      const report = await fleet.up(inputs);
      assert(fleet.timeline.now - begun <= 301_000);
      assert.match(report.errors.join(), /^nothing was activated: .*API rate limit exceeded/);
      assert.deepEqual(fleet.resources, []);
      assert.deepEqual(fleet.emulator.ledger, []);
      fleet.emulator.faults.clear();
      (await fleet.up(inputs)).clean();
      assert.equal(fleet.emulator.ledger.length, 40);
    }));

  it("in reads and previews: the preview waits, and is whole", () =>
    withFleet({}, async (fleet) => {
      for (const path of ["/organizations", "/plans", "/links/cellular"]) {
        fleet.emulator.faults.add({ path, nth: 1, fault: { kind: "rateLimit", retryAfter: 3 } });
      }
      const report = (await fleet.preview(inputs)).clean();
      assert.partialDeepStrictEqual(report.preview(), { activate: 40, dueNow: 24 });
      assert.equal(report.preview().unverified, undefined);
      assert.equal(fleet.timeline.sleeps.length, 3);
    }));
});
