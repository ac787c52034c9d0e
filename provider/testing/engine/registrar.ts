/**
 * Turns what the program registers into steps. Registrations are decided one after the other (which makes check and
 * diff serial, as in Pulumi); the steps that come of them run side by side.
 */
import type { ResourceState } from "./contract";
import { changedKeys, decide, type Decision, type Difference, difference, replaceKeys } from "./decide";
import { aliasUrns, type Goal, plainGoal } from "./goal";
import { dependents } from "./graph";
import { resetPaths } from "./paths";
import type { CheckFailure } from "./providerProcess";
import type { LoadedProvider } from "./providers";
import { Runner, type RunnerParts } from "./runner";
import { Serial } from "./concurrency";
import { createUrn, isProviderType, urnName } from "./urn";
import { equalValues, isMap, openSecrets, type PropertyMap, type PropertyValue, unknownValue } from "./values";

/** Stops the operation; what is to be said has been said. */
export class Bail extends Error {}

/** Work to be done once its turn has come. */
export type Chain = () => Promise<ResourceState>;

export interface RegistrarSettings extends RunnerParts {
  readonly project: string;
  readonly stack: string;
  /** Stack configuration: the inputs of the default provider. */
  readonly config: PropertyMap;
  /** URNs to replace whatever their provider says. */
  readonly replace: ReadonlySet<string>;
}

export class Registrar {
  readonly #settings: RegistrarSettings;
  readonly #runner: Runner;
  readonly #turn = new Serial();
  readonly #seen = new Set<string>();
  readonly #operated = new Set<string>();
  /** Resources deleted so far, because something they depend on is deleted before it is replaced. */
  readonly deleted = new Set<string>();
  /** By the name in this run, the name in the old state. */
  readonly #oldNames = new Map<string, string>();
  readonly #newNames = new Map<string, string>();
  #default: Promise<string> | undefined;

  constructor(settings: RegistrarSettings, runner: Runner) {
    this.#settings = settings;
    this.#runner = runner;
  }

  /** True for a resource of the old state that this run has taken up. */
  isOperated(urn: string): boolean {
    return this.#operated.has(this.#newNames.get(urn) ?? urn);
  }

  /** Decides what a registration means. `run` starts the work that comes of it. */
  async register(goal: Goal, run: (urn: string, chain: Chain) => Promise<ResourceState>): Promise<ResourceState> {
    const provider = await this.#providerOf(goal, run);
    const { urn, chain } = await this.#turn.run(() => this.#decide({ ...goal, provider }));
    return run(urn, chain);
  }

