import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Hologram, type HologramOptions } from "../../provider/hologram";
import type { Clock } from "../../provider/util/clock";

export const KEY = "k3y-with+odd/chars=and%20more";
export const ORG = 12345;

/** A clock that never waits: sleeping moves it on. */
export class JumpingClock implements Clock {
  readonly sleeps: number[] = [];
  private time = Date.UTC(2026, 0, 1);

  now(): number {
    return this.time;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.sleeps.push(milliseconds);
    this.time += milliseconds;
  }
}

/** A clock whose sleepers wake when the test says so. */
export class HeldClock implements Clock {
  private readonly sleepers: (() => void)[] = [];

  now(): number {
    return Date.UTC(2026, 0, 1);
  }

  sleep(): Promise<void> {
    return new Promise((resolve) => this.sleepers.push(resolve));
  }

  get sleeping(): number {
    return this.sleepers.length;
  }

  wakeOne(): void {
    this.sleepers.shift()?.();
  }
}

/** A request as the server really got it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  /** The header: whether the client wants to keep the connection. */
  readonly connection: string | undefined;
  readonly body: unknown;
}

/** An answer; `body` is sent as JSON unless it is text. `half` breaks off, `drop` closes the socket, `hang` stays silent. */
export interface Given {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly how?: "half" | "drop" | "hang";
}

export interface RawServer {
  readonly url: string;
  readonly seen: Seen[];
  /** Most requests that were open at the same time. */
  readonly mostAtOnce: () => number;
  close(): Promise<void>;
}

export type Script = (seen: Seen, n: number) => Given | Promise<Given>;

/** A server that answers what the test tells it to, malformed answers included. */
export async function serve(script: Script): Promise<RawServer> {
  const seen: Seen[] = [];
  let open = 0;
  let most = 0;
  const server = createServer(async (request, response) => {
    most = Math.max(most, ++open);
    response.once("close", () => open--);
    const one = await readRequest(request);
    seen.push(one);
    answer(response, await script(one, seen.length));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  const { port } = address;
  return {
    url: `http://127.0.0.1:${port}/api/1`,
    seen,
    mostAtOnce: () => most,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readRequest(request: IncomingMessage): Promise<Seen> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  return {
    method: request.method ?? "",
    path: url.pathname.replace("/api/1", ""),
    query: url.searchParams,
    authorization: request.headers.authorization,
    connection: request.headers.connection,
    body: text === "" ? undefined : JSON.parse(text),
  };
}

function answer(response: ServerResponse, { status = 200, body = "", headers = {}, how }: Given): void {
  if (how === "hang") return;
  if (how === "drop") {
    response.destroy();
    return;
  }
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.sendDate = false;
  response.writeHead(status, { "content-length": Buffer.byteLength(text), ...headers });
  if (how === "half") response.write(text.slice(0, text.length / 2), () => response.destroy());
  else response.end(text);
}

/**
 * Holds requests until so many are there at once, or all that will come are: however slow the machine, a client that
 * sends so many at a time is seen doing it, and one that sends fewer waits for ever.
 */
export class Gathering {
  private readonly held: (() => void)[] = [];
  private come = 0;

  constructor(
    private readonly size: number,
    private readonly all: number,
  ) {}

  async join(): Promise<void> {
    const freed = new Promise<void>((resolve) => this.held.push(resolve));
    if (++this.come === this.all || this.held.length === this.size) {
      // One request too many gets the time to show itself.
      await new Promise((resolve) => setTimeout(resolve, 5));
      for (const free of this.held.splice(0)) free();
    }
    return freed;
  }
}

/** Runs a test against a server of its own. */
export async function withServer(script: Script, test: (server: RawServer) => Promise<void>): Promise<void> {
  const server = await serve(script);
  try {
    await test(server);
  } finally {
    await server.close();
  }
}

/** A client that does not really wait. */
export function clientOf(server: { readonly url: string }, options: Partial<HologramOptions> = {}): Hologram {
  return new Hologram({
    apiKey: KEY,
    baseUrl: server.url,
    clock: new JumpingClock(),
    random: () => 0,
    requestTimeoutMs: 5_000,
    ...options,
  });
}

export async function all<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  return (await Array.fromAsync(pages)).flat();
}

/** The error that a promise fails with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error("It was to fail, and did not.");
}

/** Waits for something that other callbacks bring about, without the clock. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 5_000 && !holds(); turn++) await new Promise(setImmediate);
  if (!holds()) throw new Error("It did not come about.");
}

export function ok(data: unknown, more: Readonly<Record<string, unknown>> = {}): Given {
  return { body: { success: true, data, ...more } };
}

export function iccid(n: number): string {
  return `89445001021${String(n).padStart(8, "0")}`;
}
