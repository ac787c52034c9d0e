/** `needs-approval.mjs` of `examples/gitops`: weighs a plan, or says in one sentence why it cannot. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { example } from "./pipelines";

describe("the weighing of a plan in the GitOps example", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "weighing-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  function weigh(...args: readonly string[]) {
    const script = join(example, "needs-approval.mjs");
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
    return { status, stdout, stderr };
  }

  function file(content: unknown): string {
    const path = join(folder, "plan.json");
    writeFileSync(path, JSON.stringify(content));
    return path;
  }

  it("asks for approval above the limit, where plans change, and where nobody can tell", () => {
    const fleet = (preview: object) =>
      file({
        resourcePlans: {
          "urn:pulumi:prod::fleet::pulumi-nodejs:dynamic/hologram:SimActivation::cold": {
            goal: {},
            steps: ["create"],
            state: { preview },
          },
        },
      });
    for (const [preview, limit, answer] of [
      [{ dueNow: 60, changePlan: 0 }, "60", "false"],
      [{ dueNow: 60, changePlan: 0 }, "59.99", "true"],
      [{ dueNow: 60, changePlan: 0 }, "sixty", "true"],
      [{ dueNow: 0, changePlan: 1 }, "1000000", "true"],
      [{ changePlan: 0 }, "1000000", "true"],
      // Not verified: of a list the price can be told, and no more.
      [{ unverified: "no network", dueNow: 60 }, "1000000", "true"],
      [{}, "1000000", "true"],
    ] as const) {
      const { status, stdout, stderr } = weigh(fleet(preview), limit);
      assert.deepEqual([status, stdout], [0, `${answer}\n`], stderr);
    }
    const { stderr } = weigh(fleet({ dueNow: 0, changePlan: 150 }), "100");
    assert.match(stderr, /about \$0\.00; .*\nIt changes the plan of 150 SIMs, .* and needs approval\.\n$/);
  });

  it("ends with one sentence and exit code 2 where there is nothing to weigh, or no limit", () => {
    const usage = /^needs-approval\.mjs takes a saved plan and a limit in US dollars: plan\.json 100\.\n$/;
    for (const [args, sentence] of [
      [[], usage],
      [[file({ resourcePlans: {} })], usage],
      [[file({ resourcePlans: {} }), ""], usage],
      [[join(folder, "none.json"), "100"], /^\S+none\.json cannot be read: ENOENT[^\n]*\.\n$/],
      [[file(null), "100"], /^\S+plan\.json is not a plan; write it with pulumi preview --save-plan \S+\n$/],
    ] as const) {
      const { status, stdout, stderr } = weigh(...args);
      assert.deepEqual([status, stdout], [2, ""]);
      assert.match(stderr, sentence);
    }
  });
});
