/** Who depends on whom in a state, which lists every resource after the ones it depends on. */
import type { ResourceState } from "../engineContract";
import { parseProviderReference } from "../protocol/urn";

/** URNs that a resource needs, its parent included. */
function requirements(resource: ResourceState): string[] {
  return [...(resource.parent === undefined ? [] : [resource.parent]), ...referencedUrns(resource)];
}

function referencedUrns(resource: ResourceState): string[] {
  return [
    ...resource.dependencies,
    ...Object.values(resource.propertyDependencies).flat(),
    ...(resource.provider === undefined ? [] : [parseProviderReference(resource.provider).urn]),
    ...(resource.deletedWith === undefined ? [] : [resource.deletedWith]),
  ];
}

/** The resources after `root` in `all` that refer to it, directly or through others; children only when they refer too. */
export function dependents(
  root: ResourceState,
  all: readonly ResourceState[],
  ignored: (urn: string) => boolean,
): ResourceState[] {
  const urns = new Set([root.urn]);
  const found: ResourceState[] = [];
  for (const candidate of all.slice(all.indexOf(root) + 1)) {
    if (!ignored(candidate.urn) && referencedUrns(candidate).some((urn) => urns.has(urn))) {
      found.push(candidate);
      urns.add(candidate.urn);
    }
  }
  return found;
}

/**
 * The order of deletion: waves whose members may go at once, and none before what depends on it. `condemned` keeps
 * the order of the state.
 */
export function deletionWaves(condemned: readonly ResourceState[]): ResourceState[][] {
  const heights = new Map<string, number>();
  const waves: ResourceState[][] = [];
  for (const resource of condemned) {
    const height = Math.max(-1, ...requirements(resource).map((urn) => heights.get(urn) ?? -1)) + 1;
    heights.set(resource.urn, Math.max(height, heights.get(resource.urn) ?? 0));
    const wave = waves[height] ?? [];
    wave.push(resource);
    waves[height] = wave;
  }
  return waves.reverse();
}

/** Everything that `resource` needs, directly or through others, among `all`. */
export function neededBy(resource: ResourceState, all: readonly ResourceState[]): Set<string> {
  const needed = new Set(requirements(resource));
  for (const candidate of [...all].reverse()) {
    if (needed.has(candidate.urn)) {
      for (const urn of requirements(candidate)) {
        needed.add(urn);
      }
    }
  }
  return needed;
}
