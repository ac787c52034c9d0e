/**
 * The embedded engine: runs Pulumi programs with dynamic resources where the Pulumi CLI cannot be had. It is a test
 * harness, not Pulumi: it starts the real SDK for the program and the real dynamic-provider process, speaks the
 * engine's protocol to both, and keeps its state in a file. It talks to the loopback interface only.
 *
 * Not there: resource hooks, transforms, functions and calls, remote components, import, targets, plans, policies.
 * An error of a create or update whose payload is above some 60 KB never arrives (Node's HTTP/2 drops such headers).
 */
import { version } from "@pulumi/pulumi/version";
import type { Engine } from "./engineContract";
import { EmbeddedStack } from "./state/stack";

export type * from "./engineContract";
export {
  isSecret,
  openSecrets,
  type PropertyMap,
  type PropertyValue,
  secretValue,
} from "./protocol/propertyValues";

/** The embedded engine. */
export function embeddedEngine(): Engine {
  return { kind: "embedded", version, stack: async (options) => new EmbeddedStack(options) };
}
