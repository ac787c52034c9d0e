/** Bulk changes: what was modified, and a warning for every device that was left as it is. */

import type { Account } from "../account/emulatedAccount";
import type { SimRow } from "../account/pack";
import { Refusal } from "../account/refusal";
import { id } from "./editions";
import { type Answer, type Call, ok } from "./http";

/** SIMs that a change is for, and device ids that the key sees no SIM of. */
export interface Found {
  readonly rows: readonly SimRow[];
  readonly missing: readonly number[];
}

/** Changes one SIM, or says why not. */
export type Change = (row: SimRow) => string | undefined;

export interface ChangeResult {
  readonly warnings: unknown[];
  readonly devices_modified: unknown[];
  readonly profiles_modified: unknown[];
}

/** The devices that `deviceids` names, each once, with all their profiles. */
export function devicesOf(account: Account, call: Call): Found {
  const deviceIds = call.body.integers("deviceids");
  if (deviceIds === undefined || deviceIds.length === 0) throw new Refusal(400, "deviceids is required");
  const rows: SimRow[] = [];
  const missing: number[] = [];
  for (const deviceId of new Set(deviceIds)) {
    const row = account.inventory.device(deviceId);
    if (row !== undefined && isVisible(call, row)) rows.push(...profilesOf(row));
    else missing.push(deviceId);
  }
  return { rows, missing };
}

/** Whether the key sees the SIM, in the organization that the query names if it names one. */
export function isVisible({ key, query }: Call, row: SimRow): boolean {
  return key.orgIds.includes(row.orgId) && (query.integer("orgid") ?? row.orgId) === row.orgId;
}

/** A SIM and the further profiles on its device. */
export function profilesOf(row: SimRow): readonly SimRow[] {
  return row.profiles === undefined ? [row] : [row, ...row.profiles];
}

/** The SIMs that `linkids` names; all of them have to be there. */
export function linksOf(account: Account, call: Call): Found {
  const linkIds = call.body.integers("linkids");
  if (linkIds === undefined || linkIds.length === 0) throw new Refusal(400, "linkids is required");
  const rows = [...new Set(linkIds)].map((linkId) => {
    const row = account.inventory.link(linkId);
    if (row === undefined || !isVisible(call, row)) throw new Refusal(404, "Link not found");
    return row;
  });
  return { rows, missing: [] };
}

/** Refuses the whole request where a fault refuses one of the SIMs and the answer has no place for a warning. */
export function refuseRows(call: Call, rows: readonly SimRow[]): void {
  const refused = rows.find((row) => call.refusals.has(row.iccid));
  if (refused !== undefined) throw new Refusal(400, call.refusals.get(refused.iccid) ?? "");
}

/** Tries the change on every SIM; `rows` are those that took it. */
export function changeRows(
  account: Account,
  call: Call,
  found: Found,
  change: Change,
): { readonly result: ChangeResult; readonly rows: readonly SimRow[] } {
  const warnings: unknown[] = found.missing.map((deviceId) => ({
    deviceid: id(account, deviceId),
    message: "Device not found",
  }));
  const rows: SimRow[] = [];
  for (const row of found.rows) {
    account.stateOf(row);
    account.remember(row);
    const message = call.refusals.get(row.iccid) ?? change(row);
    if (message === undefined) rows.push(row);
    else
      warnings.push({ deviceid: id(account, row.deviceId ?? 0), linkid: id(account, row.linkId), message });
  }
  account.changed = true;
  const devices = new Set(rows.map((row) => row.deviceId ?? 0));
  const result = {
    warnings,
    devices_modified: [...devices].map((deviceId) => id(account, deviceId)),
    profiles_modified: rows.map((row) => id(account, row.linkId)),
  };
  return { result, rows };
}

/** The answer of a bulk change, in full or bare. */
export function changed(
  account: Account,
  result: ChangeResult,
  more: Readonly<Record<string, unknown>>,
): Answer {
  if (account.behaviour.changeAnswers === "bare") return { status: 200, body: { success: true } };
  return ok({ ...result, ...more });
}

/** The answer of a batch endpoint, whose work is done at once here. */
export function job(
  account: Account,
  orgId: number,
  { action, endpoint }: { readonly action: string; readonly endpoint: string },
  results: ChangeResult & Readonly<Record<string, unknown>>,
): Answer {
  const jobId = account.jobs.length + 1;
  account.jobs.push({
    id: jobId,
    orgId,
    action,
    at: account.clock.now(),
    devices: results.devices_modified.length,
  });
  account.changed = true;
  return ok({
    jobid: account.behaviour.edition === "E3" ? jobId : String(jobId),
    preview: false,
    valid_tasks: [{ endpoint, error: false, index: 0, task_results: results }],
  });
}
