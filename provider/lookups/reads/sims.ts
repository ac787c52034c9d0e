import { z } from "zod";
import type { OpenOrganization } from "../../account/organizations";
import { FleetError } from "../../fleet/model/fleetErrors";
import { isBilled, standingOf } from "../../fleet/model/standing";
import { parseRange } from "../../fleet/numbers/range";
import { compareNumbers } from "../../fleet/numbers/selection";
import type { Sim as Listed } from "../../hologram/model";
import type { Question } from "../lookup";
import type { GetSimsArgs, Sim } from "../types";
import { checkArguments, orgId, plan, type ShapeOf, simRange, sims, tagId } from "./arguments";
import { Kept, openAccount } from "./openAccount";
import { type Bearers, bearersOf } from "./tagged";

const state = z.string("write the name of a state as text").optional();
const shape = z.object({ orgId, simRange, sims, plan, state, tagId } satisfies ShapeOf<GetSimsArgs>);

type Filters = z.output<typeof shape>;

/** The SIMs that meet every filter, by ascending ICCID. */
export async function readSims({ args, source, after }: Question): Promise<readonly Sim[]> {
  const filters = checked(args);
  const organization = await openAccount(source, filters.orgId);
  return kept.once(source, [organization.id, filters, after], async () => {
    const { tagId, plan, state } = filters;
    const bearers = tagId === undefined ? undefined : await bearersOf(organization, tagId);
    const found: Sim[] = [];
    for await (const page of listing(organization, filters, bearers)) {
      for (const sim of page) {
        if (plan !== undefined && sim.plan !== plan) continue;
        if (state !== undefined && sim.state.toLowerCase() !== state.trim().toLowerCase()) continue;
        if (bearers?.bears(sim) ?? true) found.push(shown(sim));
      }
    }
    return found.sort((a, b) => compareNumbers(a.iccid, b.iccid));
  });
}

const kept = new Kept<readonly Sim[]>();

/** A SIM as look-ups show it. The schemas of the client have dropped what is nobody's business. */
export function shown(sim: Listed): Sim {
  const { claimedAtMs: _, ...others } = sim;
  return { ...others, billed: isBilled(standingOf(sim)) };
}

/** The listing that reads least. */
function listing(
  { client, orgId }: OpenOrganization,
  { simRange, sims }: Filters,
  bearers: Bearers | undefined,
): AsyncIterable<readonly Listed[]> {
  const range = simRange === undefined ? undefined : parseRange(simRange);
  if (range !== undefined) return client.simsInRange(orgId, range.first, range.last);
  if (sims !== undefined) return client.simsByIccid(orgId, sims);
  const few = bearers?.deviceIds !== undefined && bearers.deviceIds.length <= FEW_DEVICES;
  return few ? client.simsByDevice(orgId, bearers.deviceIds) : client.simsOf(orgId);
}

/** So many take no more requests by their ids than one page of everything. */
const FEW_DEVICES = 100;

/** The arguments, held to the rules of the inputs of the same name. An empty list finds nothing. */
function checked(args: object): Filters {
  const isEmpty = "sims" in args && Array.isArray(args.sims) && args.sims.length === 0;
  const filters = checkArguments(shape, isEmpty ? { ...args, sims: undefined } : args);
  if ((isEmpty || filters.sims !== undefined) && filters.simRange !== undefined) {
    throw new FleetError("simRange and sims exclude each other: give one of them");
  }
  return isEmpty ? { ...filters, sims: [] } : filters;
}
