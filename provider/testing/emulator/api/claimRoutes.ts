/** `POST /links/cellular/bulkclaim` and the claim of a single SIM: previews, refusals, purchases. */

import { type ActivationTerms, activate, inTestMode, isActive, isDead } from "../account/activation";
import type { Account } from "../account/emulatedAccount";
import type { SimRow } from "../account/pack";
import { Refusal } from "../account/refusal";
import { type Named, namedByBody, namedByPath } from "./claimSelection";
import { claimedItem, claimOrder, orderLine } from "./editions";
import { type Answer, asksForPreview, type Call, type Route } from "./http";

const TERMS = [
  "plan",
  "zone",
  "tier",
  "orgid",
  "tagid",
  "overage_limit",
  "threshold",
  "smslimit",
  "invalidatePreflightSims",
];

export function claimRoutes(account: Account): Route[] {
  return [
    {
      method: "POST",
      path: "/links/cellular/bulkclaim",
      need: "write",
      query: ["preview"],
      body: ["sims", "simrange", "eidrange", ...TERMS],
      notPlayed: ["useacctbalance"],
      handle: (call) => claim(account, call, () => namedByBody(account, call)),
    },
    {
      method: "POST",
      path: "/links/cellular/:sim{sim_[0-9]+}/claim",
      need: "write",
      query: ["preview"],
      body: TERMS,
      notPlayed: ["useacctbalance"],
      handle: (call) => claim(account, call, () => namedByPath(account, call)),
    },
  ];
}

/** Whether the account takes the request for a purchase. */
export function isLiveClaim(account: Account, call: Pick<Call, "query">): boolean {
  return !asksForPreview(call.query) || account.behaviour.previewAnswer === "ignored";
}

/** The organization a claim lands in: the one it names, else the first of the key. */
export function claimOrganization(
  account: Account,
  call: Pick<Call, "body" | "query" | "key" | "claim">,
): number {
  if (call.claim.orgId !== undefined) return account.organization(call.claim.orgId).id;
  const named =
    account.behaviour.claimOrgId === "heeded"
      ? (call.body.integer("orgid") ?? call.query.integer("orgid"))
      : undefined;
  const [orgId] = account.visible(call.key, named);
  if (orgId === undefined) throw new Refusal(403, "No permissions to perform operation");
  return orgId;
}

function claim(account: Account, call: Call, select: () => Named): Answer {
  const orgId = claimOrganization(account, call);
  const live = isLiveClaim(account, call);
  const terms = readTerms(account, call, orgId, live);
  const named = select();
  return live ? purchase(account, call, named, terms) : preview(account, call, named, terms);
}

function purchase(account: Account, call: Call, named: Named, terms: ActivationTerms): Answer {
  const { alreadyActive, ...behaviour } = { ...account.behaviour, ...call.claim };
  account.judge.claimNames(call.n, named.rows.length + named.unknown.length, claimedBefore(named.rows));
  account.changed = true;
  const refused = refusals(account, call, named, alreadyActive === "charge" ? terms.orgId : undefined);
  const rows = named.rows.filter((row) => !refused.has(row.iccid));
  const claims = refused.size === 0 || (behaviour.partialClaims === "rest" && rows.length > 0);
  const total = claims ? activate(account, rows, terms, { by: "claim", request: call.n }) : 0;
  if (refused.size > 0) throw new Refusal(behaviour.failureStatus, "", refused);
  // Newest first, unlike any request: an answer has to be matched by ICCID.
  const data = rows.map((row) => claimedItem(account, row, row.deviceId ?? 0)).reverse();
  return {
    status: 200,
    body: { success: true, data, ...claimOrder(account, rows.length, Number(total), false) },
  };
}

