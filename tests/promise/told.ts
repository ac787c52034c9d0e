/** Compares what was told with what was done: a preview, the command that follows it, and what the account saw. */
import assert from "node:assert/strict";
import type { SeenRequest } from "../../provider/testing/emulator";
import { type FleetStack, type Operation, PLAN } from "../harness/engine/fleetStack";
import type { Stage } from "./stories";

/** Counts of a preview, summed over its fleets; and what the rows say of open work. */
export interface Told {
  readonly activate: number;
  readonly adopt: number;
  readonly resume: number;
  readonly changePlan: number;
  readonly changeLimits: number;
  readonly release: number;
  readonly dueNow: number;
}

/** What was sent that changes something, by SIM. */
export interface Done {
  readonly claimed: readonly string[];
  /** Charges of claims, in dollars. */
  readonly spent: number;
  readonly resumed: readonly string[];
  readonly planChanged: readonly string[];
  readonly limitsChanged: readonly string[];
  readonly paused: readonly string[];
  readonly deactivated: readonly string[];
}

/** How a command that was previewed is carried out. */
export type Way = "up" | "saved plan" | "skip preview" | "with refresh";

/**
 * Previews, does it, and fails where more was done than was told: of any kind, for any fleet, at any price. Whether the
 * command succeeds is for the story to say.
 */
export async function previewThenUp(
  { fleets, file }: Stage,
  way: Way = "up",
): Promise<{
  readonly preview: Operation;
  readonly up: Operation;
  readonly told: Told;
  readonly done: Done;
}> {
  const plan = file("saved-plan.json");
  const args = way === "with refresh" ? ["--refresh"] : [];
  const preview = await fleets.preview(way === "saved plan" ? { args: ["--save-plan", plan] } : { args });
  assert.deepEqual(preview.writes, [], "a preview changes nothing");
  const told = toldIn(preview);
  const up = await fleets.up({
    preview: way !== "skip preview",
    args: way === "saved plan" && preview.ok ? ["--plan", plan] : args,
  });
  const done = doneIn(fleets, up);
  assertNoMore(told, done, `${preview.text}\n---\n${up.text}`);
  return { preview, up, told, done };
}

function toldIn(preview: Operation): Told {
  // What stays the same shows the preview of its last change.
  const changing = new Set(preview.steps.flatMap(({ op, name }) => (op === "same" ? [] : [name])));
  const previews = Object.entries(Object(preview.outputs.previews))
    .filter(([name]) => changing.has(name))
    .map(([, each]) => each);
  const sum = (key: string): number =>
    previews.reduce<number>((total, each) => total + Number(Object(each)[key] ?? 0), 0);
  // The CLI shows a row again and again while it works: the last one counts.
  const rows = [...changing]
    .map((name) => [...preview.text.matchAll(new RegExp(` ${name} .*continues: (.*)`, "g"))].at(-1)?.[1])
    .join("\n");
  const open = (words: RegExp): number =>
    [...rows.matchAll(words)].reduce(
      (total, [, count = "0"]) => total + Number(count.replaceAll(",", "")),
      0,
    );
  const money = [...rows.matchAll(/about \$([\d,.]*\d)/g)].reduce(
    (total, [, dollars = "0"]) => total + Number(dollars.replaceAll(",", "")),
    0,
  );
  return {
    activate: sum("activate") + open(/([\d,]+) SIMs? (?:is |are )?still to (?:be )?activate/g),
    adopt: sum("adopt"),
    resume: sum("resume") + open(/([\d,]+) SIMs? (?:is |are )?still to (?:be )?resume/g),
    changePlan:
      sum("changePlan") + open(/([\d,]+) SIMs? (?:is |are )?still to (?:be )?(?:moved|change plan)/g),
    changeLimits: sum("changeLimits"),
    release:
      sum("release") + open(/([\d,]+) SIMs? (?:is |are )?still to (?:be )?(?:pause|deactivate|release)/g),
    dueNow: sum("dueNow") + money,
  };
}

