/** Plan changes. They wipe the data limits, as Hologram's page says; the SMS limit stays. */
import { Big } from "big.js";
import { isActive } from "../account/activation";
import type { Account } from "../account/emulatedAccount";
import type { SimRow } from "../account/pack";
import { payPlanChange, putOnPlan, refusePlanChangeBeyondBalance } from "../account/planChange";
import { Refusal } from "../account/refusal";
import { changeRows, devicesOf, type Found, linksOf, profilesOf } from "./bulkChange";
import { zoneOf } from "./claimRoutes";
import { orderLine } from "./editions";
import { type Answer, asksForPreview, type Call, ok, type Route } from "./http";
import { visibleDevice, visibleLink } from "./listings";
import { NOT_PLAYED } from "./requestForm";

const TERMS = ["planid", "zone", "tier", "orgid", "overage_limit", "threshold", "smslimit", "useacctbalance"];

export function planRoutes(account: Account): Route[] {
  const change = (path: string, ids: readonly string[], find: (call: Call) => Found): Route => ({
    method: "POST",
    path,
    need: "write",
    query: ["preview"],
    body: [...ids, ...TERMS],
    notPlayed: ["unbillableplanchange", "priceChangeOverride"],
    handle: (call) => changePlan(account, call, path.startsWith("/devices"), () => find(call)),
  });
  const rows = (found: readonly SimRow[]): Found => ({ rows: found, missing: [] });
  return [
    change("/devices/changeplan", ["deviceids"], (call) => devicesOf(account, call)),
    change("/devices/:deviceid{[0-9]+}/changeplan", [], (call) =>
      rows(profilesOf(visibleDevice(account, call))),
    ),
    change("/links/cellular/changeplan", ["linkids"], (call) => linksOf(account, call)),
    change("/links/cellular/:linkid{[0-9]+}/changeplan", [], (call) => rows([visibleLink(account, call)])),
  ];
}

function changePlan(account: Account, call: Call, namesOrganization: boolean, find: () => Found): Answer {
  const { body } = call;
  const planId = body.required("planid");
  const zone = zoneOf(account, call, planId);
  if (zone === undefined) throw new Refusal(400, "zone is required");
  if (body.choice("useacctbalance") === false) throw new Refusal(501, `Charging a card is ${NOT_PLAYED}`);
  // The pages of links have no orgid: there the SIMs say which organization it is.
  if (namesOrganization) body.required("orgid");
  account.visible(call.key, body.integer("orgid"));
  const found = find();
  const orgId = body.integer("orgid") ?? found.rows[0]?.orgId ?? 0;
  const { plan, zone: spelled } = account.terms(planId, zone, orgId);
  const overageLimit = body.integer("overage_limit") ?? -1;
  const threshold = body.integer("threshold") ?? -1;
  const smsLimit = body.integer("smslimit");
  const preview = asksForPreview(call.query);
  refusePlanChangeBeyondBalance(account, orgId, new Set(found.rows.map((row) => row.deviceId)).size);

  const { result, rows } = changeRows(account, call, found, (row) => {
    if (row.orgId !== orgId) return `Device is not in organization ${orgId}`;
    if (!isActive(row)) return `SIM is not active (${row.state})`;
    if (row.state.startsWith("PAUSED-SYS")) return "Please contact support to change this plan.";
    if (preview) return undefined;
    putOnPlan(row, { plan: plan.id, zone: spelled, overageLimit, threshold, smsLimit });
    return undefined;
  });
  const total = preview
    ? Big(account.behaviour.planChangeCost).times(result.devices_modified.length)
    : payPlanChange(account, orgId, rows, { by: "claim", request: call.n });
  if (account.behaviour.changeAnswers === "bare") return { status: 200, body: { success: true } };
  const order = {
    ...orderLine("PLANCHANGE", result.devices_modified.length, Number(total), preview),
    linkids: result.profiles_modified,
  };
  return ok({ ...result, newplanid: plan.id }, { order_data: order });
}
