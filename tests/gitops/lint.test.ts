/** The pipelines of `examples/gitops` are what GitHub and GitLab accept, and say the same. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { validateWorkflow } from "@action-validator/core";
import { githubScripts, gitlabFile, gitlabScripts, pulumiCommands, workflows } from "./pipelines";

const gitlabCiLocal = join(dirname(require.resolve("gitlab-ci-local/package.json")), "dist", "index.js");

describe("the pipelines of the GitOps example", () => {
  it("for GitHub Actions are valid, and a wrong one would be found", () => {
    const files = readdirSync(workflows).sort();
    assert.deepEqual(files, ["apply.yml", "drift.yml", "preview.yml"]);
    for (const file of files) {
      const text = readFileSync(join(workflows, file), "utf8");
      assert.deepEqual(validateWorkflow(text).errors, [], file);
      assert.notDeepEqual(validateWorkflow(text.replace("runs-on", "run-on")).errors, [], file);
    }
    const apply = readFileSync(join(workflows, "apply.yml"), "utf8");
    assert.notDeepEqual(validateWorkflow(apply.replace("needs: cost", "needs: costs")).errors, []);
  });

  it("for GitLab are valid, and a wrong one would be found", function test() {
    this.timeout(60_000);
    const text = readFileSync(gitlabFile, "utf8");
    const good = gitlabJobs(text);
    assert.equal(good.status, 0, good.stderr);
    const jobs: unknown = JSON.parse(good.stdout.slice(good.stdout.search(/^\[$/m)));
    assert.deepEqual(
      Object.values(Object(jobs)).map((job) => [Object(job).name, Object(job).stage].join(": ")),
      ["preview: preview", "apply: apply", "apply-approved: apply", "drift: drift"],
    );
    const wrong = gitlabJobs(text.replace("resource_group: fleet", "resource_groups: [fleet]"));
    assert.notEqual(wrong.status, 0, wrong.stdout);
  });

  it("run the same commands of Pulumi on both", () => {
    const commands = pulumiCommands(githubScripts());
    assert.deepEqual(
      commands.map((command) => command.split(" ")[1]),
      ["preview", "refresh", "up"],
    );
    assert.deepEqual(pulumiCommands(gitlabScripts()), commands);
  });
});

/** What gitlab-ci-local reads in the file: it checks GitLab's own JSON schema first. It wants a repository around it. */
function gitlabJobs(text: string): ReturnType<typeof runIn> {
  const folder = mkdtempSync(join(tmpdir(), "gitlab-"));
  try {
    writeFileSync(join(folder, ".gitlab-ci.yml"), text);
    for (const args of [
      ["init", "-q"],
      ["remote", "add", "origin", "git@gitlab.com:fleet/cold-chain.git"],
    ]) {
      assert.equal(runIn(folder, "git", args).status, 0);
    }
    return runIn(folder, process.execPath, [gitlabCiLocal, "--list-json"]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runIn(cwd: string, command: string, args: readonly string[]) {
  return spawnSync(command, args, { cwd, encoding: "utf8" });
}
