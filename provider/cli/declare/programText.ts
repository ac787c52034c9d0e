import {
  countOfSims,
  formatCount,
  formatDollars,
  type Money,
  toDollars,
  zero,
} from "../../fleet/model/money";
import { printRange } from "../../fleet/numbers/range";
import type { Organization } from "../../hologram/model";
import { printable } from "../terminal/table";
import { nameFleets } from "./names";
import { describeRun, type Run } from "./runs";
import { countOf, type FleetSelection, type Group } from "./simGroups";

/** One organization, ready to be written. */
export interface OrganizationText {
  readonly organization: Organization;
  readonly groups: readonly Group[];
  /** For a month of 30 days and one SIM; undefined where Hologram names no price. */
  costOf(group: Group): Money | undefined;
  /** Left out, because a fleet that declares them would resume them. */
  readonly paused: readonly Run[];
  /** Billed, and on no plan that Hologram tells. */
  readonly withoutPlan: readonly string[];
  /** SIMs of several profiles, which are declared by one of them. */
  readonly severalProfiles: number;
}

/** A program that takes over what is active: the same text for the same account. */
export function programText(organizations: readonly OrganizationText[]): string {
  const named = organizations.flatMap(({ organization, groups }) =>
    groups.map((group) => ({ organization: organization.name || `${organization.id}`, group })),
  );
  const names = nameFleets(named)[Symbol.iterator]();
  const sections = organizations.map((each) => {
    const fleets = each.groups.flatMap((group) => {
      const own = names.next().value ?? [];
      return group.selections.map((selection, place) => fleetText(own[place] ?? "", each, group, selection));
    });
    return [...headOf(each), ...fleets].join("\n");
  });
  return `${HEAD}\n${summary(organizations)}${sections.map((section) => `\n${section}`).join("")}`;
}

const HEAD = 'import * as hologram from "pulumi-hologram";\n';

function summary(organizations: readonly OrganizationText[]): string {
  const groups = organizations.flatMap((each) => each.groups.map((group) => ({ each, group })));
  const sims = groups.reduce((sum, { group }) => sum + simsOf(group), 0);
  if (sims === 0) return comment("There is no active SIM to declare.");
  const fleets = groups.reduce((sum, { group }) => sum + group.selections.length, 0);
  const cost = groups.reduce(
    (sum, { each, group }) => sum.plus(each.costOf(group)?.times(simsOf(group)) ?? 0),
    zero,
  );
  return comment(
    `${countOfSims(sims)} in ${fleets === 1 ? "1 fleet" : `${formatCount(fleets)} fleets`}, ${dollars(cost)}/month.`,
    "They are active already: the first preview says that it adopts them, and nothing is charged.",
  );
}

function headOf({ organization, paused, withoutPlan, severalProfiles }: OrganizationText): string[] {
  const { id, name } = organization;
  const lines = [
    name === "" ? `Organization ${id}` : `Organization ${id}, ${printable(name)}`,
    ...(severalProfiles === 0
      ? []
      : [
          `${countOfSims(severalProfiles)} with several profiles, declared by one ICCID: the device is held and billed once.`,
        ]),
    ...(withoutPlan.length === 0
      ? []
      : [
          "Not declared, because Hologram tells no plan for them:",
          ...withoutPlan.map((iccid) => `  ${iccid}`),
        ]),
    ...(paused.length === 0
      ? []
      : [
          "Paused, and not declared, because the first `pulumi up` would resume them:",
          ...paused.map((run) => `  ${describeRun(run)}`),
        ]),
  ];
  return [comment(...lines)];
}

function fleetText(
  name: string,
  { organization, costOf }: OrganizationText,
  group: Group,
  selection: FleetSelection,
): string {
  const count = countOf(selection);
  const cost = costOf(group)?.times(count);
  const price = cost === undefined ? "" : `, ${dollars(cost)}/month`;
  const planName = group.planName === undefined ? "" : ` // ${printable(group.planName)}`;
  const lines = [
    ...selectionLines(selection),
    `orgId: ${organization.id},`,
    `plan: ${group.plan},${planName}`,
    `zone: ${JSON.stringify(group.zone)},${group.zoneIsGuess ? " // Hologram tells a number: look it up" : ""}`,
    ...limitLines(group),
    ...tagLines(group),
  ];
  return `// ${countOfSims(count)}${price}
new hologram.SimActivation(${JSON.stringify(name)}, {
${lines.map((line) => `  ${line}\n`).join("")}});
`;
}

/** The count guards a range: a preview that finds another number of SIMs in it fails, instead of buying them. */
function selectionLines(selection: FleetSelection): string[] {
  if (selection.form === "range")
    return [`simRange: "${printRange(selection.run)}",`, `expectedSims: ${selection.run.iccids.length},`];
  return ["sims: [", ...selection.iccids.map((iccid) => `  "${iccid}",`), "],"];
}

function limitLines({ limits }: Group): string[] {
  const { overageLimit, threshold, smsLimit } = limits;
  // The API asks for a threshold below the limit, and does not hold old SIMs to it.
  const isAbove = threshold !== undefined && overageLimit !== undefined && threshold >= overageLimit;
  return [
    ...(overageLimit === undefined ? [] : [`overageLimit: ${grouped(overageLimit)},`]),
    ...(threshold === undefined
      ? []
      : isAbove
        ? [`// threshold: ${grouped(threshold)}, which is not below overageLimit`]
        : [`threshold: ${grouped(threshold)},`]),
    ...(smsLimit === undefined ? [] : [`smsLimit: ${grouped(smsLimit)},`]),
  ];
}

/** Lists of SIMs do not tell tags, so that declaring one sends it once more for every SIM: it stays a choice. */
function tagLines({ tags }: Group): string[] {
  return tags.map(
    ({ id, name }, place) =>
      `// tagId: ${id}, // ${printable(name)}${place === 0 ? ": declare it, and SIMs that join the fleet get it too" : ""}`,
  );
}

function simsOf({ selections }: Group): number {
  return selections.reduce((sum, selection) => sum + countOf(selection), 0);
}

function comment(...lines: readonly string[]): string {
  return lines.map((line) => `// ${line}\n`).join("");
}

function dollars(amount: Money): string {
  return formatDollars(toDollars(amount));
}

/** `5_000_000` */
function grouped(value: number): string {
  return formatCount(value).replaceAll(",", "_");
}
