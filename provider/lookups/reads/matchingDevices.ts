import { z } from "zod";
import { compareNumbers } from "../../fleet/numbers/selection";
import { defined } from "../../util/defined";
import type { Question } from "../lookup";
import type { Device, GetDevicesArgs, Sim } from "../types";
import { checkArguments, ids, orgId, type ShapeOf, tagId } from "./arguments";
import { Kept, openAccount } from "./openAccount";
import { shown } from "./sims";
import { bearersOf } from "./tagged";

const name = z.string("write the name, or a part of it, as text").optional();
const shape = z.object({
  orgId,
  deviceIds: ids("the ids of devices"),
  name,
  tagId,
} satisfies ShapeOf<GetDevicesArgs>);

/** The devices that meet every filter, by ascending id. */
export async function readDevices({ args, source, after }: Question): Promise<readonly Device[]> {
  const filters = checkArguments(shape, args);
  const { deviceIds, name, tagId } = filters;
  const organization = await openAccount(source, filters.orgId);
  const { client, orgId, id } = organization;
  return kept.once(source, [id, filters, after], async () => {
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
  return defined({ deviceId, name: deviceName, orgId, simCardId, tagIds, sims });
}

function byId(a: Device, b: Device): number {
  return a.deviceId - b.deviceId;
}
