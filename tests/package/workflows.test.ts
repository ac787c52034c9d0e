/** The workflows of this repository are what GitHub accepts, and run what the package says it supports. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { validateWorkflow } from "@action-validator/core";
import { parse } from "yaml";
import { root } from "./tarball";

const folder = join(root, ".github", "workflows");
const textOf = (file: string): string => readFileSync(join(folder, file), "utf8");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

describe("the workflows", () => {
  it("are valid, and a wrong one would be found", () => {
    assert.deepEqual(readdirSync(folder).sort(), ["ci.yml", "release.yml"]);
    for (const file of readdirSync(folder)) {
      assert.deepEqual(validateWorkflow(textOf(file)).errors, [], file);
      assert.notDeepEqual(validateWorkflow(textOf(file).replace("runs-on", "run-on")).errors, [], file);
    }
  });

  it("test the oldest Node.js and SDK that the manifest promises, and the newest that is tested here", () => {
    const ci = textOf("ci.yml");
    const oldest = manifest.peerDependencies["@pulumi/pulumi"].replace("^", "");
    assert.ok(ci.includes(`sdk: ["${oldest}", "${manifest.devDependencies["@pulumi/pulumi"]}"]`));
    assert.ok(ci.includes(`node: ["${manifest.engines.node.replace(">=", "")}", "24"]`));
  });

  it("run only scripts that there are", () => {
    for (const file of readdirSync(folder)) {
      for (const [, script = ""] of textOf(file).matchAll(/npm run ([\w-]+)/g)) {
        assert.ok(Object.hasOwn(manifest.scripts, script), `${file}: npm run ${script}`);
      }
    }
    assert.ok(existsSync(join(root, ".ci", "run")));
  });

  it("publish without a token, by what npm trusts, and only after everything was tested", () => {
    const release = textOf("release.yml");
    assert.match(release, /id-token: write/);
    assert.doesNotMatch(release, /NODE_AUTH_TOKEN|NPM_TOKEN|secrets\./);
    assert.ok(release.indexOf(".ci/run") < release.indexOf("npm publish"));
  });

  describe("that publish", () => {
    const copy = mkdtempSync(join(tmpdir(), "release-"));
    before(() => {
      for (const file of ["package.json", "CHANGELOG.md"]) copyFileSync(join(root, file), join(copy, file));
    });
    after(() => rmSync(copy, { recursive: true }));

    /** Plays the steps before anything is published that no other workflow has. Returns the exit code. */
    function play(step: string, env: NodeJS.ProcessEnv): number | null {
      const { steps } = parse(textOf("release.yml")).jobs.publish;
      const { run } = steps.find(({ name }: { name?: string }) => name === step);
      const options = { cwd: copy, env: { ...process.env, ...env } };
      return spawnSync("bash", ["-eo", "pipefail", "-c", run], options).status;
    }

    it("do so for the version of the manifest, which the changelog tells, and for no other", () => {
      const step = "the tag is the version, and the changelog tells it";
      assert.equal(play(step, { GITHUB_REF_NAME: `v${manifest.version}` }), 0);
      assert.equal(play(step, { GITHUB_REF_NAME: "v99.0.0" }), 1);
      writeFileSync(join(copy, "CHANGELOG.md"), `## ${manifest.version}-rc.1\n`);
      assert.equal(play(step, { GITHUB_REF_NAME: `v${manifest.version}` }), 1);
    });

    it("name the repository that they run in, as npm wants it", () => {
      const env = { GITHUB_SERVER_URL: "https://github.example", GITHUB_REPOSITORY: "some/where" };
      assert.equal(play("the repository that this runs in", env), 0);
      const { repository } = JSON.parse(readFileSync(join(copy, "package.json"), "utf8"));
      assert.deepEqual(repository, { type: "git", url: "git+https://github.example/some/where.git" });
    });
  });
});
