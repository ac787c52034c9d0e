/** Drives the real Pulumi CLI with the same interface as the embedded engine, on a file backend of its own. */
import {
  accessSync,
  constants,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, extname, join, resolve } from "node:path";
import {
  type ConfigValue,
  type Engine,
  type OperationOptions,
  openSecrets,
  type PropertyMap,
  type RunResult,
  type StackHandle,
  type StackOptions,
  type State,
  type Victim,
} from "../../../provider/testing/engine";
import { readCalls, readEventLog } from "./realEngineLogs";
import { CliProcess, type Run } from "./realEngineProcess";
import { readDeployment } from "./realEngineState";

const secretText = '"ciphertext":';
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Looks where the installed npm package `pulumi` keeps its CLI. Never downloads; undefined where there is none. */
export function realEngine(): Engine | undefined {
  const found = findCli();
  if (found === undefined) {
    return undefined;
  }
  const { binary, version } = found;
  return {
    kind: "pulumi",
    version,
    stack: async (options) => {
      const stack = new RealStack(binary, options);
      await stack.open();
      return stack;
    },
  };
}

/** The CLI that the npm package `pulumi` keeps on this machine. */
export function findCli(): { readonly binary: string; readonly version: string } | undefined {
  const version = installedVersion();
  const home = process.env.PULUMI_HOME || join(homedir(), ".pulumi");
  const binary = join(
    home,
    "versions",
    version,
    "bin",
    process.platform === "win32" ? "pulumi.exe" : "pulumi",
  );
  try {
    accessSync(binary, constants.X_OK);
  } catch {
    return undefined;
  }
  return statSync(binary).size === 0 ? undefined : { binary, version };
}

function installedVersion(): string {
  const manifest: { version: string } = createRequire(__filename)("pulumi/package.json");
  return process.env.PULUMI_VERSION ?? manifest.version;
}

/** Environment of programs and providers that start in a third of the time. Parity is tested without it. */
export const leanSdk = { NODE_OPTIONS: `--require ${JSON.stringify(require.resolve("./lean"))}` };

class RealStack implements StackHandle {
  private readonly binary: string;
  private readonly options: StackOptions;
  private readonly project: string;
  private readonly stack: string;
  private env: Readonly<Record<string, string>>;
  private running: CliProcess | undefined;
  private readonly orphaned: CliProcess[] = [];
  private count = 0;

  constructor(binary: string, options: StackOptions) {
    this.binary = binary;
    this.options = options;
    this.project = options.project ?? "test";
    this.stack = options.stack ?? "dev";
    this.env = options.env ?? {};
  }

  /** Writes the project file, and makes the stack unless it is there. */
  async open(): Promise<void> {
    const { directory, program, config } = this.options;
    const typescript = extname(program) !== ".js";
    const project = {
      name: this.project,
      runtime: { name: "nodejs", options: { typescript } },
      // With a folder, a package's own entry point would be run instead of the program.
      main: resolve(program),
      backend: { url: `file://${resolve(directory)}` },
    };
    writeFileSync(join(directory, "Pulumi.yaml"), JSON.stringify(project));
    await this.must(["stack", "select", "--create", "--stack", this.stack]);
    if (config !== undefined) {
      await this.setConfig(config);
    }
  }

  preview(options?: OperationOptions): Promise<RunResult> {
    return this.operate("preview", [true], options);
  }

  up(options?: OperationOptions): Promise<RunResult> {
    return this.operate("up", undefined, options);
  }

  refresh(options?: OperationOptions): Promise<RunResult> {
    return this.operate("refresh", undefined, options);
  }

  destroy(options?: OperationOptions): Promise<RunResult> {
    return this.operate("destroy", undefined, options);
  }

  async export(): Promise<State> {
    const text = await this.exportText();
    if (text === "") {
      return { resources: [], pendingOperations: [] };
    }
    if (!text.includes(secretText)) {
      return readDeployment(JSON.parse(text).checkpoint.latest ?? {});
    }
    const { stdout } = await this.must(["stack", "export", "--show-secrets", "--stack", this.stack]);
    return readDeployment(JSON.parse(stdout).deployment);
  }

  async exportText(): Promise<string> {
    const path = join(this.options.directory, ".pulumi", "stacks", this.project, `${this.stack}.json`);
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  }

