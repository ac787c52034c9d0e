/** Plans, organizations and money, read only. */
import { type Account, usable } from "../account/account";
import { Refusal } from "../account/refusal";
import type { PlanSetup } from "../accountSetup";
import { PRICES, plan, stamp, tiers } from "./editions";
import { type Answer, type Call, ok, type Route } from "./http";
import { page, readLimit } from "./paging";

export function catalogueRoutes(account: Account): Route[] {
  const read = (path: string, handle: (call: Call) => Answer, need: Route["need"] = "read"): Route => ({
    method: "GET",
    path,
    need,
    handle,
  });
  return [
    read("/plans", (call) => {
      const after = call.query.integer("startafter") ?? Number.POSITIVE_INFINITY;
      const items = asked(account, call).filter((each) => each.id < after);
      return page(account, call, items, (each) => each.id, plan);
    }),
    read("/plans/pricing", (call) => ok(asked(account, call).flatMap((each) => pricing(each, call)))),
    read("/plans/:planid{[0-9]+}", (call) => {
      const found = plansOf(account, call).find((each) => each.id === Number(call.params.planid));
      if (found === undefined) throw new Refusal(404, "Plan not found");
      return ok(plan(found));
    }),
    read("/organizations", (call) => {
      const after = call.query.integer("startafter") ?? Number.POSITIVE_INFINITY;
      const ids = [...call.key.orgIds].filter((orgId) => orgId < after).sort((a, b) => b - a);
      return page(
        account,
        call,
        ids,
        (orgId) => orgId,
        (orgId) => organization(account, orgId),
      );
    }),
    read("/organizations/:orgid{[0-9]+}", (call) =>
      ok(organization(account, pathOrganization(account, call))),
    ),
    read("/organizations/:orgid{[0-9]+}/balance", (call) => balance(account, call), "admin"),
    read("/organizations/:orgid{[0-9]+}/balancehistory", (call) => balanceHistory(account, call), "admin"),
  ];
}

/** Plans that the key's organizations may use, newest first. */
function plansOf(account: Account, call: Call): PlanSetup[] {
  const organizations = account.visible(call.key, call.query.integer("orgid"));
  return [...account.plans.values()]
    .filter((each) => organizations.some((orgId) => usable(each, orgId)))
    .sort((a, b) => b.id - a.id);
}

function asked(account: Account, call: Call): PlanSetup[] {
  const { query } = call;
  const ids = ["id", "ids", "planid", "planids"].flatMap((name) => query.integers(name) ?? []);
  const name = query.text("name")?.toLowerCase();
  return plansOf(account, call).filter(
    (each) =>
      (ids.length === 0 || ids.includes(each.id)) &&
      (name === undefined || each.name.toLowerCase().includes(name)),
  );
}

function pricing(setup: PlanSetup, call: Call) {
  const wanted = call.query.text("zone")?.toLowerCase();
  return tiers(setup).flatMap(([tier, zones]) =>
    Object.entries(zones)
      .filter(([zone]) => wanted === undefined || zone.toLowerCase() === wanted)
      .map(([zone, amount], place) => ({
        plan_id: setup.id,
        pricing_id: setup.id * 100 + place,
        zone,
        account_tier: tier,
        amount: Number(amount),
        sms: Number(PRICES.sms),
        overage: Number(PRICES.overage),
        zero_data_rate: null,
      })),
  );
}

function pathOrganization(account: Account, call: Call): number {
  const orgId = Number(call.params.orgid);
  account.visible(call.key, orgId);
  return orgId;
}

function organization(account: Account, orgId: number) {
  return { id: orgId, name: account.organization(orgId).name, is_personal: false };
}

function balance(account: Account, call: Call): Answer {
  const orgId = pathOrganization(account, call);
  return ok({
    orgid: orgId,
    userid: 1,
    balance: account.organization(orgId).balance.toFixed(2),
    promobalance: "0.00",
    minbalance: "0.00",
    topoffamount: "0.00",
    pendingcharges: "0.00",
    has_postpay: 0,
  });
}

function balanceHistory(account: Account, call: Call): Answer {
  const orgId = pathOrganization(account, call);
  const after = call.query.integer("startafter") ?? Number.POSITIVE_INFINITY;
  const orders = account.orders.filter((order) => order.orgId === orgId && order.id < after).toReversed();
  const limit = readLimit(call, 50);
  const shown = orders.slice(0, limit);
  const data = shown.map(({ id, at, description, amount, type, linkIds }) => ({
    id,
    orgid: orgId,
    time: stamp(at),
    description,
    amount,
    transaction_type_id: type,
    orderid: id,
    linkids: linkIds,
  }));
  return {
    status: 200,
    body: {
      success: true,
      limit,
      size: data.length,
      continues: orders.length > limit,
      lastid: shown.at(-1)?.id,
      data,
    },
  };
}
