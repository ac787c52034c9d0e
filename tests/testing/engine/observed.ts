/** What two engines are compared by. */
import type { ResourceState, RunResult, State } from "../../../provider/testing/engine";

/** What two engines must agree on after an operation. */
export interface Observed {
  readonly ok: boolean;
  readonly calls: readonly string[];
  readonly steps: readonly string[];
  readonly errors: readonly string[];
  readonly outputs: RunResult["outputs"];
  readonly state: readonly unknown[];
}

/** Cuts a result down to that. Ids of providers are random, and what runs side by side has no order. */
export function observe(result: RunResult, state: State): Observed {
  return {
    ok: result.ok,
    calls: result.calls
      .map(({ method, urn, preview }) => `${preview ? "preview" : "update"} ${method} ${urn}`)
      .sort(),
    steps: result.steps.map(({ op, urn }) => `${op} ${urn}`).sort(),
    errors: result.diagnostics
      .filter(({ severity }) => severity === "error")
      .map(({ message, urn }) => `${urn ?? ""}: ${message}`)
      .sort(),
    outputs: result.outputs,
    state: state.resources.map(observeResource).sort((one, other) => (one.urn < other.urn ? -1 : 1)),
  };
}

/** The calls about one resource, whose order is fixed. */
export function callsInOrder(result: RunResult): Record<string, string[]> {
  const byUrn = Map.groupBy(result.calls, ({ urn = "" }) => urn);
  return Object.fromEntries(
    [...byUrn].map(([urn, calls]) => [
      urn,
      calls.map(({ method, preview }) => `${preview ? "preview" : "update"} ${method}`),
    ]),
  );
}

function observeResource(resource: ResourceState): ResourceState {
  const { id, provider } = resource;
  const isProvider = resource.type.startsWith("pulumi:providers:");
  return {
    ...resource,
    ...(isProvider && id !== undefined ? { id: "random" } : {}),
    ...(provider === undefined ? {} : { provider: provider.replace(/::[^:]*$/, "::random") }),
  };
}
