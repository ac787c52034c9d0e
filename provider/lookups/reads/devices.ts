import { FleetError } from "../../fleet/model/errors";
import { compareNumbers } from "../../fleet/numbers/selection";
import type { Device, GetDevicesArgs } from "../devices";
import type { Question } from "../lookup";
import type { Sim } from "../sims";
import { Kept, openAccount } from "./account";
import { refuseOthers } from "./arguments";
import { shown } from "./sims";
import { bearersOf } from "./tagged";

/** The devices that meet every filter, by ascending id. */
export async function readDevices({
  args,
  source,
  after,
}: Question<GetDevicesArgs>): Promise<readonly Device[]> {
  check(args);
  const { deviceIds, name, tagId } = args;
  const organization = await openAccount(source, args.orgId);
  const { client, orgId, id } = organization;
  return kept.once(source, [id, args, after], async () => {
    const bearers = tagId === undefined ? undefined : await bearersOf(organization, tagId);
    const listing = deviceIds === undefined ? client.simsOf(orgId) : client.simsByDevice(orgId, deviceIds);
    const byDevice = new Map<number, Sim[]>();
    for await (const page of listing) {
      for (const sim of page) {
        if (sim.deviceId === undefined || bearers?.bears(sim) === false) continue;
        if (name !== undefined && !sim.deviceName?.toLowerCase().includes(name.toLowerCase())) continue;
        const sims = byDevice.get(sim.deviceId) ?? [];
        byDevice.set(sim.deviceId, sims);
        sims.push(shown(sim));
      }
    }
    return [...byDevice].map(([deviceId, sims]) => deviceOf(deviceId, sims)).sort(byId);
  });
}

const kept = new Kept<readonly Device[]>();

function deviceOf(deviceId: number, profiles: readonly Sim[]): Device {
  const sims = profiles.toSorted((a, b) => compareNumbers(a.iccid, b.iccid));
  const { deviceName, orgId, simCardId, tagIds } = sims[0] ?? {};
  return {
    deviceId,
    ...(deviceName === undefined ? {} : { name: deviceName }),
    ...(orgId === undefined ? {} : { orgId }),
    ...(simCardId === undefined ? {} : { simCardId }),
    ...(tagIds === undefined ? {} : { tagIds }),
    sims,
  };
}

function byId(a: Device, b: Device): number {
  return a.deviceId - b.deviceId;
}

function check(args: GetDevicesArgs): void {
  refuseOthers(args, ["orgId", "deviceIds", "name", "tagId"]);
  const { deviceIds = [], orgId, tagId } = args;
  const wrong = [orgId, tagId, ...deviceIds].find(
    (id) => id !== undefined && !(Number.isSafeInteger(id) && id > 0),
  );
  if (wrong !== undefined)
    throw new FleetError(`${JSON.stringify(wrong)} is not an id: write a whole number above 0`);
}
