/**
 * Carries out single steps: calls the provider, keeps the state on record before and after. In a preview it calls
 * nothing that changes anything, and answers with the checked inputs as outputs, as Pulumi does for providers
 * without previews of their own.
 */
import { randomUUID } from "node:crypto";
import type { ResourceState, State, StepOp } from "../engineContract";
import type { Providers } from "../processes/providers";
import { isSecret, makeSecret, type PropertyMap, unknownValue } from "../protocol/propertyValues";
import { InitError } from "../protocol/rpc";
import { isProviderType } from "../protocol/urn";
import type { Snapshot } from "../state/snapshot";
import type { Recorder, StepRecord } from "./recorder";
import { ProtectedError, StepFailed } from "./stepErrors";

export interface RunnerParts {
  readonly preview: boolean;
  /** The state when the operation began. */
  readonly base: State;
  readonly snapshot: Snapshot;
  readonly providers: Providers;
  readonly recorder: Recorder;
}

export class Runner {
  readonly #parts: RunnerParts;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  /** Nothing changes: the new inputs are stored, and the old outputs stay. */
  async same(next: ResourceState, old: ResourceState): Promise<ResourceState> {
    const { recorder, snapshot } = this.#parts;
    recorder.step("same", next.urn, old, next);
    const same = markOutputs({ ...next, ...identity(old), outputs: old.outputs });
    if (isProviderType(next.type)) {
      this.#parts.providers.load(`${same.urn}::${same.id}`, old.inputs);
    }
    snapshot.put(same, old);
    return same;
  }

