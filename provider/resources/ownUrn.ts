import * as pulumi from "@pulumi/pulumi";

/**
 * The URN that a resource will have, as an input that depends on nothing. `pulumi.createUrn` gives an Output that comes
 * from the parent, and what depends on a component waits for all its children (sdk/nodejs/runtime/dependsOn.ts): two
 * resources under one component, of which one feeds the other, would wait for each other for ever.
 */
export function ownUrn(name: string, type: string, parent: pulumi.Resource | undefined): Promise<string> {
  return new Promise((resolve) => pulumi.createUrn(name, type, parent).apply(resolve));
}
