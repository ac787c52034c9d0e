/** Refresh: reads every resource, and takes over what its provider found. */

import { difference } from "../decide/decide";
import type { ResourceState, StepOp } from "../engineContract";
import { equalValues } from "../protocol/propertyValues";
import type { PhaseParts } from "./phaseParts";
import { isManaged } from "./runner";

/** Reads all resources side by side; one that fails keeps its state, and the others go on. */
export async function refreshResources(parts: PhaseParts): Promise<void> {
  const { base, gate, snapshot, recorder, preview } = parts;
  const steps = base.resources.map((resource) =>
    gate
      .run(() => refreshResource(parts, resource), true)
      .catch((error) => {
        const message = error instanceof Error ? error.message : String(error);
        recorder.error(preview ? `Preview failed: ${message}` : message, resource.urn);
        return resource;
      }),
  );
  const refreshed = await Promise.all(steps);
  const left = new Set(refreshed.flatMap((resource) => (resource === undefined ? [] : [resource.urn])));
  base.resources.forEach((old, at) => {
    const resource = refreshed[at];
    if (resource === undefined) {
      snapshot.remove(old);
    } else {
      snapshot.change(old, withoutMissing(resource, left));
    }
  });
  await snapshot.write();
}

async function refreshResource(parts: PhaseParts, old: ResourceState): Promise<ResourceState | undefined> {
  const step = parts.recorder.step("refresh", old.urn, old, old);
  try {
    const { op, next } = await readResource(parts, old);
    step.op = op;
    step.new = next;
    return next;
  } catch (error) {
    step.failed = true;
    throw error;
  }
}

async function readResource(
  { providers, base }: PhaseParts,
  old: ResourceState,
): Promise<{ op: StepOp; next: ResourceState | undefined }> {
  if ((!isManaged(old) && !old.external) || old.pendingReplacement) {
    return { op: "same", next: old };
  }
  const provider = providers.process(old.provider, base.resources);
  const found = await provider.read(old, old.inputs, old.outputs);
  if (found.id === "") {
    return { op: "delete", next: undefined };
  }
  const { id, outputs, inputs = old.inputs } = found;
  const next: ResourceState = { ...old, id, inputs, outputs, initErrors: [] };
  if (old.external) {
    return { op: equalValues(old.outputs, outputs) ? "same" : "update", next };
  }
  // Asked the other way round, as Pulumi does: what would an `up` of the old inputs change in what was found?
  const answer = await provider.diff(next, old.inputs, old.ignoreChanges);
  const { changes } = difference(answer, inputs, old.inputs, old.ignoreChanges);
  return { op: changes ? "update" : "same", next };
}

/** Drops references to resources that are gone. */
function withoutMissing(resource: ResourceState, left: ReadonlySet<string>): ResourceState {
  const present = (urns: readonly string[]): string[] => urns.filter((urn) => left.has(urn));
  return {
    ...resource,
    dependencies: present(resource.dependencies),
    propertyDependencies: Object.fromEntries(
      Object.entries(resource.propertyDependencies)
        .map(([key, urns]): [string, string[]] => [key, present(urns)])
        .filter(([, urns]) => urns.length > 0),
    ),
  };
}
