/** Somebody who looks at the page without a browser: reads what it says, and sends its forms as they stand there. */
import assert from "node:assert/strict";
import { request } from "undici";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../provider/testing/emulator";

export interface Seen {
  readonly status: number;
  readonly html: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export type Fields = Readonly<Record<string, string | readonly string[]>>;

export class Visitor {
  readonly origin: string;

  constructor(readonly emulator: Emulator) {
    this.origin = `http://127.0.0.1:${emulator.port}`;
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Seen> {
    const { statusCode, body, headers: answered } = await request(this.origin + path, { headers });
    return { status: statusCode, html: await body.text(), headers: answered };
  }

  /** Sends the fields as a form; the answer is not followed. */
  async send(action: string, fields: Fields, headers: Readonly<Record<string, string>> = {}): Promise<Seen> {
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) {
      for (const each of typeof value === "string" ? [value] : value) form.append(name, each);
    }
    const {
      statusCode,
      body,
      headers: answered,
    } = await request(`${this.origin}/do/${action}`, {
      method: "POST",
      body: form.toString(),
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    });
    return { status: statusCode, html: await body.text(), headers: answered };
  }

  /** Fills in a form of the page, presses its button, and reads the page that comes then. */
  async press(path: string, action: string, fields: Fields): Promise<Seen> {
    const before = await this.get(path);
    const given = { ...hiddenFields(before.html, action), ...fields };
    const sent = await this.send(action, given, { origin: this.origin, "sec-fetch-site": "same-origin" });
    assert.equal(sent.status, 303, sent.html);
    const { location } = sent.headers;
    assert.ok(typeof location === "string");
    return this.get(location);
  }

  /** What the page says of what was just done. */
  async told(path: string, action: string, fields: Fields): Promise<string> {
    return noticeOf((await this.press(path, action, fields)).html);
  }
}

/** Runs a test with an account of its own, which `options` make. */
export function visit(work: (visitor: Visitor) => Promise<void>, options: EmulatorOptions = {}) {
  return async (): Promise<void> => {
    const emulator = await startEmulator(options);
    try {
      await work(new Visitor(emulator));
    } finally {
      emulator.faults.release();
      await emulator.close();
    }
  };
}

export function noticeOf(html: string): string {
  return plain(/<p class="notice [^>]*>(.*?)<\/p>/s.exec(html)?.[1] ?? "");
}

/** ICCIDs of the list of SIMs, from above. */
export function listed(html: string): string[] {
  return [...html.matchAll(/name="pick" id="pick-\d+" value="(\d+)"/g)].map(([, iccid = ""]) => iccid);
}

/** Text without markup; entities are what they stand for. */
export function plain(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

/** What the first form for this action carries without anybody's doing. */
export function hiddenFields(html: string, action: string): Record<string, string> {
  const form = html.split("<form ").find((part) => part.includes(`action="/do/${action}"`));
  assert.ok(form !== undefined, `the page has a form for ${action}`);
  const inputs =
    form.split("</form>")[0]?.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g) ?? [];
  return Object.fromEntries([...inputs].map(([, name = "", value = ""]) => [name, plain(value)]));
}
