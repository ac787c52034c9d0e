/** Plans and organizations, read only. */
import { type Account, usable } from "../account/emulatedAccount";
import { Refusal } from "../account/refusal";
import type { PlanSetup } from "../accountSetup";
import { PRICES, plan, tiers } from "./editions";
import { type Call, ok, type Route } from "./http";
import { page } from "./paging";
import { organization } from "./users";

const PAGE = ["limit", "startafter"];

export function catalogueRoutes(account: Account): Route[] {
  const read = (
    path: string,
    query: readonly string[],
    handle: Route["handle"],
    notPlayed: readonly string[] = [],
  ): Route => ({ method: "GET", path, need: "read", query, body: [], notPlayed, handle });
  return [
    read(
      "/plans",
      ["orgid", "id", "ids", "name", ...PAGE],
      (call) => {
        const after = call.query.integer("startafter") ?? Number.POSITIVE_INFINITY;
        const items = asked(account, call).filter((each) => each.id < after);
        return page(account, call, { items, idOf: (each) => each.id, show: plan });
      },
      ["carrierid", "display_category", "include_rate_card_range"],
    ),
    read(
      "/plans/pricing",
      ["orgid", "planid", "planids", "zone"],
      (call) => ok(asked(account, call).flatMap((each) => pricing(each, call))),
      ["haszdr"],
    ),
    read("/plans/:planid{[0-9]+}", ["orgid"], (call) => {
      const found = plansOf(account, call).find((each) => each.id === Number(call.params.planid));
      if (found === undefined) throw new Refusal(404, "Plan not found");
      return ok(plan(found));
    }),
    read("/organizations", ["id", "deleted", "personal_for", ...PAGE], (call) => {
      const after = call.query.integer("startafter") ?? Number.POSITIVE_INFINITY;
      return page(account, call, {
        items: organizationsAsked(account, call).filter((orgId) => orgId < after),
        idOf: (orgId) => orgId,
        show: (orgId) => organization(account, orgId),
      });
    }),
    read("/organizations/:orgid{[0-9]+}", [], (call) => {
      const orgId = Number(call.params.orgid);
      account.visible(call.key, orgId);
      return ok(organization(account, orgId));
    }),
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

/** Newest first. No organization of an emulated account is ever deleted. */
function organizationsAsked(account: Account, { key, query }: Call): number[] {
  const id = query.integer("id");
  const deleted = query.choice("deleted") ?? false;
  const isPersonalOnly = query.has("personal_for");
  return [...key.orgIds]
    .filter(
      (orgId) =>
        !deleted &&
        (id === undefined || orgId === id) &&
        (!isPersonalOnly || account.organization(orgId).personal),
    )
    .sort((a, b) => b - a);
}
