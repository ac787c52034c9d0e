import { createConnection } from "node:net";

/**
 * The engine's address, which is the last argument of the provider process (seen on the real engine, not documented);
 * undefined where the provider runs in another process.
 */
export function engineAddress(): string | undefined {
  const last = process.argv.at(-1) ?? "";
  return /^(127\.0\.0\.1|localhost|\[::1\]):\d+$/.test(last) ? last : undefined;
}

/**
 * The engine that a provider process works for. After `kill -9` of the CLI its provider process lives on (seen: two
 * more claims went out in the next seconds), and the next `pulumi up` would run beside it.
 */
export class EngineWatch {
  /** Only an engine that was there can be gone: a process may have been started by hand, without one. */
  #seen = false;

  readonly #address: () => string | undefined;

  constructor(address: () => string | undefined = engineAddress) {
    this.#address = address;
  }

  /** Looks for the engine for the first time; call it while an operation begins. */
  async meet(): Promise<void> {
    if (!this.#seen) await this.isGone();
  }

  /** A connection to a dead engine is refused at once; anything else counts as life. */
  async isGone(): Promise<boolean> {
    const address = this.#address();
    if (address === undefined) return false;
    const refused = await isRefused(address);
    if (!refused) this.#seen = true;
    return refused && this.#seen;
  }
}

function isRefused(address: string): Promise<boolean> {
  const [, host = "", port = ""] = /^\[?(.+?)\]?:(\d+)$/.exec(address) ?? [];
  return new Promise((resolve) => {
    const socket = createConnection({ host, port: Number(port), timeout: CONNECT_TIMEOUT_MS });
    const end = (refused: boolean): void => {
      socket.destroy();
      resolve(refused);
    };
    socket.once("connect", () => end(false));
    socket.once("timeout", () => end(false));
    socket.once("error", (error) => end("code" in error && error.code === "ECONNREFUSED"));
  });
}

const CONNECT_TIMEOUT_MS = 2_000;
