import { countOfSims, formatDollars, toDollars } from "../../fleet/model/money";
import { type Column, formatTable } from "../terminal/table";
import type { Finding, Findings } from "./findings";

/** The findings for people: a table of each kind, and a sentence below it. `width` is that of the terminal. */
export function asText(
  { orphans, declaredTwice, monthlyCost }: Findings,
  stacks: readonly string[],
  width: number | undefined,
): string {
  const parts: string[] = [];
  const where = stacks.length === 1 ? `in ${stacks.join()}` : `in any of ${stacks.length} stacks`;
  if (orphans.length > 0) {
    const unpriced = orphans.filter((finding) => finding.monthlyCost === undefined).length;
    const rest = unpriced === 0 ? "" : `, and ${countOfSims(unpriced)} whose price Hologram does not name`;
    parts.push(
      formatTable(orphans, COLUMNS, width),
      `${countOfSims(orphans.length)} billed (active or paused), not declared ${where}: ` +
        `${formatDollars(toDollars(monthlyCost))}/month${rest}.\n${lostSentence(orphans)}`,
    );
  }
  if (declaredTwice.length > 0) {
    parts.push(
      formatTable(declaredTwice, [...COLUMNS, STACKS], width),
      `${countOfSims(declaredTwice.length)} declared in more than one stack.\n`,
    );
  }
  if (parts.length === 0) parts.push(`No SIM is billed and not declared ${where}.\n`);
  return parts.join("\n");
}

/** The findings for programs: money in US dollars, rounded to cents. */
export function asJson(
  { orphans, declaredTwice, monthlyCost }: Findings,
  stacks: readonly string[],
  organizations: readonly number[],
): string {
  const shown = {
    stacks,
    organizations,
    orphans: orphans.map(plainOf),
    declaredTwice: declaredTwice.map((finding) => ({ ...plainOf(finding), stacks: finding.stacks })),
    monthlyCost: toDollars(monthlyCost),
  };
  return `${JSON.stringify(shown, undefined, 2)}\n`;
}

function plainOf({ orgId, sim, iccids, lostIn, monthlyCost }: Finding): object {
  const { iccid, eid, deviceId, linkId, state, plan, zone, deviceName } = sim;
  const cost = monthlyCost === undefined ? undefined : toDollars(monthlyCost);
  const profiles = iccids.length > 1 ? { profiles: iccids } : {};
  const lost = lostIn.length > 0 ? { lostIn } : {};
  const named = { orgId, iccid, eid, deviceId, linkId, state, plan, zone, deviceName };
  return { ...named, ...profiles, ...lost, monthlyCost: cost };
}

function lostSentence(orphans: readonly Finding[]): string {
  const lost = orphans.filter(({ lostIn }) => lostIn.length > 0);
  if (lost.length === 0) return "";
  const stacks = [...new Set(lost.flatMap(({ lostIn }) => lostIn))].join(", ");
  return (
    `${countOfSims(lost.length)} of them ${lost.length === 1 ? "was" : "were"} lost to ${stacks} and ` +
    `${lost.length === 1 ? "is" : "are"} back: \`pulumi refresh\` there looks again.\n`
  );
}

const COLUMNS: readonly Column<Finding>[] = [
  { title: "ORGANIZATION", text: ({ orgId }) => String(orgId) },
  { title: "ICCID", text: iccidText },
  { title: "DEVICE", text: ({ sim }) => String(sim.deviceId ?? "") },
  { title: "NAME", text: ({ sim }) => sim.deviceName ?? "", canShrink: true },
  { title: "STATE", text: ({ sim }) => sim.state },
  { title: "PLAN", text: planText, canShrink: true },
  {
    title: "MONTHLY",
    text: ({ monthlyCost }) => (monthlyCost === undefined ? "" : formatDollars(toDollars(monthlyCost))),
  },
];

const STACKS: Column<Finding> = {
  title: "STACKS",
  text: ({ stacks }) => stacks.join(", "),
  canShrink: true,
};

function iccidText({ sim, iccids }: Finding): string {
  return iccids.length === 1 ? sim.iccid : `${sim.iccid} and ${iccids.length - 1} more`;
}

function planText({ sim, planName }: Finding): string {
  if (sim.plan === undefined) return "";
  const terms = sim.zone === undefined ? `${sim.plan}` : `${sim.plan}, ${sim.zone}`;
  return planName === undefined ? terms : `${planName} (${terms})`;
}
