/** The bare API: sends the requests of a file one after the other, with undici, and reads each answer. Nothing more. */
import { readFileSync } from "node:fs";
import { request } from "undici";
import type { Sent } from "./accountProcess";
import { KEY } from "./pack";

interface Envelope {
  readonly success: boolean;
  readonly data: unknown;
}

async function main(url: string, file: string): Promise<void> {
  const requests: Sent[] = JSON.parse(readFileSync(file, "utf8"));
  const headers = {
    authorization: `Basic ${Buffer.from(`apikey:${KEY}`).toString("base64")}`,
    "content-type": "application/json",
  };
  const devices: unknown[] = [];
  for (const { method, path, query, body } of requests) {
    const address = `${url}${path}?${new URLSearchParams({ ...query })}`;
    const answer = await request(address, {
      method: method === "GET" ? "GET" : "POST",
      headers,
      body: body === undefined ? null : JSON.stringify(body),
    });
    const { success, data }: Envelope = JSON.parse(await answer.body.text());
    if (!success) throw new Error(`${method} ${path} answered ${answer.statusCode}`);
    devices.push(data);
  }
}

void main(process.argv[2] ?? "", process.argv[3] ?? "");
