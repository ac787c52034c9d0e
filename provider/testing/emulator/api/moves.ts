/** Names of devices, and moves to another organization. */
import { type Account, usable } from "../account/account";
import type { SimRow } from "../account/pack";
import { Refusal } from "../account/refusal";
import { changed, changeRows, devicesOf } from "./bulkChange";
import { device } from "./editions";
import { type Answer, asksForPreview, type Call, ok, type Route } from "./http";
import { visibleDevice } from "./listings";

export function moveRoutes(account: Account): Route[] {
  return [
    {
      method: "PUT",
      path: "/devices/:deviceid{[0-9]+}",
      need: "write",
      handle: (call) => update(account, call),
    },
    { method: "POST", path: "/devices/names", need: "write", handle: (call) => rename(account, call) },
    { method: "POST", path: "/devices/transfer", need: "write", handle: (call) => transfer(account, call) },
  ];
}

function update(account: Account, call: Call): Answer {
  const row = visibleDevice(account, call);
  const name = call.body.text("name");
  const orgId = call.body.integer("orgid");
  if (orgId !== undefined && orgId !== row.orgId) {
    account.visible(call.key, orgId);
    const reason = move(account, row, orgId, false);
    if (reason !== undefined) throw new Refusal(400, reason);
  }
  if (name !== undefined) row.name = name;
  account.changed = true;
  return ok(device(account, row, row.deviceId ?? 0));
}

function rename(account: Account, call: Call): Answer {
  const prefix = call.body.text("prefix");
  if (prefix === undefined || prefix === "") throw new Refusal(400, "prefix is required");
  const bare = call.body.flag("skipPostfix");
  const preview = asksForPreview(call.query);
  const nameOf = (row: SimRow) => (bare ? prefix : `${prefix} (${row.iccid.slice(-5)})`);
  const { result, rows } = changeRows(account, call, devicesOf(account, call), (row) => {
    if (!preview) row.name = nameOf(row);
    return undefined;
  });
  const names = Object.fromEntries(rows.map((row) => [String(row.deviceId), nameOf(row)]));
  return changed(account, result, { preview, names });
}

function transfer(account: Account, call: Call): Answer {
  const orgId = call.body.required("orgid");
  account.visible(call.key, orgId);
  const preview = asksForPreview(call.query);
  const { result } = changeRows(account, call, devicesOf(account, call), (row) =>
    move(account, row, orgId, preview),
  );
  return ok({
    destination_orgid: orgId,
    transferred_deviceids: result.devices_modified,
    warnings: result.warnings,
  });
}

/** Both organizations need the SIM's plan, and tags belong to the organization that is left. */
function move(account: Account, row: SimRow, orgId: number, preview: boolean): string | undefined {
  const plan = row.plan === undefined ? undefined : account.plans.get(row.plan);
  if (plan !== undefined && !usable(plan, orgId)) {
    return `Plan ${plan.id} is not available in organization ${orgId}`;
  }
  if (preview) return undefined;
  if (row.orgId !== orgId) account.untag(row);
  row.orgId = orgId;
  return undefined;
}
