import type { OpenOrganization } from "../../account/organizations";
import type { Reporter } from "../../fleet/model/account";
import { formatCount, type Money, zero } from "../../fleet/model/money";
import { isBilled, standingOf } from "../../fleet/model/standing";
import { compareNumbers, Selection } from "../../fleet/numbers/selection";
import { findPrice, monthlyCost, type Price } from "../../fleet/observe/price";
import type { Sim } from "../../hologram/model";
import type { StackRecord } from "../stacks/states";

/** A device that should not be as it is. It has one SIM; an eSIM has several profiles, and is billed once. */
export interface Finding {
  readonly orgId: number;
  /** The billed profile with the highest price, else the first. */
  readonly sim: Sim;
  /** Of every profile, ascending. */
  readonly iccids: readonly string[];
  /** Where it is declared. */
  readonly stacks: readonly string[];
  /** Stacks that declare it, and whose record has it as lost: they neither hold it nor will they ever claim it. */
  readonly lostIn: readonly string[];
  readonly planName: string | undefined;
  /** For a month of 30 days; absent where Hologram names no price, and for a SIM that is not billed. */
  readonly monthlyCost: Money | undefined;
}

export interface Findings {
  /** Activated and billed, and held by no stack. */
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
  report: Reporter,
): Promise<Findings> {
  const found: Finding[] = [];
  for (const organization of organizations) found.push(...(await findingsIn(organization, stacks, report)));
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
  report: Reporter,
): Promise<Finding[]> {
  const coverages = stacks.map((stack) => coverageOf(stack, orgId));
  const prices = new PriceList(account);
  const findings: Finding[] = [];
  for (const profiles of await devicesOf(account, report)) {
    const billed = profiles.filter((sim) => isBilled(standingOf(sim)));
    const declaring = coverages.filter(({ holds }) => profiles.some(holds)).map(({ name }) => name);
    if (declaring.length === 1 || (declaring.length === 0 && billed.length === 0)) continue;
    const priced = await prices.dearest(billed);
    const [first] = profiles;
    const sim = priced?.sim ?? billed[0] ?? first;
    if (sim === undefined) continue;
    findings.push({
      orgId,
      sim,
      iccids: profiles.map(({ iccid }) => iccid),
      stacks: declaring,
      lostIn: coverages.filter(({ lost }) => profiles.some(lost)).map(({ name }) => name),
      planName: priced?.price.planName,
      monthlyCost: priced?.cost,
    });
  }
  return findings;
}

/** What is not dead, by device: each with its profiles, in ascending order. SIMs without a device stand alone. */
async function devicesOf(
  account: OpenOrganization["account"],
  report: Reporter,
): Promise<readonly (readonly Sim[])[]> {
  const seen = new Map<string, Sim>();
  let read = 0;
  for await (const sims of account.allSims()) {
    read += sims.length;
    report.progress(`organization ${account.orgId}: ${formatCount(read)} SIMs read`);
    // By link: a list may show one record twice.
    for (const sim of sims) if (standingOf(sim) !== "dead") seen.set(`${sim.linkId}`, sim);
  }
  const ascending = [...seen.values()].sort((a, b) => compareNumbers(a.iccid, b.iccid));
  return [
    ...Map.groupBy(
      ascending,
      ({ deviceId, linkId }) => deviceId ?? `without a device, link ${linkId}`,
    ).values(),
  ];
}

/**
 * What a stack holds in one organization: a SIM that was moved out of a fleet's organization is the fleet's no more, and
 * neither is one that its record calls lost. By device too: on eSIMs the printed ICCID can vanish.
 */
function coverageOf({ name, fleets }: StackRecord, orgId: number) {
  const here = fleets.filter((fleet) => fleet.orgId === undefined || fleet.orgId === orgId);
  const each = here.map(({ selection, deviceIds, lost }) => {
    const [devices, gone] = [new Set(deviceIds), Selection.ofList(lost)];
    const isDeclared = ({ iccid, eid }: Sim): boolean =>
      selection.has(iccid) || (eid !== undefined && selection.has(eid));
    const isHeld = ({ deviceId }: Sim): boolean => deviceId !== undefined && devices.has(deviceId);
    return {
      holds: (sim: Sim): boolean => isHeld(sim) || (isDeclared(sim) && !gone.has(sim.iccid)),
      lost: (sim: Sim): boolean => !isHeld(sim) && isDeclared(sim) && gone.has(sim.iccid),
    };
  });
  return {
    name,
    holds: (sim: Sim): boolean => each.some((fleet) => fleet.holds(sim)),
    lost: (sim: Sim): boolean => each.some((fleet) => fleet.lost(sim)),
  };
}

/** The organization's prices, each asked for once; as in previews, of several the highest. */
class PriceList {
  readonly #found = new Map<string, ReturnType<typeof findPrice>>();

  constructor(private readonly account: OpenOrganization["account"]) {}

  /** The profile that costs most: what a device is billed by is at most that. */
  async dearest(
    sims: readonly Sim[],
  ): Promise<{ sim: Sim; price: Price; cost: Money | undefined } | undefined> {
    let dearest: { sim: Sim; price: Price; cost: Money | undefined } | undefined;
    for (const sim of sims) {
      const price = await this.#of(sim);
      if (price === undefined) continue;
      const cost = monthlyCost(price, 1);
      const isDearer = cost !== undefined && (dearest?.cost === undefined || cost.gt(dearest.cost));
      if (dearest === undefined || isDearer) dearest = { sim, price, cost };
    }
    return dearest;
  }

  async #of({ plan, zone }: Sim): Promise<Price | undefined> {
    if (plan === undefined || zone === undefined) return undefined;
    const key = `${plan} ${zone.toLowerCase()}`;
    const finding = this.#found.get(key) ?? findPrice(this.account, plan, zone);
    this.#found.set(key, finding);
    const result = await finding;
    return "price" in result ? result.price : undefined;
  }
}
