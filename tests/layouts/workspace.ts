/**
 * A workspace as others lay theirs out: a shared package that declares fleets, and a program in a folder of its own that
 * uses it. The packed package is installed into it by a package manager, or linked where that is enough.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { UNREACHABLE, Unreachable } from "../package/project";
import { pack, root } from "../package/tarball";

export const managers = ["npm", "yarn", "pnpm", "bun"] as const;
export type Manager = (typeof managers)[number];

/** Where the package is a dependency. */
export type Dependent = "shared" | "shared and program";

const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const SDK: string = devDependencies["@pulumi/pulumi"];

/** Versions of the managers that come by `npx`; npm is there, and pnpm is a development dependency. */
const YARN = "yarn@1.22.22";
const BUN = "bun@1";

export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), "workspace-"));
  /** The program's folder. */
  readonly infra = join(this.folder, "infra");

  /** `more`: further dependencies of the program, by name. */
  constructor(
    private readonly dependent: Dependent,
    private readonly more: Readonly<Record<string, string>> = {},
  ) {
    this.write("packages/shared/index.js", SHARED);
    this.write("infra/index.js", program("shared-fleets"));
  }

  write(path: string, text: string): void {
    const full = join(this.folder, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
  }

  /** Installs the packed package and everything else. Throws `Unreachable` where a registry or the manager is missing. */
  install(manager: Manager): void {
    const tarball = `file:${pack(this.folder).path}`;
    const shared = manager === "npm" || manager === "yarn" ? "*" : "workspace:*";
    const both = { "@pulumi/pulumi": SDK, typescript: "6", ...this.more };
    const own = this.dependent === "shared" ? {} : { "pulumi-hologram": tarball };
    this.manifest("package.json", { name: "workspace", private: true, workspaces: ["packages/*", "infra"] });
    this.manifest("packages/shared/package.json", {
      name: "shared-fleets",
      version: "1.0.0",
      dependencies: { "pulumi-hologram": tarball, "@pulumi/pulumi": SDK, typescript: "6" },
    });
    this.manifest("infra/package.json", {
      name: "infra",
      version: "1.0.0",
      dependencies: { "shared-fleets": shared, ...both, ...own },
    });
    if (manager === "pnpm") this.write("pnpm-workspace.yaml", 'packages: ["packages/*", "infra"]\n');
    this.run(...commandOf(manager, join(this.folder, ".cache")));
  }

  /** As pnpm lays out the same, without a package manager: links, and nothing where no dependency says so. */
  link(): void {
    const manifest = { version: "1.0.0", private: true };
    this.manifest("packages/shared/package.json", { name: "shared-fleets", ...manifest });
    this.manifest("infra/package.json", { name: "infra", ...manifest });
    this.linkInto("packages/shared", "pulumi-hologram", root);
    this.linkInto("infra", "shared-fleets", join(this.folder, "packages/shared"));
    this.linkInto("infra", "@pulumi/pulumi", join(root, "node_modules/@pulumi/pulumi"));
    if (this.dependent === "shared and program") this.linkInto("infra", "pulumi-hologram", root);
  }

  run(command: string, ...args: readonly string[]): void {
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      cwd: this.folder,
      encoding: "utf8",
      shell: process.platform === "win32",
      timeout: 300_000,
    });
    const said = `${error?.message ?? ""}\n${stdout}\n${stderr}`;
    if (status !== 0 && (UNREACHABLE.test(said) || error !== undefined)) throw new Unreachable(said);
    assert.equal(status, 0, said);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private manifest(path: string, content: object): void {
    this.write(path, JSON.stringify(content, undefined, 2));
  }

  private linkInto(folder: string, name: string, target: string): void {
    const link = join(this.folder, folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(target, link, "junction");
  }
}

/** What a program of the workspace does: it gets its fleet from the module that is named. */
function program(from: string): string {
  return `const { declareFleet } = require(${JSON.stringify(from)});\nexports.preview = declareFleet().preview;\n`;
}

export const RANGE = "89445001021983048260-89445001021983048309";
export const SIMS = 5;

/** The shared package. */
export const SHARED = `const hologram = require("pulumi-hologram");
exports.declareFleet = () => new hologram.SimActivation("fleet", { simRange: "${RANGE}", plan: 2096 });
`;

/** Build scripts are not run: there is one, protobufjs's under the Pulumi SDK, and nothing needs it. */
function commandOf(manager: Manager, cache: string): [string, ...string[]] {
  switch (manager) {
    case "npm":
      return ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    case "yarn":
      return ["npx", "--yes", YARN, "install", "--ignore-scripts", "--no-lockfile", "--cache-folder", cache];
    case "pnpm":
      return [join(root, "node_modules/.bin/pnpm"), "install", "--ignore-scripts", "--store-dir", cache];
    case "bun":
      return [
        "npx",
        "--yes",
        BUN,
        "install",
        "--ignore-scripts",
        "--linker",
        "isolated",
        "--cache-dir",
        cache,
      ];
  }
}
