/** What the engine that works in this process keeps of resources, and the plans that it saves. */
import { readFileSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { PropertyMap, ResourceState, State, StepOp } from "../../../provider/testing/engine";
import type { Values } from "../provider/providerReport";
import type { Registration } from "./program";

export interface Kept {
  readonly registration: Registration;
  readonly id: string;
  readonly inputs: Values;
  readonly outputs: Values;
  /** Reasons of a create or update that ended part-way. */
  readonly initErrors: readonly string[];
  /** Replaced, and still to be deleted. */
  readonly delete: boolean;
}

/** What a saved plan holds of a resource. */
export interface Planned {
  readonly op: StepOp;
  readonly inputs: Values;
}

export type SavedPlan = Readonly<Record<string, Planned>>;

export function savePlan(file: string, plan: SavedPlan): void {
  writeFileSync(file, JSON.stringify(plan));
}

export function readPlan(file: string): SavedPlan {
  return JSON.parse(readFileSync(file, "utf8"));
}

/**
 * In which way a step violates the plan; undefined where it does not. A plan binds what is changed: a property that is
 * as it was in the old inputs is not looked at (pkg/resource/deploy/plan.go).
 */
export function violation(plan: SavedPlan, urn: string, step: Planned, olds: Values): string | undefined {
  if (step.op === "same") return undefined;
  const planned = plan[urn];
  if (planned?.op !== step.op) {
    return `resource ${urn} violates plan: ${step.op} is not allowed in this plan`;
  }
  const keys = new Set([...Object.keys(step.inputs), ...Object.keys(olds)]);
  const changed = [...keys].filter((key) => !isDeepStrictEqual(step.inputs[key], olds[key]));
  const wrong = changed.filter((key) => !isDeepStrictEqual(step.inputs[key], planned.inputs[key]));
  return wrong.length === 0
    ? undefined
    : `resource ${urn} violates plan: properties changed: ${wrong.map((key) => `~~${key}`).join(", ")}`;
}

/** In the form that all engines share. */
export function stateOf(kept: readonly Kept[]): State {
  return { resources: kept.map(resourceState), pendingOperations: [] };
}

function resourceState({
  registration,
  id,
  inputs,
  outputs,
  initErrors,
  delete: replaced,
}: Kept): ResourceState {
  const { urn, type, custom, dependencies, protect } = registration;
  return {
    ...{ urn, type, custom, id, inputs: propertyMap(inputs), outputs: propertyMap(outputs) },
    ...{ dependencies, propertyDependencies: {}, initErrors, protect, delete: replaced },
    ...{ retainOnDelete: false, external: false, pendingReplacement: false },
    ...{ additionalSecretOutputs: [], ignoreChanges: registration.ignoreChanges },
  };
}

function propertyMap(values: Values): PropertyMap {
  return JSON.parse(JSON.stringify(values));
}
