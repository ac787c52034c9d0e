/** The provider processes of one phase: one for each provider resource, started when it is needed first. */
import type { ResourceState } from "../engineContract";
import { containsUnknown, openSecrets, type PropertyMap } from "../protocol/propertyValues";
import { parseProviderReference } from "../protocol/urn";
import type { End } from "../steps/stepGate";
import { ProviderProcess, type ProviderSettings } from "./providerProcess";

/** A configured provider; without process when its configuration is not known yet, in a preview. */
export interface LoadedProvider {
  readonly process: ProviderProcess | undefined;
}

export class Providers {
  readonly #settings: ProviderSettings;
  readonly #loaded = new Map<string, LoadedProvider>();
  readonly #started = new Set<ProviderProcess>();

  constructor(settings: ProviderSettings) {
    this.#settings = settings;
  }

  /** Starts and configures the process of a provider resource, unless it is running already. */
  load(reference: string, inputs: PropertyMap): LoadedProvider {
    let provider = this.#loaded.get(reference);
    if (provider === undefined) {
      provider = { process: containsUnknown(inputs) ? undefined : this.#start(inputs) };
      this.#loaded.set(reference, provider);
    }
    return provider;
  }

  /** The provider behind a reference: registered in this run, or else as the old state knows it. */
  get(reference: string | undefined, olds: readonly ResourceState[]): LoadedProvider {
    if (reference === undefined) {
      throw new Error("a custom resource without a provider cannot be worked on");
    }
    const loaded = this.#loaded.get(reference);
    if (loaded !== undefined) {
      return loaded;
    }
    const { urn, id } = parseProviderReference(reference);
    const old = olds.find((resource) => resource.urn === urn && resource.id === id);
    if (old === undefined) {
      throw new Error(`unknown provider '${reference}'`);
    }
    return this.load(reference, old.inputs);
  }

  /** The process behind a reference, where a phase may only meet known configuration. */
  process(reference: string | undefined, olds: readonly ResourceState[]): ProviderProcess {
    const { process } = this.get(reference, olds);
    if (process === undefined) {
      throw new Error(`the configuration of provider '${reference}' is not known`);
    }
    return process;
  }

  /** Ends every process. */
  async close(): Promise<void> {
    await Promise.all([...this.#started].map((process) => process.close()));
  }

  /** Kills every process; or leaves all of them alone with what they are doing. */
  async end(end: End): Promise<boolean> {
    const lives = end === "engine" || end === "unawaited";
    await Promise.all([...this.#started].map((process) => (lives ? process.abandon() : process.kill())));
    return this.#started.size > 0;
  }

  #start(inputs: PropertyMap): ProviderProcess {
    const process = new ProviderProcess(this.#settings);
    this.#started.add(process);
    process.configure(openSecrets(inputs));
    return process;
  }
}
