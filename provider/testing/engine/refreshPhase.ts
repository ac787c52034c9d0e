/** Refresh: reads every resource, and takes over what its provider found. */
import type { ResourceState } from "./contract";
import { difference } from "./decide";
import type { PhaseParts } from "./phase";
import { isManaged } from "./runner";
import { equalValues } from "./values";

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
  const { providers, recorder, base } = parts;
  if ((!isManaged(old) && !old.external) || old.pendingReplacement) {
    recorder.step("same", old.urn, old, old);
    return old;
  }
  const provider = providers.process(old.provider, base.resources);
  const found = await provider.read(old, old.inputs, old.outputs);
  if (found.id === "") {
    recorder.step("delete", old.urn, old);
    return undefined;
  }
  const next: ResourceState = {
    ...old,
    id: found.id,
    inputs: found.inputs ?? old.inputs,
    outputs: found.outputs,
    initErrors: [],
  };
  if (old.external) {
    recorder.step(equalValues(old.outputs, next.outputs) ? "same" : "update", old.urn, old, next);
    return next;
  }
  // Asked the other way round, as Pulumi does: what would an `up` of the old inputs change in what was found?
  const answer = await provider.diff(next, next.inputs, next.outputs, old.inputs, old.ignoreChanges);
  const { changes } = difference(answer, next.inputs, old.inputs, old.ignoreChanges);
  recorder.step(changes ? "update" : "same", old.urn, old, next);
  return next;
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
