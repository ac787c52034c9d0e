/** The engine of the tour: the Pulumi CLI where it is there or can be had, else the embedded engine. */
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { embeddedEngine, type StackHandle } from "pulumi-hologram/testing";

export type TourOperation = "preview" | "up" | "refresh" | "destroy";

export interface TourEngine {
  readonly title: string;
  /** The embedded engine has neither policies nor saved plans, and takes no arguments. */
  readonly isCli: boolean;
  run(
    operation: TourOperation,
    config: Readonly<Record<string, string>>,
    args?: readonly string[],
  ): Promise<boolean>;
  /** The stack's outputs after the last operation. */
  outputs(): Promise<Readonly<Record<string, unknown>>>;
  close(): Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

export async function openEngine(directory: string, environment: Environment): Promise<TourEngine> {
  const version = await cliVersion();
  return version === undefined
    ? embedded(directory, environment)
    : cli(`the Pulumi CLI ${version}`, directory, environment);
}

/** The npm package `pulumi` runs the CLI that is installed, or downloads it; without a network it fails in a second. */
async function cliVersion(): Promise<string | undefined> {
  const { ok, output } = await pulumi(["version"], {}, undefined);
  return ok ? output.trim().split("\n").at(-1) : undefined;
}

async function cli(title: string, directory: string, environment: Environment): Promise<TourEngine> {
  const project = { name: "quickstart", main: program(), runtime: "nodejs" };
  writeFileSync(join(directory, "Pulumi.yaml"), JSON.stringify(project));
  const env = {
    ...environment,
    PULUMI_BACKEND_URL: `file://${directory}`,
    PULUMI_CONFIG_PASSPHRASE: "tour",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  const initialized = await pulumi(["stack", "init", "tour", "--non-interactive"], env, directory);
  if (!initialized.ok) throw new Error(initialized.output);
  return {
    title,
    isCli: true,
    run: async (operation, config, more = []) => {
      const settings = Object.entries(config).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
      const configured = await pulumi(["config", "set-all", ...settings], env, directory);
      if (!configured.ok) throw new Error(configured.output);
      const skipped = isPreviewed(operation) ? [] : ["--skip-preview"];
      const flags = operation === "preview" ? [] : ["--yes", ...skipped];
      const args = [
        operation,
        "--stack",
        "tour",
        "--non-interactive",
        "--suppress-outputs",
        ...flags,
        ...more,
      ];
      return (await pulumi(args, env, directory, true)).ok;
    },
    outputs: async () => {
      const { ok, output } = await pulumi(["stack", "output", "--json", "--stack", "tour"], env, directory);
      if (!ok) throw new Error(output);
      return JSON.parse(output);
    },
    close: async () => {},
  };
}

async function embedded(directory: string, env: Environment): Promise<TourEngine> {
  const engine = embeddedEngine();
  let stack: StackHandle | undefined;
  let outputs: Readonly<Record<string, unknown>> = {};
  return {
    title: "the embedded engine (the Pulumi CLI is not here and cannot be downloaded)",
    isCli: false,
    run: async (operation, config) => {
      stack ??= await engine.stack({
        program: program(),
        project: "quickstart",
        stack: "tour",
        config,
        env,
        directory,
      });
      await stack.setConfig(config);
      const result = await stack[operation](isPreviewed(operation) ? {} : { preview: false });
      process.stdout.write(`${result.text}\n`);
      outputs = result.outputs;
      return result.ok;
    },
    outputs: async () => outputs,
    close: async () => stack?.close(),
  };
}

/** An `up` without its preview releases nothing: SIMs leave a fleet only when that was told before. */
const isPreviewed = (operation: TourOperation): boolean => operation === "preview" || operation === "up";

/** The program beside this file: as it was written in the checkout, or as it was compiled. */
function program(): string {
  const source = resolve(__dirname, "../../../examples/quickstart/index.ts");
  return existsSync(source) ? source : join(__dirname, "index.js");
}

interface Finished {
  readonly ok: boolean;
  readonly output: string;
}

function pulumi(args: string[], env: Environment, cwd: string | undefined, show = false): Promise<Finished> {
  const child = spawn("pulumi", args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", show ? "inherit" : "pipe", show ? "inherit" : "pipe"],
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => chunks.push(chunk.toString()));
  }
  return new Promise((done) => {
    child.on("error", (error) => done({ ok: false, output: error.message }));
    child.on("close", (code) => done({ ok: code === 0, output: chunks.join("") }));
  });
}
