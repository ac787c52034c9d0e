import * as pulumi from "@pulumi/pulumi";
import { type ProviderSettings, settingsOf } from "../resources/provider";
import { withChildren } from "../resources/sdk";

/** Whose account a look-up asks. */
export interface LookupOptions {
  /** A `Provider` of this package. Default: that of `parent`, else environment and stack configuration. */
  readonly provider?: pulumi.ProviderResource | undefined;
  /** Resource whose provider is used. */
  readonly parent?: pulumi.Resource | undefined;
}

export interface LookupOutputOptions extends LookupOptions {
  /** Look only when these are done, a component with all its children; in a preview that creates one, not known. */
  readonly dependsOn?: pulumi.Resource | readonly pulumi.Resource[] | undefined;
}

/** The arguments of the `…Output` form of a look-up: the same, with Outputs. */
export type InputsOf<A> = {
  [K in keyof A]: A[K] extends readonly (infer E)[] | undefined
    ? pulumi.Input<pulumi.Input<E>[] | undefined>
    : pulumi.Input<A[K]>;
};

/** The provider that the options name or inherit, with its settings; undefined for the program's own account. */
export function explicitProvider({
  provider,
  parent,
}: LookupOptions):
  | { of: pulumi.ProviderResource; settings: pulumi.OutputInstance<ProviderSettings> }
  | undefined {
  const found = provider ?? parent?.getProvider(ANY_DYNAMIC);
  if (found === undefined) return undefined;
  const settings = settingsOf(found);
  if (settings !== undefined) return { of: found, settings };
  throw new pulumi.RunError(
    "the provider of a look-up must be a hologram.Provider: nothing else tells the program its key",
  );
}

/** Resolves with the ids of the resources once they are done. */
export function whenDone({ dependsOn }: LookupOutputOptions): pulumi.Output<readonly string[]> {
  return pulumi
    .output(withChildren(dependenciesOf({ dependsOn })))
    .apply((all) =>
      pulumi.all(all.map((each) => (pulumi.CustomResource.isInstance(each) ? each.id : each.urn))),
    );
}

export function dependenciesOf({ dependsOn = [] }: LookupOutputOptions): readonly pulumi.Resource[] {
  return pulumi.Resource.isInstance(dependsOn) ? [dependsOn] : dependsOn;
}

/** Any type of the plugin that runs dynamic resources; a parent keeps its providers by plugin. */
const ANY_DYNAMIC = "pulumi-nodejs:dynamic:Resource";
