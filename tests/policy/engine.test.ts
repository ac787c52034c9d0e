/** The ready pack on the real engine: only it runs policies. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type PolicyConfiguration, policies } from "../../provider/policy";
import type { OperationOptions } from "../../provider/testing/engine";
import {
  cards,
  type Fleet,
  type Operation,
  ORG,
  PLAN,
  range,
  withFleets,
} from "../harness/engine/fleetStack";
import { everything } from "../harness/engine/form";
import { realEngine } from "../harness/engine/realEngine";

const pack = join(dirname(require.resolve("pulumi-hologram/package.json")), "provider", "policy", "pack");

/** Every rule is mandatory, and those that need settings have generous ones. */
const generous = {
  all: "mandatory",
  "largest-activation": { maxSims: 100 },
  "largest-release": { maxSims: 50 },
  "monthly-cost-ceiling": { maxMonthlyCost: 60 },
  "stack-monthly-cost-ceiling": { maxMonthlyCost: 90 },
  "allowed-plans": { plans: [PLAN] },
  "allowed-zones": { zones: ["Global"] },
  "allowed-organizations": { organizations: [ORG] },
} satisfies PolicyConfiguration;

const fine = { plan: PLAN, overageLimit: 5_000_000 };
const declared = (name: string, args: object): Fleet => {
  return { name, args: { ...fine, ...args }, options: { protect: true } };
};

