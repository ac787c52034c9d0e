/** Whether a resource that exists stays, is updated or is replaced. No calls, no state: a pure function. */
import type { ResourceState } from "../engineContract";
import type { DiffAnswer } from "../processes/providerProcess";
import { pathsName, resetPaths } from "../protocol/paths";
import { equalValues, type PropertyMap } from "../protocol/propertyValues";
import type { Goal } from "./goal";

/** The key under which `replaceOnChanges` names a resource that ended part-way. */
const initErrorKey = "#initerror";

export type Decision =
  | { readonly kind: "same" }
  | { readonly kind: "update" }
  | { readonly kind: "replace"; readonly deleteBeforeReplace: boolean };

/** The answer of a provider, with the engine's own comparison where the provider leaves it to the engine. */
export interface Difference {
  readonly changes: boolean;
  /** Keys that the engine found to differ; empty when the provider compared. */
  readonly changed: readonly string[];
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** Completes a provider's answer. `news` are the checked inputs. */
export function difference(
  answer: DiffAnswer,
  oldInputs: PropertyMap,
  news: PropertyMap,
  ignoreChanges: readonly string[],
): Difference {
  const { replaces, deleteBeforeReplace } = answer;
  if (answer.changes !== "unknown") {
    return { changes: answer.changes === "some", changed: [], replaces, deleteBeforeReplace };
  }
  const changed = changedKeys(oldInputs, resetPaths(news, oldInputs, ignoreChanges));
  return { changes: changed.length > 0, changed, replaces, deleteBeforeReplace };
}

/** Keys whose values differ. */
export function changedKeys(olds: PropertyMap, news: PropertyMap): string[] {
  const keys = new Set([...Object.keys(olds), ...Object.keys(news)]);
  return [...keys].filter((key) => !equalValues(olds[key], news[key]));
}

/** Keys because of which the resource must be replaced. Init errors count only where `replaceOnChanges` names them. */
export function replaceKeys(
  found: Difference,
  replaceOnChanges: readonly string[],
  initErrors: boolean,
): string[] {
  const ownKeys =
    found.changes || initErrors ? found.changed.filter((key) => pathsName(replaceOnChanges, key)) : [];
  const initKeys = initErrors && pathsName(replaceOnChanges, initErrorKey) ? [initErrorKey] : [];
  return [...found.replaces, ...ownKeys, ...initKeys];
}

/** Decides about an existing resource. */
export function decide(old: ResourceState, goal: Goal, found: Difference): Decision {
  const initErrors = old.initErrors.length > 0;
  const keys = replaceKeys(found, goal.replaceOnChanges, initErrors);
  const changes = found.changes || keys.includes(initErrorKey);
  if (old.pendingReplacement || (changes && keys.length > 0)) {
    return { kind: "replace", deleteBeforeReplace: goal.deleteBeforeReplace ?? found.deleteBeforeReplace };
  }
  // Without a difference a resource that ended part-way still gets an empty update, to go on with.
  return { kind: changes || initErrors ? "update" : "same" };
}
