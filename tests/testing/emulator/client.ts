/** A client without opinions: it sends what a test says and shows what came back. */
import { request } from "undici";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../provider/testing/emulator";
import type { Clock } from "../../../provider/util/clock";

export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The parsed body; fails when it is not JSON. */
  readonly json: unknown;
}

export interface Client {
  get(path: string): Promise<Reply>;
  post(path: string, body?: unknown): Promise<Reply>;
  put(path: string, body?: unknown): Promise<Reply>;
  delete(path: string): Promise<Reply>;
}

export function basic(key: string, user = "apikey"): string {
  return `Basic ${Buffer.from(`${user}:${key}`).toString("base64")}`;
}

export function client(emulator: Emulator, key = emulator.apiKey): Client {
  const send = async (method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown) => {
    const answer = await request(`${emulator.url}${path}`, {
      method,
      headers: { authorization: basic(key), "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    return {
      status: answer.statusCode,
      text,
      headers: answer.headers,
      get json(): unknown {
        return JSON.parse(text);
      },
    };
  };
  return {
    get: (path) => send("GET", path),
    post: (path, body) => send("POST", path, body),
    put: (path, body) => send("PUT", path, body),
    delete: (path) => send("DELETE", path),
  };
}

/** What stands at a place of a parsed answer; undefined where there is no such place. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = Object.entries(found).find(([name]) => name === String(step))?.[1];
  }
  return found;
}

/** One value of every item of the answer's `data`. */
export function column(reply: Reply, ...path: (string | number)[]): unknown[] {
  const data = at(reply.json, "data");
  return Array.isArray(data) ? data.map((item) => at(item, ...path)) : [];
}

/** A clock that stands still until it is moved. */
export class ManualClock implements Clock {
  private time = Date.UTC(2026, 0, 1);
  private sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  now(): number {
    return this.time;
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => this.sleepers.push({ until: this.time + milliseconds, wake }));
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
    const due = this.sleepers.filter(({ until }) => until <= this.time);
    this.sleepers = this.sleepers.filter(({ until }) => until > this.time);
    for (const { wake } of due) wake();
  }
}

export interface Bench {
  readonly emulator: Emulator;
  readonly api: Client;
  readonly clock: ManualClock;
}

/** Runs a test against an emulator of its own. */
export function bench(work: (bench: Bench) => Promise<void>, options: EmulatorOptions = {}) {
  return async (): Promise<void> => {
    const clock = new ManualClock();
    const emulator = await startEmulator({ clock, ...options });
    try {
      await work({ emulator, api: client(emulator), clock });
    } finally {
      await emulator.close();
    }
  };
}

export const FIRST = "89445001021983048260";

/** Waits for something that another request brings about, a turn of the loop at a time. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
