/** Reads of SIMs: `/links/cellular`, `/devices`, one of either, and what happened to one. */
import type { Account } from "../account/account";
import type { SimRow } from "../account/pack";
import { Refusal } from "../account/refusal";
import { device, id, link, stamp } from "./editions";
import { type Answer, type Call, ok, type Route } from "./http";
import { page } from "./paging";
import { deviceCandidates, linkCandidates } from "./search";

export function listingRoutes(account: Account): Route[] {
  const linkRoute = (path: string, handle: (call: Call) => Answer): Route => ({
    method: "GET",
    path,
    need: "read",
    handle: (call) => {
      if (!account.behaviour.linksEndpoint) throw new Refusal(404, "Not found");
      return handle(call);
    },
  });
  return [
    linkRoute("/links/cellular", (call) => listLinks(account, call)),
    linkRoute("/links/cellular/:linkid{[0-9]+}", (call) => {
      const row = visibleLink(account, call);
      const data = link(account, row);
      account.wasRead(row);
      return ok(data);
    }),
    linkRoute("/links/cellular/:linkid{[0-9]+}/history", (call) =>
      ok(history(account, visibleLink(account, call))),
    ),
    { method: "GET", path: "/devices", need: "read", handle: (call) => listDevices(account, call) },
    {
      method: "GET",
      path: "/devices/:deviceid{[0-9]+}",
      need: "read",
      handle: (call) => {
        const row = visibleDevice(account, call);
        const data = device(account, row, row.deviceId ?? 0);
        account.wasRead(row);
        return ok(data);
      },
    },
  ];
}

/** The SIM whose device the path names. */
export function visibleDevice(account: Account, call: Call): SimRow {
  const row = account.inventory.device(Number(call.params.deviceid));
  if (row === undefined || !call.key.orgIds.includes(row.orgId)) throw new Refusal(404, "Device not found");
  return row;
}

/** The SIM whose link the path names. */
export function visibleLink(account: Account, call: Call): SimRow {
  const row = account.inventory.link(Number(call.params.linkid));
  if (row === undefined || !call.key.orgIds.includes(row.orgId)) throw new Refusal(404, "Link not found");
  return row;
}

function listLinks(account: Account, call: Call): Answer {
  return page(
    account,
    call,
    linkCandidates(account, call),
    (row) => row.linkId,
    (row) => {
      const shown = link(account, row);
      account.wasRead(row);
      return shown;
    },
  );
}

function listDevices(account: Account, call: Call): Answer {
  return page(
    account,
    call,
    deviceCandidates(account, call),
    (row) => row.deviceId ?? 0,
    (row) => {
      const shown = device(account, row, row.deviceId ?? 0);
      account.wasRead(row);
      return shown;
    },
  );
}

function history(account: Account, row: SimRow) {
  const first =
    row.claimedAt === undefined
      ? []
      : [
          { at: row.claimedAt, from: "INACTIVE", to: "LIVE-PENDING", reason: "USER" },
          ...(row.state === "LIVE-PENDING"
            ? []
            : [{ at: row.claimedAt, from: "LIVE-PENDING", to: "LIVE", reason: "SYSTEM" }]),
        ];
  return [...first, ...(row.history ?? [])].map(({ at, from, to, reason }, place) => ({
    id: place + 1,
    timestamp: stamp(at),
    linkid: id(account, row.linkId),
    oldstate: from,
    newstate: to,
    reason,
  }));
}
