/** Every command of the pipelines in `examples/gitops`, in the order of a change, on the real engine. */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { type Emulator, startEmulator } from "../../provider/testing/emulator";
import type { Finished } from "../harness/engine/finished";
import { everything } from "../harness/engine/form";
import { realEngine } from "../harness/engine/realEngine";
import { bash, example, githubScripts, gitlabScripts, withPulumi } from "./pipelines";

const root = dirname(require.resolve("pulumi-hologram/package.json"));
const FIRST = "89445001021983048260";

describe("the pipelines of the GitOps example, on the real engine", () => {
  const reason =
    realEngine() === undefined
      ? "the Pulumi CLI was not found"
      : everything
        ? undefined
        : "it is part of the full form (HOLOGRAM_TESTS=all)";
  if (reason !== undefined) {
    it(`were not run: ${reason}`, function skipped() {
      this.skip();
    });
    return;
  }

  it("preview, weigh, apply what was previewed, and find what was changed by hand", async function test() {
    this.timeout(300_000);
    const { github, gitlab } = { github: githubScripts(), gitlab: gitlabScripts() };
    await inRepository(async ({ run, path, read, emulator }) => {
      const init = await run("pulumi stack init prod");
      assert.equal(init.code, 0, init.text);

      // The preview of GitHub, with its plan and the text of its comment; a rule that is broken fails it.
      const preview = await run(withPulumi(github, "preview"));
      assert.equal(preview.code, 0, preview.text);
      assert.equal(read("preview.txt"), preview.text);
      assert.match(preview.text, /activate 100 SIMs on Global Flat \(2096, global\): about \$60\.00 now/);
      assert.match(preview.text, /\[advisory\] +protect-required/);
      assert.deepEqual(emulator.writes(), []);
      const limits = read("policies.json");
      writeFileSync(path("policies.json"), limits.replace("500", "99"));
      const stopped = await run(withPulumi(gitlab, "preview").replace("plan.json", "refused.json"));
      assert.notEqual(stopped.code, 0);
      assert.match(stopped.text, /\[mandatory\] +largest-activation .*cold-chain\)/);
      writeFileSync(path("policies.json"), limits);

      // Who has to approve.
      const [cost = ""] = github.cost ?? [];
      const [gate = ""] = gitlab.apply ?? [];
      for (const [limit, expected] of [
        ["60", "false"],
        ["59.99", "true"],
        ["sixty", "true"],
      ] as const) {
        const weighed = await run(cost, { APPROVAL_ABOVE: limit, GITHUB_OUTPUT: path(limit) });
        assert.equal(weighed.code, 0, weighed.text);
        assert.match(weighed.text, /about \$60\.00/);
        assert.equal(read(limit), `approval=${expected}\n`);
        assert.equal((await run(gate, { APPROVAL_ABOVE: limit })).code, expected === "true" ? 78 : 0);
      }
      const plan = read("plan.json");
      writeFileSync(path("plan.json"), plan.replaceAll('"dueNow": 60,', ""));
      assert.equal(
        (await run(gate, { APPROVAL_ABOVE: "1000000" })).code,
        78,
        "an unknown cost is for approval",
      );
      writeFileSync(path("plan.json"), plan);

      // What was previewed is applied, and nothing has drifted.
      const applied = await run(withPulumi(github, "apply"));
      assert.equal(applied.code, 0, applied.text);
      assert.equal(emulator.ledger.length, 100);
      const quiet = await run(withPulumi(github, "drift"));
      assert.equal(quiet.code, 0, quiet.text);

      // One SIM is paused by hand: the check says so, fails, and changes nothing.
      emulator.clearRequests();
      emulator.setState(FIRST, "PAUSED-USER");
      const drifted = await run(withPulumi(gitlab, "drift"));
      assert.notEqual(drifted.code, 0, drifted.text);
      assert.match(drifted.text, /"1 SIM paused by hand"/);
      assert.equal(read("drift.txt"), drifted.text);
      assert.deepEqual(emulator.writes(), []);

      // GitLab's own way to apply is the same command: the plan of another day is refused.
      const again = await run(withPulumi(gitlab, "apply-approved"));
      assert.notEqual(again.code, 0, again.text);
      assert.match(again.text, /violates plan/);
      assert.deepEqual([emulator.writes(), emulator.ledger.length], [[], 100]);
    });
  });
});

interface Repository {
  readonly emulator: Emulator;
  /** Runs a script as the services do, with everything it prints. */
  run(script: string, env?: Readonly<Record<string, string>>): Promise<Finished>;
  path(file: string): string;
  read(file: string): string;
}

/** The example as a repository of its own, with its packages installed, beside an account that has the pack. */
async function inRepository(work: (repository: Repository) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "gitops-"));
  const path = (file: string): string => join(folder, file);
  const emulator = await startEmulator();
  emulator.addPack({ first: FIRST, count: 100, step: 10 });
  const env = {
    ...process.env,
    HOLOGRAM_ORG_ID: "",
    HOLOGRAM_MAX_ACTIVATIONS: "",
    HOLOGRAM_MAX_DUE_NOW: "",
    HOLOGRAM_BASE_URL: emulator.url,
    HOLOGRAM_JOURNAL: path("journal"),
    HOLOGRAM_API_KEY: emulator.apiKey,
    NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache"),
    PATH: [join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter),
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "gitops",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_STACK: "prod",
  };
  try {
    cpSync(example, folder, { recursive: true, filter: (file) => !file.endsWith("tsconfig.json") });
    writeFileSync(path("package.json"), JSON.stringify({ name: "cold-chain", private: true }));
    mkdirSync(path("node_modules/@pulumi"), { recursive: true });
    symlinkSync(root, path("node_modules/pulumi-hologram"));
    for (const name of ["@pulumi/pulumi", "typescript"]) {
      symlinkSync(join(root, "node_modules", name), path(join("node_modules", name)));
    }
    await work({
      emulator,
      run: (script, more = {}) => bash(script, { cwd: folder, env: { ...env, ...more } }),
      path,
      read: (file) => readFileSync(path(file), "utf8"),
    });
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
