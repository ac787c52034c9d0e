/** An account that is reached by HTTPS, and a CONNECT proxy, both on this machine. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, request as forward, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { connect, type Socket } from "node:net";
import { resolve } from "node:path";
import { pipeline } from "node:stream";
import { ROOT } from "../provider/providerProcess";

/*
 * The certificate is for 0.0.0.0, which is this machine and no loopback address: to those no proxy is used. Made by
 * openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out certificate.pem
 *   -days 36500 -subj "/CN=hologram.test" -addext "subjectAltName=IP:0.0.0.0,IP:127.0.0.1"
 */
const folder = resolve(ROOT, "tests", "fixtures", "tls");
export const CERTIFICATE = resolve(folder, "certificate.pem");

export interface Proxied {
  /** Of the account, by HTTPS, with a certificate that only `CERTIFICATE` vouches for. */
  readonly accountUrl: string;
  readonly proxyUrl: string;
  /** Targets of CONNECT, in order. */
  readonly tunnels: readonly string[];
  /** Connections to the account, through the proxy or not. */
  readonly connections: () => number;
  /** What the proxy answers to CONNECT from now on. */
  answer(status: number): void;
  close(): Promise<void>;
}

export async function startProxied(emulatorUrl: string): Promise<Proxied> {
  const open = new Set<Socket>();
  const kept = (socket: Socket): Socket => {
    open.add(socket);
    return socket.on("close", () => open.delete(socket)).on("error", () => socket.destroy());
  };
  const { port, pathname } = new URL(emulatorUrl);
  const host = `127.0.0.1:${port}`;
  let count = 0;
  const credentials = { cert: readFileSync(CERTIFICATE), key: readFileSync(resolve(folder, "key.pem")) };
  const account = createSecureServer(credentials, (asked, response) => {
    // The emulator answers to names of this machine only.
    const options = { port, path: asked.url, method: asked.method, headers: { ...asked.headers, host } };
    asked.pipe(
      forward(options, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      }),
    );
  });
  account.on("connection", kept).on("secureConnection", () => count++);
  const tunnels: string[] = [];
  let status = 200;
  const proxy = createServer().on("connect", (request, socket: Socket) => {
    tunnels.push(request.url ?? "");
    const target = new URL(`http://${request.url}`);
    kept(socket).write(`HTTP/1.1 ${status} From The Proxy\r\n\r\n`);
    if (status === 200) join(socket, kept(connect(Number(target.port), target.hostname)));
    else socket.end();
  });
  return {
    accountUrl: `https://0.0.0.0:${await listening(account)}${pathname}`,
    proxyUrl: `http://127.0.0.1:${await listening(proxy)}`,
    tunnels,
    connections: () => count,
    answer: (next) => {
      status = next;
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      await Promise.all([account, proxy].map((server) => new Promise((done) => server.close(done))));
    },
  };
}

function join(one: Socket, other: Socket): void {
  pipeline(one, other, one, () => undefined);
}

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
