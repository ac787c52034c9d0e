/** Stands between a provider and the emulated account, and changes what passes: for servers that behave as no switch of the emulator does. */
import { createServer, type IncomingHttpHeaders, request as send } from "node:http";
import type { AddressInfo } from "node:net";

/** A request on its way to the account. */
export interface Passing {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
}

/** What is changed. Each answers `undefined` to leave things as they are. */
export interface Rewriting {
  /** Another path and query. */
  readonly url?: (passing: Passing) => string | undefined;
  /** Another body of the answer. */
  readonly answer?: (passing: Passing, body: unknown) => unknown;
  /** Milliseconds by which the server's clock, as its `Date` shows it, is ahead. */
  readonly aheadMs?: number;
}

export interface RewritingProxy {
  /** For `HOLOGRAM_BASE_URL`. */
  readonly baseUrl: string;
  close(): Promise<void>;
}

export async function rewritingProxy(accountUrl: string, rewriting: Rewriting): Promise<RewritingProxy> {
  const account = new URL(accountUrl);
  const server = createServer((incoming, outgoing) => {
    const passing = { method: incoming.method ?? "", url: incoming.url ?? "" };
    const path = rewriting.url?.(passing) ?? passing.url;
    const onwards = send(
      { host: account.hostname, port: account.port, method: passing.method, path, headers: incoming.headers },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("end", () => {
          const body = rewritten(rewriting, passing, Buffer.concat(chunks).toString("utf8"));
          outgoing.writeHead(answer.statusCode ?? 500, headersOf(answer.headers, body, rewriting));
          outgoing.end(body);
        });
        answer.on("error", () => outgoing.destroy());
      },
    );
    onwards.on("error", () => outgoing.destroy());
    incoming.pipe(onwards);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = addressOf(server.address());
  return {
    baseUrl: `http://127.0.0.1:${port}${account.pathname}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function rewritten({ answer }: Rewriting, passing: Passing, text: string): string {
  if (answer === undefined) return text;
  try {
    const changed = answer(passing, JSON.parse(text));
    return changed === undefined ? text : JSON.stringify(changed);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

function headersOf(headers: IncomingHttpHeaders, body: string, { aheadMs = 0 }: Rewriting) {
  const { "transfer-encoding": _chunked, ...others } = headers;
  const date = new Date(Date.parse(headers.date ?? "") + aheadMs);
  return {
    ...others,
    "content-length": Buffer.byteLength(body),
    ...(aheadMs === 0 ? {} : { date: date.toUTCString() }),
  };
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === "string") throw new Error("the proxy listens on a port");
  return address;
}
