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
 * Whether anybody is there to hear the answer. After `kill -9` of the CLI its provider process lives on (seen: two more
 * claims went out in the next seconds), and the next `pulumi up` would run beside it. A connection to a dead engine is
 * refused at once; anything else counts as life.
 */
export async function engineIsThere(address = engineAddress()): Promise<boolean> {
  if (address === undefined) return true;
  const [, host = "", port = ""] = /^\[?(.+?)\]?:(\d+)$/.exec(address) ?? [];
  return new Promise((resolve) => {
    const socket = createConnection({ host, port: Number(port), timeout: PATIENCE });
    const end = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(true));
    socket.once("error", (error) => end(!("code" in error && error.code === "ECONNREFUSED")));
  });
}

/** Milliseconds. */
const PATIENCE = 2_000;
