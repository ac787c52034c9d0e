import assert from "node:assert/strict";
import fc from "fast-check";
import { rangeOf } from "../../provider/fleet/model/declaration";
import { Selection } from "../../provider/fleet/numbers/selection";
import { findClaimable } from "../../provider/fleet/observe/claimable";
import { iccid, iccids } from "../harness/account/fleet";
import { World } from "../harness/account/world";
import type { Ways } from "../harness/account/worldTypes";

/** The previews it takes to name all the cards in a range that is too large for one. */
async function previewsOf(
  numbers: readonly string[],
  width: number,
  ways: Partial<Ways> = {},
): Promise<number> {
  const world = new World(ways);
  for (const each of numbers) world.add(each);
  const sims = rangeOf(iccid(0), iccid(width - 1));
  const found = await findClaimable(world, sims, new Map(), {
    expectedSims: undefined,
    lost: Selection.empty,
  });
  if (world.ways.preview === "names") assert.deepEqual(found.named, numbers);
  else assert.ok(numbers.every((each) => found.unnamed.has(each)));
  return world.previews.length;
}
const bound = (sims: number): number => 4 * Math.ceil(sims / 2_500);

describe("a range that is refused as too large", () => {
  it("is halved until it fits, within four requests for each 2,500 SIMs, dense or with check digits", async () => {
    for (const count of [2_500, 2_501, 5_000, 9_999, 12_500, 25_000]) {
      for (const step of [1, 10]) {
        const requests = await previewsOf(iccids(count, step), count * step);
        assert.ok(requests <= bound(count), `${count} SIMs, every ${step}: ${requests} requests`);
      }
    }
  });

  it("needs no more where the answer names nothing, or the limit counts numbers", async () => {
    for (const count of [2_501, 5_001, 9_999, 12_500, 22_000]) {
      const unnamed = await previewsOf(iccids(count, 10), count * 10, { preview: "costOnly" });
      assert.ok(unnamed <= bound(count), `${count} SIMs, none named: ${unnamed} requests`);
      const numbers = await previewsOf(iccids(count), count, { limitCounts: "numbers" });
      assert.ok(numbers <= bound(count), `${count} SIMs, numbers counted: ${numbers} requests`);
    }
  });

  it("is not cut into crumbs because one place in it is crowded", async () => {
    const cluster = fc.record({
      at: fc.integer({ min: 0, max: 96 }),
      count: fc.integer({ min: 1, max: 4_000 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(cluster, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(1, 10),
        async (clusters, step) => {
          const place = 4_000 * step;
          const width = 100 * place;
          const numbers = new Set(clusters.flatMap(({ at, count }) => iccids(count, step, at * place)));
          const sorted = [...numbers].sort();
          const requests = await previewsOf(sorted, width);
          // Each crowded place has to be found (a refusal tells only that it is somewhere), and left again.
          const depth = Math.ceil(Math.log2(width / 2_500));
          const most = bound(sorted.length) + 3 * depth * clusters.length;
          assert.ok(
            requests <= most,
            `${sorted.length} SIMs in ${width} numbers: ${requests} requests, at most ${most}`,
          );
        },
      ),
      { numRuns: 25 },
    );
  });

  it("is halved below the documented limit too, where the account takes less", async () => {
    for (const limit of [1, 7, 500, 2_499]) {
      for (const [count, step] of [
        [Math.min(1_000, 20 * limit), 1],
        [Math.min(1_000, 20 * limit), 10],
      ] as const) {
        const requests = await previewsOf(iccids(count, step), count * step, { limit });
        const most = 4 * Math.ceil(count / limit) + Math.ceil(Math.log2(count * step));
        assert.ok(requests <= most, `${count} SIMs, every ${step}, limit ${limit}: ${requests} requests`);
      }
    }
  });

  it("ends, unverified, when even the smallest part is refused", async () => {
    const world = new World();
    let requests = 0;
    world.previewClaim = async () => {
      requests++;
      return { kind: "refused", cause: "tooLarge", isRejected: true, message: "Too many SIMs" };
    };
    const sims = rangeOf(iccid(0), iccid(9_999));
    const found = await findClaimable(world, sims, new Map(), {
      expectedSims: undefined,
      lost: Selection.empty,
    });
    assert.equal(found.unverified, "Too many SIMs");
    assert.ok(found.unnamed.equals(sims.selection));
    assert.equal(requests, 15);
  });
});
