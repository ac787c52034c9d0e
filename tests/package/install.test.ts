/**
 * The packed package in an empty folder, with nothing but what the README says: it ends with an activated fleet. With
 * npm and pnpm, the oldest and the newest SDK, in TypeScript, as an ES module and in CommonJS.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embeddedEngine, type StackHandle, startEmulator } from "../../provider/testing";
import { everything } from "../harness/engine/form";
import { realEngine } from "../harness/engine/realEngine";
import { withPolicyHost } from "../policy/host";
import { type Language, languages, type Manager, Project, Unreachable } from "./project";
import { gettingStarted } from "./readme";
import { pack, root } from "./tarball";

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const sdks: readonly string[] = [
  manifest.peerDependencies["@pulumi/pulumi"].replace("^", ""),
  manifest.devDependencies["@pulumi/pulumi"],
];
const managers: readonly Manager[] = ["npm", "pnpm"];
const engine = realEngine() ?? embeddedEngine();
const readme = gettingStarted();

for (const manager of managers) {
  for (const sdk of sdks) {
    describe(`installed by ${manager} beside @pulumi/pulumi ${sdk}, as the README says`, function installed() {
      this.timeout(600_000);
      const project = new Project(manager);
      let unreachable = false;

      before(function install() {
        if (!everything) return this.skip();
        const sources = {
          "pulumi-hologram": pack(project.folder).path,
          "@pulumi/pulumi": `@pulumi/pulumi@${sdk}`,
          // The SDK takes no TypeScript 7. npm heeds that by itself; pnpm installs the newest and only warns.
          typescript: "typescript@6",
        };
        try {
          for (const command of readme.commands.filter(isInstallation)) project.install(command, sources);
          project.install(
            `npm install --save-dev @pulumi/policy@${manifest.devDependencies["@pulumi/policy"]}`,
            {},
          );
        } catch (error) {
          if (!(error instanceof Unreachable)) throw error;
          unreachable = true;
          process.stderr.write(
            `  The packed package was not installed by ${manager}: the package registry was not reached.\n`,
          );
        }
      });

      beforeEach(function reached() {
        if (unreachable) this.skip();
      });

      after(() => project.remove());

      for (const language of Object.keys(languages).filter(isLanguage)) {
        it(`a program in ${language} activates its fleet (${engine.kind} engine)`, async () => {
          const emulator = await startEmulator({ behaviour: { settleReads: 0 } });
          const [first, last] = readme.range.map(BigInt);
          assert.ok(first !== undefined && last !== undefined);
          const count = Number((last - first) / 10n) + 1;
          emulator.addPack({ first: `${first}`, count, step: 10 });
          const directory = mkdtempSync(join(tmpdir(), "state-"));
          const env = {
            HOLOGRAM_BASE_URL: emulator.url,
            HOLOGRAM_JOURNAL: join(directory, "journal"),
            HOLOGRAM_API_KEY: emulator.apiKey,
            HOLOGRAM_ORG_ID: "",
          };
          const program = project.program(language, readme.program);
          const stack = await engine.stack({ program, directory, env });
          try {
            for (const command of readme.commands.filter((each) => !isInstallation(each))) {
              await follow(command, stack);
              if (command === "pulumi preview") assert.deepEqual(emulator.writes(), []);
            }
            assert.equal(emulator.ledger.length, count);
            assert.deepEqual(emulator.judgement().doubleClaims, []);
          } finally {
            await stack.close();
            await emulator.close();
            rmSync(directory, { recursive: true, force: true });
          }
        });
      }

      it("serves the policy pack from its folder in node_modules", () =>
        withPolicyHost(
          join(project.folder, "node_modules/pulumi-hologram/provider/policy/pack"),
          async (host) => {
            const { name, policiesList } = await host.info();
            assert.equal(name, "pulumi-hologram");
            assert.ok(policiesList.length > 0);
          },
        ));
    });
  }
}

function isInstallation(command: string): boolean {
  return command.startsWith("npm install ");
}

function isLanguage(name: string): name is Language {
  return Object.hasOwn(languages, name);
}

/** An empty folder, project, stack and account are there already: the test made them. */
const SET_UP =
  /^(mkdir |npm init |npm pkg |npx pulumi-hologram emulator |export (HOLOGRAM_API_KEY|PULUMI_CONFIG_PASSPHRASE)=|pulumi (login|stack init)\b)/;

/** Does what a line of the README says. */
async function follow(command: string, stack: StackHandle): Promise<void> {
  if (SET_UP.test(command)) return;
  const operation = { "pulumi preview": () => stack.preview(), "pulumi up": () => stack.up() }[command];
  assert.ok(operation, `the README says \`${command}\`, which this test cannot follow`);
  const { ok, text } = await operation();
  assert.ok(ok, text);
}
