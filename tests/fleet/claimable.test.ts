import assert from "node:assert/strict";
import fc from "fast-check";
import type { Account } from "../../provider/fleet/model/account";
import { type DeclaredSims, listOf, rangeOf } from "../../provider/fleet/model/declaration";
import { Selection } from "../../provider/fleet/numbers/selection";
import { findClaimable } from "../../provider/fleet/observe/claimable";
import type { Claimable } from "../../provider/fleet/observe/claimPreviews";
import { readDeclared } from "../../provider/fleet/observe/observe";
import type { ClaimTarget } from "../../provider/hologram/model";
import { iccid, iccids } from "../harness/account/fleet";
import { World } from "../harness/account/world";
import { worldOf } from "../harness/account/worlds";
import type { Ways } from "../harness/account/worldTypes";

async function find(world: World, sims: DeclaredSims, expectedSims?: number): Promise<Claimable> {
  return findClaimable(world, sims, await readDeclared(world, sims), { expectedSims, lost: Selection.empty });
}
const previews: Ways["preview"][] = ["names", "namesRest", "costOnly", "refuses"];
const anyPreview = fc.constantFrom(...previews);

describe("the claimable SIMs of a list", () => {
  it("are asked for in requests of 2,500", async () => {
    const numbers = iccids(6_001);
    const world = worldOf(numbers);
    assert.deepEqual((await find(world, listOf(numbers))).named, numbers);
    assert.deepEqual(
      world.previews.map((each) => each.iccids.length),
      [2_500, 2_500, 1_001],
    );
  });

  it("are named however the preview answers, and what it refuses is refused with its words", async () => {
    for (const preview of previews) {
      const world = worldOf(iccids(4), { preview });
      world.addActive(iccid(4), { orgId: 5 });
      const found = await find(world, listOf(iccids(6)));
      if (preview === "refuses") {
        assert.deepEqual(found.named, iccids(6));
        assert.equal(found.unverified, "Previews are not available");
        continue;
      }
      assert.deepEqual(found.named, iccids(4));
      assert.deepEqual([...found.refused.keys()], [iccid(4), iccid(5)]);
      const words = found.refused.get(iccid(5));
      assert.match(words ?? "", preview === "namesRest" ? /not among the SIMs/ : /SIM not found/);
    }
  });

  it("leave out what is known to be active or dead: nothing is asked for that", async () => {
    const world = worldOf([iccid(0)]);
    world.addActive(iccid(1));
    world.addActive(iccid(2), { state: "DEAD" });
    const found = await find(world, listOf(iccids(3)));
    assert.deepEqual(found.named, [iccid(0)]);
    assert.deepEqual(world.previews, [{ kind: "preview", target: { sims: [iccid(0)] }, iccids: [iccid(0)] }]);
  });
});

