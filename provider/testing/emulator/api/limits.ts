/** Limits on data and SMS, in their three spellings: by devices, by links, by one link. */
import type { Account } from "../account/emulatedAccount";
import type { SimRow } from "../account/pack";
import { changed, changeRows, devicesOf, job, linksOf, refuseRows } from "./bulkChange";
import { link } from "./editions";
import { type Answer, type Call, ok, type Route } from "./http";
import { visibleLink } from "./listings";

/** What is to be set; absent is left alone. */
interface Limits {
  readonly overageLimit: number | undefined;
  readonly threshold: number | undefined;
  readonly smsLimit: number | undefined;
}

/** The last part of a link endpoint's path, and the field of its body for many links. The page for one says `limit`. */
const LINK_LIMITS = [
  ["limit/overage", "limit", "overageLimit"],
  ["limit/sms", "limit", "smsLimit"],
  ["threshold", "threshold", "threshold"],
] as const;

const LIMITS = ["overagelimit", "datathreshold", "smslimit"];

export function limitRoutes(account: Account): Route[] {
  const write = (
    method: "POST" | "PUT",
    path: string,
    body: readonly string[],
    handle: Route["handle"],
  ): Route => ({ method, path, need: "write", query: [], body, handle });
  const one = (path: string, limit: keyof Limits) =>
    write("POST", `/links/cellular/:linkid{[0-9]+}/${path}`, ["limit"], (call) =>
      onOne(account, call, { ...NONE, [limit]: call.body.required("limit") }),
    );
  return [
    write("POST", "/devices/usagelimit", ["deviceids", ...LIMITS], (call) => usageLimit(account, call)),
    {
      ...write("POST", "/devices/batch/usagelimit", ["deviceids", ...LIMITS], (call) =>
        batchUsageLimit(account, call),
      ),
      query: ["orgid"],
    },
    write("PUT", "/links/cellular/:linkid{[0-9]+}", LIMITS, (call) => onOne(account, call, readLimits(call))),
    ...LINK_LIMITS.flatMap(([path, field, limit]) => [
      write("POST", `/links/cellular/${path}`, ["linkids", field], (call) =>
        onMany(account, call, { ...NONE, [limit]: call.body.required(field) }),
      ),
      one(path, limit),
    ]),
    // The blueprint of 2016.
    one("overagelimit", "overageLimit"),
  ];
}

const NONE: Limits = { overageLimit: undefined, threshold: undefined, smsLimit: undefined };

function usageLimit(account: Account, call: Call): Answer {
  const limits = readLimits(call);
  const { result } = changeRows(account, call, devicesOf(account, call), (row) => set(row, limits));
  return changed(account, result, newLimits(limits));
}

/** The newest page answers with a job and has no `orgid`; older ones answer at once and require it. */
function batchUsageLimit(account: Account, call: Call): Answer {
  const isNewest = account.behaviour.edition === "E3";
  if (!isNewest) call.query.required("orgid");
  const [orgId = 0] = account.visible(call.key, call.query.integer("orgid"));
  if (!isNewest) return usageLimit(account, call);
  const limits = readLimits(call);
  const { result } = changeRows(account, call, devicesOf(account, call), (row) => set(row, limits));
  const work = { action: "usagelimit", endpoint: "/1/devices/usagelimit" };
  return job(account, orgId, work, { ...result, ...newLimits(limits) });
}

function newLimits(limits: Limits) {
  return {
    ...(limits.overageLimit === undefined ? {} : { newoveragelimit: limits.overageLimit }),
    ...(limits.threshold === undefined ? {} : { newdatathreshold: limits.threshold }),
    ...(limits.smsLimit === undefined ? {} : { newsmslimit: limits.smsLimit }),
  };
}

function onMany(account: Account, call: Call, limits: Limits): Answer {
  const { rows } = linksOf(account, call);
  refuseRows(call, rows);
  for (const row of rows) change(account, row, limits);
  return ok(rows.map((row) => link(account, row)));
}

function onOne(account: Account, call: Call, limits: Limits): Answer {
  const row = visibleLink(account, call);
  refuseRows(call, [row]);
  change(account, row, limits);
  return ok(link(account, row));
}

function change(account: Account, row: SimRow, limits: Limits): void {
  account.remember(row);
  set(row, limits);
  account.changed = true;
}

function readLimits({ body }: Call): Limits {
  return {
    overageLimit: body.integer("overagelimit"),
    threshold: body.integer("datathreshold"),
    smsLimit: body.integer("smslimit"),
  };
}

function set(row: SimRow, { overageLimit, threshold, smsLimit }: Limits): undefined {
  row.overageLimit = overageLimit ?? row.overageLimit;
  row.threshold = threshold ?? row.threshold;
  row.smsLimit = smsLimit ?? row.smsLimit;
}
