/** A stack of the embedded engine. */
import type {
  ConfigValue,
  OperationOptions,
  RunResult,
  StackHandle,
  StackOptions,
  State,
  Victim,
} from "../engineContract";
import { type OperationKind, runOperation } from "../steps/runOperation";
import type { Gate } from "../steps/stepGate";
import { Lock } from "./lock";
import { StateFile } from "./stackState";

interface RunningOperation {
  readonly file: StateFile;
  done: Promise<unknown>;
  /** The gate of the running phase. */
  gate: Gate | undefined;
  /** How the engine was killed. */
  killed: Exclude<Victim, "provider"> | undefined;
}

export class EmbeddedStack implements StackHandle {
  #options: StackOptions & { readonly project: string; readonly stack: string };
  readonly #lock: Lock;
  #running: RunningOperation | undefined;
  /** Gates of operations whose provider processes may have outlived them. */
  readonly #orphaned: Gate[] = [];

  constructor(options: StackOptions) {
    this.#options = { ...options, project: options.project ?? "test", stack: options.stack ?? "dev" };
    this.#lock = new Lock(options.directory, this.#options.stack);
  }

  preview(options?: OperationOptions): Promise<RunResult> {
    return this.#run("preview", options);
  }

  up(options?: OperationOptions): Promise<RunResult> {
    return this.#run("up", options);
  }

  refresh(options?: OperationOptions): Promise<RunResult> {
    return this.#run("refresh", options);
  }

  destroy(options?: OperationOptions): Promise<RunResult> {
    return this.#run("destroy", options);
  }

  async export(): Promise<State> {
    return this.#newFile().load();
  }

  async exportText(): Promise<string> {
    return this.#newFile().text();
  }

  async setConfig(config: Readonly<Record<string, ConfigValue>>): Promise<void> {
    this.#options = { ...this.#options, config };
  }

  setEnv(env: Readonly<Record<string, string>>): void {
    this.#options = { ...this.#options, env };
  }

  async kill(victim: Victim = "all"): Promise<boolean> {
    const running = this.#running;
    if (running === undefined) {
      return false;
    }
    const { gate, file, done } = running;
    if (victim === "provider") {
      return (await gate?.end(victim)) ?? false;
    }
    running.killed = victim;
    file.abandon();
    if (victim === "engine" && gate !== undefined) {
      this.#orphaned.push(gate);
    }
    await gate?.end(victim);
    await done;
    return true;
  }

  async cancel(): Promise<void> {
    const { gate, file } = this.#running ?? {};
    if (this.#running === undefined) {
      this.#lock.release();
    } else if (gate?.isCancelled === true) {
      file?.abandon();
      await gate.end("unawaited");
    } else {
      gate?.cancel();
    }
  }

  async close(): Promise<void> {
    await this.kill();
    await Promise.all(this.#orphaned.map((gate) => gate.end("all")));
  }

  #newFile(): StateFile {
    const { directory, stack, env } = this.#options;
    return new StateFile(
      directory,
      stack,
      env?.PULUMI_CONFIG_PASSPHRASE ?? process.env.PULUMI_CONFIG_PASSPHRASE ?? "",
    );
  }

  #run(kind: OperationKind, options: OperationOptions = {}): Promise<RunResult> {
    if (this.#running !== undefined) {
      return Promise.reject(new Error("an operation of this stack is running: wait for its end, or kill it"));
    }
    if (options.args !== undefined && options.args.length > 0) {
      return Promise.reject(
        new Error(`the embedded engine takes no arguments of the CLI: ${options.args.join(" ")}`),
      );
    }
    const file = this.#newFile();
    const running: RunningOperation = { file, done: Promise.resolve(), gate: undefined, killed: undefined };
    this.#running = running;
    const result = this.#locked(kind, options, running);
    running.done = result.catch(() => undefined);
    return result.finally(() => {
      this.#running = undefined;
    });
  }

  async #locked(
    kind: OperationKind,
    options: OperationOptions,
    running: RunningOperation,
  ): Promise<RunResult> {
    // A preview changes nothing and needs no lock.
    const lock = kind === "preview" ? undefined : this.#lock;
    try {
      lock?.take();
    } catch (error) {
      return failure(error instanceof Error ? error.message : String(error));
    }
    try {
      const { file } = running;
      return await runOperation({
        kind,
        options,
        stack: this.#options,
        base: file.load(),
        save: (state) => file.save(state),
        started: (gate) => {
          running.gate = gate;
          if (running.killed !== undefined) {
            gate.end(running.killed).catch(() => undefined);
          }
        },
      });
    } finally {
      if (running.killed === undefined) {
        lock?.release();
      }
    }
  }
}

function failure(message: string): RunResult {
  return {
    ...{ ok: false, steps: [], calls: [], outputs: {}, text: `error: ${message}\n` },
    diagnostics: [{ severity: "error", message }],
  };
}
