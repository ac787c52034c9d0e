/** Plan changes. They wipe the data limits, as Hologram's page says; the SMS limit stays. */
import Big from "big.js";
import type { Account } from "../account/account";
import { isActive } from "../account/activation";
import type { SimRow } from "../account/pack";
import { payPlanChange, putOnPlan, refusePlanChangeBeyondBalance } from "../account/planChange";
import { Refusal } from "../account/refusal";
import { changeRows, devicesOf, type Found, linksOf } from "./bulkChange";
import { orderLine } from "./editions";
import { type Answer, asksForPreview, type Call, ok, type Route } from "./http";
import { visibleDevice, visibleLink } from "./listings";

export function planRoutes(account: Account): Route[] {
  const change = (path: string, find: (call: Call) => Found): Route => ({
    method: "POST",
    path,
    need: "write",
    handle: (call) => changePlan(account, call, () => find(call)),
  });
  const one = (row: SimRow): Found => ({ rows: [row], missing: [] });
  return [
    change("/devices/changeplan", (call) => devicesOf(account, call)),
    change("/devices/:deviceid{[0-9]+}/changeplan", (call) => one(visibleDevice(account, call))),
    change("/links/cellular/changeplan", (call) => linksOf(account, call)),
    change("/links/cellular/:linkid{[0-9]+}/changeplan", (call) => one(visibleLink(account, call))),
  ];
}

function changePlan(account: Account, call: Call, find: () => Found): Answer {
  const planId = call.body.required("planid");
  const zone = call.body.text("zone");
  if (zone === undefined) throw new Refusal(400, "zone is required");
  const orgId = call.body.required("orgid");
  account.visible(call.key, orgId);
  const { plan, zone: spelled } = account.terms(planId, zone, orgId);
  const overageLimit = call.body.integer("overage_limit") ?? -1;
  const preview = asksForPreview(call.query);
  const found = find();
  refusePlanChangeBeyondBalance(account, orgId, found.rows.length);

  const { result, rows } = changeRows(account, call, found, (row) => {
    if (row.orgId !== orgId) return `Device is not in organization ${orgId}`;
    if (!isActive(row)) return `SIM is not active (${row.state})`;
    if (row.state.startsWith("PAUSED-SYS")) return "Please contact support to change this plan.";
    if (preview) return undefined;
    putOnPlan(row, { plan: plan.id, zone: spelled, overageLimit, threshold: -1, smsLimit: undefined });
    return undefined;
  });
  const total = preview
    ? Big(account.behaviour.planChangeCost).times(rows.length)
    : payPlanChange(account, orgId, rows, { by: "claim", request: call.n });
  if (account.behaviour.changeAnswers === "bare") return { status: 200, body: { success: true } };
  const order = {
    ...orderLine("PLANCHANGE", rows.length, Number(total), preview),
    linkids: result.profiles_modified,
  };
  return ok({ ...result, newplanid: plan.id }, { order_data: order });
}
