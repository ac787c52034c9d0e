/** What the real engine did, read from its own logs. */
import { existsSync, readFileSync } from "node:fs";
import type {
  Diagnostic,
  PropertyMap,
  ProviderCall,
  ProviderMethod,
  Step,
  StepOp,
} from "../../../provider/testing/engine";

interface StepMetadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly new: { readonly outputs: PropertyMap } | null;
}

interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: StepMetadata };
  readonly resOutputsEvent?: { readonly metadata: StepMetadata };
  readonly diagnosticEvent?: {
    readonly urn?: string;
    readonly message: string;
    readonly severity: string;
    readonly ephemeral?: boolean;
  };
}

interface GrpcEntry {
  readonly method: string;
  readonly progress: string;
  readonly request?: { readonly urn?: string; readonly engineAddress?: string };
}

export interface EventLog {
  readonly steps: Step[];
  readonly diagnostics: Diagnostic[];
  /** Stack outputs as the newest event shows them; secrets are hidden. */
  readonly outputs: PropertyMap;
}

/** Reads a file of one JSON value per line; a missing file is empty, and so is a line that a kill cut off. */
function readLines<Entry>(path: string): Entry[] {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  return text.split("\n").flatMap((line): Entry[] => {
    try {
      return line === "" ? [] : [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}

const operations: ReadonlySet<string> = new Set([
  "same",
  "create",
  "update",
  "replace",
  "create-replacement",
  "delete-replaced",
  "delete",
  "read",
  "refresh",
]);

function isStepOp(op: string): op is StepOp {
  return operations.has(op);
}

/** Reads the event log, which holds the last phase that ran. */
export function readEventLog(path: string): EventLog {
  const events = readLines<EngineEvent>(path);
  const shown = events.flatMap(({ resourcePreEvent }) =>
    resourcePreEvent ? [resourcePreEvent.metadata] : [],
  );
  const results = events.flatMap(({ resOutputsEvent }) =>
    resOutputsEvent ? [resOutputsEvent.metadata] : [],
  );
  const found = new Map(results.map(({ urn, op }) => [urn, op]));
  const stack = results.findLast(({ type }) => type === "pulumi:pulumi:Stack");
  return {
    steps: shown
      .filter(({ urn }) => !/::pulumi:providers:[^:]+::default(_|$)/.test(urn))
      .flatMap((metadata) => {
        // A refresh tells what it found only at its end.
        const op = metadata.op === "refresh" ? (found.get(metadata.urn) ?? "refresh") : metadata.op;
        const { urn, type } = metadata;
        return isStepOp(op) ? [{ op, urn, type, name: urn.split("::").slice(3).join("::") }] : [];
      }),
    diagnostics: events.flatMap(({ diagnosticEvent }) =>
      diagnosticEvent ? readDiagnostic(diagnosticEvent) : [],
    ),
    outputs: stack?.new?.outputs ?? {},
  };
}

function readDiagnostic(event: NonNullable<EngineEvent["diagnosticEvent"]>): Diagnostic[] {
  const severity = event.severity.replace("info#err", "info");
  if (severity !== "info" && severity !== "warning" && severity !== "error") {
    return [];
  }
  const about = event.urn === undefined || event.urn === "" ? {} : { urn: event.urn };
  const ephemeral = event.ephemeral === true ? { ephemeral: true } : {};
  return [{ severity, message: event.message.trimEnd(), ...about, ...ephemeral }];
}

const methods: ReadonlyMap<string, ProviderMethod> = new Map([
  ["Check", "check"],
  ["Diff", "diff"],
  ["Create", "create"],
  ["Read", "read"],
  ["Update", "update"],
  ["Delete", "delete"],
]);

/**
 * Reads the calls of provider processes. Every phase has its own engine address; `phases` tells which of them, in
 * order, are previews.
 */
export function readCalls(path: string, phases: readonly boolean[]): ProviderCall[] {
  const service = "/pulumirpc.ResourceProvider/";
  const addresses: string[] = [];
  return readLines<GrpcEntry>(path).flatMap(({ method, progress, request }): ProviderCall[] => {
    if (!method.startsWith(service) || progress !== "request_started") {
      return [];
    }
    const address = request?.engineAddress;
    if (address !== undefined && !addresses.includes(address)) {
      addresses.push(address);
    }
    const name = methods.get(method.slice(service.length));
    const urn = request?.urn === undefined ? {} : { urn: request.urn };
    return name === undefined
      ? []
      : [{ method: name, ...urn, preview: phases[addresses.length - 1] ?? false }];
  });
}
