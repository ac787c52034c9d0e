/** Reads of SIMs: `/links/cellular`, `/devices`, one of either, and what happened to one. */
import type { Account } from "../account/emulatedAccount";
import type { SimRow } from "../account/pack";
import { noSuchMethod, Refusal } from "../account/refusal";
import { isVisible, profilesOf } from "./bulkChange";
import { device, id, link, stamp } from "./editions";
import { type Answer, type Call, ok, type Route } from "./http";
import { page } from "./paging";
import { DEVICE_FILTERS, deviceCandidates, LINK_FILTERS, linkCandidates } from "./search";

export function listingRoutes(account: Account): Route[] {
  const read = (path: string, query: readonly string[], handle: Route["handle"]): Route => ({
    method: "GET",
    path,
    need: "read",
    query,
    body: [],
    handle,
  });
  const linkRead = (path: string, query: readonly string[], handle: Route["handle"]) =>
    read(path, query, (call) => {
      if (!account.behaviour.linksEndpoint) throw noSuchMethod();
      return handle(call);
    });
  return [
    linkRead("/links/cellular", [...LINK_FILTERS, "showip", ...PAGE], (call) => listLinks(account, call)),
    linkRead("/links/cellular/:linkid{[0-9]+}", ["witheuicc"], (call) => {
      const row = visibleLink(account, call);
      const data = link(account, row);
      account.wasRead(row);
      return ok(data);
    }),
    linkRead("/links/cellular/:linkid{[0-9]+}/history", [], (call) =>
      ok(history(account, visibleLink(account, call))),
    ),
    read("/devices", [...DEVICE_FILTERS, "withlocation", ...PAGE], (call) => listDevices(account, call)),
    read("/devices/count", DEVICE_FILTERS, (call) => {
      let count = 0;
      for (const _ of deviceCandidates(account, call)) count += 1;
      return ok(count);
    }),
    read("/devices/names", ["orgid", ...PAGE], (call) =>
      page(account, call, {
        items: deviceCandidates(account, call),
        idOf: (row) => row.deviceId ?? 0,
        show: (row) => ({ [String(row.deviceId)]: row.name ?? "" }),
      }),
    ),
    read("/devices/:deviceid{[0-9]+}", ["withlocation"], (call) => {
      const row = visibleDevice(account, call);
      const data = device(account, row, row.deviceId ?? 0);
      for (const profile of profilesOf(row)) account.wasRead(profile);
      return ok(data);
    }),
  ];
}

const PAGE = ["limit", "startafter"];

/** The SIM whose device the path names. */
export function visibleDevice(account: Account, call: Call): SimRow {
  const row = account.inventory.device(Number(call.params.deviceid));
  if (row === undefined || !isVisible(call, row)) throw new Refusal(404, "Invalid Device ID");
  return row;
}

/** The SIM whose link the path names. */
export function visibleLink(account: Account, call: Call): SimRow {
  const row = account.inventory.link(Number(call.params.linkid));
  if (row === undefined || !isVisible(call, row)) throw new Refusal(404, "Link not found");
  return row;
}

function listLinks(account: Account, call: Call): Answer {
  return page(account, call, {
    items: linkCandidates(account, call),
    idOf: (row) => row.linkId,
    show: (row) => {
      const shown = link(account, row);
      account.wasRead(row);
      return call.query.choice("showip") === false ? { ...shown, priv_ip_address: undefined } : shown;
    },
  });
}

function listDevices(account: Account, call: Call): Answer {
  return page(account, call, {
    items: deviceCandidates(account, call),
    idOf: (row) => row.deviceId ?? 0,
    show: (row) => {
      const shown = device(account, row, row.deviceId ?? 0);
      for (const profile of profilesOf(row)) account.wasRead(profile);
      return shown;
    },
  });
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
