import type { Dispatcher } from "undici";
import { isRecord } from "../../hologram/envelope";

/** An answer as it came. The body is text until somebody reads it. */
export interface SeenAnswer {
  readonly method: string;
  /** Below the base address, with the query. */
  readonly path: string;
  /** What was sent with it. */
  readonly sent: unknown;
  readonly status: number;
  /** Lower-case names; values of headers that came twice are joined. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** From the request to the last byte of the answer. */
  readonly milliseconds: number;
  /** When the answer had begun, by this machine's clock: what the server's `Date` is compared with. */
  readonly at: number;
}

/** Requests that only ask: everything else is refused before it leaves. */
class WriteRefusedError extends Error {
  override readonly name = "WriteRefusedError";
}

/**
 * Connections that remember every answer, and let through only requests that change nothing: GET, and the preview of a
 * claim without a plan and a zone, which no server can take for a purchase. The client sends no others here; this holds
 * even if it did.
 */
export function watch(
  connections: Dispatcher,
  basePath: string,
  now: () => number,
): { readonly dispatcher: Dispatcher; readonly answers: SeenAnswer[] } {
  const answers: SeenAnswer[] = [];
  const dispatcher = connections.compose((dispatch) => (options, handler) => {
    const sent = bodyOf(options);
    if (!onlyAsks(options, sent, basePath)) {
      throw new WriteRefusedError(
        `${options.method} ${options.path} would change something, and was not sent`,
      );
    }
    const path = options.path.startsWith(basePath) ? options.path.slice(basePath.length) : options.path;
    const asked = { method: options.method, path, sent };
    return dispatch(options, new Watching(handler, asked, now, (answer) => answers.push(answer)));
  });
  return { dispatcher, answers };
}

class Watching implements Dispatcher.DispatchHandler {
  readonly #begun: number;
  readonly #chunks: Buffer[] = [];
  #head: Pick<SeenAnswer, "status" | "headers" | "at"> | undefined;

  readonly #inner: Dispatcher.DispatchHandler;
  readonly #asked: Pick<SeenAnswer, "method" | "path" | "sent">;
  readonly #now: () => number;
  readonly #done: (answer: SeenAnswer) => void;

  constructor(
    inner: Dispatcher.DispatchHandler,
    asked: Pick<SeenAnswer, "method" | "path" | "sent">,
    now: () => number,
    done: (answer: SeenAnswer) => void,
  ) {
    this.#inner = inner;
    this.#asked = asked;
    this.#now = now;
    this.#done = done;
    this.#begun = now();
  }

  onResponseStart(...args: Parameters<Handler["onResponseStart"]>): void {
    const [, status, headers] = args;
    const entries = Object.entries(headers).map(
      ([name, value]) => [name, [value].flat().join(", ")] as const,
    );
    this.#head = { status, headers: Object.fromEntries(entries), at: this.#now() };
    this.#inner.onResponseStart?.(...args);
  }

  onResponseData(...args: Parameters<Handler["onResponseData"]>): void {
    this.#chunks.push(args[1]);
    this.#inner.onResponseData?.(...args);
  }

  onResponseEnd(...args: Parameters<Handler["onResponseEnd"]>): void {
    if (this.#head !== undefined) {
      const text = Buffer.concat(this.#chunks).toString("utf8");
      this.#done({ ...this.#asked, ...this.#head, text, milliseconds: this.#now() - this.#begun });
    }
    this.#inner.onResponseEnd?.(...args);
  }

  onRequestStart(...args: Parameters<Handler["onRequestStart"]>): void {
    this.#inner.onRequestStart?.(...args);
  }

  onRequestUpgrade(...args: Parameters<Handler["onRequestUpgrade"]>): void {
    this.#inner.onRequestUpgrade?.(...args);
  }

  onResponseError(...args: Parameters<Handler["onResponseError"]>): void {
    this.#inner.onResponseError?.(...args);
  }
}

type Handler = Required<Dispatcher.DispatchHandler>;

function onlyAsks({ method, path }: Dispatcher.DispatchOptions, sent: unknown, basePath: string): boolean {
  if (method === "GET") return true;
  const isPreview = path === `${basePath}/links/cellular/bulkclaim?preview=true`;
  return (
    method === "POST" && isPreview && isRecord(sent) && sent.plan === undefined && sent.zone === undefined
  );
}

function bodyOf({ body }: Dispatcher.DispatchOptions): unknown {
  if (typeof body !== "string") return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
