import { execFile } from "node:child_process";
import { bad, good, type Verdict, warning } from "./verdict";

/** The oldest Node.js that the package runs on; main.ts holds the same, because it may import nothing. */
export const OLDEST_NODE = [22, 19] as const;

/** A program that is on `PATH`, and what it answers; undefined where it is not there or does not answer in time. */
export type RunProgram = (file: string, args: readonly string[]) => Promise<string | undefined>;

/**
 * Node.js: the one that runs this command, and the one that Pulumi starts for the program and the provider, which is the
 * first on `PATH`.
 */
export async function checkNode(run: RunProgram): Promise<Verdict> {
  const found = await run("node", ["--version"]);
  const version = /^v(\d+\.\d+\.\d+)/.exec(found ?? "")?.[1];
  if (version === undefined) {
    return warning(
      "Node.js",
      `${process.versions.node}; there is no node on PATH`,
      "Pulumi starts the first node on PATH: put one there",
    );
  }
  if (!isEnough(version)) {
    return bad(
      "Node.js",
      `node on PATH is ${version}, and Pulumi starts that one`,
      `Put Node.js ${OLDEST_NODE.join(".")} or newer first on PATH`,
    );
  }
  return good("Node.js", version);
}

/** The Pulumi CLI. */
export async function checkPulumi(run: RunProgram): Promise<Verdict> {
  const found = await run("pulumi", ["version"]);
  const version = /v?(\d+\.\d+\.\d+\S*)/.exec(found ?? "")?.[1];
  if (version === undefined) {
    return bad(
      "Pulumi CLI",
      "pulumi is not on PATH, or does not answer",
      "Install it: https://www.pulumi.com/docs/install/",
    );
  }
  return good("Pulumi CLI", version);
}

/** Runs programs that are on the environment's `PATH`. */
export function programsOf(environment: NodeJS.ProcessEnv, deadlineMs: number): RunProgram {
  const env = { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true" };
  return (file, args) =>
    new Promise((resolve) => {
      execFile(file, [...args], { env, timeout: deadlineMs, windowsHide: true }, (error, stdout) =>
        resolve(error === null ? stdout.trim() : undefined),
      );
    });
}

function isEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
}