  /** Decides about a `.get`. */
  async read(goal: Goal, id: string, run: (urn: string, chain: Chain) => Promise<ResourceState>): Promise<ResourceState> {
    const provider = await this.#providerOf(goal, run);
    const { next, old } = await this.#turn.run(async () => {
      const found = this.#identify(goal);
      this.#operated.add(found.urn);
      return { next: { ...this.#state({ ...goal, provider }, found.urn), id, external: true }, old: found.old };
    });
    return run(next.urn, () => this.#runner.read(next, old));
  }

  /** A resource without a provider of its own gets the default one, which is registered when it is needed first. */
  async #providerOf(goal: Goal, run: (urn: string, chain: Chain) => Promise<ResourceState>): Promise<string> {
    if (!goal.custom || isProviderType(goal.type) || goal.provider !== "") {
      return goal.provider;
    }
    const pkg = goal.type.split(":")[0] ?? "";
    if (pkg !== "pulumi-nodejs") {
      throw new Error(`the embedded engine runs dynamic resources of Node programs only, and '${goal.type}' is none`);
    }
    this.#default ??= this.register(plainGoal(`pulumi:providers:${pkg}`, "default", this.#settings.config), run).then(
      (state) => `${state.urn}::${state.id}`,
    );
    return this.#default;
  }

  async #decide(goal: Goal): Promise<{ urn: string; chain: Chain }> {
    const { urn, old } = this.#identify(goal);
    try {
      return { urn, chain: await this.#decideAbout(goal, urn, old) };
    } catch (error) {
      throw error instanceof Bail ? error : this.#bail(error instanceof Error ? error.message : String(error), urn);
    }
  }

  async #decideAbout(goal: Goal, urn: string, old: ResourceState | undefined): Promise<Chain> {
    const recreating = this.deleted.has(urn) || (old !== undefined && this.deleted.has(old.urn));
    const fresh = old === undefined || recreating || old.external || this.#settings.replace.has(urn);
    const provider = this.#loaded(goal);
    if (goal.importId !== "" && old?.id !== goal.importId) {
      await provider?.process?.read({ urn, id: goal.importId }, undefined, undefined);
      throw new Error("dynamic resources cannot be imported");
    }
    const wanted = old === undefined ? goal.inputs : resetPaths(goal.inputs, old.inputs, goal.ignoreChanges);
    const inputs = fresh
      ? await this.#checked(provider, urn, goal, {}, goal.inputs)
      : await this.#checked(provider, urn, goal, old.inputs, wanted);
    const next = { ...this.#state(goal, urn), inputs };
    if (old === undefined) {
      this.#operated.add(urn);
      return () => this.#runner.create(next);
    }
    if (recreating || old.external) {
      this.deleted.delete(urn);
      this.#operated.add(urn);
      return () => this.#replace(next, old, recreating);
    }
    const decision = decide(old, goal, await this.#difference(provider, old, next, goal));
    const chain = await this.#chain(decision, provider, goal, next, old);
    this.#operated.add(urn);
    return chain;
  }

  async #chain(
    decision: Decision,
    provider: LoadedProvider | undefined,
    goal: Goal,
    next: ResourceState,
    old: ResourceState,
  ): Promise<Chain> {
    switch (decision.kind) {
      case "same":
        return () => this.#runner.same(next, old);
      case "update":
        return () => this.#runner.update(next, old);
      case "replace": {
        this.#refuseProtected(next, old);
        // Defaults that were carried over from the old resource are not those of the new one.
        const again = !this.#settings.replace.has(next.urn);
        const inputs = again ? await this.#checked(provider, next.urn, goal, {}, goal.inputs) : next.inputs;
        const replacement = { ...next, inputs };
        if (!decision.deleteBeforeReplace) {
          return () => this.#replace(replacement, old, false);
        }
        const first = await this.#deletedFirst(old);
        return async () => {
          for (const resource of first) {
            await this.#runner.delete(resource, "delete-replaced", this.deleted, true);
          }
          return this.#replace(replacement, old, true);
        };
      }
    }
  }

  async #replace(next: ResourceState, old: ResourceState, deletedBefore: boolean): Promise<ResourceState> {
    if (deletedBefore) {
      this.#runner.note("replace", next, old);
      return this.#runner.create(next, old);
    }
    const created = await this.#runner.create(next, old);
    this.#runner.note("replace", next, old);
    return created;
  }

  /** What has to go before `old` may: the resources whose inputs come from it and that would be replaced for it. */
  async #deletedFirst(old: ResourceState): Promise<ResourceState[]> {
    const replaced = new Set([old.urn]);
    const first: ResourceState[] = old.pendingReplacement ? [] : [old];
    const known = (urn: string): boolean => this.#operated.has(urn) || this.deleted.has(urn);
    for (const dependent of dependents(old, this.#settings.base.resources, known)) {
      if (!(await this.#isReplacedWith(dependent, replaced))) {
        continue;
      }
      if (dependent.protect) {
        throw this.#bail(
          `unable to replace resource "${dependent.urn}" as part of replacing "${old.urn}" as it is currently marked for protection.`,
          old.urn,
        );
      }
      replaced.add(dependent.urn);
      this.deleted.add(dependent.urn);
      first.unshift(dependent);
    }
    return first;
  }

  async #isReplacedWith(resource: ResourceState, replaced: ReadonlySet<string>): Promise<boolean> {
    const { providers, base } = this.#settings;
    const affected = Object.entries(resource.propertyDependencies).filter(([, urns]) => urns.some((urn) => replaced.has(urn)));
    if (!resource.custom || resource.external || isProviderType(resource.type) || affected.length === 0) {
      return false;
    }
    const news = { ...resource.inputs, ...Object.fromEntries(affected.map(([key]) => [key, unknownValue])) };
    const answer = await providers
      .process(resource.provider, base.resources)
      .diff(resource, resource.inputs, resource.outputs, news, resource.ignoreChanges);
    const found = difference(answer, resource.inputs, news, resource.ignoreChanges);
    return found.changes && replaceKeys(found, [], false).length > 0;
  }

  async #difference(
    provider: LoadedProvider | undefined,
    old: ResourceState,
    next: ResourceState,
    goal: Goal,
  ): Promise<Difference> {
    const replace = (key: string): Difference => ({ changes: true, changed: [], replaces: [key], deleteBeforeReplace: false });
    if (this.#settings.replace.has(next.urn)) {
      return replace("id");
    }
    if ((old.provider === undefined) !== (next.provider === undefined)) {
      return replace("provider");
    }
    if (isProviderType(next.type)) {
      const changes = !equalValues(openSecrets(old.outputs), openSecrets(next.inputs));
      return { changes, changed: [], replaces: [], deleteBeforeReplace: false };
    }
    if (!next.custom) {
      const changed = changedKeys(old.inputs, next.inputs);
      return { changes: changed.length > 0, changed: [], replaces: [], deleteBeforeReplace: false };
    }
    if (provider?.process === undefined) {
      this.#settings.recorder.diagnose({
        severity: "warning",
        message:
          "The provider for this resource has inputs that are not known during preview.\n" +
          "This preview may not correctly represent the changes that will be applied during an update.",
        urn: next.urn,
      });
      return { changes: true, changed: [], replaces: [], deleteBeforeReplace: false };
    }
    const answer = await provider.process.diff(
      { urn: next.urn, id: old.id },
      old.inputs,
      old.outputs,
      next.inputs,
      goal.ignoreChanges,
    );
    return difference(answer, old.inputs, next.inputs, goal.ignoreChanges);
  }

  async #checked(
    provider: LoadedProvider | undefined,
    urn: string,
    goal: Goal,
    olds: PropertyMap,
    news: PropertyMap,
  ): Promise<PropertyMap> {
    if (provider?.process === undefined) {
      return news;
    }
    const { inputs, failures } = await provider.process.check({ urn }, olds, news);
    for (const failure of failures) {
      this.#settings.recorder.error(failureText(goal, failure, inputs), urn);
    }
    if (failures.length > 0) {
      throw new Bail(`resource ${urn} is invalid`);
    }
    return inputs;
  }

  #loaded(goal: Goal): LoadedProvider | undefined {
    const managed = goal.custom && !isProviderType(goal.type);
    return managed ? this.#settings.providers.get(goal.provider, this.#settings.base.resources) : undefined;
  }

  #refuseProtected(next: ResourceState, old: ResourceState): void {
    if (!next.protect || !old.protect) {
      return;
    }
    const refusal = this.#bail(
      `unable to replace resource "${next.urn}"\nas it is currently marked for protection. To unprotect the resource, ` +
        "remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`",
      next.urn,
    );
    // A preview goes on, so that the change that causes the replacement is seen.
    if (!this.#settings.preview) {
      throw refusal;
    }
  }

  #bail(message: string, urn: string): Bail {
    this.#settings.recorder.error(message, urn);
    return new Bail(message);
  }

  /** The name of a resource in this run, and the old resource that it continues: found by name, then by alias. */
  #identify(goal: Goal): { urn: string; old: ResourceState | undefined } {
    const { project, stack, base, snapshot } = this.#settings;
    const urn = createUrn(goal.type, goal.name, goal.parent, project, stack);
    if (this.#seen.has(urn)) {
      throw this.#bail(`Duplicate resource URN '${urn}'; try giving it a unique name`, urn);
    }
    this.#seen.add(urn);
    for (const name of [urn, ...aliasUrns(goal, project, stack, this.#oldNames)]) {
      const old = base.resources.find((resource) => resource.urn === name && !resource.delete);
      if (old === undefined) {
        continue;
      }
      if (name !== urn) {
        const taken = this.#newNames.get(name) ?? (this.#seen.has(name) ? name : undefined);
        if (taken !== undefined) {
          throw this.#bail(
            `Duplicate resource alias '${name}' applied to resource with URN '${urn}' conflicting with resource with URN '${taken}'`,
            urn,
          );
        }
        this.#oldNames.set(urn, name);
        this.#newNames.set(name, urn);
        snapshot.rename(name, urn);
      }
      return { urn, old };
    }
    return { urn, old: undefined };
  }

  #state(goal: Goal, urn: string): ResourceState {
    return {
      ...{ urn, type: goal.type, custom: goal.custom, inputs: goal.inputs, outputs: {}, initErrors: [] },
      ...(goal.parent === "" ? {} : { parent: goal.parent }),
      ...(goal.provider === "" || !goal.custom ? {} : { provider: goal.provider }),
      ...(goal.deletedWith === "" ? {} : { deletedWith: goal.deletedWith }),
      ...{ dependencies: goal.dependencies, propertyDependencies: goal.propertyDependencies },
      ...{ protect: goal.protect, retainOnDelete: goal.retainOnDelete, external: false },
      ...{ delete: false, pendingReplacement: false, additionalSecretOutputs: goal.additionalSecretOutputs },
      ignoreChanges: goal.ignoreChanges,
    };
  }
}

function failureText(goal: Goal, { property, reason }: CheckFailure, inputs: PropertyMap): string {
  const about = `${goal.type} resource '${goal.name}'`;
  return property === ""
    ? `${about} has a problem: ${reason}`
    : `${about}: property ${property} value ${goText(inputs[property])} has a problem: ${reason}`;
}

/** A value as Go prints Pulumi's own wrapper of it. */
function goText(value: PropertyValue | undefined): string {
  if (Array.isArray(value)) {
    return `{[${value.map(goText).join(" ")}]}`;
  }
  if (isMap(value)) {
    const keys = Object.keys(value).sort();
    return `{map[${keys.map((key) => `${key}:${goText(value[key])}`).join(" ")}]}`;
  }
  return `{${value ?? "<nil>"}}`;
}
