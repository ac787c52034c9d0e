/** Who may do what: HTTP Basic with the user name `apikey`, and the roles of Hologram's documentation. */
import type { Account, Key } from "../account/account";
import { Refusal } from "../account/refusal";
import type { Role } from "../accountSetup";
import type { Need } from "./http";

const GRANTED: Readonly<Record<Role, readonly Need[]>> = {
  admin: ["read", "write", "admin"],
  manager: ["read", "write"],
  editor: ["read"],
  viewer: [],
};

/** The key of an `authorization` header. A key in the query string is not taken: it would end up in logs. */
export function authenticate(account: Account, header: string | undefined): Key {
  const [, encoded] = /^Basic\s+(\S+)$/i.exec(header ?? "") ?? [];
  const [user, ...rest] = Buffer.from(encoded ?? "", "base64")
    .toString("utf8")
    .split(":");
  const key = user === "apikey" ? account.keys.get(rest.join(":")) : undefined;
  if (key === undefined) throw new Refusal(401, "Invalid API key");
  return key;
}

export function permit(key: Key, need: Need): void {
  if (!GRANTED[key.role].includes(need)) throw new Refusal(403, "No permissions to perform operation");
}
