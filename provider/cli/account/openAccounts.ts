import type { Connection } from "../../account/connection";
import { type OpenOrganization, openOrganization } from "../../account/organizations";
import type { Reporter } from "../../fleet/model/account";
import { CommandError } from "../command";

/**
 * The organizations that a command looks at: that of the environment; else the `wanted` ones, those of the stacks' fleets
 * for instance; else the key's only one. What is wanted and not looked at is noted.
 */
export async function openAccounts(
  connection: Connection,
  wanted: readonly number[],
  report: Reporter,
): Promise<OpenOrganization[]> {
  const settings = connection.settings();
  if (settings.apiKey === undefined)
    throw new CommandError("no API key: set HOLOGRAM_API_KEY in the environment");
  const ids = [...new Set(wanted)].sort((a, b) => a - b);
  const opened = settings.orgId === undefined ? ids : [settings.orgId];
  const skipped = ids.filter((orgId) => !opened.includes(orgId));
  if (skipped.length > 0)
    report.info(`Not looked at, because of HOLOGRAM_ORG_ID: organization ${skipped.join(", ")}.`);
  const open: OpenOrganization[] = [];
  for (const orgId of opened.length === 0 ? [undefined] : opened) {
    open.push(await openOrganization(connection, settings, orgId, report));
  }
  return open;
}
