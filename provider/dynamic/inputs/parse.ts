import type { Declaration, DeclaredSims } from "../../fleet/model/declaration";
import { eidsOf, listOf, rangeOf } from "../../fleet/model/declaration";
import { parseRange, printRange } from "../../fleet/numbers/range";
import { LIMITS, type LimitName, type Limits } from "../../hologram/model";
import { defined } from "../../util/defined";
import type { Props } from "../wire/values";
import type { fields } from "./fields";
import { type InputTable, inputTable, type Values } from "./inputTable";
import { roundingProblem } from "./simNumbers";

/** The inputs of one `SimActivation`, validated, with their defaults. What is not known yet in a preview is absent. */
export interface FleetInputs extends Omit<Values<typeof fields>, SelectionName | LimitName> {
  readonly sims: DeclaredSims | undefined;
  readonly limits: Limits;
  /** Names of the inputs that are not known yet. */
  readonly unknown: readonly string[];
  /** Worth saying, and no reason to stop. */
  readonly notes: readonly string[];
}

export type Parsed = { readonly inputs: FleetInputs } | { readonly problems: readonly string[] };

/** Reads and validates what a program declared. Each problem is one sentence that names the input and the SIM. */
export function parseInputs(props: Props, table: SimInputTable = inputTable): Parsed {
  const reading = table.read(props, isDeclared);
  const problems = "problems" in reading ? reading.problems : [];
  const together = problemsTogether(props);
  if ("problems" in reading || together.length > 0) return { problems: [...problems, ...together] };

  // With a count that was written down, rounded numbers would not go unnoticed.
  const rounding = reading.values.expectedSims === undefined ? roundedNumbers(reading.values) : undefined;
  if (rounding !== undefined) return { problems: [rounding] };

  const { unknown } = reading;
  const { simRange, eidRange, sims, overageLimit, threshold, smsLimit, ...others } = reading.values;
  const range = simRange === undefined ? undefined : parseRange(simRange);
  const eids = eidRange === undefined ? undefined : parseRange(eidRange);
  const declared =
    (range && rangeOf(range.first, range.last)) ??
    (eids && eidsOf(eids.first, eids.last)) ??
    (sims && listOf(sims));
  const limits = defined({ overageLimit, threshold, smsLimit });
  const notes = sims === undefined ? [] : notesOnList(sims);
  return { inputs: { ...others, sims: declared, limits, unknown, notes } };
}

/** The core's view of the inputs, once everything in it is known that a preview depends on. `zoneWas`: before an edit. */
export function declarationOf(inputs: FleetInputs, zoneWas?: string): Declaration | undefined {
  const { sims, plan, zone, limits, adopt, waitForLiveSeconds, unknown } = inputs;
  // With `adopt` unknown, SIMs on other terms are neither refused nor taken over yet: nobody can say which.
  if (sims === undefined || plan === undefined || unknown.includes("zone") || unknown.includes("adopt"))
    return undefined;
  const { tagId, invalidatePreflightSims, expectedSims } = inputs;
  const optional = defined({ tagId, invalidatePreflightSims, expectedSims, zoneWas });
  const limitsUnknown = LIMITS.some((name) => unknown.includes(name));
  return { sims, plan, zone, limits, adopt, waitForLiveSeconds, limitsUnknown, ...optional };
}

/** Whether a limit is declared that was not, or at another value. One that is declared no more is left as it is. */
export function limitsEdited({ limits }: FleetInputs, former: FleetInputs): boolean {
  return LIMITS.some((name) => limits[name] !== undefined && limits[name] !== former.limits[name]);
}

/** The inputs that outputs repeat, with their defaults. A list is not repeated: its SIMs are the output `iccids`. */
export function echoOf(inputs: FleetInputs, table: SimInputTable = inputTable): Echo {
  return table.echo(flattened(inputs));
}

/** The same from stored outputs: beside an update that failed, the engine keeps the inputs from before it. */
export function echoIn(outputs: Props, table: SimInputTable = inputTable): Echo {
  return table.echo(outputs);
}

export type Echo = Props;

/** The table, or a larger one. */
export type SimInputTable = InputTable<typeof fields>;

/** What `check` writes for inputs that a program leaves out. */
export function defaultsIn(inputs: FleetInputs, table: SimInputTable = inputTable): Props {
  return table.defaulted(flattened(inputs));
}

/** Names of the inputs, selections apart, in which stored outputs differ. A removed limit is a difference too. */
export function changedInputs(
  outputs: Props,
  inputs: FleetInputs,
  table: SimInputTable = inputTable,
): string[] {
  return table.changed(outputs, flattened(inputs));
}

type SelectionName = (typeof SELECTIONS)[number];

const SELECTIONS = ["simRange", "sims", "eidRange"] as const;

/** Keys of the engine's machinery, and what `check` writes itself. `null` marks a secret selection (resources). */
function isDeclared(key: string): boolean {
  return !key.startsWith("__") && !written.has(key);
}

const written: ReadonlySet<string> = new Set(["preview", "iccids", "unfinished", "lost"]);

/** What no single input can tell, and what needs no look at the record. */
function problemsTogether(props: Props): string[] {
  const named = SELECTIONS.filter((name) => props[name] !== undefined);
  const problems: string[] = [];
  if (named.length === 0)
    problems.push("declare the SIMs: exactly one of simRange, sims and eidRange is required");
  if (named.length > 1)
    problems.push(`${named.join(" and ")} exclude each other: declare exactly one of them`);
  const { threshold, overageLimit } = props;
  if (typeof threshold === "number" && typeof overageLimit === "number" && overageLimit >= 0) {
    if (threshold >= overageLimit)
      problems.push(`threshold: ${threshold} bytes must be below overageLimit, ${overageLimit} bytes`);
  }
  return problems;
}

function roundedNumbers({ simRange, sims, eidRange }: Values<typeof fields>): string | undefined {
  const boundsOf = (text: string | undefined): string[] => {
    const range = text === undefined ? undefined : parseRange(text);
    return range === undefined ? [] : [range.first, range.last];
  };
  return (
    roundingProblem("simRange", boundsOf(simRange)) ??
    roundingProblem("sims", sims ?? []) ??
    roundingProblem("eidRange", boundsOf(eidRange))
  );
}

/** By the names of the inputs again. */
function flattened({ sims, limits, unknown: _unknown, notes: _notes, ...others }: FleetInputs): Props {
  const text = sims === undefined || sims.form === "list" ? undefined : printRange(sims);
  const simRange = sims?.form === "range" ? text : undefined;
  return { ...others, ...limits, simRange, eidRange: simRange === undefined ? text : undefined };
}

function notesOnList(sims: readonly string[]): string[] {
  const repeated = sims.length - new Set(sims).size;
  const are = repeated === 1 ? "is repeated and counts" : "are repeated and count";
  return repeated === 0 ? [] : [`sims: ${repeated} of the ${sims.length} entries ${are} once`];
}
