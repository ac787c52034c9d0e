import { z } from "zod";
import { FleetError } from "../../fleet/model/fleetErrors";
import { isUnknown, type Props, quote } from "../wire/values";

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
  const declared = Object.entries(props).filter(
    ([key, value]) => !key.startsWith("__") && value !== undefined,
  );
  const unknown = declared.filter(([, value]) => isUnknown(value)).map(([key]) => key);
  const known = Object.fromEntries(declared.filter(([key]) => !unknown.includes(key)));
  const result = shape.safeParse(known);
  const problems = result.success ? [] : result.error.issues.flatMap((issue) => problemOf(issue, known));
  if (!("name" in known) && !unknown.includes("name")) problems.push(`name: required, ${expected.name}`);
  if (!result.success || problems.length > 0) return { problems };
  return { inputs: { name: result.data.name, orgId: result.data.orgId, unknown } };
}

/** The inputs of an update phase, in which everything is known: `check` has passed. */
export function knownTag(props: Props): TagInputs & { readonly name: string } {
  const parsed = parseTag(props);
  if ("problems" in parsed) throw new FleetError(`nothing was sent: ${parsed.problems.join("; ")}`);
  const { name } = parsed.inputs;
  if (name === undefined) throw new FleetError("nothing was sent: the name has no value");
  return { ...parsed.inputs, name };
}

/** Spaces around a name are not part of it: they would make a second tag that looks like the first. */
const shape = z.strictObject({
  name: z.string().trim().min(1).optional(),
  orgId: z.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
});

const expected: Readonly<Record<string, string>> = {
  name: "write the name of the tag as text",
  orgId: "write the id of an organization, a whole number above 0",
};

function problemOf(issue: z.core.$ZodIssue, known: Props): string[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${quote(key)} is not an input of DeviceTag; it has name and orgId`);
  }
  const name = String(issue.path[0]);
  return [`${name}: ${quote(known[name])} is not allowed here; ${expected[name] ?? issue.message}`];
}
