/** What was previewed, judged and saved is what is applied. Only the real engine has policies and plans. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PolicyConfiguration } from "../../provider/policy";
import {
  account,
  cards,
  type Fleet,
  type FleetStack,
  type Operation,
  PLAN,
  range,
  urnOf,
  withFleets,
} from "../harness/engine/fleetStack";
import { everything } from "../harness/engine/form";
import { withProgram } from "../harness/engine/programStack";
import { realEngine } from "../harness/engine/realEngine";
import { assertNothingWrong, charged, failedWith, opsOf, previewOf, succeeded } from "./asserts";

const PILOT = 75;
const root = dirname(require.resolve("pulumi-hologram/package.json"));
const pack = join(root, "provider", "policy", "pack");

describe("what was approved is applied, on the real engine", () => {
  const engine = realEngine();
  if (engine === undefined || !everything) {
    const reason =
      engine === undefined
        ? "the Pulumi CLI was not found"
        : "it is part of the full form (HOLOGRAM_TESTS=all)";
    it(`was not run: ${reason}`, function skipped() {
      this.skip();
    });
    return;
  }

  it("50 more SIMs: cost before and after, a ceiling, a saved plan, and a price that changes", async function test() {
    this.timeout(300_000);
    await withFleets(engine, { sims: 400 }, async (fleets) => {
      const file = (name: string): string => join(fleets.directory, name);
      const under = (configuration: PolicyConfiguration): string[] => {
        writeFileSync(file("policies.json"), JSON.stringify(configuration));
        return ["--policy-pack", pack, "--policy-pack-config", file("policies.json")];
      };
      // The second fleet comes after the first: one of its limits is known only when the devices of the first are.
      const second: Fleet = {
        name: "second",
        args: { plan: PILOT, simRange: range(300, 310), overageLimit: 5_000_000 },
        late: ["overageLimit"],
      };
      fleets.declare({ name: "fleet", args: { plan: PLAN, simRange: range(0, 100) } });
      assert.equal(charged(succeeded(await fleets.up())).length, 100);

      // Too much for the ceiling: the preview fails, and has told everything all the same.
      fleets.declare({ name: "fleet", args: { plan: PLAN, simRange: range(0, 150) } }, second);
      const ceiling = (maxMonthlyCost: number): string[] =>
        under({ "monthly-cost-ceiling": { maxMonthlyCost } });
      const stopped = await fleets.preview({ args: ceiling(89.99) });
      assert.equal(stopped.ok, false);
      assert.match(stopped.text, /\[mandatory\] +monthly-cost-ceiling +\(.*: fleet\)/);
      assert.doesNotMatch(stopped.text, /\[mandatory\].*: second\)/);
      assert.match(stopped.text, /\$90\.00 .*\$89\.99/);
      assert.match(
        stopped.text,
        /SimActivation fleet update .*activate 50 SIMs on Global Flat \(2096, global\): about \$30\.00 now, \$90\.00\/month/,
      );
      assert.deepEqual(stopped.writes, []);

      // The ceiling is raised. The same numbers stand in the detailed preview, the stack's outputs and the plan.
      const growth = {
        ...{ activate: 50, adopt: 0, resume: 0, changePlan: 0, changeLimits: 0, release: 0, unchanged: 100 },
        ...{ simCount: 150, dueNow: 30, monthlyCostBefore: 60, monthlyCost: 90 },
        summary: "activate 50 SIMs on Global Flat (2096, global): about $30.00 now, $90.00/month",
      };
      const start = { activate: 10, simCount: 10, dueNow: 15, monthlyCostBefore: 0, monthlyCost: 15 };
      const save = (name: string): string[] => ["--save-plan", file(name)];
      const saved = succeeded(
        await fleets.preview({ args: ["--diff", ...ceiling(90), ...save("plan.json")] }),
      );
      assert.deepEqual(previewOf(saved), growth);
      assert.partialDeepStrictEqual(previewOf(saved, "second"), start);
      for (const line of [/dueNow +: 60 => 30/, /monthlyCost +: 60 => 90/, /monthlyCostBefore: 0 => 60/]) {
        assert.match(saved.text, line);
      }
      assert.deepEqual(plannedPreview(file("plan.json"), "fleet"), growth);
      assert.partialDeepStrictEqual(plannedPreview(file("plan.json"), "second"), start);

      // Another price for the second fleet. An update that previews first sends nothing at all.
      priceOf(fleets, "1.600000");
      const plan = ["--plan", file("plan.json")];
      const refused = failedWith(await fleets.up({ preview: true, args: plan }), violates);
      assert.deepEqual([refused.writes, refused.charges], [[], []]);
      assert.deepEqual(await held(fleets), { fleet: 100 });

      // One that does not applies the fleet before the refused one, as previewed; then it stops.
      const partly = failedWith(await fleets.up({ args: plan }), violates);
      assert.deepEqual(charged(partly), cards(100, 150));
      assert.deepEqual(opsOf(partly), ["update"]);
      assert.deepEqual(await held(fleets), { fleet: 150 });

      // A new preview with the new price, as JSON, and its plan applies.
      const again = succeeded(await fleets.preview({ args: ["--json", ...save("second.json")] }));
      assert.partialDeepStrictEqual(previewInJson(again, "second"), {
        ...start,
        dueNow: 16,
        monthlyCost: 16,
      });
      assert.equal(previewInJson(again, "fleet"), undefined, "nothing is left to do");
      const applied = succeeded(await fleets.up({ preview: true, args: ["--plan", file("second.json")] }));
      assert.deepEqual(charged(applied), cards(300, 310));
      assert.deepEqual(await held(fleets), { fleet: 150, second: 10 });
      assertNothingWrong(fleets, 160);
    });
  });

  it("a balance that is too small is a warning in the preview, and the plan does not hold it", async function test() {
    this.timeout(120_000);
    const [organization = { name: "Fleet Operations" }] = account.organizations ?? [];
    const poor = { ...account, organizations: [{ ...organization, balance: "10.00" }] };
    await withFleets(engine, { sims: 100, account: poor }, async (fleets) => {
      fleets.declare({ name: "fleet", args: { plan: PLAN, simRange: range(0, 100) } });
      const file = join(fleets.directory, "plan.json");
      const preview = succeeded(await fleets.preview({ args: ["--save-plan", file] }));
      assert.match(
        preview.text,
        /warning: the balance of organization 12345 is \$10\.00, and this activation costs about \$60\.00/,
      );
      assert.deepEqual(plannedPreview(file, "fleet"), previewOf(preview));
      assert.doesNotMatch(readFileSync(file, "utf8"), /balance/);
    });
  });

  it("a plan that is looked up by its name is known in the preview", async function test() {
    this.timeout(120_000);
    await withProgram(engine, { program: "lookups", sims: 10 }, async ({ fleets, declare }) => {
      declare({ plan: "global flat", simRange: range(0, 10), output: true });
      const preview = succeeded(await fleets.preview());
      assert.equal(preview.outputs.planId, PLAN);
      assert.partialDeepStrictEqual(previewOf(preview), { activate: 10, dueNow: 6, monthlyCost: 6 });
      assert.ok(!("unverified" in previewOf(preview)));
      assert.deepEqual(preview.writes, []);
    });
  });
});

const violates = /violates plan: properties changed: .*preview/;

/** What the pilot plan costs per SIM and month from now on. */
function priceOf({ emulator }: FleetStack, price: string): void {
  emulator.addPlan({ id: PILOT, name: "Pilot 1 MB", data: 1_000_000, zones: { global: price } });
}

/** How many SIMs each fleet holds by the state. */
async function held({ stack }: FleetStack): Promise<Readonly<Record<string, unknown>>> {
  const { resources } = await stack.export();
  const fleets = resources.filter(({ type }) => type.endsWith(":SimActivation"));
  return Object.fromEntries(fleets.map(({ urn, outputs }) => [urn.split("::").at(-1), outputs.simCount]));
}

function plannedPreview(file: string, fleet: string): Readonly<Record<string, unknown>> {
  const { resourcePlans } = JSON.parse(readFileSync(file, "utf8"));
  const { adds, updates } = Object(resourcePlans)[urnOf(fleet)].goal.inputDiff;
  return { ...adds, ...updates }.preview;
}

/** Undefined where nothing is to be done. */
function previewInJson({ text }: Operation, fleet: string): Readonly<Record<string, unknown>> | undefined {
  const { steps } = JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1));
  const step = Object.values(Object(steps)).find((each) => Object(each).urn === urnOf(fleet));
  return Object(step).newState?.inputs.preview;
}
