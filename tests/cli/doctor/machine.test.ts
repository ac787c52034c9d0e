/** What `doctor` says of the machine: the programs that Pulumi starts, and the package as the program's folder sees it. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkNode, checkPulumi, programsOf } from "../../../provider/cli/doctor/machine";
import { checkPackage } from "../../../provider/cli/doctor/package";
import { packageManifest } from "../../../provider/cli/packageManifest";
import { OLDEST_NODE } from "../../../provider/util/nodeVersion";
import { writeProgram } from "../../harness/cli/diagnosis";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "machine-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("doctor, on a machine", () => {
  const run = () => programsOf({ PATH: folder }, 20_000);

  it("looks at the first node on PATH, which is what Pulumi starts", async () => {
    writeProgram(folder, "node", "v20.20.2");
    const old = await checkNode(run());
    assert.deepEqual([old.level, old.text], ["bad", "node on PATH is 20.20.2, and Pulumi starts that one"]);
    assert.match(old.advice ?? "", new RegExp(`Node.js ${OLDEST_NODE} or newer`));
    writeProgram(folder, "node", `v${OLDEST_NODE}.0`);
    assert.equal((await checkNode(run())).level, "good");
    rmSync(join(folder, "node"));
    assert.equal((await checkNode(run())).level, "warning");
  });

  it("says where the Pulumi CLI is missing", async () => {
    assert.equal((await checkPulumi(run())).level, "bad");
    writeProgram(folder, "pulumi", "v3.255.0");
    assert.deepEqual(await checkPulumi(run()), { topic: "Pulumi CLI", level: "good", text: "3.255.0" });
  });
});

describe("doctor, in the folder of a program", () => {
  const { version, peerDependencies } = packageManifest();
  const sdk = peerDependencies["@pulumi/pulumi"]?.replace("^", "") ?? "";

  /** A package in a folder, with what it depends on. */
  function put(
    path: string,
    name: string,
    its: string,
    dependencies: Readonly<Record<string, string>> = {},
  ): string {
    const where = join(folder, path);
    mkdirSync(where, { recursive: true });
    writeFileSync(join(where, "package.json"), JSON.stringify({ name, version: its, dependencies }));
    return where;
  }
  const levels = (where: string) => checkPackage(where).map(({ topic, level }) => [topic, level]);

  it("finds the package and the SDK there, also from a folder below", () => {
    put("", "program", "1.0.0", { "pulumi-hologram": "*" });
    put("node_modules/pulumi-hologram", "pulumi-hologram", version);
    put("node_modules/@pulumi/pulumi", "@pulumi/pulumi", sdk);
    mkdirSync(join(folder, "src"));
    for (const where of [folder, join(folder, "src")]) {
      assert.deepEqual(levels(where), [
        ["package", "good"],
        ["Pulumi SDK", "good"],
      ]);
    }
  });

  it("says where it is missing, and which dependency has it", () => {
    put("", "program", "1.0.0", { shared: "*" });
    put("node_modules/shared", "shared", "1.0.0", { "pulumi-hologram": "*" });
    put("node_modules/shared/node_modules/pulumi-hologram", "pulumi-hologram", version);
    const [own, pulumi] = checkPackage(folder);
    assert.equal(own?.level, "bad");
    assert.match(own?.text ?? "", /cannot be found from .*; shared has it, and Pulumi does not look there$/);
    assert.match(own?.advice ?? "", new RegExp(`npm install pulumi-hologram@${version} there`));
    assert.equal(pulumi?.level, "bad");
  });

  it("names two versions in one workspace, with where they are", () => {
    put("", "program", "1.0.0", { "pulumi-hologram": "*", shared: "*" });
    const first = put("node_modules/pulumi-hologram", "pulumi-hologram", version);
    const shared = put("packages/shared", "shared", "1.0.0", { "pulumi-hologram": "*" });
    symlinkSync(shared, join(folder, "node_modules/shared"), "dir");
    const second = put("packages/shared/node_modules/pulumi-hologram", "pulumi-hologram", "0.0.9");
    const [own] = checkPackage(folder);
    assert.equal(own?.level, "bad");
    assert.deepEqual(own?.details, [`${version} in ${first}`, `0.0.9 in ${second}, for shared`]);
  });

  it("compares versions with its own, and the SDK with what it takes", () => {
    put("", "program", "1.0.0");
    put("node_modules/pulumi-hologram", "pulumi-hologram", "9.9.9");
    put("node_modules/@pulumi/pulumi", "@pulumi/pulumi", "3.100.0");
    assert.deepEqual(levels(folder), [
      ["package", "warning"],
      ["Pulumi SDK", "bad"],
    ]);
  });
});
