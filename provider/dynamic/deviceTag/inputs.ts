import { FleetError } from "../../fleet/model/fleetErrors";
import { type Fields, fields } from "../inputs/fields";
import { InputTable } from "../inputs/inputTable";
import type { Props } from "../wire/values";

/** The inputs of one `DeviceTag`, validated. Inputs that a preview does not know yet are absent. */
export interface TagInputs {
  readonly name: string | undefined;
  readonly orgId: number | undefined;
  /** Names of the inputs that are not known yet. */
  readonly unknown: readonly string[];
}

export type ParsedTag = { readonly inputs: TagInputs } | { readonly problems: readonly string[] };

/** Reads and validates what a program declared. Each problem is one sentence that names the input. */
export function parseTag(props: Props): ParsedTag {
  const reading = table.read(props, (key) => !key.startsWith("__"));
  if ("problems" in reading) return reading;
  return { inputs: { ...reading.values, unknown: reading.unknown } };
}

/** The inputs of an update phase, in which everything is known: `check` has passed. */
export function knownTag(props: Props): TagInputs & { readonly name: string } {
  const parsed = parseTag(props);
  if ("problems" in parsed) throw new FleetError(`nothing was sent: ${parsed.problems.join("; ")}`);
  const { name } = parsed.inputs;
  if (name === undefined) throw new FleetError("nothing was sent: the name has no value");
  return { ...parsed.inputs, name };
}

const table = new InputTable(
  {
    name: {
      // Spaces around a name are not part of it: they would make a second tag that looks like the first.
      schema: (zod) => zod.string().trim().min(1),
      expects: "write the name of the tag as text",
      required: "write the name of the tag as text",
      output: "declared",
      compare: "value",
    },
    orgId: fields.orgId,
  } as const satisfies Fields,
  "DeviceTag",
);
