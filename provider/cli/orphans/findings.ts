import type { OpenOrganization } from "../../account/organizations";
import type { Reporter } from "../../fleet/model/account";
import { type Money, zero } from "../../fleet/model/money";
import { isBilled, standingOf } from "../../fleet/model/standing";
import type { Sim } from "../../hologram/model";
import { PriceList } from "../account/prices";
import { readDevices } from "../account/readDevices";
import { coverageOf } from "../stacks/coverage";
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
  /** Billed, active or paused, and held by no stack. */
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
  for (const profiles of await readDevices(account, report)) {
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
