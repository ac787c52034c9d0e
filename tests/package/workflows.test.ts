/** The workflows of this repository are what GitHub accepts, and run what the package says it supports. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { validateWorkflow } from "@action-validator/core";
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
});
