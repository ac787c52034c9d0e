/** One run of the Pulumi CLI, with everything that it starts. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Victim } from "../../../provider/testing/engine";
import { killAll, killAlone, killTree, providersBelow, startOf } from "./descendants";

export interface Run {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliSettings {
  readonly binary: string;
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  /** Receives every line, as it is printed. */
  readonly log: ((line: string) => void) | undefined;
}

export class CliProcess {
  readonly done: Promise<Run>;
  private readonly child: ChildProcess;
  /** What outlived its engine, each with the time of its start. */
  private orphans: readonly (readonly [number, number | undefined])[] = [];

  constructor(args: readonly string[], { binary, directory, env, log }: CliSettings) {
    // A group of its own, so that it can be killed with its language host.
    const child = spawn(binary, args, { cwd: directory, detached: true, env, stdio: "pipe" });
    this.child = child;
    const stop = (): void => (child.pid === undefined ? undefined : killTree(child.pid));
    process.once("exit", stop);
    const texts = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        texts[stream] += text;
      });
      if (log !== undefined) {
        createInterface({ input: child[stream] }).on("line", log);
      }
    }
    this.done = new Promise<Run>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ ok: code === 0, ...texts }));
    }).finally(() => process.removeListener("exit", stop));
  }

  /** Ctrl-C. */
  interrupt(): void {
    this.child.kill("SIGINT");
  }

  /** As `StackHandle.kill`; the run has ended when it resolves, unless the provider alone was killed. */
  async kill(victim: Victim): Promise<boolean> {
    const root = this.child.pid;
    if (root === undefined) {
      return false;
    }
    if (victim === "provider") {
      const providers = providersBelow(root);
      killAll(providers);
      return providers.length > 0;
    }
    if (victim === "engine") {
      this.orphans = killAlone(root).map((id) => [id, startOf(id)]);
    } else {
      killTree(root);
    }
    await this.done.catch(() => undefined);
    return true;
  }

  /** Kills what the engine left behind. */
  killOrphans(): void {
    for (const [id, start] of this.orphans) {
      if (startOf(id) === start) killTree(id);
    }
  }
}
