/** Pause, resume and deactivate, one device, several, or as a batch job. */
import type { Account } from "../account/account";
import { Refusal } from "../account/refusal";
import { COMMANDED, changeState, type StateCommand } from "../account/stateChange";
import { permit } from "./auth";
import { type Change, type ChangeResult, changed, changeRows, devicesOf, type Found } from "./bulkChange";
import { stamp } from "./editions";
import { type Answer, type Call, ok, type Route } from "./http";
import { visibleDevice, visibleLink } from "./listings";

export function changeRoutes(account: Account): Route[] {
  return [
    {
      method: "POST",
      path: "/devices/state",
      need: "write",
      handle: (call) => apply(account, call, () => devicesOf(account, call)),
    },
    {
      method: "POST",
      path: "/devices/:deviceid{[0-9]+}/state",
      need: "write",
      handle: (call) => apply(account, call, () => ({ rows: [visibleDevice(account, call)], missing: [] })),
    },
    {
      method: "POST",
      path: "/links/cellular/:linkid{[0-9]+}/state",
      need: "write",
      handle: (call) => apply(account, call, () => ({ rows: [visibleLink(account, call)], missing: [] })),
    },
    { method: "POST", path: "/devices/batch/state", need: "write", handle: (call) => batch(account, call) },
    { method: "GET", path: "/devices/batch/state", need: "read", handle: (call) => jobs(account, call) },
  ];
}

function apply(account: Account, call: Call, find: () => Found): Answer {
  const command = readCommand(call);
  const { result } = changeRows(account, call, find(), stateChange(account, call, command));
  return changed(account, result, { newstate: newState(command, result) });
}

function batch(account: Account, call: Call): Answer {
  const command = readCommand(call);
  const [orgId] = account.visible(call.key, call.query.integer("orgid"));
  const { result } = changeRows(account, call, devicesOf(account, call), stateChange(account, call, command));
  const id = account.jobs.length + 1;
  account.jobs.push({
    id,
    orgId: orgId ?? 0,
    action: command,
    at: account.clock.now(),
    devices: result.devices_modified.length,
  });
  account.changed = true;
  const task_results = { ...result, newstate: newState(command, result) };
  return ok({
    jobid: String(id),
    preview: false,
    valid_tasks: [{ endpoint: "/devices/state", error: false, index: 0, task_results }],
  });
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
