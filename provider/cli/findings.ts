import type { OpenOrganization } from "../account/organizations";
import { type Money, zero } from "../fleet/model/money";
import { isBilled, standingOf } from "../fleet/model/standing";
import { compareNumbers, Selection } from "../fleet/numbers/selection";
import { findPrice, monthlyCost } from "../fleet/observe/price";
import type { Sim } from "../hologram/model";
import type { StackRecord } from "./states";

/** A SIM that should not be as it is. */
export interface Finding {
  readonly orgId: number;
  readonly sim: Sim;
  /** Where it is declared. */
  readonly stacks: readonly string[];
  readonly planName: string | undefined;
  /** For a month of 30 days; absent where Hologram names no price, and for a SIM that is not billed. */
  readonly monthlyCost: Money | undefined;
}

export interface Findings {
  /** Activated and billed, and declared nowhere. */
  readonly orphans: readonly Finding[];
  /** Declared in more than one stack: each will adopt it, and the first to leave releases it. */
  readonly declaredTwice: readonly Finding[];
  /** Of the orphans, as far as their prices are known. */
  readonly monthlyCost: Money;
}

/** Holds what organizations have against what stacks declare. Reads only. */
export async function findOrphans(
  organizations: readonly OpenOrganization[],
  stacks: readonly StackRecord[],
): Promise<Findings> {
  const found: Finding[] = [];
  for (const organization of organizations) found.push(...(await findingsIn(organization, stacks)));
  const orphans = found.filter((finding) => finding.stacks.length === 0);
  return {
    orphans,
    declaredTwice: found.filter((finding) => finding.stacks.length > 1),
    monthlyCost: orphans.reduce(
      (sum, { monthlyCost: cost }) => (cost === undefined ? sum : sum.plus(cost)),
      zero,
    ),
  };
}

async function findingsIn(
  { account, orgId }: OpenOrganization,
  stacks: readonly StackRecord[],
): Promise<Finding[]> {
  const coverages = stacks.map((stack) => coverageOf(stack, orgId));
  const seen: { readonly sim: Sim; readonly stacks: readonly string[] }[] = [];
  for await (const sims of account.allSims()) {
    for (const sim of sims) {
      const standing = standingOf(sim);
      if (standing === "dead") continue;
      const declaring = coverages.filter((coverage) => coverage.covers(sim)).map(({ name }) => name);
      if (declaring.length > 1 || (declaring.length === 0 && isBilled(standing))) {
        seen.push({ sim, stacks: declaring });
      }
    }
  }
  seen.sort((a, b) => compareNumbers(a.sim.iccid, b.sim.iccid));
  const prices = new PriceList(account);
  const findings: Finding[] = [];
  for (const { sim, stacks: declaring } of seen) {
    const price = isBilled(standingOf(sim)) ? await prices.of(sim) : undefined;
    const cost = price && monthlyCost(price, 1);
    findings.push({ orgId, sim, stacks: declaring, planName: price?.planName, monthlyCost: cost });
  }
  return findings;
}

/**
 * What a stack declares in one organization: a SIM that was moved out of a fleet's organization is the fleet's no more.
 * By device too: on eSIMs the printed ICCID can vanish.
 */
function coverageOf({ name, fleets }: StackRecord, orgId: number) {
  const here = fleets.filter((fleet) => fleet.orgId === undefined || fleet.orgId === orgId);
  const selection = here.reduce((all, fleet) => all.union(fleet.selection), Selection.empty);
  const devices = new Set(here.flatMap(({ deviceIds }) => deviceIds));
  const covers = ({ iccid, eid, deviceId }: Sim): boolean =>
    selection.has(iccid) ||
    (eid !== undefined && selection.has(eid)) ||
    (deviceId !== undefined && devices.has(deviceId));
  return { name, covers };
}

/** The organization's prices, each asked for once; as in previews, of several the highest. */
class PriceList {
  readonly #found = new Map<string, ReturnType<typeof findPrice>>();

  constructor(private readonly account: OpenOrganization["account"]) {}

  async of({ plan, zone }: Sim) {
    if (plan === undefined || zone === undefined) return undefined;
    const key = `${plan} ${zone.toLowerCase()}`;
    const finding = this.#found.get(key) ?? findPrice(this.account, plan, zone);
    this.#found.set(key, finding);
    const result = await finding;
    return "price" in result ? result.price : undefined;
  }
}
