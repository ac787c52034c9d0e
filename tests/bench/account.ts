/** The other end of an account process. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { AccountOptions, Traffic } from "./accountProcess";

export class Account {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(options: AccountOptions): Promise<Account> {
    const child = fork(join(__dirname, "accountProcess.js"), [JSON.stringify(options)], {
      execArgv: [],
      serialization: "advanced",
    });
    const [url]: unknown[] = await once(child, "message");
    return new Account(child, String(url));
  }

  /** What came since the last call. */
  async traffic(): Promise<Traffic> {
    this.child.send("traffic");
    const [traffic]: Traffic[] = await once(this.child, "message");
    if (traffic === undefined) throw new Error("the account did not answer");
    return traffic;
  }

  async stop(): Promise<void> {
    const ended = once(this.child, "exit");
    this.child.disconnect();
    await ended;
  }
}
