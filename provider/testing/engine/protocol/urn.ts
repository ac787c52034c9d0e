/** Names of resources: `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>`. */

const rootType = "pulumi:pulumi:Stack";

/** Type of the resource that stands for the stack itself. */
export const stackType = rootType;

export interface UrnParts {
  readonly type: string;
  readonly name: string;
  /** URN of the parent; empty for none. */
  readonly parent: string;
  readonly project: string;
  readonly stack: string;
}

/** Makes the URN of a resource; the stack as a parent does not show in it. */
export function createUrn({ type, name, parent, project, stack }: UrnParts): string {
  const parentType = parent === "" ? "" : urnQualifiedType(parent);
  const qualified = parentType === "" || parentType === rootType ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

/** Type with the types of its parents in front: `a:b:C$d:e:F`. */
export function urnQualifiedType(urn: string): string {
  return urn.split("::")[2] ?? "";
}

/** Type of the resource. */
export function urnType(urn: string): string {
  return urnQualifiedType(urn).split("$").at(-1) ?? "";
}

/** Name of the resource, which may itself hold `::`. */
export function urnName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** True for `pulumi:providers:<package>`. */
export function isProviderType(type: string): boolean {
  return type.startsWith("pulumi:providers:");
}

/** Splits `<urn>::<id>`. */
export function parseProviderReference(reference: string): { readonly urn: string; readonly id: string } {
  const at = reference.lastIndexOf("::");
  return { urn: reference.slice(0, at), id: reference.slice(at + 2) };
}
