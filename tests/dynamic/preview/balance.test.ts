import assert from "node:assert/strict";
import type { AccountSetup } from "../../../provider/testing/emulator";
import { cards, PLAN, withFleet } from "../../harness/provider/providerFleet";

const ORGANIZATION = 12345;
const account = (balance: string): AccountSetup => ({
  organizations: [{ id: ORGANIZATION, balance }],
  keys: [{ key: "balance-key-77", role: "admin", orgIds: [ORGANIZATION] }],
  plans: [{ id: PLAN, name: "Global Flat", zones: { global: "0.60" } }],
});
const inputs = { sims: cards(20), plan: PLAN };

describe("dynamic: the balance", () => {
  it("that does not cover an activation is a warning, and no part of the preview", () =>
    withFleet({ account: account("10.00") }, async (fleet) => {
      const report = (await fleet.preview(inputs)).clean();
      const warnings = report.lines.filter(({ severity }) => severity === "warning");
      assert.deepEqual(
        warnings.map(({ message }) => message),
        [
          "the balance of organization 12345 is $10.00, and this activation costs about $12.00 before tax: Hologram may refuse it",
        ],
      );
      assert.equal(JSON.stringify(report.preview()).includes("balance"), false);
    }));

  it("that does is not spoken of, and is not asked for where nothing is activated", () =>
    withFleet({ account: account("12.00") }, async (fleet) => {
      const { lines } = (await fleet.preview(inputs)).clean();
      assert.deepEqual(new Set(lines.map(({ severity }) => severity)), new Set(["info"]));
      fleet.emulator.activateByHand(cards(20), { plan: PLAN, zone: "global" });
      const adopting = (await fleet.preview(inputs)).clean();
      assert(!adopting.requests.some(({ path }) => path.endsWith("/balance")));
    }));

  it("that cannot be read stops nothing", () =>
    withFleet({ account: account("0.00") }, async (fleet) => {
      fleet.emulator.faults.add({ path: /\/balance$/, fault: { kind: "status", status: 403 } });
      const report = (await fleet.preview(inputs)).clean();
      assert.equal(report.preview().activate, 20);
      assert.equal(report.lines.filter(({ severity }) => severity === "warning").length, 0);
    }));
});
