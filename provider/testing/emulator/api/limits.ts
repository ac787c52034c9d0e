/** Limits on data and SMS, in their three spellings: by devices, by links, by one link. */
import type { Account } from "../account/account";
import type { SimRow } from "../account/pack";
import { Refusal } from "../account/refusal";
import { changed, changeRows, devicesOf, linksOf } from "./bulkChange";
import { link } from "./editions";
import { type Answer, type Call, ok, type Route } from "./http";
import { visibleLink } from "./listings";

/** What is to be set; absent is left alone. */
interface Limits {
  readonly overageLimit: number | undefined;
  readonly threshold: number | undefined;
  readonly smsLimit: number | undefined;
}

/** The last part of a link endpoint's path, and the field of its body. */
const LINK_LIMITS = [
  ["limit/overage", "limit", "overageLimit"],
  ["limit/sms", "limit", "smsLimit"],
  ["threshold", "threshold", "threshold"],
] as const;

export function limitRoutes(account: Account): Route[] {
  const write = (method: "POST" | "PUT", path: string, handle: (call: Call) => Answer): Route => ({
    method,
    path,
    need: "write",
    handle,
  });
  return [
    write("POST", "/devices/usagelimit", (call) => usageLimit(account, call)),
    write("POST", "/devices/batch/usagelimit", (call) => {
      if (!call.query.has("orgid")) throw new Refusal(400, "orgid is required");
      account.visible(call.key, call.query.integer("orgid"));
      return usageLimit(account, call);
    }),
    write("PUT", "/links/cellular/:linkid{[0-9]+}", (call) => onOne(account, call, readLimits(call))),
    ...LINK_LIMITS.flatMap(([path, field, limit]) => {
      // The single-link page names `limit` for the threshold too.
      const read = (call: Call): Limits => ({
        ...NONE,
        [limit]: call.body.integer(field) ?? call.body.required("limit"),
      });
      return [
        write("POST", `/links/cellular/${path}`, (call) => onMany(account, call, read(call))),
        write("POST", `/links/cellular/:linkid{[0-9]+}/${path}`, (call) => onOne(account, call, read(call))),
      ];
    }),
  ];
}

const NONE: Limits = { overageLimit: undefined, threshold: undefined, smsLimit: undefined };

function usageLimit(account: Account, call: Call): Answer {
  const limits = readLimits(call);
  const { result } = changeRows(account, call, devicesOf(account, call), (row) => set(row, limits));
  return changed(account, result, {
    ...(limits.overageLimit === undefined ? {} : { newoveragelimit: limits.overageLimit }),
    ...(limits.threshold === undefined ? {} : { newdatathreshold: limits.threshold }),
    ...(limits.smsLimit === undefined ? {} : { newsmslimit: limits.smsLimit }),
  });
}

function onMany(account: Account, call: Call, limits: Limits): Answer {
  const { rows } = linksOf(account, call);
  for (const row of rows) set(row, limits);
  account.changed = true;
  return ok(rows.map((row) => link(account, row)));
}

function onOne(account: Account, call: Call, limits: Limits): Answer {
  const row = visibleLink(account, call);
  set(row, limits);
  account.changed = true;
  return ok(link(account, row));
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
