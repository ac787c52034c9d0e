/** Usage of data and SMS. No SIM of an emulated account is ever on a network, so every list is empty. */
import type { Account } from "../account/emulatedAccount";
import { ok, type Route } from "./http";
import { page } from "./paging";
import { DEVICE_FILTERS } from "./search";

const SESSIONS = [
  "orgid",
  "orgids",
  "linkid",
  "linkids",
  "tagid",
  "tagids",
  "tagname",
  "timestart",
  "timeend",
  "islive",
  "startafter",
  "limit",
];
const PERIODS = ["orgid", "linkid", "tagid", "mintime", "maxtime", "startafter", "limit"];

export function usageRoutes(account: Account): Route[] {
  const empty = (path: string, query: readonly string[]): Route => ({
    method: "GET",
    path,
    need: "read",
    query,
    body: [],
    handle: (call) => {
      account.visible(call.key, call.query.integer("orgid"), call.query.integers("orgids"));
      return page<never>(account, call, { items: [], idOf: () => 0, show: () => undefined });
    },
  });
  return [
    empty("/usage/data", SESSIONS),
    empty("/usage/data/daily", SESSIONS),
    empty("/usage/data/monthly", PERIODS),
    empty("/usage/data/billing", PERIODS),
    empty("/usage/sms", SESSIONS),
    // A location is estimated from the tower of a session.
    empty("/devices/locations", [...DEVICE_FILTERS, "limit", "startafter", "withlocation"]),
    {
      method: "GET",
      path: "/devices/opensessions",
      need: "read",
      query: [],
      body: [],
      handle: (call) => {
        account.visible(call.key, call.query.integer("orgid"));
        return ok([]);
      },
    },
  ];
}
