/** The linter holds the house together: no import goes in a circle, none against the direction, no export is for nobody. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { root } from "../docs/pages";

/** Imports that must not be, each in a file of its own: where it stands, and what it imports. */
const forbidden: Readonly<Record<string, string>> = {
  "provider/util/a.ts": "../fleet/model/money",
  "provider/hologram/a.ts": "../fleet/model/money",
  "provider/hologram/schemas/a.ts": "../../account/settings",
  "provider/fleet/plan/a.ts": "@pulumi/pulumi",
  "provider/fleet/plan/b.ts": "node:https",
  "provider/fleet/plan/c.ts": "../../hologram/client",
  "provider/fleet/plan/d.ts": "../../dynamic/wire/values",
  "provider/account/a.ts": "../dynamic/host/session",
  "provider/dynamic/a.ts": "../lookups/index",
  "provider/dynamic/sims/a.ts": "../../testing/emulator/index",
  "provider/resources/a.ts": "../dynamic/index",
  "provider/resources/b.ts": "../hologram/client",
  "provider/lookups/a.ts": "../dynamic/host/session",
  "provider/policy/a.ts": "../dynamic/sims/check",
  "provider/cli/a.ts": "../testing/emulator/index",
  "provider/testing/emulator/a.ts": "../../fleet/model/money",
  "provider/testing/engine/steps/a.ts": "../../../hologram/client",
};

/** Imports of the same shape that are right. */
const allowed: Readonly<Record<string, string>> = {
  "provider/fleet/plan/right.ts": "../../hologram/model",
  "provider/dynamic/right.ts": "../fleet/model/money",
  "provider/resources/right.ts": "../dynamic/inputs/fields",
  "provider/cli/emulator.ts": "../testing/emulator/index",
  "provider/testing/engine/steps/right.ts": "../../../util/clock",
};

describe("the linter", () => {
  const folder = mkdtempSync(join(tmpdir(), "lint-"));
  before(() => {
    cpSync(join(root, "biome.json"), join(folder, "biome.json"));
    writeFileSync(join(folder, ".gitignore"), "node_modules/\n");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("fails when two files import each other, if only their types", () => {
    plant(
      folder,
      "provider/util/one.ts",
      'import type { Two } from "./two";\nexport interface One { two: Two }\n',
    );
    plant(
      folder,
      "provider/util/two.ts",
      'import type { One } from "./one";\nexport interface Two { one?: One }\n',
    );
    const found = lint(folder, ["provider/util"]);
    assert.deepEqual(
      found.map(({ file, rule }) => `${file} ${rule}`),
      ["provider/util/one.ts noImportCycles", "provider/util/two.ts noImportCycles"],
    );
  });

  it("fails for an import against the direction, and for no other", () => {
    const all = Object.entries({ ...forbidden, ...allowed });
    for (const [file, from] of all)
      plant(folder, file, `export type * as planted from "${from}";\nimport "${from}";\n`);
    const found = lint(
      folder,
      all.map(([file]) => file),
    );
    const refused = found.filter(({ rule }) => rule === "noRestrictedImports").map(({ file }) => file);
    assert.deepEqual([...new Set(refused)].sort(), Object.keys(forbidden).sort());
  });

  it("fails for an export that nothing imports", function unused() {
    this.timeout(60_000);
    const project = join(folder, "unused");
    const manifest = { name: "planted", version: "1.0.0", main: "./provider/index.ts" };
    plant(project, "package.json", JSON.stringify(manifest));
    plant(project, "provider/index.ts", 'export { used } from "./used";\n');
    plant(project, "provider/used.ts", "export const used = 1;\nexport const forNobody = 2;\n");
    cpSync(join(root, "knip.json"), join(project, "knip.json"));
    const knip = join(root, "node_modules", "knip", "bin", "knip.js");
    const { status, stdout } = spawnSync(process.execPath, [knip, "--no-progress", "--exports"], {
      cwd: project,
      encoding: "utf8",
    });
    assert.equal(status, 1, stdout);
    assert.match(stdout, /forNobody +provider\/used\.ts/);
    assert.doesNotMatch(stdout, /\bused +provider/);
  });
});

function plant(folder: string, file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

const report = z.object({
  diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.string() }) })),
});

/** What the linter of this repository has against these files: file and rule, sorted. */
function lint(folder: string, files: readonly string[]): { readonly file: string; readonly rule: string }[] {
  const biome = createRequire(__filename).resolve("@biomejs/biome/bin/biome");
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [biome, "lint", "--reporter=json", "--max-diagnostics=200", ...files],
    { cwd: folder, encoding: "utf8" },
  );
  const { diagnostics } = report.parse(JSON.parse(stdout || `"${stderr}"`));
  return diagnostics
    .map(({ category, location }) => ({ file: location.path, rule: category.split("/").at(-1) ?? "" }))
    .sort((a, b) => `${a.file} ${a.rule}`.localeCompare(`${b.file} ${b.rule}`));
}
