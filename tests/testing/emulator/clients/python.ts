/** Clients from PyPI, pinned, in a folder of `dist`: installed once, where Python and PyPI are there. */
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import type { Emulator } from "../../../../provider/testing/emulator";

export interface PythonCall {
  readonly client: "wiliot-hologram-api" | "hologram-python" | "python-hologram-api";
  /** A command line, or the name of a method and what it is given. */
  readonly args: readonly unknown[];
}

export interface PythonResult {
  readonly ok: boolean;
  readonly value?: unknown;
  /** What the client says of a failure. */
  readonly error?: string;
}

const root = resolve(__dirname, "../../../../..");
const here = join(root, "tests/testing/emulator/clients");
const folder = join(root, "dist/python/clients");
const installed = join(folder, ".installed");
const run = promisify(execFile);

/** Whether the clients are there; said at the end of a run. */
export function hasPythonClients(): boolean {
  return existsSync(installed);
}

/** Installs what is pinned. Says why not where it cannot be. */
export async function installClients(): Promise<string | undefined> {
  const requirements = join(here, "requirements.txt");
  const wanted = readFileSync(requirements, "utf8");
  if (existsSync(installed) && readFileSync(installed, "utf8") === wanted) return undefined;
  const isPython = ["-c", "import sys; sys.exit(sys.version_info < (3, 9))"];
  if (!(await succeeds("python3", isPython))) return "there is no Python 3.9 or newer";
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // No dependencies but those named: Hologram's SDK wants drivers of modems, which its API class does not need.
  const options = ["--quiet", "--no-deps", "--disable-pip-version-check", "--no-input", "--retries", "1"];
  const pip = ["-m", "pip", "install", ...options, "--target", folder, "--requirement", requirements];
  if (!(await succeeds("python3", pip))) return "the packages cannot be had from PyPI";
  writeFileSync(installed, wanted);
  return undefined;
}

/** Plays the calls one after the other, in one process. */
export async function playCalls(emulator: Emulator, calls: readonly PythonCall[]): Promise<PythonResult[]> {
  const child = spawn("python3", [join(here, "drive.py")], {
    env: { PATH: process.env.PATH, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: "1", NO_PROXY: "127.0.0.1" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let [output, errors] = ["", ""];
  child.stdout.on("data", (data) => {
    output += String(data);
  });
  child.stderr.on("data", (data) => {
    errors += String(data);
  });
  child.stdin.end(JSON.stringify({ url: emulator.url, key: emulator.apiKey, calls }));
  const code = await new Promise((ended) => child.once("close", ended));
  if (code !== 0) throw new Error(errors);
  return output
    .trim()
    .split("\n")
    .map((line) => result.parse(JSON.parse(line)));
}

const result = z.object({
  ok: z.boolean(),
  value: z.unknown().optional(),
  error: z.string().exactOptional(),
});

async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  try {
    await run(command, [...args], { timeout: 90_000 });
    return true;
  } catch {
    return false;
  }
}
