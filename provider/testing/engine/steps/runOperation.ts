/** One operation of a user: its phases, one after the other, and the result. */
import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import type { OperationOptions, RunResult, StackOptions, State } from "../engineContract";
import { containsUnknown, makeSecret, openSecrets, type PropertyMap } from "../protocol/propertyValues";
import { headingText, type PhaseTitle, phaseText } from "./display";
import { startPhase } from "./phase";
import { Recorder } from "./recorder";
import type { Gate } from "./stepGate";

export type OperationKind = "preview" | "up" | "refresh" | "destroy";

export interface OperationSettings {
  readonly kind: OperationKind;
  readonly options: OperationOptions;
  readonly stack: StackOptions & { readonly project: string; readonly stack: string };
  readonly base: State;
  readonly save: (state: State) => Promise<void>;
  /** Told of the gate of each phase as it starts. */
  readonly started: (gate: Gate) => void;
}

/** Runs the preview and, where that went well, the change itself. */
export async function runOperation(operation: OperationSettings): Promise<RunResult> {
  const settings = { ...operation, stack: { ...operation.stack, env: commandEnv(operation.stack.env) } };
  const { kind, options } = settings;
  const previews = kind === "preview" ? [true] : options.preview === false ? [false] : [true, false];
  const recorders: Recorder[] = [];
  const texts: string[] = [];
  let outputs: PropertyMap = {};
  for (const preview of previews) {
    const recorder = new Recorder(preview, settings.stack.log ?? (() => undefined));
    recorders.push(recorder);
    const heading = headingText(titleOf(kind), preview, settings.stack.stack);
    settings.stack.log?.(heading);
    outputs = await runPhase(settings, preview, recorder);
    const text = phaseText(heading, preview, recorder, outputs);
    texts.push(text);
    if (recorder.failed) {
      break;
    }
  }
  const known = Object.entries(openSecrets(outputs)).filter(([, value]) => !containsUnknown(value));
  return {
    ok: recorders.every(({ failed }) => !failed),
    steps: recorders.at(-1)?.steps.map(({ op, urn, type, name }) => ({ op, urn, type, name })) ?? [],
    calls: recorders.flatMap(({ calls }) => calls),
    outputs: Object.fromEntries(known),
    diagnostics: recorders.at(-1)?.diagnostics ?? [],
    text: texts.join("\n"),
  };
}

async function runPhase(
  settings: OperationSettings,
  preview: boolean,
  recorder: Recorder,
): Promise<PropertyMap> {
  const { kind, options, stack } = settings;
  const config = Object.entries(stack.config ?? {}).map(([key, value]): [string, PropertyMap[string]] => [
    key,
    typeof value === "string" ? value : makeSecret(value.value),
  ]);
  const phase = startPhase({
    kind: kind === "refresh" || kind === "destroy" ? kind : "update",
    preview,
    program: stack.program,
    project: stack.project,
    stack: stack.stack,
    directory: stack.directory,
    env: stack.env ?? {},
    config: Object.fromEntries(config),
    base: settings.base,
    save: preview ? undefined : settings.save,
    recorder,
    parallel: options.parallel ?? availableParallelism() * 4,
    replace: new Set(options.replace),
    clearPendingCreates: options.clearPendingCreates ?? false,
  });
  settings.started(phase.gate);
  return phase.done;
}

/**
 * Identifies the command to the program and the providers of both phases. The Pulumi CLI sets this variable to the
 * address of its log receiver, a new one for each command (seen with 3.255.0). Here nothing listens; the SDK never
 * connects to it.
 */
function commandEnv(env: StackOptions["env"]): Readonly<Record<string, string>> {
  return { ...env, PULUMI_LOG_OTLP_ENDPOINT: `embedded-engine:${randomUUID()}` };
}

function titleOf(kind: OperationKind): PhaseTitle {
  switch (kind) {
    case "refresh":
      return { noun: "refresh", doing: "Refreshing" };
    case "destroy":
      return { noun: "destroy", doing: "Destroying" };
    default:
      return { noun: "update", doing: "Updating" };
  }
}
