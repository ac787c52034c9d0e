/** The ready pack: complete, and at home in the SDK's policy host, from a checkout and from an installed package. */
import assert from "node:assert/strict";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { PolicyPackConfig } from "@pulumi/policy";
import { type PolicyConfiguration, policies } from "../../provider/policy";
import { withPolicyHost } from "./host";
import { defaults, told, UNKNOWN } from "./support";

const root = dirname(require.resolve("pulumi-hologram/package.json"));
const sources = join(root, "provider", "policy");
const pack = join(sources, "pack");
const names = policies.map(({ name }) => name).sort();
const large = { ...defaults, preview: { ...told({ activate: 100 }) } };

describe("the policy pack", () => {
  it("has one rule in each file, each with words for people", () => {
    const files = readdirSync(sources).filter((file) => /^[a-z]+(-[a-z]+)+\.ts$/.test(file));
    assert.deepEqual(files.map((file) => file.replace(".ts", "")).sort(), names);
    for (const { description, enforcementLevel, configSchema } of policies) {
      assert.match(description, /^[A-Z].*\.$/);
      assert.ok(enforcementLevel === "mandatory" || enforcementLevel === "advisory");
      // A required setting would make the CLI refuse the pack of a user who does not configure the rule.
      assert.equal(configSchema?.required, undefined);
      for (const setting of Object.values(configSchema?.properties ?? {})) assert.ok(setting.description);
    }
  });

  it("has the version of the package", () => {
    const versionOf = (folder: string): unknown =>
      JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
    assert.equal(versionOf(pack), versionOf(root));
  });

  it("is served by the SDK's policy host", () =>
    withPolicyHost(pack, async (host) => {
      const { name, policiesList } = await host.info();
      assert.equal(name, "pulumi-hologram");
      assert.deepEqual(policiesList.map((each) => each.name).sort(), names);

      const unconfigured = await host.analyze({ name: "a", props: large });
      assert.deepEqual(unconfigured.map(({ policy }) => policy).sort(), [
        "limits-required",
        "protect-required",
      ]);
      assert.ok(unconfigured.every(({ mandatory }) => !mandatory));

      await host.configure({
        "largest-activation": { maxSims: 50 },
        "monthly-cost-ceiling": { maxMonthlyCost: 59 },
        "allowed-organizations": { organizations: [1] },
        "allowed-plans": { plans: [75] },
        "allowed-zones": { zones: ["eu"] },
        "stack-monthly-cost-ceiling": { maxMonthlyCost: 100 },
      });
      const stopped = (await host.analyze({ name: "a", props: large })).filter(({ mandatory }) => mandatory);
      assert.deepEqual(stopped.map(({ policy }) => policy).sort(), [
        "allowed-organizations",
        "allowed-plans",
        "allowed-zones",
        "largest-activation",
        "monthly-cost-ceiling",
      ]);

      const stack = await host.analyzeStack(["a", "b"].map((each) => ({ name: each, props: large })));
      assert.deepEqual(stack.map(({ policy }) => policy).sort(), [
        "no-overlapping-selections",
        "stack-monthly-cost-ceiling",
      ]);
    }));

  it("stops, whatever the level, for a setting that a policy does not have", () =>
    withPolicyHost(pack, async (host) => {
      await host.configure({ "largest-activation": { maxsims: 50 } });
      await assert.rejects(host.analyze({ name: "a", props: large }), ({ message }: Error) => {
        assert.match(message, /the policy largest-activation has no setting "maxsims"; it has maxSims/);
        assert.doesNotMatch(message, /\n\s+at |\.js:/, "a sentence, and no stack");
        return true;
      });
      await host.configure({ "no-overlapping-selections": { level: "advisory" } });
      await assert.rejects(
        host.analyzeStack([{ name: "a", props: large }]),
        /the policy no-overlapping-selections has no setting "level"; it has none/,
      );
    }));

  it("runs every rule on unknown values", () =>
    withPolicyHost(pack, async (host) => {
      const preview = { unverified: "not known before the update" };
      const names = ["simRange", "eidRange", "plan", "zone", "orgId", "adopt", "onRelease", "overageLimit"];
      const unknown = Object.fromEntries(names.map((name) => [name, UNKNOWN]));
      await host.configure({ "largest-activation": { maxSims: 0 }, "allowed-zones": { zones: [] } });
      const fleet = { name: "a", props: { ...unknown, preview } };
      const said = [...(await host.analyze(fleet)), ...(await host.analyzeStack([fleet]))];
      assert.deepEqual(said.map(({ policy }) => policy).sort(), [
        "no-unverified-preview",
        "protect-required",
      ]);
      for (const { message } of said) assert.doesNotMatch(message, /can't run/);
    }));

  describe("installed", () => {
    const project = mkdtempSync(join(tmpdir(), "installed-"));
    const installed = join(project, "node_modules", "pulumi-hologram");

    before(() => {
      for (const part of ["package.json", "dist/provider", "provider/policy/pack"]) {
        cpSync(join(root, part), join(installed, part), { recursive: true });
      }
      for (const each of readdirSync(join(root, "node_modules"))) {
        if (each === "pulumi-hologram" || each.startsWith(".")) continue;
        symlinkSync(join(root, "node_modules", each), join(project, "node_modules", each));
      }
    });
    after(() => rmSync(project, { recursive: true, force: true }));

    it("is served from its folder in node_modules", () =>
      withPolicyHost(join(installed, "provider", "policy", "pack"), async (host) => {
        const { policiesList } = await host.info();
        assert.deepEqual(policiesList.map((each) => each.name).sort(), names);
      }));

    it("lends its rules to a pack of the user's own", async () => {
      const own = join(project, "rules");
      mkdirSync(own);
      writeFileSync(join(own, "package.json"), JSON.stringify({ name: "rules", version: "1.0.0" }));
      writeFileSync(
        join(own, "index.js"),
        `const { PolicyPack } = require("@pulumi/policy");
         const { largestActivation, noDeactivate } = require("pulumi-hologram/policy");
         new PolicyPack("rules", { policies: [largestActivation, noDeactivate] });`,
      );
      await withPolicyHost(own, async (host) => {
        await host.configure({ "largest-activation": { maxSims: 50 }, "no-deactivate": {} });
        const said = await host.analyze({ name: "a", props: { ...large, onRelease: "deactivate" } });
        assert.deepEqual(said.map(({ policy }) => policy).sort(), ["largest-activation", "no-deactivate"]);
      });
      // What the pack would be handed in TypeScript; this compiles or not.
      const configuration: PolicyConfiguration = {
        "largest-activation": { maxSims: 500 },
        "no-adoption": "disabled",
      };
      const handed: PolicyPackConfig = configuration;
      assert.deepEqual(Object.keys(handed), ["largest-activation", "no-adoption"]);
    });
  });
});