describe("the policy pack on the real engine", () => {
  const engine = realEngine();
  if (engine === undefined) {
    it("was not run: the Pulumi CLI was not found", function skipped() {
      this.skip();
    });
    return;
  }
  if (!everything) {
    it("was not run: it is part of `HOLOGRAM_TESTS=all npm test`", function skipped() {
      this.skip();
    });
    return;
  }

  it("stops what the rules forbid, in preview and in up, and lets the rest through", async function test() {
    this.timeout(300_000);
    await withConfiguration((under) =>
      withFleets(engine, { sims: 400 }, async (fleets) => {
        const { emulator } = fleets;
        emulator.activateByHand(cards(250, 260), { plan: PLAN, zone: "global" });

        // A program that every rule has something against, but for releases: there is nothing yet to release.
        const tight = {
          all: "mandatory",
          "largest-activation": { maxSims: 99 },
          "largest-release": { maxSims: 50 },
          "monthly-cost-ceiling": { maxMonthlyCost: 59.99 },
          "stack-monthly-cost-ceiling": { maxMonthlyCost: 65.99 },
          "allowed-plans": { plans: [75] },
          "allowed-zones": { zones: ["eu"] },
          "allowed-organizations": { organizations: [ORG + 1] },
        } satisfies PolicyConfiguration;
        const large = { plan: PLAN, simRange: range(0, 100), onRelease: "deactivate" } as const;
        const lateRange: Fleet = {
          name: "late",
          args: { plan: PLAN, simRange: range(300, 310) },
          late: ["simRange"],
        };
        fleets.declare(
          { name: "large", args: large },
          { name: "mixed", args: { plan: PLAN, sims: [...cards(100, 101), ...cards(250, 259)] } },
          lateRange,
        );
        const stopped = await fleets.preview(under(tight));
        assert.equal(stopped.ok, false);
        const each = ["limits-required", "protect-required", "allowed-plans", "allowed-zones"];
        assert.deepEqual(
          violations(stopped),
          [
            ...["allowed-organizations: large", "allowed-organizations: mixed"],
            ...each.sort().flatMap((rule) => ["large", "late", "mixed"].map((name) => `${rule}: ${name}`)),
            ...["largest-activation: large", "monthly-cost-ceiling: large", "no-adoption: mixed"],
            ...["no-deactivate: large", "no-unverified-preview: late"],
            "stack-monthly-cost-ceiling: fleets-dev",
          ].sort(),
        );
        assert.match(stopped.text, /"large" activates 100 SIMs in one change; at most 99 are allowed/);

        // The resource itself refuses an overlap, before any policy is asked: whichever of the two is checked later.
        fleets.declare(
          { name: "large", args: large },
          { name: "mixed", args: { plan: PLAN, sims: cards(99, 110) } },
        );
        const overlapping = await fleets.preview(under({ all: "disabled" }));
        assert.equal(overlapping.ok, false);
        assert.match(overlapping.text, /1 SIM is declared by (large|mixed) too/);

        // The same size of fleets, and a limit lower by one SIM: stopped in the update, before anything is sent.
        const good = [declared("a", { simRange: range(0, 100) }), declared("b", { sims: cards(100, 150) })];
        const late: Fleet = { ...declared("c", { simRange: range(300, 340) }), late: ["simRange"] };
        fleets.declare(...good);
        const refused = await fleets.up(under({ ...generous, "largest-activation": { maxSims: 99 } }));
        assert.equal(refused.ok, false);
        assert.deepEqual(violations(refused), ["largest-activation: a"]);
        assert.deepEqual(
          emulator.ledger.filter(({ iccid }) => cards(0, 100).includes(iccid)),
          [],
        );

        // Raised, it passes, the preview before the update too.
        const up = await fleets.up({ ...under(generous), preview: true });
        assert.ok(up.ok, up.text);
        assert.deepEqual(violations(up), []);
        assert.equal(emulator.ledger.length, 160);

        // Later the limit is one SIM, and 100 SIMs unchanged do not trip it; fewer in "b" do trip their own rule.
        const later = {
          ...generous,
          "largest-activation": { maxSims: 1 },
          "no-unverified-preview": "advisory",
        } as const;
        fleets.declare(
          declared("a", { simRange: range(0, 100), onRelease: "pause" }),
          declared("b", { sims: cards(148, 151) }),
          late,
        );
        const shrunk = await fleets.preview(under({ ...later, "largest-release": { maxSims: 47 } }));
        assert.deepEqual(violations(shrunk), ["largest-release: b"]);
        assert.match(shrunk.text, /48 SIMs would leave "b" in one change; at most 47 may/);

        // Each other rule has stopped one of the programs that were previewed, and let the others be.
        const tripped = [...violations(stopped), ...violations(shrunk)].map((each) =>
          each.replace(/:.*/, ""),
        );
        assert.deepEqual(
          [...new Set(tripped)].sort(),
          policies
            .map(({ name }) => name)
            .filter((name) => name !== "no-overlapping-selections")
            .sort(),
        );

        // What no preview can know is judged in the update.
        const known = await fleets.up({
          ...under({ ...later, "largest-activation": { maxSims: 39 } }),
          preview: true,
        });
        assert.equal(known.ok, false);
        assert.deepEqual(violations(known), ["largest-activation: c"]);
        assert.equal(emulator.ledger.length, 161);
      }),
    );
  });

  it("does nothing under a configuration with a setting, or a policy, that there is not", async function test() {
    this.timeout(300_000);
    await withConfiguration((under) =>
      withFleets(engine, { sims: 60 }, async (fleets) => {
        fleets.declare({ name: "large", args: { plan: PLAN, simRange: range(0, 60) } });
        for (const operation of ["preview", "up"] as const) {
          const misspelt = await fleets[operation](under({ "largest-activation": { maxsims: 50 } }));
          assert.equal(misspelt.ok, false);
          assert.match(
            misspelt.text,
            /the policy largest-activation has no setting "maxsims"; it has maxSims. Correct the policy configuration\./,
          );
          assert.doesNotMatch(misspelt.text, /^\s+at .*\.js:/m);
        }
        const unknown = await fleets.up(under({ "largest-activations": { maxSims: 50 } }));
        assert.equal(unknown.ok, false, "Pulumi refuses settings of a policy that the pack does not have");
        assert.match(unknown.text, /configuring policy pack .*: invalid enforcement level ""/);
        assert.deepEqual(fleets.emulator.ledger, []);
      }),
    );
  });
});

/** Hands over how to run an operation under a configuration, which is any: some of it is wrong on purpose. */
async function withConfiguration(
  work: (under: (configuration: object) => OperationOptions) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "policies-"));
  const file = join(folder, "policies.json");
  try {
    await work((configuration) => {
      writeFileSync(file, JSON.stringify(configuration));
      return { args: ["--policy-pack", pack, "--policy-pack-config", file] };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Rule and resource of each violation that stops, each once, sorted; every rule that could not run fails the test. */
function violations({ text }: Operation): string[] {
  assert.doesNotMatch(text, /can't run policy/);
  const found = text.matchAll(/\[mandatory\] +(\S+) +\(.*: (\S+)\)/g);
  return [...new Set([...found].map(([, rule, name]) => `${rule}: ${name}`))].sort();
}
