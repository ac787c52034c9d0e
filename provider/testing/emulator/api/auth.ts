/** Who may do what: HTTP Basic with the user name `apikey`, and the roles of Hologram's documentation. */
import type { Account } from "../account/emulatedAccount";
import { Refusal } from "../account/refusal";
import type { KeySetup, Role } from "../accountSetup";
import type { Need } from "./http";

const GRANTED: Readonly<Record<Role, readonly Need[]>> = {
  admin: ["read", "write", "admin"],
  manager: ["read", "write"],
  editor: ["read"],
  viewer: [],
};

/** What a request says about who sends it: a header, and perhaps a key in the query. */
export interface Credentials {
  readonly authorization: string | undefined;
  readonly apikey: string | undefined;
}

/** The key of an `authorization` header, else of the query where the behaviour takes it from there. */
export function authenticate(account: Account, { authorization, apikey }: Credentials): KeySetup {
  const [, encoded] = /^Basic\s+(\S+)$/i.exec(authorization ?? "") ?? [];
  const [user, ...rest] = Buffer.from(encoded ?? "", "base64")
    .toString("utf8")
    .split(":");
  const fromQuery = authorization === undefined && account.behaviour.apikeyQuery ? apikey : undefined;
  const key = account.keys.get(user === "apikey" ? rest.join(":") : (fromQuery ?? ""));
  if (key === undefined) throw new Refusal(401, "Not logged in");
  return key;
}

export function permit(key: KeySetup, need: Need): void {
  if (!GRANTED[key.role].includes(need)) throw new Refusal(403, "No permissions to perform operation");
}
