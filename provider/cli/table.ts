import { countOfSims, formatDollars, toDollars } from "../fleet/model/money";
import type { Finding, Findings } from "./findings";

/** The findings for people: a table of each kind, and a sentence below it. */
export function asText({ orphans, declaredTwice, monthlyCost }: Findings, stacks: readonly string[]): string {
  const parts: string[] = [];
  const where = stacks.length === 1 ? `in ${stacks.join()}` : `in any of ${stacks.length} stacks`;
  if (orphans.length > 0) {
    const unpriced = orphans.filter((finding) => finding.monthlyCost === undefined).length;
    const rest = unpriced === 0 ? "" : `, and ${countOfSims(unpriced)} whose price Hologram does not name`;
    parts.push(
      table(orphans, COLUMNS),
      `${countOfSims(orphans.length)} active and billed, not declared ${where}: ` +
        `${formatDollars(toDollars(monthlyCost))}/month${rest}.\n`,
    );
  }
  if (declaredTwice.length > 0) {
    parts.push(
      table(declaredTwice, [...COLUMNS, ["STACKS", (finding) => finding.stacks.join(", ")]]),
      `${countOfSims(declaredTwice.length)} declared in more than one stack.\n`,
    );
  }
  if (parts.length === 0) parts.push(`No SIM is active and not declared ${where}.\n`);
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

function plainOf({ orgId, sim, monthlyCost }: Finding): object {
  const { iccid, eid, deviceId, linkId, state, plan, zone, deviceName } = sim;
  const cost = monthlyCost === undefined ? undefined : toDollars(monthlyCost);
  return { orgId, iccid, eid, deviceId, linkId, state, plan, zone, deviceName, monthlyCost: cost };
}

type Column = readonly [title: string, text: (finding: Finding) => string];

const COLUMNS: readonly Column[] = [
  ["ORGANIZATION", ({ orgId }) => String(orgId)],
  ["ICCID", ({ sim }) => sim.iccid],
  ["DEVICE", ({ sim }) => String(sim.deviceId ?? "")],
  ["NAME", ({ sim }) => printable(sim.deviceName ?? "")],
  ["STATE", ({ sim }) => printable(sim.state)],
  ["PLAN", planText],
  ["MONTHLY", ({ monthlyCost }) => (monthlyCost === undefined ? "" : formatDollars(toDollars(monthlyCost)))],
];

function planText({ sim, planName }: Finding): string {
  if (sim.plan === undefined) return "";
  const terms = sim.zone === undefined ? `${sim.plan}` : `${sim.plan}, ${sim.zone}`;
  return printable(planName === undefined ? terms : `${planName} (${terms})`);
}

/** People name devices; a name must not steer the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}

function table(findings: readonly Finding[], columns: readonly Column[]): string {
  const cells = [
    columns.map(([title]) => title),
    ...findings.map((each) => columns.map(([, text]) => text(each))),
  ];
  const widths = columns.map((_, at) => cells.reduce((most, row) => Math.max(most, row[at]?.length ?? 0), 0));
  const lines = cells.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  "));
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}
