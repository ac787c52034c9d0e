/** What was just done is told on the page that comes next, once, and is never in its address. */
import { randomBytes } from "node:crypto";
import type { Notice } from "./views/layout";

const KEPT_AT_MOST = 50;

export class Notices {
  readonly #kept = new Map<string, Notice>();

  /** Does it, keeps what is to be told of it, and tells under which name. */
  keep(work: () => string): string {
    const name = randomBytes(9).toString("base64url");
    this.#kept.set(name, noticeOf(work));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT_AT_MOST && oldest !== undefined) this.#kept.delete(oldest);
    return name;
  }

  /** What is told under this name; the second time nothing. */
  take(name: string | undefined): Notice | undefined {
    if (name === undefined) return undefined;
    const notice = this.#kept.get(name);
    this.#kept.delete(name);
    return notice;
  }

  /** The page that a form came from, with the notice. Any other site's address becomes the first page. */
  address(back: string, name: string): string {
    const here = "http://page";
    const url = URL.canParse(back, here) ? new URL(back, here) : new URL(here);
    const own = url.origin === here ? url : new URL(here);
    own.searchParams.set(SAID, name);
    return `${own.pathname.replace(/^\/+/, "/")}${own.search}`;
  }
}

/** Field of an address that names a notice. */
export const SAID = "said";

function noticeOf(work: () => string): Notice {
  try {
    return { ok: true, text: work() };
  } catch (error) {
    return { ok: false, text: error instanceof Error ? error.message : String(error) };
  }
}
