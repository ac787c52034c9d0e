import { Connection } from "../../account/connection";
import { type OpenOrganization, openOrganization } from "../../account/organizations";
import type { Reporter } from "../../fleet/model/account";
import { messageOf } from "../../fleet/model/fleetErrors";
import { CommandError, type ExitCode } from "../command";
import { Progress } from "../terminal/progress";

/** Runs a command that looks at the account. Whatever fails is one sentence, without the API key in it, and exit code 2. */
export async function onAccount(
  work: (connection: Connection, progress: Progress) => Promise<ExitCode>,
): Promise<ExitCode> {
  const [connection, progress] = [new Connection(), new Progress()];
  try {
    return await work(connection, progress);
  } catch (error) {
    throw new CommandError(connection.redact(messageOf(error)));
  } finally {
    progress.clear();
  }
}

/**
 * The organizations that a command looks at: that of the environment; else the `wanted` ones, those of the stacks' fleets
 * for instance; else the key's only one. What is wanted and not looked at is noted.
 */
export async function openAccounts(
  connection: Connection,
  wanted: readonly number[],
  report: Reporter,
): Promise<OpenOrganization[]> {
  const { orgId: configured } = connection.settings();
  if (configured === undefined) return openEach(connection, wanted, report);
  const skipped = ascending(wanted).filter((orgId) => orgId !== configured);
  if (skipped.length > 0)
    report.info(`Not looked at, because of HOLOGRAM_ORG_ID: organization ${skipped.join(", ")}.`);
  return openEach(connection, [configured], report);
}

/** These organizations, whatever the environment names, ascending; where none is given, the key's only one. */
export async function openEach(
  connection: Connection,
  orgIds: readonly number[],
  report: Reporter,
): Promise<OpenOrganization[]> {
  const settings = connection.settings();
  if (settings.apiKey === undefined)
    throw new CommandError("no API key: set HOLOGRAM_API_KEY in the environment");
  const open: OpenOrganization[] = [];
  for (const orgId of orgIds.length === 0 ? [undefined] : ascending(orgIds)) {
    open.push(await openOrganization(connection, settings, orgId, report));
  }
  return open;
}

function ascending(orgIds: readonly number[]): number[] {
  return [...new Set(orgIds)].sort((a, b) => a - b);
}
