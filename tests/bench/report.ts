/** The report: tables of all that was measured, each operation beside its alternatives. */
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { boundsIn } from "./bounds";
import { COMMAND_VERSION } from "./programs/commandVersion";
import { find, OPERATIONS, type Results, type Row, scaledPerSim } from "./results";

/** Written by people. */
const NOTES = join(resolve(__dirname, "../../.."), "tests/bench/notes.md");

/** Writes the tables, and the notes below them. */
export function report(results: Results, path: string): void {
  const told = readFileSync(NOTES, "utf8");
  writeFileSync(path, `${markdown(results)}\n${told}`);
}

export function markdown(results: Results): string {
  return [
    "# Benchmarks",
    "Written by `npm run bench`. Every table is one account, emulated in a process of its own, and one machine; `pulumi` runs without the preview that precedes an `up` by default. Of operations that change nothing, the median of three where more than one was run.",
    settingTable(results),
    "![Time and requests by number of SIMs](benchmarks.svg)",
    "## Bounds",
    boundsTable(results),
    "## Beside the alternatives",
    explanationOf(results),
    ...groupsOf(results).flatMap(groupText),
    "",
  ].join("\n\n");

  function groupText(rows: readonly Row[]): string[] {
    const [first] = rows;
    if (first === undefined) return [];
    const { sims, delay, resources } = first;
    const among = resources === 1 ? "" : ` in ${resources} resources`;
    const title = `### ${sims.toLocaleString("en")} SIMs${among}, ${delay === 0 ? "no delay" : `${delay} ms per request`}`;
    return [title, timesTable(results, rows), costTable(rows)];
  }
}

const explanationOf = ({ rows }: Results): string =>
  [
    "- **floor**: a provider without logic and without dependencies that returns the same arrays: what the engine costs.",
    "- **script**: sends, with undici and one after the other, the requests that this package sent. Its start is in its time.",
    "- **one per SIM**: one dynamic resource per SIM, each claimed by its own request. Measured up to 1,000 and scaled by the number of SIMs above, which flatters it.",
    "- **list**: this package with the SIMs as a list instead of a range.",
    rows.some(({ contender }) => contender === "command")
      ? `- **\`@pulumi/command\`** ${COMMAND_VERSION}: runs a script that claims the SIMs and prints what it got. It looks at nothing, before or after, and cannot grow: it does not know what it claimed.`
      : `- \`@pulumi/command\` was not measured: its plugin was not found. \`pulumi plugin install resource command ${COMMAND_VERSION}\` gets it.`,
  ].join("\n");

function settingTable({ setting }: Results): string {
  return table(["", ""], Object.entries(setting));
}

function boundsTable(results: Results): string {
  const rows = [...boundsIn(results), ...results.limits];
  return table(
    ["what", "bound", "measured", ""],
    rows.map(({ what, bound, measured, kept }) => [what, bound, measured, kept ? "kept" : "**missed**"]),
  );
}

function groupsOf({ rows }: Results): Row[][] {
  return [...Map.groupBy(rows, ({ sims, delay, resources }) => `${delay} ${sims} ${resources}`).values()];
}

function timesTable(results: Results, group: readonly Row[]): string {
  const here = { rows: group };
  const head = [
    "seconds",
    "this package",
    "list",
    "floor",
    "script",
    "÷ (floor + script)",
    "`@pulumi/command`",
    "÷ this",
    "one per SIM",
    "÷ this",
  ];
  const lines = OPERATIONS.flatMap((operation) => {
    const own = find(here, { contender: "package", operation });
    if (own === undefined) return [];
    const list = find(here, { contender: "list", operation });
    const floor = find(here, { contender: "floor", operation });
    const script = find(here, { contender: "script", operation });
    const command = find(here, { contender: "command", operation });
    const perSim = scaledPerSim(results, own, operation);
    const least = floor && script && floor.seconds + script.seconds;
    return [
      [
        operation,
        seconds(own.seconds),
        seconds(list?.seconds),
        seconds(floor?.seconds),
        script?.requests === 0 ? "no request" : seconds(script?.seconds),
        least === undefined ? "" : (own.seconds / least).toFixed(2),
        seconds(command?.seconds),
        ratio(command?.seconds, own.seconds),
        perSim === undefined ? "" : `${perSim.scaled ? "≈ " : ""}${seconds(perSim.seconds)}`,
        ratio(perSim?.seconds, own.seconds),
      ],
    ];
  });
  return table(head, lines);
}

function costTable(group: readonly Row[]): string {
  const head = ["", "requests", "per SIM", "sent", "read", "provider", "engine", "state per SIM"];
  const lines = group
    .filter(
      ({ contender, operation }) => contender !== "script" && (contender === "package" || operation === "up"),
    )
    .map((row) => [
      `${names[row.contender]}: ${row.operation}`,
      row.requests.toLocaleString("en"),
      row.requests === 0 ? "0" : (row.requests / row.sims).toPrecision(2),
      bytes(row.sent),
      bytes(row.read),
      bytes(row.providerMemory),
      bytes(row.engineMemory),
      row.state === undefined || row.operation === "destroy" ? "" : `${Math.round(row.state / row.sims)} B`,
    ]);
  return table(head, lines);
}

const names = {
  package: "this package",
  list: "list",
  floor: "floor",
  script: "script",
  command: "@pulumi/command",
  perSim: "one per SIM",
};

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function seconds(value: number | undefined): string {
  return value === undefined
    ? ""
    : value < 100
      ? value.toPrecision(3)
      : Math.round(value).toLocaleString("en");
}

function ratio(value: number | undefined, own: number): string {
  return value === undefined ? "" : (value / own).toFixed(value < 10 * own ? 1 : 0);
}

function bytes(value: number | undefined): string {
  if (value === undefined) return "";
  return value < 1e6 ? `${(value / 1e3).toFixed(1)} kB` : `${(value / 1e6).toFixed(1)} MB`;
}
