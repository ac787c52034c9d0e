import assert from "node:assert/strict";
import type { Emulator, Fault, SeenRequest } from "../../../provider/testing/emulator";
import type { FleetHarness } from "./providerHarness";
import type { Report, Values } from "./providerReport";

export const MINUTE = 60_000;

/** A change of devices as the account saw it: which SIMs, and what else was in the body. */
export interface SeenChange {
  readonly path: string;
  readonly iccids: readonly string[];
  readonly body: Readonly<Record<string, unknown>>;
}

/** The changes of one kind: `changeplan`, `usagelimit`, `state`, `link`, `unlink`. */
export function changesOf(emulator: Emulator, { writes }: Report, kind: string): SeenChange[] {
  const names = new Map(emulator.sims().map((sim) => [sim.deviceId, sim.iccid]));
  return writes
    .filter(({ path }) => path.startsWith("/devices/") && path.endsWith(`/${kind}`))
    .map((seen) => {
      const { deviceids = [], ...body } = bodyOf(seen);
      assert(Array.isArray(deviceids));
      return { path: seen.path, iccids: deviceids.map((id) => names.get(id) ?? `${id}`), body };
    });
}

/** What was sent, in order: "changeplan 20", "usagelimit 20", "bulkclaim 5". */
export function sentIn({ writes }: Report): string[] {
  return writes.map((seen) => {
    const { deviceids, sims } = bodyOf(seen);
    const named = deviceids ?? sims;
    return `${seen.path.split("/").at(-1)} ${Array.isArray(named) ? named.length : "range"}`;
  });
}

/** ICCIDs of every charge for a change of the plan. */
export function planCharges({ ledger }: Emulator): string[] {
  return ledger.flatMap(({ kind, iccid }) => (kind === "planchange" ? [iccid] : []));
}

/** No SIM but these was charged for a change of its plan, and none of them twice. */
export function assertChargedOnce(
  { emulator }: Pick<FleetHarness, "emulator">,
  iccids: readonly string[],
): void {
  assert.deepEqual(planCharges(emulator).sort(), [...iccids].sort());
}

/** The account is as the program says: an up sends nothing, and a refresh shows nothing. */
export async function assertQuiet(fleet: FleetHarness, inputs: Values): Promise<void> {
  const up = (await fleet.up(inputs)).clean();
  assert.deepEqual([up.changes, up.requests], ["", []]);
  assert.equal((await fleet.refresh()).clean().changes, "");
}

/** As if by the dashboard. Returns the tag's id. */
export async function newTag(emulator: Emulator, name: string): Promise<number> {
  const tags: unknown = await byHand(emulator, "POST", `/devices/tags?orgid=${emulator.orgId}`, { name });
  const { data } = Object(tags);
  return Number(Object(Object(data).tags)[0]?.id);
}

export async function deleteTag(emulator: Emulator, tagId: number): Promise<void> {
  await byHand(emulator, "DELETE", `/devices/tags/${tagId}`);
}

/** A request of somebody else's, which must go through. */
export async function byHand(
  emulator: Emulator,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const authorization = `Basic ${Buffer.from(`apikey:${emulator.apiKey}`).toString("base64")}`;
  const answer = await fetch(`${emulator.url}${path}`, {
    method,
    headers: { authorization, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text);
}

/** Answers that do not tell, to changes that were carried out. */
export const landed: Readonly<Record<string, Fault>> = {
  "dropped connection": { kind: "drop", commit: true },
  "half a body": { kind: "halfBody", commit: true },
  "a page of HTML": { kind: "html", status: 502, commit: true },
  "an empty answer": { kind: "empty", commit: true },
  "status 500": { kind: "status", status: 500, commit: true },
};

/** The same, to changes that were not. */
export const dropped: Readonly<Record<string, Fault>> = {
  "dropped connection": { kind: "drop", commit: false },
  "a page of HTML": { kind: "html", status: 200, commit: false },
  "an empty answer": { kind: "empty", commit: false },
  "status 503": { kind: "status", status: 503 },
};

function bodyOf({ body }: SeenRequest): Record<string, unknown> {
  return typeof body === "object" && body !== null ? { ...body } : {};
}
