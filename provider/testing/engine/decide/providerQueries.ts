/** The questions to a provider before a decision: check, diff, and which dependents would be replaced as well. */
import type { ResourceState } from "../engineContract";
import type { CheckFailure } from "../processes/providerProcess";
import type { LoadedProvider } from "../processes/providers";
import {
  equalValues,
  isMap,
  openSecrets,
  type PropertyMap,
  type PropertyValue,
  unknownValue,
} from "../protocol/propertyValues";
import { isProviderType } from "../protocol/urn";
import type { RunnerParts } from "../steps/runner";
import { type Difference, difference, replaceKeys } from "./decide";
import type { Goal } from "./goal";

/** Stops the operation; what is to be said has been said. */
export class Bail extends Error {}

/** The process to ask about a resource; undefined for components and provider resources, which have none. */
export function providerOf({ providers, base }: RunnerParts, goal: Goal): LoadedProvider | undefined {
  return goal.custom && !isProviderType(goal.type) ? providers.get(goal.provider, base.resources) : undefined;
}

/** The checked inputs. Reports what the check refuses, and throws `Bail`. */
export async function checkedInputs(
  parts: RunnerParts,
  urn: string,
  goal: Goal,
  { olds, news }: { readonly olds: PropertyMap; readonly news: PropertyMap },
): Promise<PropertyMap> {
  const provider = providerOf(parts, goal)?.process;
  if (provider === undefined) {
    return news;
  }
  const { inputs, failures } = await provider.check({ urn }, olds, news);
  for (const failure of failures) {
    parts.recorder.error(failureText(goal, failure, inputs), urn);
  }
  if (failures.length > 0) {
    throw new Bail(`resource ${urn} is invalid`);
  }
  return inputs;
}

/** How an existing resource differs from what is wanted; `next` holds the checked inputs. */
export async function differenceTo(
  parts: RunnerParts,
  old: ResourceState,
  next: ResourceState,
  goal: Goal,
): Promise<Difference> {
  if ((old.provider === undefined) !== (next.provider === undefined)) {
    return { ...plainDifference(true), replaces: ["provider"] };
  }
  if (isProviderType(next.type)) {
    return plainDifference(!equalValues(openSecrets(old.outputs), openSecrets(next.inputs)));
  }
  if (!next.custom) {
    return plainDifference(!equalValues(old.inputs, next.inputs));
  }
  const provider = providerOf(parts, goal)?.process;
  if (provider === undefined) {
    parts.recorder.diagnose({
      severity: "warning",
      message:
        "The provider for this resource has inputs that are not known during preview.\n" +
        "This preview may not correctly represent the changes that will be applied during an update.",
      urn: next.urn,
    });
    return plainDifference(true);
  }
  const { id, inputs, outputs } = old;
  const answer = await provider.diff({ urn: next.urn, id, inputs, outputs }, next.inputs, goal.ignoreChanges);
  return difference(answer, old.inputs, next.inputs, goal.ignoreChanges);
}

/** True when a resource would be replaced once what its inputs come from has been. */
export async function isReplacedWith(
  { providers, base }: RunnerParts,
  resource: ResourceState,
  replaced: ReadonlySet<string>,
): Promise<boolean> {
  const affected = Object.entries(resource.propertyDependencies).filter(([, urns]) =>
    urns.some((urn) => replaced.has(urn)),
  );
  if (!resource.custom || resource.external || isProviderType(resource.type) || affected.length === 0) {
    return false;
  }
  const news = { ...resource.inputs, ...Object.fromEntries(affected.map(([key]) => [key, unknownValue])) };
  const answer = await providers
    .process(resource.provider, base.resources)
    .diff(resource, news, resource.ignoreChanges);
  const found = difference(answer, resource.inputs, news, resource.ignoreChanges);
  return found.changes && replaceKeys(found, [], false).length > 0;
}

function plainDifference(changes: boolean): Difference {
  return { changes, changed: [], replaces: [], deleteBeforeReplace: false };
}

function failureText(goal: Goal, { property, reason }: CheckFailure, inputs: PropertyMap): string {
  const about = `${goal.type} resource '${goal.name}'`;
  return property === ""
    ? `${about} has a problem: ${reason}`
    : `${about}: property ${property} value ${goText(inputs[property])} has a problem: ${reason}`;
}

/** A value as Go prints Pulumi's own wrapper of it. */
function goText(value: PropertyValue | undefined): string {
  if (Array.isArray(value)) {
    return `{[${value.map(goText).join(" ")}]}`;
  }
  if (isMap(value)) {
    const keys = Object.keys(value).sort();
    return `{map[${keys.map((key) => `${key}:${goText(value[key])}`).join(" ")}]}`;
  }
  return `{${value ?? "<nil>"}}`;
}
