import { z } from "zod";
import type { OpenOrganization } from "../../account/organizations";
import { fields } from "../../dynamic/inputs/fields";
import { problemsOf, schemasOf } from "../../dynamic/inputs/inputTable";
import { FleetError } from "../../fleet/model/errors";
import { isBilled, standingOf } from "../../fleet/model/standing";
import { parseRange } from "../../fleet/numbers/range";
import { compareNumbers } from "../../fleet/numbers/selection";
import type { Sim as Listed } from "../../hologram/model";
import type { Question } from "../lookup";
import type { GetSimsArgs, Sim } from "../sims";
import { Kept, openAccount } from "./account";
import { refuseOthers } from "./arguments";
import { type Bearers, bearersOf } from "./tagged";

/** The SIMs that meet every filter, by ascending ICCID. */
export async function readSims({ args, source, after }: Question<GetSimsArgs>): Promise<readonly Sim[]> {
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
  return { ...sim, billed: isBilled(standingOf(sim)) };
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

const { simRange, plan, tagId, orgId, sims } = schemasOf(fields);
const shape = z.object({ simRange, plan, tagId, orgId, sims, state: z.string().optional() });

type Filters = z.output<typeof shape>;

/** The arguments, held to the rules of the inputs of the same name. An empty list finds nothing. */
function checked(args: GetSimsArgs): Filters {
  refuseOthers(args, Object.keys(shape.shape));
  const { sims: list, ...others } = args;
  const none = list?.length === 0;
  const result = shape.safeParse(none ? others : args);
  if (!result.success) throw new FleetError(problemsOf(result.error, { ...args }).join("; "));
  if (list !== undefined && args.simRange !== undefined) {
    throw new FleetError("simRange and sims exclude each other: give one of them");
  }
  return none ? { ...result.data, sims: [] } : result.data;
}