  async setConfig(config: Readonly<Record<string, ConfigValue>>): Promise<void> {
    const path = join(this.options.directory, `Pulumi.${this.stack}.yaml`);
    const salt = existsSync(path) ? (/^encryptionsalt:.*$/m.exec(readFileSync(path, "utf8"))?.[0] ?? "") : "";
    writeFileSync(path, `${salt}\n`);
    const values = Object.entries(config).flatMap(([key, value]) =>
      typeof value === "string" ? ["--plaintext", `${key}=${value}`] : ["--secret", `${key}=${value.value}`],
    );
    if (values.length > 0) {
      await this.must(["config", "set-all", "--stack", this.stack, ...values]);
    }
  }

  setEnv(env: Readonly<Record<string, string>>): void {
    this.env = env;
  }

  async kill(victim: Victim = "all"): Promise<boolean> {
    const running = this.running;
    if (running === undefined || !(await running.kill(victim))) {
      return false;
    }
    if (victim === "engine") {
      this.orphaned.push(running);
    }
    if (victim !== "provider") {
      this.mendBackend();
    }
    return true;
  }

  async cancel(): Promise<void> {
    if (this.running === undefined) {
      await this.must(["cancel", "--yes", "--stack", this.stack]);
    } else {
      this.running.interrupt();
    }
  }

  async close(): Promise<void> {
    await this.kill();
    for (const orphaned of this.orphaned) {
      orphaned.killOrphans();
    }
  }

  /**
   * The file backend keeps a sidecar beside each file and does not write it atomically: killed in that moment, it leaves
   * an empty one, and every later command says "failed to load checkpoint: EOF" (seen). The remedy is to delete it.
   */
  private mendBackend(): void {
    const folder = join(this.options.directory, ".pulumi");
    for (const name of existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : []) {
      const path = join(folder, name);
      if (name.endsWith(".attrs") && statSync(path).size === 0) {
        rmSync(path);
      }
    }
  }

  private async operate(
    command: string,
    onlyPhase: readonly boolean[] | undefined,
    options: OperationOptions = {},
  ): Promise<RunResult> {
    const { directory } = this.options;
    this.count += 1;
    const events = join(directory, `events.${this.count}.json`);
    const grpc = join(directory, `grpc.${this.count}.json`);
    const skip = options.preview === false && onlyPhase === undefined;
    const args = [
      ...[command, "--non-interactive", "--color", "never", "--stack", this.stack, "--event-log", events],
      ...(onlyPhase === undefined ? ["--yes"] : []),
      ...(skip ? ["--skip-preview"] : []),
      ...(options.replace ?? []).flatMap((urn) => ["--replace", urn]),
      ...(options.clearPendingCreates === true ? ["--clear-pending-creates"] : []),
      ...(options.parallel === undefined ? [] : ["--parallel", String(options.parallel)]),
      ...(options.args ?? []),
    ];
    const run = await this.run(args, { PULUMI_DEBUG_GRPC: grpc });
    const { steps, diagnostics, outputs } = readEventLog(events);
    const calls = readCalls(grpc, onlyPhase ?? (skip ? [false] : [true, false]));
    rmSync(events, { force: true });
    rmSync(grpc, { force: true });
    return {
      ok: run.ok,
      steps,
      calls,
      outputs: command === "preview" ? knownOnly(outputs) : await this.stackOutputs(),
      // What stops the CLI before it works, such as a lock, is in no log.
      diagnostics:
        run.ok || diagnostics.length > 0 ? diagnostics : [{ severity: "error", message: run.stderr.trim() }],
      text: `${run.stdout}${run.stderr}`,
    };
  }

  private async stackOutputs(): Promise<PropertyMap> {
    const { resources } = await this.export();
    return openSecrets(resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {});
  }

  private async must(args: readonly string[]): Promise<Run> {
    const run = await this.run([...args, "--non-interactive", "--color", "never"], {});
    if (!run.ok) {
      throw new Error(`pulumi ${args[0]} failed: ${run.stderr || run.stdout}`);
    }
    return run;
  }

  private run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Run> {
    const { directory, log } = this.options;
    const settings = { binary: this.binary, directory, env: this.environment(env), log };
    const running = new CliProcess(args, settings);
    this.running = running;
    return running.done.finally(() => {
      this.running = undefined;
    });
  }

  private environment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
    return {
      PULUMI_CONFIG_PASSPHRASE: "",
      NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache"),
      ...leanSdk,
      ...process.env,
      ...this.env,
      // The Node that runs the tests, for the program and the provider as well.
      PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ""}`,
      PULUMI_BACKEND_URL: `file://${resolve(this.options.directory)}`,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DEBUG_COMMANDS: "true",
      ...env,
    };
  }
}

function knownOnly(outputs: PropertyMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(outputs).filter(([, value]) => !JSON.stringify(value).includes(unknownValue)),
  );
}
