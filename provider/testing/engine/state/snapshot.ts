/**
 * The state while an operation changes it: the old resources, the new ones, and the operations under way. Written
 * before a step begins, so a crash leaves a pending operation, and after it has ended.
 */

import { Serial } from "../../../util/concurrency";
import type { PendingOperation, ResourceState, State } from "../engineContract";
import { parseProviderReference } from "../protocol/urn";

export class Snapshot {
  readonly #base: readonly ResourceState[];
  readonly #oldCreates: readonly PendingOperation[];
  readonly #done = new Set<ResourceState>();
  readonly #replacedBy = new Map<ResourceState, ResourceState>();
  readonly #aliases = new Map<string, string>();
  readonly #writes = new Serial();
  readonly #pending = new Set<PendingOperation>();
  #news: ResourceState[] = [];
  readonly #save: ((state: State) => Promise<void>) | undefined;

  /** `save` is absent in a preview, which writes nothing. */
  constructor(base: State, save?: (state: State) => Promise<void>) {
    this.#base = base.resources;
    // A create whose end nobody saw stays on record until a person clears it, as in Pulumi.
    this.#oldCreates = base.pendingOperations.filter(({ type }) => type === "creating");
    this.#save = save;
  }

  /** Notes that an operation begins; the answer ends it. */
  async begin(type: PendingOperation["type"], resource: ResourceState): Promise<() => void> {
    const operation: PendingOperation = { type, resource };
    this.#pending.add(operation);
    await this.write();
    return () => this.#pending.delete(operation);
  }

  /** `resource` is part of the new state; `old` is what it takes the place of. */
  put(resource: ResourceState, old?: ResourceState): void {
    if (old !== undefined) {
      this.#done.add(old);
    }
    this.#news.push(resource);
  }

  /** `old` is no longer part of the state. */
  remove(old: ResourceState): void {
    this.#done.add(old);
  }

  /** The same resource with other properties, in the same place. */
  change(resource: ResourceState, change: Partial<ResourceState>): ResourceState {
    const changed = { ...this.current(resource), ...change };
    this.#replacedBy.set(resource, changed);
    return changed;
  }

  /** The newest form of a resource. */
  current(resource: ResourceState): ResourceState {
    return this.#replacedBy.get(resource) ?? resource;
  }

  /** A resource got another name. The next write corrects whatever still refers to the old one. */
  rename(from: string, to: string): void {
    this.#aliases.set(from, to);
  }

  /** The state as it is now. */
  state(): State {
    const kept = [...this.#news, ...this.#base].filter((resource) => !this.#done.has(resource));
    return {
      resources: kept.map((resource) => this.#renamed(this.current(resource))),
      pendingOperations: [...this.#pending, ...this.#oldCreates],
    };
  }

  /** Writes the state. */
  async write(): Promise<void> {
    const save = this.#save;
    if (save !== undefined) {
      await this.#writes.run(() => save(this.state()));
    }
  }

  #renamed(resource: ResourceState): ResourceState {
    if (this.#aliases.size === 0) {
      return resource;
    }
    const name = (urn: string): string => this.#aliases.get(urn) ?? urn;
    const provider = resource.provider === undefined ? undefined : parseProviderReference(resource.provider);
    return {
      ...resource,
      ...(resource.parent === undefined ? {} : { parent: name(resource.parent) }),
      ...(provider === undefined ? {} : { provider: `${name(provider.urn)}::${provider.id}` }),
      ...(resource.deletedWith === undefined ? {} : { deletedWith: name(resource.deletedWith) }),
      dependencies: resource.dependencies.map(name),
      propertyDependencies: Object.fromEntries(
        Object.entries(resource.propertyDependencies).map(([key, urns]) => [key, urns.map(name)]),
      ),
    };
  }
}
