import assert from "node:assert/strict";
import { monthlyCostCeiling, stackMonthlyCostCeiling } from "../../provider/policy";
import { assertViolation, stackVerdict, told, UNKNOWN, verdict } from "./support";

/** A preview of a plan that Hologram names no price for. */
function unpriced(change: { readonly activate: number }) {
  const { monthlyCost, monthlyCostBefore, dueNow, ...preview } = told(change);
  return { ...preview, unverified: "Hologram names no price for plan 2096" };
}

describe("policy monthly-cost-ceiling", () => {
  const config = { maxMonthlyCost: 100.5 };
  const ask = (preview: unknown, props = {}) =>
    verdict(monthlyCostCeiling, { props: { ...props, preview } }, config);

  it("compares dollars per month", async () => {
    assert.deepEqual(await ask(told({ monthlyCost: 100.5 })), []);
    assertViolation(
      await ask(told({ monthlyCost: 1_100.51 })),
      '"fleet" would cost $1,100.51 per month',
      "at most $100.50 is allowed",
      "raise maxMonthlyCost",
    );
  });

  it("does not let a change pass whose cost nobody could tell", async () => {
    assertViolation(await ask({ unverified: "no API key" }), "is not known (no API key)", "at most $100.50");
    assertViolation(await ask(unpriced({ activate: 3 })), "names no price for plan 2096");
    assert.deepEqual(await ask(unpriced({ activate: 0 })), []);
  });

  it("waits for inputs that are not known yet, and says nothing without a ceiling", async () => {
    const untold = { unverified: "not known before the update: plan" };
    for (const name of ["simRange", "sims", "eidRange", "plan", "zone", "orgId", "adopt"])
      assert.deepEqual(await ask(untold, { [name]: UNKNOWN }), [], name);
    assertViolation(await ask(told({ monthlyCost: 101 }), { overageLimit: UNKNOWN }), "$101.00");
    const without = await verdict(monthlyCostCeiling, { props: { preview: told({ monthlyCost: 101 }) } });
    assert.deepEqual(without, { notApplicable: "maxMonthlyCost is not configured" });
  });
});

describe("policy stack-monthly-cost-ceiling", () => {
  const fleet = (monthlyCost: number) => ({ props: { preview: told({ monthlyCost }) } });

  it("adds up in decimals", async () => {
    const fleets = [fleet(0.1), fleet(0.2), { type: "aws:s3:Bucket" }];
    assert.deepEqual(await stackVerdict(stackMonthlyCostCeiling, fleets, { maxMonthlyCost: 0.3 }), []);
    assertViolation(
      await stackVerdict(stackMonthlyCostCeiling, fleets, { maxMonthlyCost: 0.29 }),
      "the 2 fleets of the stack would cost $0.30 per month",
      "at most $0.29 is allowed",
      "raise maxMonthlyCost",
    );
  });

  it("says how many fleets it cannot count", async () => {
    const unknown = { props: { simRange: UNKNOWN, preview: { unverified: "not known before the update" } } };
    const config = { maxMonthlyCost: 50 };
    assert.deepEqual(await stackVerdict(stackMonthlyCostCeiling, [fleet(50), unknown], config), []);
    assertViolation(
      await stackVerdict(stackMonthlyCostCeiling, [fleet(51), unknown], config),
      "the fleet of the stack (1 more of unknown cost is not counted) would cost $51.00",
    );
  });

  it("says nothing without a ceiling, and of a stack without fleets", async () => {
    assert.deepEqual(await stackVerdict(stackMonthlyCostCeiling, [fleet(50)]), {
      notApplicable: "maxMonthlyCost is not configured",
    });
    const none = await stackVerdict(stackMonthlyCostCeiling, [{ type: "aws:s3:Bucket" }], {
      maxMonthlyCost: 0,
    });
    assert.ok("notApplicable" in none);
  });
});
