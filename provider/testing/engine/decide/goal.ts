/** The goal of one resource, which is Pulumi's word for what the program wants of it, read from the SDK's request. */
import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { fromStruct, type PropertyMap } from "../protocol/propertyValues";
import { createUrn, stackType, urnName, urnQualifiedType, urnType } from "../protocol/urn";

export interface Goal {
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  readonly custom: boolean;
  readonly inputs: PropertyMap;
  /** `<urn>::<id>`; empty for the default provider. */
  readonly provider: string;
  readonly importId: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** Undefined leaves the choice to the provider. */
  readonly deleteBeforeReplace: boolean | undefined;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  readonly deletedWith: string;
  readonly aliases: readonly AliasGoal[];
}

/** A whole URN, or the parts that differ from the resource's own. */
type AliasGoal =
  | { readonly urn: string }
  | {
      readonly name: string;
      readonly type: string;
      readonly project: string;
      readonly stack: string;
      /** Undefined keeps the parent, empty text means none. */
      readonly parent: string | undefined;
    };

/** Reads a registration. */
export function readGoal(request: RegisterResourceRequest): Goal {
  return {
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    custom: request.getCustom(),
    inputs: fromStruct(request.getObject()),
    provider: request.getProvider(),
    importId: request.getImportid(),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    dependencies: request.getDependenciesList(),
    propertyDependencies: Object.fromEntries(
      [...request.getPropertydependenciesMap().entries()].map(([key, list]) => [key, list.getUrnsList()]),
    ),
    deleteBeforeReplace: request.getDeletebeforereplacedefined()
      ? request.getDeletebeforereplace()
      : undefined,
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    deletedWith: request.getDeletedwith(),
    aliases: [
      ...request.getAliasesList().map(readAlias),
      ...request.getAliasurnsList().map((urn) => ({ urn })),
    ],
  };
}

/** The goal of a default or other plain custom resource: no options at all. */
export function plainGoal(type: string, name: string, inputs: PropertyMap): Goal {
  return {
    ...{ type, name, inputs, parent: "", custom: true, provider: "", importId: "", deletedWith: "" },
    ...{ protect: false, retainOnDelete: false, deleteBeforeReplace: undefined },
    ...{ dependencies: [], propertyDependencies: {}, ignoreChanges: [], replaceOnChanges: [] },
    ...{ additionalSecretOutputs: [], aliases: [] },
  };
}

function readAlias(alias: Alias): AliasGoal {
  const spec = alias.getSpec();
  if (spec === undefined) {
    return { urn: alias.getUrn() };
  }
  return {
    name: spec.getName(),
    type: spec.getType(),
    project: spec.getProject(),
    stack: spec.getStack(),
    parent: spec.getNoparent() ? "" : spec.getParenturn() || undefined,
  };
}

/**
 * The URNs under which a resource may be in the old state, besides its own. `oldNames` maps resources of this run to
 * the alias they were found under, which is needed to find the children of a renamed parent.
 */
export function aliasUrns(
  goal: Goal,
  project: string,
  stack: string,
  oldNames: ReadonlyMap<string, string>,
): string[] {
  const own = goal.aliases.map((alias) => {
    if ("urn" in alias) {
      return alias.urn;
    }
    const parent = alias.parent === undefined ? goal.parent : (oldNames.get(alias.parent) ?? alias.parent);
    return createUrn({
      type: alias.type || goal.type,
      name: alias.name || goal.name,
      parent,
      project: alias.project || project,
      stack: alias.stack || stack,
    });
  });
  const parentAlias = oldNames.get(goal.parent);
  if (parentAlias === undefined) {
    return [...new Set(own)];
  }
  const inherited = (type: string, name: string): string => {
    const prefix = urnName(goal.parent);
    const renamed = name.startsWith(prefix) ? urnName(parentAlias) + name.slice(prefix.length) : name;
    const parentType = urnQualifiedType(parentAlias);
    const qualified = parentType === stackType ? type : `${parentType}$${type}`;
    return `urn:pulumi:${stack}::${project}::${qualified}::${renamed}`;
  };
  return [
    ...new Set([
      ...own,
      inherited(goal.type, goal.name),
      ...own.map((urn) => inherited(urnType(urn), urnName(urn))),
    ]),
  ];
}
