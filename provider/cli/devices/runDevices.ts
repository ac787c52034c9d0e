import type { Connection } from "../../account/connection";
import type { OpenOrganization } from "../../account/organizations";
import type { Reporter } from "../../fleet/model/account";
import { countOfSims } from "../../fleet/model/money";
import { onAccount, openAccounts } from "../account/onAccount";
import { CommandError, type ExitCode } from "../command";
import { readStacks } from "../stacks/readStacks";
import type { StackRecord } from "../stacks/states";
import { widthOf } from "../terminal/table";
import { asCsv, asJson, asTable, type DeviceRow } from "./devicesText";

/** The options of `pulumi-hologram devices`, as the command line gives them. */
export interface DevicesOptions {
  readonly stack?: readonly string[];
  readonly format: Format;
}

/** How the list is printed. */
export type Format = "table" | "csv" | "json";

/** `pulumi-hologram devices`: what the stacks hold, in the order of the stacks and of the ICCIDs in a fleet. */
export function runDevices({ stack: files = [], format }: DevicesOptions): Promise<ExitCode> {
  return onAccount(async (connection, progress) => {
    if (files.length === 0) {
      throw new CommandError(
        "devices takes --stack <file>, once for each stack: the file is what `pulumi stack export` prints.",
      );
    }
    const stacks = await readStacks(files, (line) => progress.info(line));
    const held = stacks.flatMap(rowsOf);
    const named = await withNames(connection, held, progress);
    progress.clear();
    process.stdout.write(print(format, named));
    return 0;
  });
}

function print(format: Format, rows: readonly DeviceRow[]): string {
  switch (format) {
    case "csv":
      return asCsv(rows);
    case "json":
      return asJson(rows);
    case "table":
      return asTable(rows, widthOf(process.stdout));
  }
}

function rowsOf({ name: stack, fleets }: StackRecord): DeviceRow[] {
  return fleets.flatMap(({ name: fleet, orgId, held }) =>
    held.map((sim) => ({ ...sim, stack, fleet, orgId, name: undefined })),
  );
}

/** The names that the account has for the devices; a note where there is no key to ask with. */
async function withNames(
  connection: Connection,
  rows: readonly DeviceRow[],
  report: Reporter,
): Promise<readonly DeviceRow[]> {
  if (rows.length === 0) return rows;
  if (connection.settings().apiKey === undefined) {
    report.info("Names are left empty: there is no HOLOGRAM_API_KEY to ask the account with.");
    return rows;
  }
  const names = new Map<number, string>();
  const wanted = rows.flatMap(({ orgId }) => orgId ?? []);
  for (const { client, orgId } of await openAccounts(connection, wanted, report)) {
    const ids = rows.filter((row) => (row.orgId ?? orgId) === orgId).map(({ deviceId }) => deviceId);
    await readNames({ client, orgId }, ids, names, report);
  }
  return rows.map((row) => ({ ...row, name: names.get(row.deviceId) }));
}

/** A request names 100 devices and lists 1,000 SIMs: above some hundred the whole list is not dearer. */
const MOST_BY_ID = 500;

async function readNames(
  { client, orgId }: Pick<OpenOrganization, "client" | "orgId">,
  deviceIds: readonly number[],
  names: Map<number, string>,
  report: Reporter,
): Promise<void> {
  const wanted = new Set(deviceIds);
  const pages = deviceIds.length > MOST_BY_ID ? client.simsOf(orgId) : client.simsByDevice(orgId, deviceIds);
  for await (const sims of pages) {
    for (const { deviceId, deviceName } of sims) {
      if (deviceId !== undefined && deviceName !== undefined && wanted.has(deviceId))
        names.set(deviceId, deviceName);
    }
    report.progress(`organization ${orgId}: the names of ${countOfSims(names.size)} read`);
  }
}
