/** Names of devices, and moves to another organization. */
import { type Account, usable } from "../account/emulatedAccount";
import type { SimRow } from "../account/pack";
import { Refusal } from "../account/refusal";
import { changed, changeRows, devicesOf, profilesOf, refuseRows } from "./bulkChange";
import { device } from "./editions";
import { type Answer, asksForPreview, type Call, ok, type Route } from "./http";
import { visibleDevice } from "./listings";

export function moveRoutes(account: Account): Route[] {
  return [
    {
      method: "PUT",
      path: "/devices/:deviceid{[0-9]+}",
      need: "write",
      query: [],
      body: ["name", "orgid", "tunnelable"],
      handle: (call) => update(account, call),
    },
    {
      method: "POST",
      path: "/devices/names",
      need: "write",
      query: ["preview"],
      body: ["deviceids", "prefix", "skipPostfix"],
      handle: (call) => rename(account, call),
    },
    {
      method: "POST",
      path: "/devices/transfer",
      need: "write",
      query: ["preview"],
      body: ["deviceids", "orgid"],
      handle: (call) => transfer(account, call),
    },
  ];
}

/** Fields that are left out stay as they are; the `orgid` of the query is the organization the device is in now. */
function update(account: Account, call: Call): Answer {
  const row = visibleDevice(account, call);
  const { body } = call;
  const name = body.text("name");
  const tunnelable = body.choice("tunnelable");
  const orgId = body.integer("orgid") ?? row.orgId;
  account.visible(call.key, orgId);
  refuseRows(call, [row]);
  const reason = refusesMove(account, row, orgId);
  if (reason !== undefined) throw new Refusal(400, reason);
  for (const profile of profilesOf(row)) {
    account.remember(profile);
    moveTo(account, profile, orgId);
    profile.name = name ?? profile.name;
    profile.tunnelable = tunnelable ?? profile.tunnelable;
  }
  account.changed = true;
  return ok(device(account, row, row.deviceId ?? 0));
}

function rename(account: Account, call: Call): Answer {
  const prefix = call.body.text("prefix");
  if (prefix === undefined || prefix === "") throw new Refusal(400, "prefix is required");
  account.visible(call.key, call.query.integer("orgid"));
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
  const { result } = changeRows(account, call, devicesOf(account, call), (row) => {
    const reason = refusesMove(account, row, orgId);
    if (reason === undefined && !preview) moveTo(account, row, orgId);
    return reason;
  });
  return ok({
    destination_orgid: orgId,
    transferred_deviceids: result.devices_modified,
    warnings: result.warnings,
  });
}

/** Both organizations need the SIM's plan. */
function refusesMove(account: Account, row: SimRow, orgId: number): string | undefined {
  const plan = row.plan === undefined ? undefined : account.plans.get(row.plan);
  return plan === undefined || usable(plan, orgId)
    ? undefined
    : `Plan ${plan.id} is not available in organization ${orgId}`;
}

/** Tags belong to the organization that is left. */
function moveTo(account: Account, row: SimRow, orgId: number): void {
  if (row.orgId === orgId) return;
  account.untag(row);
  row.orgId = orgId;
}
