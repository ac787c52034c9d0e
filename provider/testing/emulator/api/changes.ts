/** Pause, resume and deactivate, one device, several, or as a batch job. */
import type { Account } from "../account/emulatedAccount";
import type { SimRow } from "../account/pack";
import { Refusal } from "../account/refusal";
import { COMMANDED, changeState, type StateCommand } from "../account/stateChange";
import { permit } from "./auth";
import {
  type Change,
  type ChangeResult,
  changed,
  changeRows,
  devicesOf,
  type Found,
  job,
  profilesOf,
} from "./bulkChange";
import { stamp } from "./editions";
import { type Answer, type Call, ok, type Route } from "./http";
import { visibleDevice, visibleLink } from "./listings";
import { NOT_PLAYED } from "./requestForm";
import { DEVICE_FILTERS, deviceCandidates } from "./search";

export function changeRoutes(account: Account): Route[] {
  const change = (
    path: string,
    body: readonly string[],
    handle: Route["handle"],
    query: string[] = [],
  ): Route => ({
    method: "POST",
    path,
    need: "write",
    query,
    body: ["state", ...body],
    notPlayed: ["priority"],
    handle,
  });
  const rows = (found: readonly SimRow[]): Found => ({ rows: found, missing: [] });
  return [
    change("/devices/state", ["deviceids"], (call) => apply(account, call, () => devicesOf(account, call))),
    change("/devices/:deviceid{[0-9]+}/state", [], (call) =>
      apply(account, call, () => rows(profilesOf(visibleDevice(account, call)))),
    ),
    change("/links/cellular/:linkid{[0-9]+}/state", [], (call) =>
      apply(account, call, () => rows([visibleLink(account, call)])),
    ),
    change("/devices/batch/state", ["deviceids", "deviceFilters"], (call) => batch(account, call), ["orgid"]),
    {
      method: "GET",
      path: "/devices/batch/state",
      need: "read",
      query: [],
      body: [],
      handle: (call) => jobs(account, call),
    },
  ];
}

function apply(account: Account, call: Call, find: () => Found): Answer {
  const command = readCommand(call);
  const { result } = changeRows(account, call, find(), stateChange(account, call, command));
  return changed(account, result, { newstate: newState(command, result) });
}

function batch(account: Account, call: Call): Answer {
  const command = readCommand(call);
  const [orgId = 0] = account.visible(call.key, call.query.integer("orgid"));
  const found = filteredOf(account, call) ?? devicesOf(account, call);
  const { result } = changeRows(account, call, found, stateChange(account, call, command));
  const work = { action: command, endpoint: "/1/devices/state" };
  return job(account, orgId, work, { ...result, newstate: newState(command, result) });
}

/** Hologram's page says only that `deviceFilters` are criteria: here they are the filters of `GET /devices`. */
function filteredOf(account: Account, call: Call): Found | undefined {
  const filters = call.body.fields("deviceFilters");
  if (filters === undefined) return undefined;
  if (call.body.has("deviceids")) throw new Refusal(400, "deviceids and deviceFilters exclude each other");
  const unknown = filters.names.find((name) => !DEVICE_FILTERS.includes(name));
  if (unknown !== undefined) throw new Refusal(501, `The filter ${unknown} is ${NOT_PLAYED}`);
  if (filters.names.length === 0) throw new Refusal(400, "deviceFilters must name a filter");
  const { inventory } = account;
  // A list may show copies: what is changed is the SIM itself.
  const rows = [...deviceCandidates(account, { key: call.key, query: filters })].flatMap(
    ({ linkId }) => inventory.link(linkId) ?? [],
  );
  return { rows: rows.flatMap(profilesOf), missing: [] };
}

function jobs(account: Account, call: Call): Answer {
  if (!account.behaviour.activityHistory) throw new Refusal(403, "No permissions to perform operation");
  const organizations = account.visible(call.key, call.query.integer("orgid"));
  const tasks = account.jobs
    .filter((job) => organizations.includes(job.orgId))
    .map((job) => ({
      job_id: job.id,
      action: job.action,
      status: "COMPLETED",
      source: "API",
      device_count: job.devices,
      timestamp_start: stamp(job.at),
      timestamp_end: stamp(job.at),
    }));
  return ok({ tasks, totalPages: 1, totalTasks: tasks.length });
}

function readCommand(call: Call): StateCommand {
  const state = call.body.text("state");
  if (state !== "pause" && state !== "live" && state !== "deactivate") {
    throw new Refusal(400, "state must be one of pause, live, deactivate");
  }
  // Help centre: owners and admins alone deactivate.
  if (state === "deactivate") permit(call.key, "admin");
  return state;
}

/** Where no SIM was modified, Hologram's page shows an empty text. */
function newState(command: StateCommand, { devices_modified }: ChangeResult): string {
  return devices_modified.length === 0 ? "" : COMMANDED[command].settled;
}

function stateChange(account: Account, call: Call, command: StateCommand): Change {
  return (row) => {
    const result = changeState(account, row, command, { immediately: false });
    if (result.kind === "refused") return result.reason;
    if (result.kind === "unchanged") return undefined;
    if (command === "pause") account.judge.stateAsked("pauses", row.iccid, call.n);
    if (command === "deactivate") account.judge.stateAsked("deactivations", row.iccid, call.n);
    return undefined;
  };
}
