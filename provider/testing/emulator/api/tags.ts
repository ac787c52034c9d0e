/** Tags on devices: list, create, link, unlink, delete. */
import type { Account, Tag } from "../account/emulatedAccount";
import { Refusal } from "../account/refusal";
import { id } from "./editions";
import { type Answer, type Call, ok, type Route } from "./http";
import { readLimit } from "./paging";
import { personalOrganization } from "./users";

export function tagRoutes(account: Account): Route[] {
  const write = (path: string, body: readonly string[], handle: Route["handle"]): Route => ({
    method: "POST",
    path,
    need: "write",
    query: [],
    body,
    handle,
  });
  return [
    {
      method: "GET",
      path: "/devices/tags",
      need: "read",
      query: ["orgid", "id", "deviceids", "limit"],
      body: [],
      handle: (call) => list(account, call),
    },
    write("/devices/tags", ["name", "deviceids"], (call) => create(account, call)),
    write("/devices/tags/:tagid{[0-9]+}/link", ["deviceids"], (call) => {
      const tag = visibleTag(account, call);
      for (const deviceId of deviceIds(account, call, tag.orgId)) tag.deviceIds.add(deviceId);
      account.changed = true;
      return answer(account, [tag]);
    }),
    write("/devices/tags/:tagid{[0-9]+}/unlink", ["deviceids"], (call) => {
      const tag = visibleTag(account, call);
      for (const deviceId of deviceIds(account, call, tag.orgId)) tag.deviceIds.delete(deviceId);
      account.changed = true;
      return answer(account, [tag]);
    }),
    {
      method: "DELETE",
      path: "/devices/tags/:tagid{[0-9]+}",
      need: "write",
      query: [],
      body: [],
      handle: (call) => {
        account.tags.delete(visibleTag(account, call).id);
        account.changed = true;
        return { status: 200, body: { success: true } };
      },
    },
  ];
}

function list(account: Account, call: Call): Answer {
  const organizations = account.visible(call.key, call.query.integer("orgid"));
  const tagId = call.query.integer("id");
  const devices = call.query.integers("deviceids");
  const tags = [...account.tags.values()].filter(
    (tag) =>
      organizations.includes(tag.orgId) &&
      (tagId === undefined || tag.id === tagId) &&
      (devices === undefined || devices.some((deviceId) => tag.deviceIds.has(deviceId))),
  );
  return answer(account, tags.slice(0, readLimit(call, 1000)));
}

function create(account: Account, call: Call): Answer {
  // The blueprint: required for all but the personal organization.
  const named = call.query.integer("orgid");
  const isPersonal =
    named === undefined && call.key.orgIds.some((each) => account.organization(each).personal);
  const orgId = isPersonal ? personalOrganization(account, call.key) : call.query.required("orgid");
  account.visible(call.key, orgId);
  const name = call.body.text("name");
  if (name === undefined || name === "") throw new Refusal(400, "name is required");
  const devices = call.body.has("deviceids") ? deviceIds(account, call, orgId) : [];
  const tag = account.addTag(orgId, name);
  for (const deviceId of devices) tag.deviceIds.add(deviceId);
  return answer(account, [tag]);
}

function answer(account: Account, tags: readonly Tag[]): Answer {
  const shown = tags.map((tag) => ({
    id: tag.id,
    name: tag.name,
    deviceids: [...tag.deviceIds].map((deviceId) => id(account, deviceId)),
  }));
  return ok(account.behaviour.tagLists === "tags" ? { tags: shown } : shown);
}

function visibleTag(account: Account, call: Call): Tag {
  account.visible(call.key, call.query.integer("orgid"));
  const tag = account.tags.get(Number(call.params.tagid));
  if (tag === undefined || !call.key.orgIds.includes(tag.orgId)) throw new Refusal(404, "Tag not found");
  return tag;
}

/** Devices and tag belong to one organization. */
function deviceIds(account: Account, call: Call, orgId: number): number[] {
  const asked = call.body.integers("deviceids");
  if (asked === undefined) throw new Refusal(400, "deviceids is required");
  const foreign = asked.find((deviceId) => account.inventory.device(deviceId)?.orgId !== orgId);
  if (foreign !== undefined) throw new Refusal(400, `Device ${foreign} is not in organization ${orgId}`);
  return asked;
}
