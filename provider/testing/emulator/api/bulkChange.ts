/** Bulk changes: what was modified, and a warning for every device that was left as it is. */

import type { Account } from "../account/account";
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

/** The devices that `deviceids` names, each once. */
export function devicesOf(account: Account, call: Call): Found {
  const deviceIds = call.body.integers("deviceids");
  if (deviceIds === undefined || deviceIds.length === 0) throw new Refusal(400, "deviceids is required");
  const rows: SimRow[] = [];
  const missing: number[] = [];
  for (const deviceId of new Set(deviceIds)) {
    const row = account.inventory.device(deviceId);
    if (row !== undefined && call.key.orgIds.includes(row.orgId)) rows.push(row);
    else missing.push(deviceId);
  }
  return { rows, missing };
}

/** The SIMs that `linkids` names; all of them have to be there. */
export function linksOf(account: Account, call: Call): Found {
  const linkIds = call.body.integers("linkids");
  if (linkIds === undefined || linkIds.length === 0) throw new Refusal(400, "linkids is required");
  const rows = [...new Set(linkIds)].map((linkId) => {
    const row = account.inventory.link(linkId);
    if (row === undefined || !call.key.orgIds.includes(row.orgId)) throw new Refusal(404, "Link not found");
    return row;
  });
  return { rows, missing: [] };
}

/** Tries the change on every SIM; `rows` are those that took it. */
export function changeRows(
  account: Account,
  call: Call,
  found: Found,
  change: Change,
): { readonly result: ChangeResult; readonly rows: readonly SimRow[] } {
  const result: ChangeResult = { warnings: [], devices_modified: [], profiles_modified: [] };
  const rows: SimRow[] = [];
  for (const deviceId of found.missing) {
    result.warnings.push({ deviceid: id(account, deviceId), message: "Device not found" });
  }
  for (const row of found.rows) {
    account.stateOf(row);
    const deviceid = id(account, row.deviceId ?? 0);
    const linkid = id(account, row.linkId);
    const message = call.refusals.get(row.iccid) ?? change(row);
    if (message !== undefined) {
      result.warnings.push({ deviceid, linkid, message });
      continue;
    }
    result.devices_modified.push(deviceid);
    result.profiles_modified.push(linkid);
    rows.push(row);
  }
  account.changed = true;
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
