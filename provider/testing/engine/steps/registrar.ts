/**
 * Turns what the program registers into steps. Registrations are decided one after the other (which makes check and
 * diff serial, as in Pulumi); the steps that come of them run side by side.
 */

import { Serial } from "../../../util/concurrency";
import { type Decision, decide } from "../decide/decide";
import { type Goal, plainGoal } from "../decide/goal";
import { dependents } from "../decide/graph";
import { type Identity, Names, NameTaken } from "../decide/identity";
import { Bail, checkedInputs, differenceTo, isReplacedWith, providerOf } from "../decide/providerQueries";
import type { ResourceState } from "../engineContract";
import { resetPaths } from "../protocol/paths";
import type { PropertyMap } from "../protocol/propertyValues";
import { isProviderType } from "../protocol/urn";
import type { Runner, RunnerParts } from "./runner";

/** Work to be done once its turn has come. */
export type Chain = () => Promise<ResourceState>;

/** Starts the work that comes of a registration. */
export type Start = (urn: string, chain: Chain) => Promise<ResourceState>;

export interface RegistrarParts extends RunnerParts {
  readonly project: string;
  readonly stack: string;
  /** Stack configuration: the inputs of the default provider. */
  readonly config: PropertyMap;
  /** URNs to replace whatever their provider says. */
  readonly replace: ReadonlySet<string>;
}

export class Registrar {
  readonly #parts: RegistrarParts;
  readonly #runner: Runner;
  readonly #start: Start;
  readonly #names: Names;
  readonly #turn = new Serial();
  readonly #operated = new Set<string>();
  /** Resources deleted so far, because something they depend on is deleted before it is replaced. */
  readonly deleted = new Set<string>();
  #default: Promise<string> | undefined;

  constructor(parts: RegistrarParts, runner: Runner, start: Start) {
    const { project, stack, base, snapshot } = parts;
    this.#parts = parts;
    this.#runner = runner;
    this.#start = start;
    this.#names = new Names(project, stack, base.resources, (from, to) => snapshot.rename(from, to));
  }

  /** True for a resource of the old state that this run has taken up. */
  isOperated(urn: string): boolean {
    return this.#operated.has(this.#names.current(urn));
  }

  /** Decides what a registration means, and does it. Throws `Bail` once the reason has been reported. */
  async register(goal: Goal): Promise<ResourceState> {
    const provider = await this.#providerReference(goal);
    const { urn, chain } = await this.#turn.run(() => this.#decide({ ...goal, provider }));
    return this.#start(urn, chain);
  }

  /** Decides about a `.get`, and reads. */
  async read(goal: Goal, id: string): Promise<ResourceState> {
    const provider = await this.#providerReference(goal);
    const { urn, old } = await this.#turn.run(async () => this.#identify(goal));
    this.#operated.add(urn);
    const next = { ...wantedState({ ...goal, provider }, urn), id, external: true };
    return this.#start(urn, () => this.#runner.read(next, old));
  }

