/** The lock of a stack: a file that a killed operation leaves behind, as with Pulumi's own file backend. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export class Lock {
  readonly #path: string;

  constructor(directory: string, stack: string) {
    this.#path = join(directory, `${stack}.lock.json`);
  }

  /** Takes the lock; throws where another operation holds it or was killed. */
  take(): void {
    if (existsSync(this.#path)) {
      throw new Error(
        "the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock " +
          `file with \`pulumi cancel\`: ${readFileSync(this.#path, "utf8")}`,
      );
    }
    writeFileSync(this.#path, JSON.stringify({ pid: process.pid, timestamp: new Date().toISOString() }), {
      flag: "wx",
    });
  }

  /** Gives the lock back, or breaks it. */
  release(): void {
    rmSync(this.#path, { force: true });
  }
}
