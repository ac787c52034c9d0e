/** A stack that is operated with nothing beside it: no logs of calls or events, which cost as much as the operation. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { embeddedEngine } from "../../provider/testing/engine";
import { findCli } from "../harness/engine/realEngine";
import { MemoryWatch, type Peak } from "./memory";
import { COMMAND_VERSION } from "./programs/commandVersion";

export type Command = "preview" | "up" | "refresh" | "destroy";

export interface Stack {
  /** Runs one operation, without the preview that precedes it by default. Fails with what the engine said. */
  run(command: Command): Promise<Peak>;
  setEnv(env: Readonly<Record<string, string>>): void;
  /** The state as it is stored. */
  state(): Promise<string>;
  close(): Promise<void>;
}

export interface Opened {
  readonly program: string;
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Name and version of the engine that is measured on this machine. */
export function engineName(): string {
  const cli = findCli();
  return cli === undefined ? "embedded engine (the Pulumi CLI was not found)" : `Pulumi CLI ${cli.version}`;
}

/** True where the plugin of `@pulumi/command` is installed, and an engine that has plugins. */
export function hasCommandPlugin(): boolean {
  const home = process.env.PULUMI_HOME || join(homedir(), ".pulumi");
  return findCli() !== undefined && existsSync(join(home, "plugins", `resource-command-v${COMMAND_VERSION}`));
}

export async function openStack(opened: Opened): Promise<Stack> {
  const cli = findCli();
  if (cli === undefined) return openEmbedded(opened);
  const stack = new CliStack(cli.binary, opened);
  await stack.open();
  return stack;
}

const PROJECT = "bench";
const STACK = "dev";

class CliStack implements Stack {
  private env: Readonly<Record<string, string>>;

  constructor(
    private readonly binary: string,
    private readonly opened: Opened,
  ) {
    this.env = opened.env;
  }

  async open(): Promise<void> {
    const { directory, program } = this.opened;
    const runtime = { name: "nodejs", options: { typescript: false } };
    const backend = { url: `file://${resolve(directory)}` };
    const project = { name: PROJECT, runtime, main: resolve(program), backend };
    writeFileSync(join(directory, "Pulumi.yaml"), JSON.stringify(project));
    await this.cli(["stack", "select", "--create"]);
  }

  setEnv(env: Readonly<Record<string, string>>): void {
    this.env = env;
  }

  run(command: Command): Promise<Peak> {
    return this.cli([command, ...(command === "preview" ? [] : ["--yes", "--skip-preview"])]);
  }

  async state(): Promise<string> {
    const path = join(this.opened.directory, ".pulumi", "stacks", PROJECT, `${STACK}.json`);
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  }

  async close(): Promise<void> {
    // Every command has ended, and with it all that it started.
  }

  private async cli(args: readonly string[]): Promise<Peak> {
    const { directory } = this.opened;
    const all = [...args, "--non-interactive", "--color", "never", "--stack", STACK];
    const child = spawn(this.binary, all, { cwd: directory, env: this.environment(), stdio: "pipe" });
    const watch = new MemoryWatch(child.pid ?? 0);
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-20_000)));
    }
    const [code]: unknown[] = await once(child, "close");
    const peak = watch.stop();
    if (code !== 0) throw new Error(`pulumi ${args[0]} failed:\n${said}`);
    return peak;
  }

  private environment(): NodeJS.ProcessEnv {
    return {
      NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache"),
      ...process.env,
      ...this.env,
      PULUMI_CONFIG_PASSPHRASE: "",
      PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ""}`,
      PULUMI_BACKEND_URL: `file://${resolve(this.opened.directory)}`,
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
  }
}

async function openEmbedded({ program, directory, env }: Opened): Promise<Stack> {
  const stack = await embeddedEngine().stack({ program, directory, env, project: PROJECT, stack: STACK });
  return {
    run: async (command) => {
      const watch = new MemoryWatch(process.pid);
      const { ok, text } = await stack[command](command === "preview" ? {} : { preview: false });
      const { provider } = watch.stop();
      if (!ok) throw new Error(`${command} failed:\n${text.slice(-20_000)}`);
      return provider === undefined ? {} : { provider };
    },
    setEnv: (changed) => stack.setEnv(changed),
    state: () => stack.exportText(),
    close: () => stack.close(),
  };
}
