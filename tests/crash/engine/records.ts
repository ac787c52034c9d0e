/** What a recorded state says to a judge. */
import {
  openSecrets,
  type ResourceState,
  type RunResult,
  type State,
} from "../../../provider/testing/engine";
import { type Command, recordOf, recordsByName, type Step, type Values } from "../judge/command";

/** The fleets on record, by name; what waits to be deleted first. */
export function recordsIn(state: State): Command["before"] {
  const fleets = fleetsIn(state).toSorted((one, other) => Number(other.delete) - Number(one.delete));
  return recordsByName(fleets.map((each) => [nameOf(each), recordOf(openSecrets(each.outputs))] as const));
}

/**
 * The inputs as they were checked, with the preview that the user was shown: it stands in the inputs of what went well,
 * and in the outputs of what ended part-way. Of what did not come back nothing is on record: there a preview can have
 * told of everything that is declared.
 */
export function checkedIn(
  state: State,
  declared: ReadonlyMap<string, Values>,
  died: boolean,
  ok: boolean,
): Map<string, Values> {
  const fleets = new Map(fleetsIn(state).map((each) => [nameOf(each), each]));
  return new Map(
    [...declared].map(([name, inputs]) => {
      const fleet = fleets.get(name);
      const isPartly = (fleet?.initErrors.length ?? 0) > 0;
      const preview = isPartly ? fleet?.outputs.preview : ok && !died ? fleet?.inputs.preview : everything;
      return [name, { ...inputs, preview: preview ?? everything }];
    }),
  );
}

/** The steps of the fleets, and how each ended. */
export function stepsOf(result: RunResult, state: State, died: boolean, forced: readonly string[]): Step[] {
  const fleets = new Map(fleetsIn(state).map((each) => [nameOf(each), each]));
  return result.steps.flatMap(({ op, type, name }): Step[] => {
    const kind = kinds[op];
    if (kind === undefined || !type.endsWith(TYPE)) return [];
    return [
      { name, op: kind, end: endOf(kind, fleets.get(name), result.ok, died), forced: forced.includes(name) },
    ];
  });
}

const TYPE = "hologram:SimActivation";

const kinds: Partial<Record<RunResult["steps"][number]["op"], Step["op"]>> = {
  same: "same",
  create: "create",
  update: "update",
  "create-replacement": "replace",
  "delete-replaced": "delete",
  delete: "delete",
};

const MANY = Number.MAX_SAFE_INTEGER;
const everything = {
  activate: MANY,
  adopt: MANY,
  resume: MANY,
  changePlan: MANY,
  changeLimits: MANY,
  release: MANY,
  simCount: MANY,
  dueNow: 0,
};

function endOf(op: Step["op"], fleet: ResourceState | undefined, ok: boolean, died: boolean): Step["end"] {
  if (ok) return "done";
  if (op === "delete") return fleet === undefined ? "done" : "failed";
  if (fleet === undefined) return died ? "under way" : "failed";
  if (fleet.initErrors.length > 0) return "partly";
  return died ? "under way" : "done";
}

function fleetsIn({ resources }: State): ResourceState[] {
  return resources.filter(({ type }) => type.endsWith(TYPE));
}

function nameOf({ urn }: ResourceState): string {
  return urn.split("::").at(-1) ?? "";
}
