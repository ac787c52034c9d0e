import assert from "node:assert/strict";
import fc from "fast-check";
import { money, toDollars } from "../../provider/fleet/model/money";
import { dueNow, findPrice, monthlyCost } from "../../provider/fleet/observe/price";
import type { PlanZone } from "../../provider/hologram/model";
import { aPrice } from "../harness/account/fleet";
import { World } from "../harness/account/world";

function selling(zones: readonly PlanZone[], pricing: readonly PlanZone[] = [], billingPeriod = 1): World {
  const world = new World();
  world.dataPlans = [{ id: 2096, name: "Global Flat", billingPeriod, zones }];
  world.pricingRows = [...pricing];
  return world;
}
async function amountIn(world: World, zone = "global"): Promise<string | undefined> {
  const finding = await findPrice(world, 2096, zone);
  assert.ok("price" in finding);
  return finding.price.amount?.toFixed();
}
const global = (amount?: string, tier = "BASE"): PlanZone => ({
  zone: "Global",
  tier,
  ...(amount === undefined ? {} : { amount }),
});

describe("the price of a plan in a zone", () => {
  it("stands in the plan, whatever the letter case of the zone, and needs one request", async () => {
    const world = selling([{ zone: "us", tier: "BASE", amount: "9" }, global("0.600000")]);
    assert.equal(await amountIn(world, "gLOBAL"), "0.6");
    assert.equal(world.reads, 1);
  });

  it("is the organization's own where the plan shows several tiers", async () => {
    const world = selling([global("0.60"), global("0.50", "GOLD")], [global("0.55", "SILVER")]);
    assert.equal(await amountIn(world), "0.55");
  });

  it("is that of the tier the organization is on, where the plan says which, in the plan and in the pricing", async () => {
    const offers = [global("0.60"), global("2.00", "GOLD")];
    const on = async (currentTier: string, zones: PlanZone[], pricing: PlanZone[] = []) => {
      const world = selling(zones, pricing);
      world.dataPlans = world.dataPlans.map((plan) => ({ ...plan, currentTier }));
      return [await amountIn(world), world.reads];
    };
    assert.deepEqual(await on("BASE", offers), ["0.6", 1]);
    assert.deepEqual(await on("GOLD", offers), ["2", 1]);
    assert.deepEqual(await on("GOLD", [global("0.60"), global(undefined, "GOLD")], offers), ["2", 2]);
    assert.deepEqual(await on("BASE", [global()], offers), ["0.6", 2]);
    // A tier without a price of its own in this zone tells nothing.
    assert.deepEqual(await on("SILVER", offers, [global("0.70"), global("1.90", "GOLD")]), ["1.9", 2]);
  });

  it("names the zone as the plan spells it, however the program does, and a plan that is switched off", async () => {
    const priceIn = async (world: World, zone: string) => {
      const finding = await findPrice(world, 2096, zone);
      return "price" in finding ? finding.price : assert.fail();
    };
    assert.equal((await priceIn(selling([global("1")]), "gLOBAL")).planZone, "Global");
    const both = selling([global("1"), { zone: "global", tier: "BASE", amount: "1" }]);
    assert.deepEqual(
      [(await priceIn(both, "global")).planZone, (await priceIn(both, "Global")).planZone],
      ["global", "Global"],
    );
    assert.equal((await priceIn(selling([], [global("1")]), "global")).planZone, "Global");
    assert.equal((await priceIn(selling([]), "global")).planZone, "global");
    assert.equal("isOff" in (await priceIn(both, "global")), false);
    both.dataPlans = both.dataPlans.map((plan) => ({ ...plan, isOff: true }));
    assert.equal((await priceIn(both, "global")).isOff, true);
  });

  it("is the highest where neither says which one holds: an estimate may be too high, not too low", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 999 }), { minLength: 2, maxLength: 5 }),
        fc.boolean(),
        async (cents, inPricing) => {
          const offers = cents.map((each, i) => global((each / 100).toFixed(2), `T${i}`));
          const world = inPricing ? selling([global(), ...offers], offers) : selling(offers);
          assert.equal(
            await amountIn(world),
            money(Math.max(...cents))
              .div(100)
              .toFixed(),
          );
        },
      ),
    );
  });

  it("is looked up in the pricing where the plan names no zone or no amount", async () => {
    assert.equal(await amountIn(selling([], [global("0.70")])), "0.7");
    assert.equal(await amountIn(selling([global()], [global("0.70"), { zone: "us", amount: "9" }])), "0.7");
  });

  it("is absent, not zero, where the API names none", async () => {
    const finding = await findPrice(selling([global()]), 2096, "global");
    assert.ok("price" in finding);
    assert.equal(finding.price.amount, undefined);
    assert.equal(dueNow(finding.price, 10), undefined);
    assert.equal(monthlyCost(finding.price, 10), undefined);
  });

  it("divides by the billing period for a month, and is charged whole at once", () => {
    const yearly = aPrice("12.00", 12);
    assert.equal(dueNow(yearly, 10)?.toFixed(), "120");
    assert.equal(monthlyCost(yearly, 10)?.toFixed(), "10");
    const odd = monthlyCost(aPrice("1.00", 3), 1);
    assert.equal(odd && toDollars(odd), 0.33);
  });

  it("of an unknown plan is a refusal that names the plans there are", async () => {
    assert.deepEqual(await findPrice(selling([]), 75, "global"), {
      refusal: { reason: "plan: organization 77 has no plan 75. Its plans: 2096 (Global Flat)" },
    });
    const none = selling([]);
    none.dataPlans = [];
    assert.deepEqual(await findPrice(none, 75, "global"), {
      refusal: { reason: "plan: organization 77 has no plan 75. Its plans: none" },
    });
  });

  it("in an unknown zone is a refusal that names the zones there are, each once", async () => {
    const world = selling([global("1"), global("2", "GOLD"), { zone: "us", amount: "3" }]);
    assert.deepEqual(await findPrice(world, 2096, "mars"), {
      refusal: { reason: 'zone: plan 2096 (Global Flat) has no zone "mars". Its zones: Global, us' },
    });
  });
});
