/** Answers that say something else than what was done. */

import { isActive } from "../account/activation";
import type { Account } from "../account/emulatedAccount";
import { SimRow } from "../account/pack";
import { isRecord } from "./bodyFields";
import { claimedItem } from "./editions";
import type { Answer } from "./http";

/** Leaves out the last items of `data`. */
export function withoutSims(answer: Answer, count: number): Answer {
  return withData(answer, (data) => data.slice(0, Math.max(0, data.length - count)));
}

/** Adds items for SIMs that nobody asked for. */
export function withExtraSims(account: Account, answer: Answer, iccids: readonly string[]): Answer {
  const extra = iccids.map((iccid, place) => {
    const row = account.inventory.find(iccid);
    if (row instanceof SimRow) return claimedItem(account, row, row.deviceId ?? 0);
    const [device, link] = [9_000_001 + place, 9_500_001 + place];
    return { [account.behaviour.edition === "E1" ? "Devices" : "device"]: device, link, sim: iccid };
  });
  return withData(answer, (data) => [...data, ...extra]);
}

/** In a read, every active SIM is shown in the state; a change leaves the SIMs of its answer in it. */
export function withState(account: Account, method: string, answer: Answer, state: string): Answer {
  if (method === "GET") return { ...answer, body: replaceStates(answer.body, state) };
  for (const row of rowsOf(account, answer.body)) {
    if (!isActive(row)) continue;
    row.state = state;
    row.pending = undefined;
    account.changed = true;
  }
  return answer;
}

function withData(answer: Answer, change: (data: unknown[]) => unknown[]): Answer {
  const { body } = answer;
  if (!isRecord(body) || !Array.isArray(body.data)) return answer;
  return { ...answer, body: { ...body, data: change(body.data) } };
}

function replaceStates(value: unknown, state: string): unknown {
  if (Array.isArray(value)) return value.map((item) => replaceStates(item, state));
  if (!isRecord(value)) return value;
  const changed = Object.entries(value).map(([name, item]) => [name, replaceStates(item, state)]);
  const copy: Record<string, unknown> = Object.fromEntries(changed);
  if (typeof copy.state === "string" && copy.state !== "INACTIVE") copy.state = state;
  return copy;
}

/** The SIMs that a claim (`sim`) or a bulk change (`devices_modified`) names. */
function rowsOf(account: Account, body: unknown): SimRow[] {
  const data = isRecord(body) ? body.data : undefined;
  if (Array.isArray(data)) {
    const iccids = data.map((item: unknown) => (isRecord(item) ? item.sim : undefined));
    return iccids.flatMap((iccid) =>
      typeof iccid === "string" ? (account.inventory.find(iccid) ?? []) : [],
    );
  }
  const modified = isRecord(data) ? data.devices_modified : undefined;
  if (!Array.isArray(modified)) return [];
  return modified.flatMap((deviceId: unknown) => account.inventory.device(Number(deviceId)) ?? []);
}
