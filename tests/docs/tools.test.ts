/** What takes long about the documentation: the pages of the API, and the options of the Pulumi CLI by its own help. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { everything } from "../harness/engine/form";
import { realEngine } from "../harness/engine/realEngine";
import { pulumiOptions } from "./commands";
import { root } from "./pages";

describe("the pages of the API", () => {
  it("are made from the docstrings without a warning", function make() {
    if (!everything) return this.skip();
    this.timeout(300_000);
    const { status, output } = run("typedoc", "--emit", "none");
    assert.equal(status, 0, output);
  });
});

/** Experimental, and left out of the help; tests of saved plans give it. */
const HIDDEN = new Set(["--plan"]);

describe("the options of the Pulumi CLI that the documentation uses", () => {
  for (const [subcommand, options] of Object.entries(pulumiOptions)) {
    it(`pulumi ${subcommand} has ${options.join(", ") || "nothing to ask for"}`, function ask() {
      if (!everything || realEngine() === undefined) return this.skip();
      this.timeout(60_000);
      const { status, output } = run(
        "pulumi",
        ...subcommand.split(" ").filter((word) => word !== ""),
        "--help",
      );
      assert.equal(status, 0, output);
      assert.deepEqual(
        options.filter((option) => !HIDDEN.has(option) && !new RegExp(`(^|\\s)${option}\\b`).test(output)),
        [],
      );
    });
  }
});

function run(tool: string, ...args: readonly string[]): { status: number | null; output: string } {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const { status, stdout, stderr } = spawnSync(join(root, "node_modules", ".bin", tool), args, {
    cwd: root,
    env,
    encoding: "utf8",
  });
  return { status, output: `${stdout}${stderr}` };
}
