/** The web server: routes to handlers, deliveries to the socket, loopback only. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type Context, Hono, type HonoRequest } from "hono";
import type { SeenRequest } from "../records";
import type { Credentials } from "./auth";
import { answer, type Delivery, type Exchange } from "./exchange";
import type { Answer, Route } from "./http";
import { readBody, readQuery } from "./requestForm";

export const BASE_PATH = "/api/1";

/** What the server tells of each request of the API. */
export interface Watcher {
  /** A request has come in. */
  arrived(seen: SeenRequest): void;
  /** It has been dealt with, and its answer is about to go out. */
  dealtWith(): void;
  /** Its answer is known to `seen.status`. */
  answered(seen: SeenRequest): void;
}

/** Beside the API: the control interface and the page. Neither is on the list of requests. */
export interface Neighbours {
  /** Path of the control interface, without a slash at its end. */
  readonly adminPath: string;
  admin(
    credentials: Credentials,
    request: {
      readonly method: string;
      readonly path: string;
      readonly query: Readonly<Record<string, string>>;
      readonly body: unknown;
    },
  ): Answer;
  /** Whatever is neither below the API's base path nor below `adminPath`. */
  page(request: Request): Response | Promise<Response>;
}

/** All that the server serves. */
export interface Served {
  readonly exchange: Exchange;
  readonly routes: readonly Route[];
  readonly watcher: Watcher;
  readonly neighbours: Neighbours;
}

type Env = { Bindings: HttpBindings };

/** Listens on a loopback address; the promise fails when the port is taken. */
export async function listen(
  { exchange, routes, watcher, neighbours }: Served,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<Server> {
  refuseOtherHosts(host);
  // The blueprint ends one path with a slash.
  const app = new Hono<Env>({ strict: false });
  // A page in a browser that was sent to this address by a foreign name gets nothing.
  app.use(async (context, next) => {
    if (isLoopback(new URL(context.req.url).hostname)) return next();
    return context.text("The emulator answers on loopback only.", 403);
  });
  app.onError((error) => respond({ status: 500, body: { success: false, error: String(error.stack) } }));
  app.all(`${neighbours.adminPath}/*`, async ({ req }) => {
    const request = {
      method: req.method,
      path: req.path.slice(neighbours.adminPath.length + 1).replace(/\/$/, ""),
      query: readQuery(new URL(req.url).searchParams),
      body: readBody(await req.text()),
    };
    return respond(neighbours.admin(credentialsOf(req), request));
  });
  for (const route of routes) {
    app.on(route.method, `${BASE_PATH}${route.path}`, (context) => serve(exchange, route, watcher, context));
  }
  app.all(`${BASE_PATH}/*`, (context) => serve(exchange, undefined, watcher, context));
  app.all("*", ({ req }) => neighbours.page(req.raw));
  const server = createServer(getRequestListener(app.fetch));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve());
  });
  return server;
}

export function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string")
    throw new Error("The emulator does not listen on a port.");
  return address.port;
}

export async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

async function serve(
  exchange: Exchange,
  route: Route | undefined,
  watcher: Watcher,
  context: Context<Env>,
): Promise<Response> {
  const { req } = context;
  const text = await req.text();
  exchange.account.requestCount += 1;
  const seen: SeenRequest = {
    n: exchange.account.requestCount,
    method: req.method,
    path: req.path.slice(BASE_PATH.length).replace(/\/$/, ""),
    query: readQuery(new URL(req.url).searchParams),
    body: readBody(text, req.header("content-type")),
    status: 0,
    at: exchange.account.clock.now(),
  };
  watcher.arrived(seen);
  const params: Record<string, string> = route === undefined ? {} : req.param();
  const delivery = await answer(exchange, {
    seen,
    route,
    params,
    credentials: credentialsOf(req),
  });
  watcher.dealtWith();
  seen.status = "answer" in delivery ? delivery.answer.status : 0;
  watcher.answered(seen);
  return deliver(delivery, context, seen.at);
}

async function deliver(delivery: Delivery, context: Context<Env>, now: number): Promise<Response> {
  const { outgoing } = context.env;
  switch (delivery.kind) {
    case "answer":
      return respond(delivery.answer, now);
    case "half": {
      const text = bodyText(delivery.answer);
      outgoing.writeHead(delivery.answer.status, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(text),
      });
      await new Promise<void>((resolve) => outgoing.write(text.slice(0, text.length >>> 1), () => resolve()));
      outgoing.destroy();
      return RESPONSE_ALREADY_SENT;
    }
    case "drop":
      outgoing.destroy();
      return RESPONSE_ALREADY_SENT;
    case "hang":
      // Until the client gives up, or the emulator is closed.
      await new Promise<void>((resolve) => outgoing.once("close", () => resolve()));
      return RESPONSE_ALREADY_SENT;
  }
}

/** With a time, `Date` is that of the emulator's clock: clients take the account's time from it. */
function respond(given: Answer, now?: number): Response {
  const type = typeof given.body === "string" ? "text/plain; charset=utf-8" : "application/json";
  const date = now === undefined ? {} : { date: new Date(now).toUTCString() };
  return new Response(bodyText(given), {
    status: given.status,
    headers: { "content-type": type, ...date, ...given.headers },
  });
}

function bodyText({ body }: Answer): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}

function credentialsOf(req: HonoRequest): Credentials {
  return { authorization: req.header("authorization"), apikey: req.query("apikey") };
}

function refuseOtherHosts(host: string): void {
  if (!isLoopback(host)) throw new Error(`The emulator listens on loopback only, not on ${host}.`);
}

function isLoopback(host: string): boolean {
  return ["127.0.0.1", "localhost", "::1", "[::1]"].includes(host);
}
