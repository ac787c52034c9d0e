/** Tells a browser that something has changed, and nothing more: it asks for its page again. */
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";

/** Where news comes from; the function that it returns ends the subscription. */
export type Subscribe = (listener: () => void) => () => void;

/** News that come closer together than this are told as one. */
const APART_MILLISECONDS = 200;

/** The answer stays open until the browser goes away or the emulator stops. */
export function tellNews(context: Context, subscribe: Subscribe): Response {
  return streamSSE(context, async (stream) => {
    const news = new News(subscribe);
    stream.onAbort(() => news.end());
    // The first message says that the line is there.
    do await stream.writeSSE({ data: "news" });
    while (await news.next());
  });
}

class News {
  #waiting: ((more: boolean) => void) | undefined;
  #missed = false;
  #ended = false;
  #toldAt = performance.now();
  readonly #unsubscribe: () => void;

  constructor(subscribe: Subscribe) {
    this.#unsubscribe = subscribe(() => this.#arrive());
  }

  /** Resolves with true at the next news, with false at the end. */
  next(): Promise<boolean> {
    if (this.#ended) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.#waiting = resolve;
      if (this.#missed) this.#arrive();
    });
  }

  end(): void {
    this.#ended = true;
    this.#unsubscribe();
    this.#waiting?.(false);
  }

  #arrive(): void {
    if (this.#waiting === undefined) {
      this.#missed = true;
      return;
    }
    const tell = this.#waiting;
    this.#waiting = undefined;
    this.#missed = false;
    const wait = this.#toldAt + APART_MILLISECONDS - performance.now();
    const now = () => {
      this.#toldAt = performance.now();
      tell(!this.#ended);
    };
    if (wait <= 0) now();
    else setTimeout(now, wait).unref();
  }
}
