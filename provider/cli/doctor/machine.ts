import { execFile } from "node:child_process";
import { nodeProblem, OLDEST_NODE } from "../../util/nodeVersion";
import { bad, good, type Verdict, warning } from "./verdict";

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
  if (nodeProblem("Pulumi", version) !== undefined) {
    return bad(
      "Node.js",
      `node on PATH is ${version}, and Pulumi starts that one`,
      `Put Node.js ${OLDEST_NODE} or newer first on PATH`,
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