function preview(account: Account, call: Call, named: Named, terms: ActivationTerms): Answer {
  const { previewAnswer, failureStatus } = { ...account.behaviour, ...call.claim };
  const refused = refusals(account, call, named);
  const rows = named.rows.filter((row) => !refused.has(row.iccid));
  const total = Number(account.price(terms.plan, terms.zone).times(rows.length));
  if (previewAnswer !== "namesRest" && refused.size > 0) throw new Refusal(failureStatus, "", refused);
  if (previewAnswer === "costOnly") {
    const { total_cost, quantity } = orderLine("PLAN", rows.length, total, true);
    return { status: 200, body: { success: true, order_data: { total_cost, quantity } } };
  }
  const data =
    previewAnswer === "echoesIds"
      ? rows.map((row, place) => claimedItem(account, row, account.inventory.nextDeviceId + place))
      : rows.map((row) => ({ sim: row.iccid }));
  return {
    status: 200,
    body: { success: true, data: data.reverse(), ...claimOrder(account, rows.length, total, true) },
  };
}

/** ICCID to the server's words, for every SIM that cannot be claimed. Those active in `activeIn` can be. */
function refusals(
  account: Account,
  call: Call,
  named: Named,
  activeIn?: number,
): ReadonlyMap<string, string> {
  const refused = new Map<string, string>();
  for (const iccid of named.unknown) refused.set(iccid, "SIM not found");
  const rejectsTestMode = account.behaviour.preflight === "E1" && call.body.flag("invalidatePreflightSims");
  for (const row of named.rows) {
    account.stateOf(row);
    if (isDead(row)) refused.set(row.iccid, "SIM is deactivated");
    else if (isActive(row) && row.orgId !== activeIn) {
      refused.set(row.iccid, "SIM is already activated");
    } else if (rejectsTestMode && inTestMode(row)) refused.set(row.iccid, "SIM is in Test Mode");
  }
  for (const iccid of [...named.rows.map((row) => row.iccid), ...named.unknown]) {
    const reason = call.refusals.get(iccid);
    if (reason !== undefined) refused.set(iccid, reason);
  }
  return refused;
}

/** A claim that charges needs a plan and a zone; a preview gets by without. */
function readTerms(account: Account, call: Call, orgId: number, live: boolean): ActivationTerms {
  const { body } = call;
  const plan = body.integer("plan");
  const zone = zoneOf(account, call, plan);
  if (live && plan === undefined) throw new Refusal(400, "plan is required");
  if (live && zone === undefined) throw new Refusal(400, "zone is required");
  const known = plan === undefined || zone === undefined ? undefined : account.terms(plan, zone, orgId);
  const tagId = body.integer("tagid");
  if (tagId !== undefined && account.tags.get(tagId)?.orgId !== orgId) {
    throw new Refusal(400, `Tag ${tagId} not found`);
  }
  return {
    orgId,
    plan: known?.plan.id ?? 0,
    zone: known?.zone ?? "",
    overageLimit: body.integer("overage_limit") ?? -1,
    threshold: body.integer("threshold") ?? -1,
    smsLimit: body.integer("smslimit") ?? -1,
    tagId,
    replaceTestMode: account.behaviour.preflight === "E3" && body.flag("invalidatePreflightSims"),
  };
}

/**
 * The zone a claim or a change of plan names. Old clients, Hologram's Python SDK among them, send `tier` instead: the
 * name of a zone, or, as in the blueprint of 2016, a number from 1 on, which is taken for the plan's n-th zone.
 */
export function zoneOf(account: Account, { body }: Pick<Call, "body">, plan: number | undefined) {
  if (body.has("zone") && body.has("tier")) throw new Refusal(400, "zone and tier exclude each other");
  const tier = body.text("tier");
  if (tier === undefined) return body.text("zone");
  const zones = Object.keys(account.plans.get(plan ?? 0)?.zones ?? {});
  return zones.includes(tier) ? tier : (zones[Number(tier) - 1] ?? tier);
}

function* claimedBefore(rows: readonly SimRow[]): Generator<readonly [string, number]> {
  for (const row of rows) if (row.claimedBy !== undefined) yield [row.iccid, row.claimedBy];
}
