/** The packed package, unpacked beside its dependencies: every way to load it, without a package registry. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { everything } from "../harness/engine/form";
import { pack, root } from "./tarball";

const project = mkdtempSync(join(tmpdir(), "loading-"));

const names = {
  "pulumi-hologram": [
    "SimActivation",
    "DeviceTag",
    "Provider",
    "getPlan",
    "getPlansOutput",
    "getSims",
    "getBalance",
  ],
  "pulumi-hologram/testing": ["startEmulator", "embeddedEngine"],
  "pulumi-hologram/policy": ["policies", "largestActivation", "noDeactivate"],
  "pulumi-hologram/dynamic": ["handler", "tagHandler"],
} as const;

describe("the packed package", function packed() {
  this.timeout(120_000);

  before(() => {
    const modules = join(project, "node_modules");
    mkdirSync(join(modules, "pulumi-hologram"), { recursive: true });
    const unpack = [
      "-xzf",
      pack(project).path,
      "-C",
      join(modules, "pulumi-hologram"),
      "--strip-components",
      "1",
    ];
    assert.equal(spawnSync("tar", unpack).status, 0);
    mkdirSync(join(modules, "@types"));
    for (const each of [...packages(), ...typesOfDependencies]) {
      symlinkSync(join(root, "node_modules", each), join(modules, each), "junction");
    }
  });
  after(() => rmSync(project, { recursive: true, force: true }));

  it("loads from CommonJS, and the entry point loads neither undici nor zod", () => {
    const lines = Object.entries(names).map(([entry, wanted]) => `${check(wanted, `require("${entry}")`)}`);
    const [first, ...others] = lines;
    const lazy = `for (const name of ["undici", "zod"]) if (Object.keys(require.cache).some((path) => path.includes("/node_modules/" + name + "/"))) throw new Error(name + " is loaded");`;
    load("load.cjs", [first, lazy, ...others].join("\n"));
  });

  it("loads from an ES module by name", () => {
    const imports = Object.entries(names).map(
      ([entry, wanted]) => `import { ${wanted.join(", ")} } from "${entry}";`,
    );
    const used = Object.values(names).flat();
    load("load.mjs", [...imports, check(used, `{ ${used.join(", ")} }`)].join("\n"));
  });

  for (const [title, file, options] of [
    ["Node.js, CommonJS", "typed.cts", { module: ts.ModuleKind.Node16 }],
    ["Node.js, ES modules", "typed.mts", { module: ts.ModuleKind.Node16 }],
    [
      "bundlers",
      "typed.ts",
      { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
    ],
    [
      "older projects",
      "typed.ts",
      { module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10 },
    ],
  ] as const) {
    if (!everything && file !== "typed.cts") continue;
    it(`has types for ${title}, which find what is wrong and nothing else`, () => {
      writeFileSync(join(project, file), TYPED);
      assert.deepEqual(problemsIn(join(project, file), options), ["4: 2322", "5: 2561", "7: 2559"]);
    });
  }
});

/** What may be missing where the package is installed is missing here: types that it does not itself depend on. */
const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const typesOfDependencies = Object.keys(dependencies).filter((name) => name.startsWith("@types/"));

function packages(): string[] {
  const others = new Set(["pulumi-hologram", "@types"]);
  return readdirSync(join(root, "node_modules")).filter((name) => !others.has(name) && !name.startsWith("."));
}

function check(wanted: readonly string[], from: string): string {
  return `for (const name of ${JSON.stringify(wanted)}) if ((${from})[name] === undefined) throw new Error(name + " is missing");`;
}

function load(file: string, text: string): void {
  writeFileSync(join(project, file), text);
  const { status, stderr } = spawnSync(process.execPath, [join(project, file)], {
    cwd: project,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
}

/** Lines 4, 5 and 7 are wrong. */
const TYPED = `import { DeviceTag, SimActivation, getPlanOutput } from "pulumi-hologram";
import { policies } from "pulumi-hologram/policy";
import { startEmulator } from "pulumi-hologram/testing";
new SimActivation("a", { simRange: "1-2", plan: "2096" });
const tag = new DeviceTag("a", { nam: "a" });
new SimActivation("b", { simRange: "1-2", plan: getPlanOutput({ name: "a" }).id, tagId: tag.tagId });
startEmulator(8080);
export const names = policies.map(({ name }) => name.toUpperCase());
`;

/** Line and code of each problem in the file, and whole sentences for those in the package's own types. */
function problemsIn(file: string, options: ts.CompilerOptions): string[] {
  const strict = { target: ts.ScriptTarget.ES2022, strict: true, noEmit: true, types: [] };
  const program = ts.createProgram([file], { ...strict, ...options });
  const own = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.includes("/node_modules/pulumi-hologram/"));
  const inTypes = own.flatMap((source) => [...program.getSemanticDiagnostics(source)]);
  const source = program.getSourceFile(file);
  const inFile = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  return [
    ...inFile.map(
      ({ start = 0, code }) => `${(source?.getLineAndCharacterOfPosition(start).line ?? 0) + 1}: ${code}`,
    ),
    ...inTypes.map(
      (each) => `${each.file?.fileName}: ${ts.flattenDiagnosticMessageText(each.messageText, "\n")}`,
    ),
  ];
}
