import { type Dispatcher, request } from "undici";
import { connectionsTo } from "./connections";
import { CERTIFICATE_CODES } from "./errors";
import type { Redactor } from "./redact";
import { parseRetryAfter } from "./retry";

/** One HTTP request to the API. */
export interface Call {
  readonly method: "GET" | "POST" | "DELETE";
  /** Below the base address, with a leading slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Milliseconds for the whole of it, from connecting to the last byte of the answer. */
  readonly timeoutMs: number;
  /** On a connection of its own. A kept one may be closed by the server just then, and a claim would be in doubt. */
  readonly ownConnection?: boolean;
}

export type Body =
  | { readonly form: "json"; readonly value: unknown }
  | { readonly form: "text"; readonly text: string }
  | { readonly form: "empty" };

/** The server answered, in whatever way. */
export interface Answer {
  readonly kind: "answer";
  readonly status: number;
  readonly body: Body;
  /** Milliseconds, from `Retry-After`. */
  readonly retryAfterMs?: number | undefined;
  /** Milliseconds since the epoch, from `Date`. */
  readonly serverTime?: number | undefined;
}

/** What became of one request. `notSent`: no connection came about. `lost`: it may have arrived, the answer did not. */
export type Reply =
  | Answer
  | { readonly kind: "notSent"; readonly code: string; readonly detail: string }
  | { readonly kind: "lost"; readonly code: string; readonly detail: string };

/** Sends single requests: authentication, time-out, body. It never retries, never follows a redirect, never throws. */
export class Transport {
  readonly #baseUrl: string;
  readonly #authorization: string;
  readonly #redactor: Redactor;
  readonly #dispatcher: Dispatcher | undefined;

  /** `baseUrl` as `checkBaseUrl` returns it. */
  constructor(baseUrl: string, apiKey: string, redactor: Redactor, dispatcher?: Dispatcher) {
    this.#baseUrl = baseUrl;
    this.#authorization = `Basic ${Buffer.from(`apikey:${apiKey}`).toString("base64")}`;
    this.#redactor = redactor;
    this.#dispatcher = dispatcher;
  }

  async send(call: Call, now: () => number): Promise<Reply> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), call.timeoutMs);
    try {
      const answer = await request(this.#addressOf(call), {
        method: call.method,
        headers: {
          authorization: this.#authorization,
          accept: "application/json",
          "user-agent": "pulumi-hologram",
          ...(call.body === undefined ? {} : { "content-type": "application/json" }),
        },
        body: call.body === undefined ? null : JSON.stringify(call.body),
        dispatcher: this.#dispatcher ?? this.#connectionFor(call),
        signal: abort.signal,
        // The one time-out above covers all phases.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      const text = await answer.body.text();
      const [retryAfter, date] = ["retry-after", "date"].map((name) => firstOf(answer.headers[name]));
      const serverTime = timeIn(date);
      return {
        kind: "answer",
        status: answer.statusCode,
        body: parseBody(text),
        // A date in it is one of the server's clock.
        retryAfterMs: parseRetryAfter(retryAfter, serverTime ?? now()),
        serverTime,
      };
    } catch (error) {
      if (abort.signal.aborted) {
        return { kind: "lost", code: "TIMEOUT", detail: `no answer within ${call.timeoutMs / 1_000} s` };
      }
      const description = describe(error);
      const { code, message } = description;
      return {
        kind: wasNeverSent(description) ? "notSent" : "lost",
        code,
        detail: this.#redactor.words(message),
      };
    } finally {
      clearTimeout(timer);
    }
  }

  #connectionFor(call: Call): Dispatcher {
    const { kept, single } = connectionsTo(this.#baseUrl);
    return call.ownConnection ? single : kept;
  }

  #addressOf(call: Call): string {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(call.query ?? {})) query.set(name, String(value));
    return `${this.#baseUrl}${call.path}${query.size === 0 ? "" : `?${query}`}`;
  }
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function timeIn(date: string | undefined): number | undefined {
  const time = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(time) ? undefined : time;
}

/** Also for the doctor, which reads answers as the client does. */
export function parseBody(text: string): Body {
  if (text.trim() === "") return { form: "empty" };
  try {
    const value: unknown = JSON.parse(text);
    return { form: "json", value };
  } catch {
    return { form: "text", text };
  }
}

/**
 * Only a failure before the request left is certain: to connect, to resolve the name, to get through the proxy, or to
 * trust the certificate. The same codes can come from a connection that was already in use (`EHOSTUNREACH` while
 * reading), hence the system call.
 */
function wasNeverSent({ code, syscall, message }: Description): boolean {
  if (syscall === "connect" || syscall === "getaddrinfo" || NEVER_SENT.has(code)) return true;
  // undici, lib/dispatcher/proxy-agent.js: the proxy answered CONNECT with something else than 200.
  return code === "UND_ERR_ABORTED" && message.startsWith("Proxy response");
}

/** Connecting took too long, the proxy or its certificate failed, or `HTTPS_PROXY` is no address. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_PRX_TLS",
  "UND_ERR_PRX_CONN",
  "ERR_INVALID_URL",
  ...CERTIFICATE_CODES,
]);

interface Description {
  readonly code: string;
  readonly syscall?: string | undefined;
  readonly message: string;
}

function describe(error: unknown): Description {
  // Node tries every address of a name; then the errors of the single addresses stand inside.
  if (error instanceof AggregateError) {
    const all: unknown[] = error.errors;
    const each = all.map(describe);
    const first = each[0];
    if (first !== undefined) {
      const never = each.every(wasNeverSent);
      return { ...first, syscall: never ? "connect" : undefined };
    }
  }
  if (!(error instanceof Error)) return { code: "UNKNOWN", message: String(error) };
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  const syscall = "syscall" in error && typeof error.syscall === "string" ? error.syscall : undefined;
  return { code, syscall, message: error.message };
}