  /** A resource without a provider of its own gets the default one, which is registered when it is needed first. */
  async #providerReference(goal: Goal): Promise<string> {
    if (!goal.custom || isProviderType(goal.type) || goal.provider !== "") {
      return goal.provider;
    }
    const pkg = goal.type.split(":")[0] ?? "";
    if (pkg !== "pulumi-nodejs") {
      throw new Error(
        `the embedded engine runs dynamic resources of Node programs only, and '${goal.type}' is none`,
      );
    }
    this.#default ??= this.register(plainGoal(`pulumi:providers:${pkg}`, "default", this.#parts.config)).then(
      (state) => `${state.urn}::${state.id}`,
    );
    return this.#default;
  }

  async #decide(goal: Goal): Promise<{ urn: string; chain: Chain }> {
    const identity = this.#identify(goal);
    try {
      return { urn: identity.urn, chain: await this.#decideAbout(goal, identity) };
    } catch (error) {
      throw error instanceof Bail
        ? error
        : this.#bail(error instanceof Error ? error.message : String(error), identity.urn);
    }
  }

  async #decideAbout(goal: Goal, { urn, old }: Identity): Promise<Chain> {
    const recreating = this.deleted.has(urn) || (old !== undefined && this.deleted.has(old.urn));
    if (goal.importId !== "" && old?.id !== goal.importId) {
      await providerOf(this.#parts, goal)?.process?.read({ urn, id: goal.importId }, undefined, undefined);
      throw new Error("dynamic resources cannot be imported");
    }
    if (old === undefined || recreating || old.external) {
      const next = await this.#freshState(goal, urn);
      this.deleted.delete(urn);
      this.#operated.add(urn);
      return () => (old === undefined ? this.#runner.create(next) : this.#replace(next, old, recreating));
    }
    const chain = await this.#continue(goal, urn, old);
    this.#operated.add(urn);
    return chain;
  }

  /** A resource that exists and is still wanted. */
  async #continue(goal: Goal, urn: string, old: ResourceState): Promise<Chain> {
    if (this.#parts.replace.has(urn)) {
      const next = await this.#freshState(goal, urn);
      return this.#replacement(
        { kind: "replace", deleteBeforeReplace: goal.deleteBeforeReplace ?? false },
        next,
        old,
      );
    }
    const wanted = resetPaths(goal.inputs, old.inputs, goal.ignoreChanges);
    const inputs = await checkedInputs(this.#parts, urn, goal, { olds: old.inputs, news: wanted });
    const next = { ...wantedState(goal, urn), inputs };
    const decision = decide(old, goal, await differenceTo(this.#parts, old, next, goal));
    switch (decision.kind) {
      case "same":
        return () => this.#runner.same(next, old);
      case "update":
        return () => this.#runner.update(next, old);
      case "replace":
        this.#refuseProtected(next, old);
        // Defaults that were carried over from the old resource are not those of the new one: checked once more.
        return this.#replacement(decision, await this.#freshState(goal, urn), old);
    }
  }

  async #replacement(
    decision: Extract<Decision, { kind: "replace" }>,
    next: ResourceState,
    old: ResourceState,
  ): Promise<Chain> {
    if (!decision.deleteBeforeReplace) {
      return () => this.#replace(next, old, false);
    }
    const first = await this.#deletedFirst(old);
    return async () => {
      for (const resource of first) {
        await this.#runner.delete(resource, "delete-replaced", this.deleted, true);
      }
      return this.#replace(next, old, true);
    };
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

  /** The resources to delete before `old`: those whose inputs come from it and that would be replaced with it. */
  async #deletedFirst(old: ResourceState): Promise<ResourceState[]> {
    const replaced = new Set([old.urn]);
    const first: ResourceState[] = old.pendingReplacement ? [] : [old];
    const known = (urn: string): boolean => this.#operated.has(urn) || this.deleted.has(urn);
    for (const dependent of dependents(old, this.#parts.base.resources, known)) {
      if (!(await isReplacedWith(this.#parts, dependent, replaced))) {
        continue;
      }
      if (dependent.protect) {
        throw this.#bail(
          `unable to replace resource "${dependent.urn}" as part of replacing "${old.urn}" as it is currently marked ` +
            "for protection. To unprotect the resource, remove the `protect` flag from the resource in your Pulumi " +
            `program and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${dependent.urn}'\``,
          old.urn,
        );
      }
      replaced.add(dependent.urn);
      this.deleted.add(dependent.urn);
      first.unshift(dependent);
    }
    return first;
  }

  /** A preview goes on, to show the change that causes the replacement. */
  #refuseProtected(next: ResourceState, old: ResourceState): void {
    if (next.protect && old.protect) {
      const refusal = this.#bail(
        `unable to replace resource "${next.urn}"\nas it is currently marked for protection. To unprotect the ` +
          "resource, remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`",
        next.urn,
      );
      if (!this.#parts.preview) {
        throw refusal;
      }
    }
  }

  /** The state of a new resource, whose inputs are checked without old ones. */
  async #freshState(goal: Goal, urn: string): Promise<ResourceState> {
    return {
      ...wantedState(goal, urn),
      inputs: await checkedInputs(this.#parts, urn, goal, { olds: {}, news: goal.inputs }),
    };
  }

  #identify(goal: Goal): Identity {
    try {
      return this.#names.identify(goal);
    } catch (error) {
      throw error instanceof NameTaken ? this.#bail(error.message, error.urn) : error;
    }
  }

  #bail(message: string, urn: string): Bail {
    this.#parts.recorder.error(message, urn);
    return new Bail(message);
  }
}

/** The state the program wants, before any check; id and outputs come with the step. */
function wantedState(goal: Goal, urn: string): ResourceState {
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