describe("the claimable SIMs of a range", () => {
  it("are named by the preview", async () => {
    const world = worldOf(iccids(100, 10), { preview: "names" });
    const found = await find(world, rangeOf(iccid(0), iccid(999)));
    assert.deepEqual(found.named, iccids(100, 10));
    assert.equal(world.previews.length, 1);
  });

  it("are named by the listing where the preview tells only a cost", async () => {
    const world = worldOf(iccids(100, 10), { preview: "costOnly", inventory: true });
    const found = await find(world, rangeOf(iccid(0), iccid(999)));
    assert.deepEqual(found.named, iccids(100, 10));
    assert.ok(found.unnamed.isEmpty);
  });

  it("stay unnamed where neither tells, and the numbers are the range without what is known", async () => {
    const world = worldOf(iccids(9, 10, 10), { preview: "costOnly" });
    world.addActive(iccid(0));
    const found = await find(world, rangeOf(iccid(0), iccid(99)));
    assert.deepEqual(found.named, []);
    assert.equal(found.unnamed.toString(), `${iccid(1)}-${iccid(99)}`);
  });

  it("are looked for no further than expectedSims: all known, nothing asked", async () => {
    const world = new World();
    for (const each of iccids(10, 10)) world.addActive(each);
    const found = await find(world, rangeOf(iccid(0), iccid(99)), 10);
    assert.deepEqual([found.named, world.previews.length], [[], 0]);
  });

  it("say why when no preview can be had", async () => {
    const found = await find(worldOf(iccids(3), { preview: "refuses" }), rangeOf(iccid(0), iccid(9)));
    assert.equal(found.unverified, "Previews are not available");
    assert.equal(found.unnamed.width, 10n);
  });

  it("are found through gaps, and never invented, in any world", async () => {
    const world = fc.record({
      kinds: fc.array(fc.constantFrom("none", "free", "free", "active", "dead", "test"), { maxLength: 60 }),
      preview: anyPreview,
      inventory: fc.boolean(),
      testMode: fc.constantFrom<Ways["testMode"]>("E1", "E3"),
      asList: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(world, async ({ kinds, asList, ...ways }) => {
        const world = new World(ways);
        const numbersOf = (kind: string) => kinds.flatMap((each, i) => (each === kind ? [iccid(i)] : []));
        for (const each of numbersOf("free")) world.add(each);
        for (const each of numbersOf("active")) world.addActive(each);
        for (const each of numbersOf("dead")) world.addActive(each, { state: "DEAD" });
        for (const each of numbersOf("test"))
          world.addActive(each, { state: "TEST-ACTIVATE", testMode: true });
        const all = [...world.cards.keys()];
        fc.pre(all.length > 0);
        const sims = asList ? listOf(all) : rangeOf(iccid(0), iccid(kinds.length));
        const { named, refused, unnamed } = await find(world, sims);

        const [free, tests] = [new Set(numbersOf("free")), new Set(numbersOf("test"))];
        assert.ok(
          named.every((each) => free.has(each) || tests.has(each)),
          "only what can be bought is named",
        );
        for (const each of tests) assert.ok(named.includes(each), "Test Mode SIMs count as claimable");
        for (const each of free)
          assert.ok(named.includes(each) || unnamed.has(each), "nothing is overlooked");
        for (const each of [...free, ...tests]) assert.equal(refused.has(each), false);
        for (const { iccids: asked, target } of world.previews) {
          assert.equal("plan" in target || "zone" in target, false);
          assert.ok(!asked.some((each) => tests.has(each)), "a preview never names a Test Mode SIM");
        }
        assert.equal(world.writes, 0);
      }),
      {
        numRuns: 400,
        // More gaps than are asked for, one as wide as the other: what was not asked for may hold a card.
        examples: [
          [
            {
              kinds: ["free", "active", "none", "dead", "none", "active", "free", "test"],
              preview: "names",
              inventory: false,
              testMode: "E1",
              asList: false,
            },
          ],
        ],
      },
    );
  });
});

describe("Hologram's own count of a range", () => {
  /** A preview of a range counts what it would activate, and names nothing. */
  const counting = (world: World): World =>
    Object.assign(world, {
      previewClaim: async (target: ClaimTarget) => {
        if (!("simRange" in target)) return assert.fail("asked by name");
        const [first = "", last = ""] = target.simRange.split("-");
        const inRange = [...world.cards.values()].filter((card) => card.iccid >= first && card.iccid <= last);
        const quantity = inRange.filter(({ deviceId }) => deviceId === undefined).length;
        return { kind: "claimable", order: { salesTax: "0", shippingCost: "0", quantity } } as const;
      },
    });

  it("counts each SIM once, wherever the active ones lie and however often a part is asked for", async () => {
    const card = fc.constantFrom("active", "for sale", "none");
    await fc.assert(
      fc.asyncProperty(
        fc.array(card, { minLength: 1, maxLength: 40 }),
        fc.constantFrom(1, 10),
        async (cards, step) => {
          const numbers = iccids(cards.length, step);
          const world = counting(new World());
          for (const [i, kind] of cards.entries()) {
            if (kind === "active") world.addActive(numbers[i] ?? "");
            if (kind === "for sale") world.add(numbers[i] ?? "");
          }
          const sims = rangeOf(numbers[0] ?? "", numbers.at(-1) ?? "");
          const { unnamed, unnamedCount } = await find(world, sims);
          const forSale = cards.filter((kind) => kind === "for sale").length;
          assert.equal(unnamedCount, unnamed.isEmpty ? undefined : forSale);
        },
      ),
    );
  });
});

describe("a preview that is not one", () => {
  const purchase = (account: World): Account =>
    Object.assign(account, {
      previewClaim: async () => ({ kind: "looksLikePurchase", iccids: [iccid(0)] }) as const,
    });

  it("stops the run when it carries device ids, and names the SIMs", async () => {
    for (const sims of [listOf(iccids(3)), rangeOf(iccid(0), iccid(9))]) {
      const world = worldOf(iccids(3));
      const looking = findClaimable(purchase(world), sims, new Map(), {
        expectedSims: undefined,
        lost: Selection.empty,
      });
      await assert.rejects(looking, new RegExp(`as if it had activated ${iccid(0)}`));
    }
  });

  const refusing = (cause: "key" | "role"): World => {
    const world = worldOf(iccids(1));
    world.previewClaim = async () => ({
      kind: "refused",
      cause,
      isRejected: true,
      message: "No permissions",
    });
    return world;
  };

  it("stops when the key is refused, in the server's words", async () => {
    await assert.rejects(find(refusing("key"), listOf(iccids(1))), /No permissions/);
  });

  it("is no obstacle where the key's role may not ask: it only is not verified", async () => {
    const { named, unverified } = await find(refusing("role"), listOf(iccids(1)));
    assert.deepEqual(named, iccids(1));
    assert.match(unverified ?? "", /No permissions/);
  });
});
