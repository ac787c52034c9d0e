/** The command `pulumi-hologram` in a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
}

export function run(...args: readonly string[]): Run {
  return runWith({}, ...args);
}

export interface RunOptions {
  /** All of the environment but the path. */
  readonly env?: Readonly<Record<string, string>>;
  /** Goes to standard input. */
  readonly input?: string | Uint8Array;
  /** Default: that of the tests. */
  readonly cwd?: string;
}

export function runWith({ env, input, cwd }: RunOptions, ...args: readonly string[]): Run {
  const environment = env === undefined ? process.env : { PATH: process.env.PATH, ...env };
  const child = spawn(process.execPath, [CLI, ...args], { stdio: "pipe", env: environment, cwd });
  child.stdin.end(input);
  let output = "";
  let errors = "";
  child.stdout.on("data", (text) => {
    output += String(text);
  });
  child.stderr.on("data", (text) => {
    errors += String(text);
  });
  return { child, output: () => output, errors: () => errors };
}

/** The exit code. */
export async function ended({ child }: Run): Promise<unknown> {
  const [code] = await once(child, "close");
  return code;
}

const CLI = join(__dirname, "../../../provider/cli/main.js");
