import type { OpenOrganization } from "../../account/organizations";
import type { Reporter } from "../../fleet/model/account";
import { isBilled, type Standing, standingOf } from "../../fleet/model/standing";
import { limitsOf } from "../../fleet/model/terms";
import { compareNumbers } from "../../fleet/numbers/selection";
import type { Limits, Sim } from "../../hologram/model";
import type { Tag } from "../../hologram/schemas/organizationSchemas";
import { readDevices } from "../account/readDevices";
import { type Coverage, coverageOf } from "../stacks/coverage";
import type { StackRecord } from "../stacks/states";
import { type Choice, isCalled } from "./choice";

/** A SIM that is billed, by the one ICCID that declares it. */
export interface ActiveSim {
  readonly iccid: string;
  readonly standing: Standing;
  /** Profiles of its device, if it has several: then the others are not declared, because a device is held once. */
  readonly profiles: number;
  readonly plan: number;
  /** Absent where Hologram tells a number, which says nothing. */
  readonly zone: string | undefined;
  readonly limits: Limits;
  /** Ascending by name. */
  readonly tags: readonly Tag[];
}

/** One organization, as far as a program can declare it. */
export interface ActiveSims {
  /** Ascending by ICCID. */
  readonly sims: readonly ActiveSim[];
  /** ICCIDs of everything that is listed and not dead, ascending: what may lie between two SIMs. */
  readonly listed: readonly string[];
  /** Billed, and of no plan that Hologram tells: they cannot be declared. */
  readonly withoutPlan: readonly string[];
}

/** Reads the SIMs that are billed, meet the choice, and are declared by none of the stacks. Reads only. */
export async function readActiveSims(
  { account, client, orgId }: OpenOrganization,
  stacks: readonly StackRecord[],
  choice: Choice,
  report: Reporter,
): Promise<ActiveSims> {
  const tagsOf = await readTags(client, orgId);
  const coverages = stacks.map((stack) => coverageOf(stack, orgId));
  const sims: ActiveSim[] = [];
  const withoutPlan: string[] = [];
  const devices = await readDevices(account, report);
  for (const profiles of devices) {
    const sim = chosenProfile(profiles);
    if (sim === undefined || !isWanted(sim, tagsOf(sim), choice) || isHeld(profiles, coverages)) continue;
    if (sim.plan === undefined) withoutPlan.push(sim.iccid);
    else
      sims.push({
        iccid: sim.iccid,
        standing: standingOf(sim),
        profiles: profiles.length,
        plan: sim.plan,
        zone: sim.zone === undefined || /^\d+$/.test(sim.zone) ? undefined : sim.zone,
        limits: limitsOf(sim),
        tags: tagsOf(sim),
      });
  }
  const listed = devices.flatMap((profiles) => profiles.map(({ iccid }) => iccid)).sort(compareNumbers);
  sims.sort((a, b) => compareNumbers(a.iccid, b.iccid));
  return { sims, listed, withoutPlan: withoutPlan.sort(compareNumbers) };
}

/**
 * The profile that declares a device: one that runs before one that is paused, and of several the one that was installed
 * first. Undefined for a device that is not billed.
 */
function chosenProfile(profiles: readonly Sim[]): Sim | undefined {
  const billed = profiles.filter((sim) => isBilled(standingOf(sim)));
  const running = billed.filter((sim) => standingOf(sim) === "active");
  const [first] = (running.length > 0 ? running : billed).toSorted((a, b) => a.linkId - b.linkId);
  return first;
}

function isWanted({ iccid, plan }: Sim, tags: readonly Tag[], choice: Choice): boolean {
  if (choice.plans !== undefined && (plan === undefined || !choice.plans.includes(plan))) return false;
  if (choice.tags?.every((wanted) => !tags.some((tag) => isCalled(tag, wanted)))) return false;
  const { range } = choice;
  return (
    range === undefined || (compareNumbers(range.first, iccid) <= 0 && compareNumbers(iccid, range.last) <= 0)
  );
}

function isHeld(profiles: readonly Sim[], coverages: readonly Coverage[]): boolean {
  return coverages.some(({ holds }) => profiles.some(holds));
}

/** Which tags a SIM's device bears: from the tags, and where those name no devices, from the SIM itself. */
async function readTags(
  client: OpenOrganization["client"],
  orgId: number,
): Promise<(sim: Sim) => readonly Tag[]> {
  const tags = (await client.tags(orgId)).toSorted(byName);
  const bearers = new Map(tags.map(({ id, deviceIds }) => [id, deviceIds && new Set(deviceIds)]));
  return ({ deviceId, tagIds }) =>
    tags.filter(({ id }) => {
      const devices = bearers.get(id);
      return devices === undefined ? tagIds?.includes(id) : deviceId !== undefined && devices.has(deviceId);
    });
}

function byName(a: Tag, b: Tag): number {
  const [first, second] = [a.name.toLowerCase(), b.name.toLowerCase()];
  return first < second ? -1 : first > second ? 1 : a.id - b.id;
}
