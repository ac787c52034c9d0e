/** Plan changes. They wipe the data limits, as Hologram's page says; the SMS limit stays. */
import Big from "big.js";
import type { Account } from "../account/account";
import { charge, dollars, isActive, note } from "../account/activation";
import { changeRows, devicesOf, type Found, linksOf } from "../account/bulkChange";
import type { SimRow } from "../account/pack";
import { orderLine } from "./editions";
import { type Answer, asksForPreview, type Call, ok, Refusal, type Route } from "./http";
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
  const price = Big(account.behaviour.planChangeCost);
  const found = find();
  refuseBeyondBalance(account, orgId, price.times(found.rows.length));

  const { result, rows } = changeRows(account, call, found, (row) => {
    if (row.orgId !== orgId) return `Device is not in organization ${orgId}`;
    if (!isActive(row)) return `SIM is not active (${row.state})`;
    if (row.state.startsWith("PAUSED-SYS")) return "Please contact support to change this plan.";
    if (preview) return undefined;
    row.plan = plan.id;
    row.zone = spelled;
    row.overageLimit = overageLimit;
    row.threshold = -1;
    return undefined;
  });
  const total = price.times(rows.length);
  if (!preview) pay(account, call, orgId, price, total, rows);
  if (account.behaviour.changeAnswers === "bare") return { status: 200, body: { success: true } };
  const order = {
    ...orderLine("PLANCHANGE", rows.length, Number(total), preview),
    linkids: result.profiles_modified,
  };
  return ok({ ...result, newplanid: plan.id }, { order_data: order });
}

function refuseBeyondBalance(account: Account, orgId: number, total: Big): void {
  if (!account.organization(orgId).balance.lt(total)) return;
  throw new Refusal(account.behaviour.balanceStatus, account.behaviour.balanceWords);
}

function pay(
  account: Account,
  call: Call,
  orgId: number,
  price: Big,
  total: Big,
  rows: readonly SimRow[],
): void {
  const organization = account.organization(orgId);
  organization.balance = organization.balance.minus(total);
  const at = account.clock.now();
  for (const row of rows) {
    account.ledger.push(charge(row, "planchange", dollars(price), { by: "claim", request: call.n }, at));
  }
  if (rows.length > 0) note(account, orgId, "PCH", `Plan change of ${rows.length} SIMs`, total, rows);
}