  /** Creates a resource. `replaced` is the old one when this is the first or the last half of a replacement. */
  async create(next: ResourceState, replaced?: ResourceState): Promise<ResourceState> {
    const { snapshot, recorder } = this.#parts;
    const step = recorder.step(
      replaced === undefined ? "create" : "create-replacement",
      next.urn,
      replaced,
      next,
    );
    const put = async (created: ResourceState): Promise<ResourceState> => {
      const old = replaced && snapshot.current(replaced);
      if (replaced !== undefined && old?.pendingReplacement === false) {
        snapshot.change(replaced, { delete: true });
      }
      const marked = markOutputs(created);
      snapshot.put(marked, old?.pendingReplacement === true ? replaced : undefined);
      return marked;
    };
    return this.#record("creating", next, step, async () => {
      try {
        return await put({ ...next, ...(await this.#created(next)) });
      } catch (error) {
        if (error instanceof InitError && error.id !== "") {
          await put({ ...next, id: error.id, outputs: error.properties, initErrors: error.reasons });
        }
        throw error;
      }
    });
  }

  /** Updates a resource in place. A part-way end keeps the old inputs: the world was never as the new ones say. */
  async update(next: ResourceState, old: ResourceState): Promise<ResourceState> {
    const { snapshot, recorder } = this.#parts;
    const step = recorder.step("update", next.urn, old, next);
    const target = { ...next, ...identity(old) };
    const put = (updated: ResourceState): ResourceState => {
      const marked = markOutputs(updated);
      snapshot.put(marked, old);
      return marked;
    };
    return this.#record("updating", target, step, async () => {
      try {
        return put({ ...target, outputs: await this.#updated(target, old) });
      } catch (error) {
        if (error instanceof InitError) {
          put({ ...target, inputs: old.inputs, outputs: error.properties, initErrors: error.reasons });
        }
        throw error;
      }
    });
  }

  /** Deletes a resource. `pendingReplacement` keeps it on record until its successor exists. */
  async delete(
    old: ResourceState,
    op: "delete" | "delete-replaced",
    deleted: ReadonlySet<string>,
    pendingReplacement = false,
  ): Promise<void> {
    const { snapshot, recorder, providers, base, preview } = this.#parts;
    if (old.external) {
      // Someone else's: forgotten, not deleted, and no step of its own.
      snapshot.remove(old);
      return;
    }
    const step = recorder.step(op, old.urn, old);
    await this.#record("deleting", old, step, async () => {
      if (op === "delete" && old.protect) {
        throw new ProtectedError(old.urn);
      }
      const withOther = old.deletedWith !== undefined && deleted.has(old.deletedWith);
      if (!preview && isManaged(old) && !old.retainOnDelete && !withOther) {
        await providers.process(old.provider, base.resources).delete(old, old.inputs, old.outputs);
      }
      if (pendingReplacement) {
        snapshot.change(old, { pendingReplacement: true });
      } else {
        snapshot.remove(old);
      }
      return old;
    });
  }

  /** `.get`: reads a resource that someone else manages, in previews too. */
  async read(next: ResourceState, old: ResourceState | undefined): Promise<ResourceState> {
    const { snapshot, recorder, providers, base } = this.#parts;
    const step = recorder.step("read", next.urn, old, next);
    return this.#record("reading", next, step, async () => {
      if (next.id === unknownValue) {
        return next;
      }
      const answer = await providers
        .process(next.provider, base.resources)
        .read(next, next.inputs, next.inputs);
      const read = markOutputs({ ...next, id: answer.id || (next.id ?? ""), outputs: answer.outputs });
      snapshot.put(read, old);
      return read;
    });
  }

  /** Notes a step that is only a name for two others. */
  note(op: StepOp, next: ResourceState, old: ResourceState): void {
    this.#parts.recorder.step(op, next.urn, old, next);
  }

  async #created(next: ResourceState): Promise<Partial<ResourceState>> {
    const { preview, providers, base } = this.#parts;
    if (isProviderType(next.type)) {
      const id = preview ? unknownValue : randomUUID();
      providers.load(`${next.urn}::${id}`, next.inputs);
      return { id, outputs: next.inputs };
    }
    if (!next.custom) {
      return {};
    }
    if (preview) {
      const known = providers.get(next.provider, base.resources).process !== undefined;
      return { outputs: known ? next.inputs : {} };
    }
    return providers.process(next.provider, base.resources).create(next, next.inputs);
  }

  async #updated(next: ResourceState, old: ResourceState): Promise<PropertyMap> {
    const { preview, providers, base } = this.#parts;
    if (isProviderType(next.type)) {
      providers.load(`${next.urn}::${next.id}`, next.inputs);
      return next.inputs;
    }
    if (!next.custom) {
      return {};
    }
    if (preview) {
      const known = providers.get(next.provider, base.resources).process !== undefined;
      return known ? next.inputs : {};
    }
    return providers
      .process(next.provider, base.resources)
      .update(next, old.inputs, old.outputs, next.inputs);
  }

  async #record(
    type: "creating" | "updating" | "deleting" | "reading",
    resource: ResourceState,
    step: StepRecord,
    work: () => Promise<ResourceState>,
  ): Promise<ResourceState> {
    const { snapshot, recorder, preview } = this.#parts;
    const end = await snapshot.begin(type, resource);
    try {
      return await work();
    } catch (error) {
      step.failed = true;
      const message = error instanceof Error ? error.message : String(error);
      recorder.error(preview ? `Preview failed: ${message}` : message, resource.urn);
      throw error instanceof ProtectedError ? error : new StepFailed(message);
    } finally {
      end();
      await snapshot.write();
    }
  }
}

/** True for what a provider process manages. */
export function isManaged(resource: ResourceState): boolean {
  return resource.custom && !resource.external && !isProviderType(resource.type);
}

function identity(old: ResourceState): Partial<ResourceState> {
  return old.id === undefined ? {} : { id: old.id };
}

/** Outputs are secret if the program asked for it, or if the input of that name is secret. */
function markOutputs(resource: ResourceState): ResourceState {
  const { inputs, outputs, additionalSecretOutputs } = resource;
  const secret = Object.keys(outputs).filter(
    (key) => additionalSecretOutputs.includes(key) || isSecret(inputs[key]),
  );
  if (secret.length === 0) {
    return resource;
  }
  const marked = secret.map((key) => [key, makeSecret(outputs[key] ?? null)]);
  return { ...resource, outputs: { ...outputs, ...Object.fromEntries(marked) } };
}
