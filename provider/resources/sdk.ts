import * as pulumi from "@pulumi/pulumi";

/**
 * Members of an Output that the SDK has but does not declare (sdk/nodejs/output.ts). If an SDK lacks them, the value
 * counts as known and as coming from no resource.
 */

/** False in a preview for a value that only the update will know. `apply` would never run then. */
export async function isKnown(output: pulumi.OutputInstance<unknown>): Promise<boolean> {
  const known: unknown = await Reflect.get(output, "isKnown");
  return known !== false;
}

/** The resources that a value comes from. */
export async function resourcesBehind(
  output: pulumi.OutputInstance<unknown>,
): Promise<readonly pulumi.Resource[]> {
  const tell: unknown = Reflect.get(output, "allResources");
  const told: unknown = typeof tell === "function" ? await tell.call(output) : [];
  return told instanceof Set ? [...told].filter((each) => pulumi.Resource.isInstance(each)) : [];
}

/**
 * Everything that waiting for these resources means, as the SDK's own `dependsOn` takes it: a component is done when its
 * children are, which are all there once it is constructed (sdk/nodejs/runtime/dependsOn.ts).
 */
export async function withChildren(
  resources: Iterable<pulumi.Resource>,
): Promise<readonly pulumi.Resource[]> {
  const found = new Set(resources);
  for (const resource of found) {
    if (!pulumi.ComponentResource.isInstance(resource)) continue;
    await Reflect.get(resource, "__data");
    const children: unknown = Reflect.get(resource, "__childResources");
    if (!(children instanceof Set)) continue;
    for (const child of children) if (pulumi.Resource.isInstance(child)) found.add(child);
  }
  return [...found];
}

/** The value of a known Output. If it fails, the SDK knows and ends the program. */
export function whenKnown<T>(output: pulumi.OutputInstance<T>): Promise<T> {
  return new Promise((resolve) => output.apply((value) => resolve(value)));
}

/** One object for each run of a program: in the Automation API, one process has many. */
export function thisRun(): object {
  return pulumi.runtime.getMonitor() ?? outsideOfRuns;
}

const outsideOfRuns = {};