export function doneIn({ emulator }: FleetStack, operation: Operation): Done {
  const iccids = new Map(emulator.sims().map(({ deviceId, iccid }) => [deviceId, iccid]));
  const changed = (wanted: (seen: SeenRequest) => boolean): string[] =>
    operation.writes
      .filter(wanted)
      .flatMap((seen) => idsOf(seen).map((id) => iccids.get(Number(id)) ?? `device ${id}`))
      .sort();
  const state = (name: string) => (seen: SeenRequest) =>
    seen.path.endsWith("/state") && Object(seen.body).state === name;
  const claims = operation.charges.filter(({ kind, by }) => kind === "activation" && by === "claim");
  return {
    claimed: claims.map(({ iccid }) => iccid).sort(),
    spent: Math.round(claims.reduce((sum, { amount }) => sum + Number(amount), 0) * 100) / 100,
    resumed: changed(state("live")),
    planChanged: changed(({ path }) => path.endsWith("/changeplan")),
    limitsChanged: changed(({ path }) => /limit|threshold/.test(path)),
    paused: changed(state("pause")),
    deactivated: changed(state("deactivate")),
  };
}

/** Nothing was done, of any kind. */
export const nothing: Done = {
  ...{ claimed: [], spent: 0, resumed: [], planChanged: [] },
  ...{ limitsChanged: [], paused: [], deactivated: [] },
};

/** No SIM was asked for twice, and none was charged twice. */
export function assertOnce({ emulator }: FleetStack): void {
  const { doubleClaims, doubleCharges } = emulator.judgement();
  assert.deepEqual({ doubleClaims, doubleCharges }, { doubleClaims: [], doubleCharges: [] });
}

/** The preview object of one fleet. */
export function previewIn(operation: Operation, fleet = "fleet"): Readonly<Record<string, unknown>> {
  return Object(Object(operation.outputs.previews)[fleet]);
}

/** How many SIMs the state holds for a fleet; undefined where it is not in state. */
export async function heldBy(fleets: FleetStack, name = "fleet"): Promise<unknown> {
  return (await fleets.fleet(name))?.outputs.simCount;
}

/** ICCIDs of the account in a state, ascending. */
export function simsIn({ emulator }: FleetStack, state: string): string[] {
  const found = emulator.sims().filter((sim) => sim.state === state);
  return found.map(({ iccid }) => iccid).sort();
}

/** As if in the dashboard. */
export async function byHand(
  { emulator }: FleetStack,
  path: string,
  iccids: readonly string[],
  body: object,
): Promise<void> {
  const deviceids = iccids.map((iccid) => emulator.sim(iccid).deviceId);
  const answer = await fetch(`${emulator.url}${path}`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`apikey:${emulator.apiKey}`).toString("base64")}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ deviceids, ...body }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

/** Refuses these SIMs in claims, and lets previews name them as claimable. */
export function refuseClaims({ emulator }: FleetStack, ...iccids: readonly string[]): void {
  const fault = { kind: "refuse", iccids, reason: "SIM is reserved" } as const;
  emulator.faults.add({ ...aClaim, fault });
}

export const aClaim = { path: "/links/cellular/bulkclaim", preview: false } as const;
/** The plan of the account beside `PLAN`: $1.50 a month. */
export const PILOT = 75;

/** Another price for the plan of most stories, from now on. */
export function setPrice({ emulator }: FleetStack, price: string): void {
  emulator.addPlan({ id: PLAN, name: "Global Flat", zones: { global: price } });
}

function assertNoMore(told: Told, done: Done, text: string): void {
  const limits: readonly (readonly [string, number, number])[] = [
    ["activations", done.claimed.length, told.activate],
    ["resumed SIMs", done.resumed.length, told.resume],
    ["changes of plan", done.planChanged.length, told.changePlan],
    ["releases", done.paused.length + done.deactivated.length, told.release],
    ["cents", Math.round(done.spent * 100), Math.round(told.dueNow * 100)],
  ];
  for (const [what, were, allowed] of limits) {
    assert.ok(were <= allowed, `${were} ${what}, ${allowed} told:\n${text}`);
  }
}

function idsOf({ body, path }: SeenRequest): readonly unknown[] {
  const { deviceids, deviceid } = Object(body);
  if (Array.isArray(deviceids)) return deviceids;
  const own = /\/devices\/(\d+)\//.exec(path)?.[1];
  return deviceid === undefined ? (own === undefined ? [] : [own]) : [deviceid];
}

/** Goes on until nothing is open: an `up`, with a refresh where one is asked for. */
export async function settle(fleets: FleetStack): Promise<void> {
  const first = await fleets.up({ preview: true });
  if (first.ok) return;
  await fleets.refresh();
  const second = await fleets.up({ preview: true });
  assert.ok(second.ok, `${first.text}\n---\n${second.text}`);
}
