/** Child processes that never outlive what started them. */
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Where Node keeps compiled modules by its own default; halves the start of a process that loads the SDK. */
const compileCache = join(tmpdir(), "node-compile-cache");

const running = new Set<ChildProcess>();
let watching = false;

export interface NodeProcess {
  readonly child: ChildProcess;
  /** Resolves with the exit code; -1 after a signal. */
  readonly exited: Promise<number>;
  /** Kills the process at once and waits for its end. */
  kill(): Promise<void>;
  /** Asks the process to end, as Pulumi asks its plugins, and kills it when it takes more than five seconds. */
  stop(): Promise<void>;
}

/** How a module is started. */
export interface Start {
  /** From which the SDK is loaded. */
  readonly folder: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Takes each line that the process prints. */
  readonly line: (text: string, stream: "stdout" | "stderr") => void;
}

const stopMilliseconds = 5000;

/**
 * Starts a module of the Pulumi SDK with the Node that runs this. The SDK is the one that the program would load.
 * The child ends by itself when its standard input closes, so even a killed test leaves nothing behind.
 */
export function startSdkModule(
  module: "cmd/run" | "cmd/dynamic-provider",
  { folder, args, env, line }: Start,
): NodeProcess {
  const path = createRequire(join(folder, "package.json")).resolve(`@pulumi/pulumi/${module}`);
  const first = ["./exitWithParent", "./deferHeavyModules"].flatMap((each) => [
    "--require",
    require.resolve(each),
  ]);
  const child = spawn(process.execPath, [...first, path, ...args], {
    cwd: folder,
    env: { NODE_COMPILE_CACHE: compileCache, ...process.env, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  remember(child);
  child.stdin.on("error", () => undefined);
  createInterface({ input: child.stdout }).on("line", (text) => line(text, "stdout"));
  createInterface({ input: child.stderr }).on("line", (text) => line(text, "stderr"));
  const exited = new Promise<number>((resolve) => {
    child.once("error", () => resolve(-1));
    child.once("close", (code) => resolve(code ?? -1));
  }).finally(() => running.delete(child));
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exited;
  };
  const stop = async (): Promise<void> => {
    child.kill("SIGINT");
    const timer = setTimeout(() => child.kill("SIGKILL"), stopMilliseconds);
    await exited;
    clearTimeout(timer);
  };
  return { child, exited, kill, stop };
}

function remember(child: ChildProcess): void {
  running.add(child);
  if (!watching) {
    watching = true;
    process.on("exit", () => {
      for (const left of running) {
        left.kill("SIGKILL");
      }
    });
  }
}
