import * as pulumi from "@pulumi/pulumi";
import * as state from "@pulumi/pulumi/runtime/state";
import { announce } from "../journal/announce";
import { ownUrn } from "./ownUrn";
import { isKnown } from "./sdk";

/** A selection as a program declares it: one of the three is there. */
export interface DeclaredSelection {
  readonly simRange?: pulumi.Input<string> | undefined;
  readonly sims?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  readonly eidRange?: pulumi.Input<string> | undefined;
}

/**
 * Lets the provider know that the program declares these SIMs, also where the engine does not ask it (`--target`) or
 * asks late (`dependsOn`): no SIM that is declared may be paused. Under Pulumi's mocks nobody is there to be told.
 */
export function announceFleet(
  name: string,
  type: string,
  parent: pulumi.Resource | undefined,
  { simRange, sims, eidRange }: DeclaredSelection,
): void {
  const isPreview = pulumi.runtime.isDryRun();
  const engine = engineAddress();
  if (process.env.PULUMI_LOG_OTLP_ENDPOINT === undefined && engine === undefined) return;
  const declared = pulumi.output(simRange ?? sims ?? eidRange);
  const known = Promise.all([ownUrn(name, type, parent), isKnown(declared)]);
  void known.then(
    ([urn, isDeclared]) => {
      if (!isDeclared) announce({ urn, isPreview }, engine);
      else declared.apply((value) => announce({ urn, isPreview, ...selectionOf(value) }, engine));
    },
    () => undefined,
  );
}

function selectionOf(value: unknown): { readonly sims?: string | readonly string[] } {
  if (typeof value === "string") return { sims: value };
  return Array.isArray(value) ? { sims: value.filter((each) => typeof each === "string") } : {};
}

/**
 * A program of the Automation API runs in a process that was there before the command, and knows no more of it than its
 * engine. The SDK keeps that to itself, so it is asked for by name.
 */
function engineAddress(): string | undefined {
  const getStore: unknown = Reflect.get(state, "getStore");
  if (typeof getStore !== "function") return undefined;
  const address = ["settings", "options", "engineAddr"].reduce<unknown>(
    (value, key) => Reflect.get(Object(value), key),
    getStore(),
  );
  return typeof address === "string" && address !== "" ? address : undefined;
}
