import * as pulumi from "@pulumi/pulumi";
import { withoutNumbers, withoutValues } from "../dynamic/inputs/secretNumbers";
import { messageOf } from "../fleet/model/fleetErrors";
import { refusePlainKey } from "../resources/preconditions";
import type { ProviderSettings } from "../resources/provider";
import { isKnown, resourcesBehind, whenKnown } from "../resources/sdk";
import {
  dependenciesOf,
  explicitProvider,
  type InputsOf,
  type LookupOptions,
  type LookupOutputOptions,
  whenDone,
} from "./lookupOptions";
import { Source } from "./source";

/** One call of a look-up. */
export interface Question {
  /** As the program gave them; `checkArguments` makes them what a look-up takes. */
  readonly args: object;
  readonly source: Source;
  /**
   * Numbers of the resources that the question waited for. An answer from before they were done is no answer to it, so
   * they are part of what answers are kept by.
   */
  readonly after: readonly number[];
}

export type Read<R> = (question: Question) => Promise<R>;

/** Both forms of a look-up that takes `A` and answers `R`. */
export interface Forms<A, R> {
  /** The answer, in the program. Rejects with a `RunError`, which the SDK shows as the sentence that it is. */
  readonly get: (args?: A, options?: LookupOptions) => Promise<R>;
  /** With Outputs. Not known where an argument, a setting of the provider or the id of a dependency is not. */
  readonly output: (args?: InputsOf<A>, options?: LookupOutputOptions) => pulumi.Output<R>;
}

/**
 * A look-up in both forms. Dynamic providers have no functions that an engine could invoke, so look-ups run in the
 * program, in preview and update alike. `load` brings in the code that reads, with undici and zod, on the first call.
 */
export function lookup<A extends object, R>(name: string, load: () => Promise<Read<R>>): Forms<A, R> {
  const one = new Lookup(name, load);
  return {
    get: (args: object = {}, options = {}) => one.get(args, options),
    output: (args: object = {}, options = {}) => one.output(pulumi.output(args), options),
  };
}

class Lookup<R> {
  /** For messages: `getPlans`. */
  readonly #name: string;
  readonly #load: () => Promise<Read<R>>;

  constructor(name: string, load: () => Promise<Read<R>>) {
    this.#name = name;
    this.#load = load;
  }

  async get(args: object, options: LookupOptions): Promise<R> {
    const explicit = this.#told(() => explicitProvider(options));
    if (explicit === undefined) return this.#ask(Source.ofProgram(), args, []);
    if (!(await isKnown(explicit.settings))) {
      throw this.#failure(`the provider's settings are known in the update only; use ${this.#name}Output`);
    }
    return this.#ask(Source.ofProvider(explicit.of, await whenKnown(explicit.settings)), args, []);
  }

  output(args: pulumi.Output<object>, options: LookupOutputOptions): pulumi.Output<R> {
    const explicit = this.#told(() => explicitProvider(options));
    const settings: pulumi.OutputInstance<ProviderSettings> = explicit?.settings ?? pulumi.output({});
    return whenDone(options).apply(() =>
      settings.apply((given) =>
        args.apply(async (known) => {
          const source = explicit === undefined ? Source.ofProgram() : Source.ofProvider(explicit.of, given);
          const after = [...dependenciesOf(options), ...(await resourcesBehind(args))];
          return this.#ask(source, known, after, await pulumi.isSecret(args));
        }),
      ),
    );
  }

  async #ask(source: Source, args: object, after: readonly pulumi.Resource[], isSecret = false): Promise<R> {
    try {
      refusePlainKey();
      const read = await this.#load();
      return await read({ source, args, after: numbersOf(after) });
    } catch (error) {
      const message = source.redact(messageOf(error));
      throw this.#failure(isSecret ? withoutNumbers(withoutValues(message)) : message);
    }
  }

  #told<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw this.#failure(messageOf(error));
    }
  }

  #failure(message: string): pulumi.RunError {
    const error = new pulumi.RunError(`${this.#name}: ${message}`);
    // Where it reaches a resource as an input, the SDK prints the stack, RunError or not.
    error.stack = error.message;
    return error;
  }
}

const numbers = new WeakMap<pulumi.Resource, number>();
let lastNumber = 0;

function numbersOf(resources: readonly pulumi.Resource[]): number[] {
  const found = new Set(resources).values().map((resource) => {
    const number = numbers.get(resource) ?? ++lastNumber;
    numbers.set(resource, number);
    return number;
  });
  return [...found].sort((a, b) => a - b);
}
