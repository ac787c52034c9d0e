import assert from "node:assert/strict";
import { join } from "node:path";
import * as planner from "../../../provider/fleet/plan/plan";
import * as claims from "../../../provider/hologram/schemas/claim";
import { range as fleetRange, withFleets } from "../../harness/engine/fleetStack";
import { everything } from "../../harness/engine/form";
import { realEngine } from "../../harness/engine/realEngine";
import { PLAN, range, withFleet } from "../../harness/provider/providerFleet";

const inputs = { simRange: range(3), plan: PLAN };
const { plan } = planner;

function planted(): never {
  throw new TypeError("Cannot read properties of undefined (reading 'foo')");
}

describe("a fault of this package, planted in the planner", () => {
  const plant = (): void => void Object.assign(planner, { plan: planted });
  const mend = (): void => void Object.assign(planner, { plan });
  afterEach(mend);

  for (const phase of ["preview", "update"] as const) {
    it(`is called one in the ${phase} phase, and no mistake of the program; nothing is claimed`, () =>
      withFleet({}, async (fleet) => {
        if (phase === "preview") plant();
        const report = await fleet.up(inputs, { between: plant });
        assert.deepEqual([report.failures, report.reasons, report.claims], [[], [], []]);
        assert.match(
          report.errors.join(),
          /^internal error in pulumi-hologram: Cannot read .*'foo'\)\. This is a fault of the package.* --debug$/,
        );
        assert.doesNotMatch(report.text, /^ +at /m);
        mend();
        assert.equal((await fleet.up(inputs)).clean().claims.length, 1);
      }));
  }

  it("in the middle of a claim leaves the SIMs in doubt, and is called one", () =>
    withFleet({}, async (fleet) => {
      const { claimBody } = claims;
      Object.assign(claims, { claimBody: planted });
      const { reasons } = await fleet.up(inputs);
      Object.assign(claims, { claimBody });
      assert.match(reasons.join(), /doubtful until .*: internal error in pulumi-hologram: .*'foo'/);
    }));

  it("shows its stack with pulumi --debug, and none without", async function real() {
    const engine = realEngine();
    if (engine === undefined || !everything) return this.skip();
    this.timeout(120_000);
    const fault = join(__dirname, "../../harness/programs/plantedFault.js");
    const setup = { sims: 3, env: { NODE_OPTIONS: `--require ${fault}` } };
    // What `fleets` itself runs must show no stack: it looks for one at the end.
    await withFleets(engine, setup, async (fleets) => {
      fleets.declare({ name: "fleet", args: { simRange: fleetRange(0, 3), plan: PLAN } });
      const { errors, text } = await fleets.up({ preview: true });
      assert.match(errors.join(), /^internal error in pulumi-hologram: .*'foo'/);
      assert.doesNotMatch(text, /planted/);
      const debugged = await fleets.stack.up({ args: ["--debug"] });
      assert.match(debugged.text, /TypeError: .*'foo'\)\n +at planted \(.*\n +at previewFleet \(/);
    });
  });
});
