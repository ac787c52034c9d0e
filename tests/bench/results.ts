/** What a benchmark measured, as it is kept in a file beside the report. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const CONTENDERS = ["package", "list", "floor", "script", "command", "perSim"] as const;
export type Contender = (typeof CONTENDERS)[number];

export const OPERATIONS = [
  "preview",
  "up",
  "unchanged preview",
  "unchanged up",
  "grow by 1 %",
  "refresh",
  "destroy",
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** One operation of one contender. */
export interface Row {
  readonly contender: Contender;
  readonly sims: number;
  /** Resources that the SIMs are spread over; 1 where a contender has no choice. */
  readonly resources: number;
  /** Milliseconds that every answer of the account is held back. */
  readonly delay: number;
  readonly operation: Operation;
  readonly seconds: number;
  readonly requests: number;
  /** Of them: claims that charge. */
  readonly claims: number;
  /** Bytes over the account's sockets. */
  readonly sent: number;
  readonly read: number;
  /** Largest resident memory of the process, in bytes. */
  readonly providerMemory?: number;
  readonly engineMemory?: number;
  /** Bytes of the stored state after the operation. */
  readonly state?: number;
}

/** One bound of the package's contract beside what was measured. */
export interface Limit {
  readonly what: string;
  readonly bound: string;
  readonly measured: string;
  readonly kept: boolean;
}

export interface Results {
  /** Machine and versions, in the order in which they are shown. */
  readonly setting: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
  readonly limits: readonly Limit[];
}

export const noResults: Results = { setting: {}, rows: [], limits: [] };

export function readResults(path: string): Results {
  if (!existsSync(path)) return noResults;
  return JSON.parse(readFileSync(path, "utf8"));
}

/** One row a line, so that a change of the figures can be read. */
export function writeResults(path: string, { setting, rows, limits }: Results): void {
  const lines = (items: readonly unknown[]): string =>
    items.map((item) => `\n${JSON.stringify(item)}`).join(",");
  writeFileSync(
    path,
    `{"setting":${JSON.stringify(setting)},\n"rows":[${lines(rows)}],\n"limits":[${lines(limits)}]}\n`,
  );
}

/** Rows and limits measured now take the place of those that measured the same before. */
export function merge(before: Results, now: Results): Results {
  return {
    setting: { ...before.setting, ...now.setting },
    rows: unique([...before.rows, ...now.rows], keyOf).sort((a, b) => a.delay - b.delay || a.sims - b.sims),
    limits: unique([...before.limits, ...now.limits], ({ what }) => what),
  };
}

function keyOf({ contender, sims, resources, delay, operation }: Row): string {
  return [contender, sims, resources, delay, operation].join();
}

/** Of equal keys the last one, in the place of the first. */
function unique<T>(all: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(all.map((item) => [key(item), item])).values()];
}

/** The row of a contender that was measured beside the others, or undefined. */
export function find(
  { rows }: Pick<Results, "rows">,
  wanted: Partial<Row> & Pick<Row, "contender" | "operation">,
): Row | undefined {
  return rows.find((row) => Object.entries(wanted).every(([key, value]) => Reflect.get(row, key) === value));
}

/** One resource per SIM, as measured or scaled from the largest number that was. */
export function scaledPerSim(
  results: Pick<Results, "rows">,
  { sims, delay }: Row,
  operation: Operation,
): { readonly seconds: number; readonly scaled: boolean } | undefined {
  const measured = find(results, { contender: "perSim", operation, sims, delay });
  if (measured !== undefined) return { seconds: measured.seconds, scaled: false };
  const [largest] = results.rows
    .filter(
      (row) =>
        row.contender === "perSim" && row.operation === operation && row.delay === delay && row.sims < sims,
    )
    .sort((a, b) => b.sims - a.sims);
  return largest && { seconds: (largest.seconds * sims) / largest.sims, scaled: true };
}
