import type { Account, Reporter } from "../fleet/model/account";
import type { Hologram } from "../hologram/index";
import type { Connection } from "./connection";
import type { Settings } from "./settings";

/** One organization that the key sees: what fleets ask of it, and the client for the rest (tags, balance). */
export interface OpenOrganization {
  readonly orgId: number;
  readonly account: Account;
  readonly client: Hologram;
}

/**
 * The organization as given, as configured, or the key's only one. Several and none named, one that the key does not
 * see, and no key at all are `FleetError`s that say what to do; nothing but `GET /organizations` has been sent then.
 */
export async function openOrganization(
  connection: Connection,
  settings: Settings,
  given: number | undefined,
  report: Reporter,
): Promise<OpenOrganization> {
  const orgId = await connection.resolveOrganization(settings, given, report);
  const account = await connection.account(settings, orgId, report);
  return { orgId, account, client: await connection.hologram(settings, report) };
}
