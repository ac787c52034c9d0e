/** The user of a key, and organizations with their members. */
import type { Account } from "../account/emulatedAccount";
import { Refusal } from "../account/refusal";
import type { KeySetup, Role } from "../accountSetup";
import { stamp } from "./editions";
import { ok, type Route } from "./http";

/** Permission names of the blueprint's `OrgUser`, by role. */
const PERMISSIONS: Readonly<Record<Role, readonly string[]>> = {
  admin: ["billing", "activation", "changeplan", "sbconfig", "sbtunnel", "deactivate", "org_management"],
  manager: ["activation", "changeplan"],
  editor: [],
  viewer: [],
};

export function userRoutes(account: Account): Route[] {
  return [
    {
      method: "GET",
      path: "/users/me",
      need: "read",
      query: [],
      body: [],
      handle: ({ key }) =>
        ok({
          ...member(account, key),
          partnerid: 1,
          role: "",
          registered: stamp(0),
          ...personal(account, key),
        }),
    },
  ];
}

/** The organization that is the user's own, which the endpoints below `/users/me` mean. */
export function personalOrganization(account: Account, key: KeySetup): number {
  const found = key.orgIds.find((orgId) => account.organization(orgId).personal);
  if (found === undefined) throw new Refusal(404, "The user has no personal organization");
  return found;
}

/** One item of `GET /organizations`. */
export function organization(account: Account, orgId: number) {
  const { name, personal: isPersonal, testModeDays } = account.organization(orgId);
  const members = [...account.keys.values()].filter((key) => key.orgIds.includes(orgId));
  return {
    id: orgId,
    name,
    is_personal: isPersonal ? 1 : 0,
    ownerid: members[0] === undefined ? 0 : userId(account, members[0]),
    users: members.map((key) => ({ ...member(account, key), permissions: PERMISSIONS[key.role] })),
    pending: [],
    ccemails: "",
    preflight_timeout_in_days: testModeDays,
  };
}

/** Every key stands for a user. */
export function userId(account: Account, key: KeySetup): number {
  return [...account.keys.keys()].indexOf(key.key) + 1;
}

function member(account: Account, key: KeySetup) {
  const id = userId(account, key);
  return { id, email: `user${id}@example.com`, first: "User", last: String(id) };
}

function personal(account: Account, key: KeySetup) {
  const found = key.orgIds.find((orgId) => account.organization(orgId).personal);
  return found === undefined ? {} : { personal_org: found };
}
