import assert from "node:assert/strict";
import { z } from "zod";
import { tagHandler } from "../../../provider/dynamic/deviceTag/tagHandler";
import { Session } from "../../../provider/dynamic/host/session";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../provider/testing/emulator";
import { Timeline } from "./providerClock";
import { FleetHarness, type Provider } from "./providerHarness";
import { EngineLog } from "./providerRows";

/** Drives the dynamic side of `DeviceTag` in this process, as `FleetHarness` does that of fleets. */
export class TagHarness extends FleetHarness {
  static override async start(options: EmulatorOptions = {}): Promise<TagHarness> {
    const timeline = new Timeline();
    const emulator = await startEmulator({ clock: timeline.emulator, ...options });
    return new TagHarness(emulator, await EngineLog.start(), timeline);
  }

  protected override startProcess(): Provider {
    const methods = tagHandler(new Session(this.environment, this.timeline.provider));
    const { configure, check, diff, create, read, update, delete: remove } = methods;
    assert(configure && check && diff && read && update && remove);
    return { configure, check, diff, create, read, update, delete: remove };
  }

  /** The account's tags, as the API lists them. */
  tags(): Promise<ListedTag[]> {
    return listTags(this.emulator);
  }

  /** A tag that somebody made in the dashboard. */
  async addByHand(name: string): Promise<number> {
    await ask(this.emulator, "POST", "/devices/tags", { name });
    const tag = (await this.tags()).findLast((each) => each.name === name);
    assert(tag);
    return tag.id;
  }

  async removeByHand(tagId: number): Promise<void> {
    await ask(this.emulator, "DELETE", `/devices/tags/${tagId}`);
  }
}

const listed = z.array(z.object({ id: z.number(), name: z.string(), deviceids: z.array(z.number()) }));
const answer = z.object({
  data: z.union([listed, z.object({ tags: listed }).transform(({ tags }) => tags)]),
});

export type ListedTag = z.output<typeof listed>[number];

/** Runs a test against an account of its own without tags, and makes sure that nothing it said holds the key. */
export async function withTags(
  options: EmulatorOptions,
  test: (tags: TagHarness) => Promise<void>,
): Promise<void> {
  const harness = await TagHarness.start(options);
  try {
    await test(harness);
  } finally {
    await harness.close();
  }
}

/** The tags that the account's own key sees. */
export async function listTags(emulator: Emulator): Promise<ListedTag[]> {
  return answer.parse(await ask(emulator, "GET", "/devices/tags")).data;
}

async function ask(emulator: Emulator, method: string, path: string, body?: object): Promise<unknown> {
  const authorization = `Basic ${Buffer.from(`apikey:${emulator.apiKey}`).toString("base64")}`;
  const reply = await fetch(`${emulator.url}${path}?orgid=${emulator.orgId}`, {
    method,
    headers: { authorization, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  assert.equal(reply.status, 200);
  return reply.json();
}
