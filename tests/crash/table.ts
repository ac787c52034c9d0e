import type { Tally } from "./campaign";
import { COUNTS } from "./tally";

/** The campaign as a table for people, one row a level, and every failure under it. */
export function table(tallies: readonly Tally[]): string {
  const heads = columns.map(([head]) => head);
  const rows = tallies.map((tally) => columns.map(([, cell]) => String(cell(tally))));
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padStart(widths[i] ?? 0)).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  const deaths = tallies.flatMap((tally) => tellDeaths(tally));
  const failures = tallies.flatMap((tally) => tally.failures.map((failure) => tellFailure(failure)));
  return [line(heads), rule, ...rows.map(line), ...deaths, ...failures].join("\n");
}

/** Whether anything went wrong at all. */
export function isClean(tally: Tally): boolean {
  const { untold, doubleClaims, doubleCharges, outOfSight, notConverged, failures } = tally;
  return untold + doubleClaims + doubleCharges + outOfSight + notConverged + failures.length === 0;
}

/** Several parts of one campaign as one. */
export function sum(tallies: readonly Tally[]): Tally {
  const [first] = tallies;
  if (first === undefined) throw new Error("no part of the campaign has ended");
  const total = (each: (typeof summed)[number]): number =>
    tallies.reduce((all, tally) => all + tally[each], 0);
  const counts = Object.fromEntries(summed.map((each) => [each, total(each)]));
  return { ...first, ...counts, failures: tallies.flatMap(({ failures }) => failures) };
}

const summed = ["runs", ...COUNTS, "notConverged"] as const;

const columns: readonly [head: string, cell: (tally: Tally) => string | number][] = [
  ["level", ({ level }) => level],
  ["runs", ({ runs }) => runs],
  ["commands", ({ commands }) => commands],
  ["faults", ({ faults }) => faults],
  ["by hand", ({ deeds }) => deeds],
  ["crashes", ({ crashes }) => crashes],
  ["never told", ({ untold }) => untold],
  ["double claims", ({ doubleClaims }) => doubleClaims],
  ["double charges", ({ doubleCharges }) => doubleCharges],
  ["out of sight", ({ outOfSight }) => outOfSight],
  ["not converged", ({ notConverged }) => notConverged],
  ["landed late", ({ landedLate }) => landedLate],
];

function tellDeaths({ level, deaths, crashesInDoubt = 0 }: Tally): string[] {
  if (deaths === undefined) return [];
  const kinds = Object.entries(deaths).sort(([one], [other]) => (one < other ? -1 : 1));
  const counts = kinds.map(([kind, count]) => `${count} ${kind}`);
  return [`crashes at level ${level}: ${counts.join(", ")}; ${crashesInDoubt} with a claim unanswered`];
}

function tellFailure({ what, replay, story }: Tally["failures"][number]): string {
  return `\n${what}\n  again: ${replay}\n  ${story.replaceAll("\n", "\n  ")}`;
}
