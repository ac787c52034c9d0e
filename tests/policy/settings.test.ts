/** Settings of the policies: one that a policy does not have is an error and not a rule that says nothing. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  allowedPlans,
  largestActivation,
  limitsRequired,
  noDeactivate,
  policies,
} from "../../provider/policy";
import { readPage, root } from "../docs/pages";
import { told, verdict } from "./support";

const declared = { props: { preview: told({ activate: 100 }) } };

describe("the settings of policies", () => {
  it("are refused by name where the policy has none of that name, also beside one that it has", async () => {
    await assert.rejects(verdict(largestActivation, declared, { maxsims: 50 }), {
      message:
        'the policy largest-activation has no setting "maxsims"; it has maxSims. Correct the policy configuration.',
    });
    await assert.rejects(
      verdict(largestActivation, declared, { maxSims: 500, per: "week" }),
      /no setting "per"/,
    );
    await assert.rejects(verdict(noDeactivate, declared, { onRelease: ["keep"] }), {
      message:
        'the policy no-deactivate has no setting "onRelease"; it has none. Correct the policy configuration.',
    });
  });

  it("are refused where the value is of another kind, as the CLI refuses it too", async () => {
    await assert.rejects(
      verdict(largestActivation, declared, { maxSims: "50" }),
      /^Error: maxSims of the policy largest-activation cannot be "50": .*expected number/,
    );
    await assert.rejects(verdict(allowedPlans, declared, { plans: [2096, "75"] }), /plans of the policy/);
    await assert.rejects(verdict(limitsRequired, declared, { limits: ["data"] }), /limits of the policy/);
  });

  it("reach Pulumi as a schema that requires nothing and describes everything", () => {
    const { configSchema } = largestActivation;
    assert.deepEqual(configSchema, {
      properties: {
        maxSims: {
          type: "integer",
          minimum: 0,
          maximum: Number.MAX_SAFE_INTEGER,
          description: "Most SIMs that one change of one fleet may activate.",
        },
      },
    });
    const defaults = policies.flatMap((policy) => settingsOf(policy).map(({ default: value }) => value));
    assert.deepEqual(defaults.filter(Boolean), [["overageLimit"]]);
  });
});

describe("the documentation of the policies", () => {
  it("is the table of the reference, word by word", () => {
    const table = [
      "| policy | level | settings | what it holds |",
      "|---|---|---|---|",
      ...policies.map((policy) => {
        const settings = settingsOf(policy).map(({ name, description, default: value }) => {
          const standard = value === undefined ? "" : ` Default: \`${JSON.stringify(value)}\`.`;
          return `\`${name}\`: ${description}${standard}`;
        });
        return `| \`${policy.name}\` | ${policy.enforcementLevel} | ${settings.join(" ")} | ${policy.description} |`;
      }),
    ].join("\n");
    const { text } = readPage("docs/reference.md");
    assert.ok(text.includes(table), `docs/reference.md, "Policies", is to hold:\n${table}`);
  });

  it("has each policy in the table of the README, with its settings and its level", () => {
    const { text } = readPage("README.md");
    const [, section = ""] = /\n## Policies\n(.*?)\n## /s.exec(text) ?? [];
    const rows = [...section.matchAll(/^\| (`[^|]*) \|([^|]*)\| (\w+) \|$/gm)].map(
      ([, names, settings, level]) => ({
        names: codeIn(names).filter((name) => name !== ""),
        settings: codeIn(settings).filter((setting) => !setting.startsWith("[")),
        level,
      }),
    );
    assert.deepEqual(rows.flatMap(({ names }) => names).sort(), policies.map(({ name }) => name).sort());
    for (const policy of policies) {
      const row = rows.find(({ names }) => names.includes(policy.name));
      assert.equal(row?.level, policy.enforcementLevel, policy.name);
      // One setting for all policies of a row, or one for each, in their order.
      const own = row?.settings.length === row?.names.length ? row?.names.indexOf(policy.name) : 0;
      const expected = settingsOf(policy).map(({ name }) => name);
      assert.deepEqual(row?.settings.slice(own, (own ?? 0) + 1), expected, policy.name);
    }
  });

  it("says in each docstring the level that the policy has", () => {
    const folder = join(root, "provider", "policy");
    const files = readdirSync(folder).filter((file) => /^[a-z]+(-[a-z]+)+\.ts$/.test(file));
    for (const file of files) {
      const policy = policies.find(({ name }) => `${name}.ts` === file);
      const text = readFileSync(join(folder, file), "utf8");
      assert.match(text, new RegExp(`^ \\* Level: ${policy?.enforcementLevel}\\.`, "m"), file);
    }
  });
});

function settingsOf({ configSchema }: (typeof policies)[number]) {
  return Object.entries(configSchema?.properties ?? {}).map(([name, setting]) => ({ ...setting, name }));
}

function codeIn(text = ""): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}
