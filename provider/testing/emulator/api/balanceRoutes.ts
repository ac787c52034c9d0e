/** Balances: what is left, what was charged and added, and adding to it. */
import { Big } from "big.js";
import { dollars } from "../account/activation";
import type { Account } from "../account/emulatedAccount";
import { Refusal } from "../account/refusal";
import type { LedgerEntry } from "../records";
import { orderLine, stamp } from "./editions";
import { type Answer, type Call, ok, type Route } from "./http";
import { page } from "./paging";
import { personalOrganization, userId } from "./users";

/** Documented: 50, at most 1000. */
const HISTORY_LIMIT = 50;
const HISTORY = ["id", "timestart", "timeend", "startafter", "transactionTypeId", "limit"];

export function moneyRoutes(account: Account): Route[] {
  const both = (
    method: "GET" | "POST",
    path: string,
    names: Pick<Route, "query" | "body">,
    handle: (call: Call, orgId: number) => Answer,
  ): Route[] => [
    {
      method,
      path: `/organizations/:orgid{[0-9]+}${path}`,
      need: "admin",
      ...names,
      handle: (call) => {
        const orgId = Number(call.params.orgid);
        account.visible(call.key, orgId);
        return handle(call, orgId);
      },
    },
    {
      method,
      path: `/users/me${path}`,
      need: "admin",
      ...names,
      handle: (call) => handle(call, personalOrganization(account, call.key)),
    },
  ];
  return [
    ...both("GET", "/balance", { query: [], body: [] }, (call, orgId) => balance(account, call, orgId)),
    ...both("POST", "/balance", { query: ["preview"], body: ["addamount"] }, (call, orgId) =>
      addBalance(account, call, orgId),
    ),
    ...both("GET", "/balancehistory", { query: HISTORY, body: [] }, (call, orgId) =>
      history(account, call, orgId),
    ),
  ];
}

function balance(account: Account, call: Call, orgId: number): Answer {
  return ok({
    orgid: orgId,
    userid: userId(account, call.key),
    balance: account.organization(orgId).balance.toFixed(2),
    promobalance: "0.00",
    minbalance: "0.00",
    topoffamount: "0.00",
    pendingcharges: "0.00",
    has_postpay: 0,
  });
}

/** As if the card on file had been charged: there is none, and nothing can be declined. */
function addBalance(account: Account, call: Call, orgId: number): Answer {
  const asked = call.body.text("addamount");
  if (asked === undefined) throw new Refusal(400, "addamount is required");
  if (!/^\d+(\.\d{1,2})?$/.test(asked) || Big(asked).eq(0)) {
    throw new Refusal(400, "addamount must be a positive amount of dollars");
  }
  const preview = call.query.flag("preview");
  if (!preview) account.refill(orgId, asked);
  return {
    status: 200,
    body: { success: true, order_data: orderLine("ACCTREFILL", 1, Number(asked), preview) },
  };
}

/** One line of the history. Real ones are one a SIM, and `linkids` are text. */
interface Line {
  readonly id: number;
  readonly at: number;
  readonly description: string;
  readonly amount: string;
  readonly type: "PLAN" | "PCH" | "REFILL";
  readonly linkIds: readonly string[];
}

function history(account: Account, call: Call, orgId: number): Answer {
  const { query } = call;
  const [id, after, type] = [
    query.integer("id"),
    query.integer("startafter"),
    query.text("transactionTypeId"),
  ];
  const [start, end] = [query.integer("timestart"), query.integer("timeend")];
  const lines = linesOf(account, orgId)
    .filter(
      (line) =>
        (id === undefined || line.id === id) &&
        (after === undefined || line.id < after) &&
        (type === undefined || line.type === type) &&
        (start === undefined || line.at >= start * 1000) &&
        (end === undefined || line.at <= end * 1000),
    )
    .reverse();
  const show = ({ id, at, description, amount, type, linkIds }: Line) => ({
    id,
    orgid: orgId,
    time: stamp(at),
    description,
    amount,
    transaction_type_id: type,
    orderid: id,
    linkids: linkIds,
  });
  return page(account, call, { items: lines, idOf: (line) => line.id, show, limit: HISTORY_LIMIT });
}

/** Charges and refills of an organization in the order they were made. Ids are places in the history of all. */
function linesOf(account: Account, orgId: number): Line[] {
  const lines: Line[] = [];
  let id = 0;
  let refilled = 0;
  const refillsUpTo = (charges: number) => {
    for (; (account.refills[refilled]?.charges ?? Number.POSITIVE_INFINITY) <= charges; refilled += 1) {
      const refill = account.refills[refilled];
      id += 1;
      if (refill?.orgId !== orgId) continue;
      const { at, amount } = refill;
      lines.push({ id, at, description: "Account refill", amount, type: "REFILL", linkIds: [] });
    }
  };
  for (const [charges, entry] of account.ledger.entries()) {
    refillsUpTo(charges);
    id += 1;
    if (entry.orgId === orgId) lines.push(chargeLine(account, entry, id));
  }
  refillsUpTo(account.ledger.length);
  return lines;
}

function chargeLine(account: Account, entry: LedgerEntry, id: number): Line {
  const { iccid, linkId, kind, amount, at } = entry;
  const name = account.inventory.link(linkId)?.name ?? "";
  const what = kind === "activation" ? "SIM Activation" : "Plan Change";
  return {
    id,
    at,
    description: `Charge to balance: ${what} (Link ID#${linkId} SIM:${iccid} Device:'${name}')`,
    amount: dollars(Big(amount).times(-1)),
    type: kind === "activation" ? "PLAN" : "PCH",
    linkIds: [String(linkId)],
  };
}
