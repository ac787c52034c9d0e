/**
 * The packed package in the layouts that other people use, by the package managers that they use: each previews and
 * activates a fleet, or says in a sentence what is missing where. Part of the full form: it installs from a registry.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { everything } from "../harness/engine/form";
import { Unreachable } from "../package/project";
import { assertActivates, assertRefused, cli, engine, withAccount } from "./play";
import { type Manager, managers, SHARED, SIMS, Workspace } from "./workspace";

/** Installs, or skips the test and says so after the run: what could not be had says nothing about the package. */
function installOrSkip(this: Mocha.Context, workspace: Workspace, manager: Manager): void {
  try {
    workspace.install(manager);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    process.stderr.write(
      `  Layouts by ${manager} were not tried: it, or the package registry, was not to be had.\n`,
    );
    this.skip();
  }
}

describe(`layouts (${engine.kind} engine)`, function layouts() {
  this.timeout(900_000);

  const made: Workspace[] = [];
  const make = (...settings: ConstructorParameters<typeof Workspace>): Workspace => {
    const workspace = new Workspace(...settings);
    made.push(workspace);
    return workspace;
  };

  before(function full() {
    if (!everything) this.skip();
  });
  after(() => {
    for (const workspace of made) workspace.remove();
  });

  for (const manager of managers) {
    describe(`a ${manager} workspace`, () => {
      it("whose program depends on the package activates its fleet", async function run() {
        const both = make("shared and program");
        installOrSkip.call(this, both, manager);
        await assertActivates(join(both.infra, "index.js"));
      });

      // npm and yarn put what any package needs at the top, where the program finds it too.
      const isHoisted = manager === "npm" || manager === "yarn";
      it(`whose shared package alone depends on it ${isHoisted ? "does too" : "is told which folder needs it"}`, async function run() {
        const shared = make("shared");
        installOrSkip.call(this, shared, manager);
        const program = join(shared.infra, "index.js");
        if (isHoisted) await assertActivates(program);
        else await assertRefused(program, realpathSync(shared.infra));
      });
    });
  }

  describe("a program of npm's", () => {
    const tools = { esbuild: "0.28", tsx: "4" };
    let installed: Workspace;

    before(function install() {
      if (!everything) return this.skip();
      installed = make("shared and program", tools);
      installOrSkip.call(this, installed, "npm");
    });

    it("in one bundle by esbuild activates its fleet, with the package installed beside it", async () => {
      const bundle = bundleOf(installed);
      await assertActivates(bundle);
    });

    it("as an ES module activates its fleet", async () => {
      installed.write("infra/esm/index.mjs", ESM);
      await assertActivates(join(installed.infra, "esm/index.mjs"));
    });

    it("in TypeScript by tsx activates its fleet", async () => {
      installed.write("infra/tsx/fleet.ts", `import * as hologram from "pulumi-hologram";\n${TYPED}`);
      installed.write("infra/tsx/index.js", 'require("tsx/cjs");\nmodule.exports = require("./fleet.ts");\n');
      await assertActivates(join(installed.infra, "tsx/index.js"));
    });

    it("inline, by the Automation API, activates its fleet where workDir is a folder that has the package", async function run() {
      if (cli === undefined) return this.skip();
      const binaries = dirname(cli.binary);
      await withAccount(async ({ emulator, env, directory }) => {
        installed.write("infra/automation.js", AUTOMATION);
        const { PATH = "" } = process.env;
        const settings = {
          ...env,
          PATH: `${binaries}:${PATH}`,
          PULUMI_BACKEND_URL: `file://${directory}`,
          PULUMI_CONFIG_PASSPHRASE: "x",
        };
        // The account is in this process, which must not be blocked.
        const options = { cwd: installed.infra, env: settings, timeout: 300_000 };
        await promisify(execFile)(process.execPath, ["automation.js"], options);
        assert.equal(emulator.ledger.length, SIMS);
      });
    });
  });
});

/** The program and everything it imports in one file, the SDK apart, which must be one copy with Pulumi's own. */
function bundleOf(workspace: Workspace): string {
  workspace.write("infra/source/index.js", `${SHARED}exports.preview = exports.declareFleet().preview;\n`);
  const outfile = join(workspace.infra, "bundle/index.js");
  const esbuild = createRequire(join(workspace.infra, "index.js")).resolve("esbuild/bin/esbuild");
  const options = ["--bundle", "--platform=node", "--external:@pulumi/pulumi", `--outfile=${outfile}`];
  workspace.run(process.execPath, esbuild, join(workspace.infra, "source/index.js"), ...options);
  return outfile;
}

const TYPED = `const range: string = ${JSON.stringify(/"(\d+-\d+)"/.exec(SHARED)?.[1])};
export const { preview } = new hologram.SimActivation("fleet", { simRange: range, plan: 2096 });
`;

const ESM = `import * as hologram from "pulumi-hologram";\n${TYPED.replace(": string", "")}`;

const AUTOMATION = `const { LocalWorkspace } = require("@pulumi/pulumi/automation");
const { declareFleet } = require("shared-fleets");
(async () => {
  const program = async () => ({ preview: declareFleet().preview });
  const args = { stackName: "dev", projectName: "inline", program };
  const stack = await LocalWorkspace.createOrSelectStack(args, { workDir: __dirname });
  await stack.preview();
  await stack.up();
})().catch((error) => { console.error(error); process.exit(1); });
`;
