/** Property paths as `ignoreChanges` and `replaceOnChanges` write them: `a.b`, `list[0].c`, `map["k"]`, `*`. */
import { isMap, type PropertyMap, type PropertyValue } from "./propertyValues";

type Step = string | number;

/** Splits a path into its steps. Text that is no path is one step. */
function parsePath(path: string): Step[] {
  const steps: Step[] = [];
  for (const match of path.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\[(\*)\]|([^.[\]]+)/g)) {
    const [, index, quoted, star, name] = match;
    steps.push(index === undefined ? (quoted?.replace(/\\(.)/g, "$1") ?? star ?? name ?? "") : Number(index));
  }
  return steps;
}

/** True when a change under `key` is named by one of `paths`. */
export function pathsName(paths: readonly string[], key: string): boolean {
  return paths.some((path) => {
    const first = parsePath(path)[0];
    return first === "*" || first === key;
  });
}

/** `inputs` with the old value at every path: what was absent is absent again. */
export function resetPaths(inputs: PropertyMap, olds: PropertyMap, paths: readonly string[]): PropertyMap {
  let result: PropertyValue = inputs;
  for (const path of paths) {
    result = reset(result, olds, parsePath(path)) ?? result;
  }
  return isMap(result) ? result : inputs;
}

function reset(
  value: PropertyValue,
  old: PropertyValue | undefined,
  steps: readonly Step[],
): PropertyValue | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) {
    return old;
  }
  if (Array.isArray(value)) {
    return value.map((element: PropertyValue, at) =>
      step === "*" || step === at
        ? (reset(element, Array.isArray(old) ? old[at] : undefined, rest) ?? element)
        : element,
    );
  }
  if (!isMap(value)) {
    return value;
  }
  const oldMap = isMap(old) ? old : {};
  const keys = step === "*" ? new Set([...Object.keys(value), ...Object.keys(oldMap)]) : [String(step)];
  const result: Record<string, PropertyValue> = { ...value };
  for (const key of keys) {
    const current = result[key];
    const next =
      rest.length === 0 ? oldMap[key] : current === undefined ? undefined : reset(current, oldMap[key], rest);
    if (next === undefined) {
      delete result[key];
    } else {
      result[key] = next;
    }
  }
  return result;
}
