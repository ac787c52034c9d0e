/** Which resource of the old state a registration continues: found by its URN, then by its aliases. */
import type { ResourceState } from "../engineContract";
import { createUrn } from "../protocol/urn";
import { aliasUrns, type Goal } from "./goal";

export interface Identity {
  readonly urn: string;
  /** The old resource; undefined for a new one. */
  readonly old: ResourceState | undefined;
}

/** Two resources of one program claim the same name. */
export class NameTaken extends Error {
  readonly urn: string;

  constructor(urn: string, message: string) {
    super(message);
    this.urn = urn;
  }
}

export class Names {
  readonly #project: string;
  readonly #stack: string;
  readonly #olds: readonly ResourceState[];
  readonly #renamed: (from: string, to: string) => void;
  readonly #seen = new Set<string>();
  /** By the name in this run, the name in the old state; only where they differ. */
  readonly #oldNames = new Map<string, string>();
  readonly #newNames = new Map<string, string>();

  /** `renamed` is called for every resource that was found under an alias. */
  constructor(
    project: string,
    stack: string,
    olds: readonly ResourceState[],
    renamed: (from: string, to: string) => void,
  ) {
    this.#project = project;
    this.#stack = stack;
    this.#olds = olds;
    this.#renamed = renamed;
  }

  /** The name in this run of a resource of the old state. */
  current(urn: string): string {
    return this.#newNames.get(urn) ?? urn;
  }

  /** Names a resource. Throws `NameTaken`. */
  identify(goal: Goal): Identity {
    const { type, name, parent } = goal;
    const urn = createUrn({ type, name, parent, project: this.#project, stack: this.#stack });
    if (this.#seen.has(urn)) {
      throw new NameTaken(urn, `Duplicate resource URN '${urn}'; try giving it a unique name`);
    }
    this.#seen.add(urn);
    for (const name of [urn, ...aliasUrns(goal, this.#project, this.#stack, this.#oldNames)]) {
      const old = this.#olds.find((resource) => resource.urn === name && !resource.delete);
      if (old === undefined) {
        continue;
      }
      if (name !== urn) {
        this.#rename(name, urn);
      }
      return { urn, old };
    }
    return { urn, old: undefined };
  }

  #rename(from: string, to: string): void {
    const taken = this.#newNames.get(from) ?? (this.#seen.has(from) ? from : undefined);
    if (taken !== undefined) {
      throw new NameTaken(
        to,
        `Duplicate resource alias '${from}' applied to resource with URN '${to}' conflicting with resource with URN '${taken}'`,
      );
    }
    this.#oldNames.set(to, from);
    this.#newNames.set(from, to);
    this.#renamed(from, to);
  }
}
