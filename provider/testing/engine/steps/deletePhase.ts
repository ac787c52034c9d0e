/** Deletion: what depends on something goes before it, and what is independent goes together. */

import { deletionWaves, neededBy } from "../decide/graph";
import type { ResourceState } from "../engineContract";
import type { PhaseParts } from "./phaseParts";

/** Deletes `condemned`, which is in the order of the state. `deleted` are URNs that this run has deleted before. */
export async function deleteResources(
  parts: PhaseParts,
  condemned: readonly ResourceState[],
  deleted: Set<string>,
): Promise<void> {
  const { gate, runner, snapshot } = parts;
  for (const { urn } of condemned) {
    deleted.add(urn);
  }
  const kept = new Set<string>();
  for (const wave of deletionWaves(condemned)) {
    if (gate.isClosed) {
      return;
    }
    const steps = wave
      .filter(({ urn }) => !kept.has(urn))
      .map((resource) => {
        const replaced = snapshot.current(resource).delete;
        return gate
          .run(() => runner.delete(resource, replaced ? "delete-replaced" : "delete", deleted))
          .catch(() => {
            for (const urn of neededBy(resource, condemned)) {
              kept.add(urn);
            }
          });
      });
    await Promise.all(steps);
  }
}

/** Resources of the old state that the program has dropped or replaced. */
export function condemnedResources(parts: PhaseParts, isOperated: (urn: string) => boolean): ResourceState[] {
  const { base, snapshot } = parts;
  return base.resources.filter((resource) => {
    const { delete: replaced, pendingReplacement } = snapshot.current(resource);
    if (replaced) {
      return true;
    }
    if (isOperated(resource.urn)) {
      return false;
    }
    if (pendingReplacement) {
      // Deleted already, to be replaced; the program does not want the replacement any more.
      snapshot.remove(resource);
      return false;
    }
    return true;
  });
}
