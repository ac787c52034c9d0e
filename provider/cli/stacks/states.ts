import { z } from "zod";
import { SIM_ACTIVATION_TYPE } from "../../resources/providerText";
import { CommandError } from "../command";
import { type DeclaredFleet, fleetOf } from "./declared";

/** What one stack declares, as its exported state tells. */
export interface StackRecord {
  /** `project/stack`; where the state is empty, the name of the file, or "the stack on standard input". */
  readonly name: string;
  readonly fleets: readonly DeclaredFleet[];
}

/**
 * Reads what `pulumi stack export` printed; `file` is for messages, and `-` is standard input. Fleets whose creation was
 * interrupted are declared too: they may have activated SIMs. Replaced ones that are still to be deleted are not: their
 * SIMs are on the way out.
 */
export function readState(text: string, file: string): StackRecord {
  const stored = exported.safeParse(jsonIn(text));
  if (!stored.success) {
    throw new CommandError(
      file === "-"
        ? "Standard input is not the state of a stack; give it what `pulumi stack export` prints."
        : `${file} is not the state of a stack; write it with \`pulumi stack export --file ${file}\`.`,
    );
  }
  const { resources, pending } = stored.data;
  const [, stack, project] =
    /^urn:pulumi:([^:]+)::([^:]+)::/.exec(resources[0]?.urn ?? pending[0]?.urn ?? "") ?? [];
  const place = file === "-" ? "the stack on standard input" : file;
  const name = stack === undefined ? place : `${project}/${stack}`;
  const fleets = [...resources.filter((each) => !each.delete), ...pending]
    .filter(({ type }) => type === SIM_ACTIVATION_TYPE)
    .map((each) => fleetOf(each, name));
  return { name, fleets };
}

const properties = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((map) => map ?? {});
const resource = z.object({
  urn: z.string(),
  type: z.string(),
  inputs: properties,
  outputs: properties,
  delete: z.boolean().optional(),
});
const operations = z
  .array(z.object({ type: z.string(), resource }))
  .nullish()
  .transform((all) => (all ?? []).filter(({ type }) => type === "creating" || type === "updating"));

/** As the Pulumi CLI exports it (version 3), as its file backend keeps it, and as the embedded engine of tests does. */
const deployment = z
  .object({ resources: z.array(resource).nullish(), pending_operations: operations })
  .transform((state) => partsOf(state.resources ?? [], state.pending_operations));
const exported = z.union([
  z.object({ deployment }).transform((file) => file.deployment),
  z
    .object({ checkpoint: z.object({ latest: deployment.nullish() }) })
    .transform(({ checkpoint }) => checkpoint.latest ?? partsOf([], [])),
  z
    .object({ resources: z.array(resource), pendingOperations: operations })
    .transform(({ resources, pendingOperations }) => partsOf(resources, pendingOperations)),
]);

type Stored = z.output<typeof resource>;

function partsOf(resources: readonly Stored[], operations: readonly { readonly resource: Stored }[]) {
  return { resources, pending: operations.map((operation) => operation.resource) };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
