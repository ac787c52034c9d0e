/** One phase of an operation, preview or not: its server, its processes, and how it ends. */

import { dirname, resolve } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { Providers } from "../processes/providers";
import { addEngineService } from "../protocol/engineService";
import { equalValues, type PropertyMap } from "../protocol/propertyValues";
import { channelOptions } from "../protocol/rpc";
import { stackType } from "../protocol/urn";
import { Snapshot } from "../state/snapshot";
import { deleteResources } from "./deletePhase";
import type { PhaseParts, PhaseSettings } from "./phaseParts";
import { isDefaultProvider } from "./recorder";
import { refreshResources } from "./refreshPhase";
import { Runner } from "./runner";
import { Gate } from "./stepGate";
import { runUpdate } from "./updatePhase";

/** Starts a phase. `gate` stops it, `done` resolves with the stack outputs; errors are in the recorder. */
export function startPhase(settings: PhaseSettings): {
  readonly gate: Gate;
  readonly done: Promise<PropertyMap>;
} {
  const gate = new Gate(settings.parallel);
  return { gate, done: runPhase(settings, gate) };
}

async function runPhase(settings: PhaseSettings, gate: Gate): Promise<PropertyMap> {
  const { recorder, preview, base } = settings;
  const server = new grpc.Server(channelOptions);
  addEngineService(server, (diagnostic) => recorder.diagnose(diagnostic));
  const snapshot = new Snapshot(
    settings.clearPendingCreates ? { ...base, pendingOperations: [] } : base,
    settings.save,
  );
  let providers: Providers | undefined;
  try {
    warnOfPending(settings);
    const address = await listen(server);
    providers = new Providers({
      folder: dirname(resolve(settings.program)),
      project: settings.project,
      engineAddress: address,
      env: settings.env,
      print: (message) => recorder.diagnose({ severity: "info", message }),
      called: (method, urn) => recorder.call(method, urn),
    });
    gate.onEnd(providers.end.bind(providers));
    startEarly(settings, providers);
    const shared = { ...settings, snapshot, providers };
    const parts: PhaseParts = { ...shared, server, address, gate, runner: new Runner(shared) };
    const outputs = await work(parts);
    if (gate.hasFailed) {
      recorder.error(`${preview ? "preview" : "update"} failed`);
    } else if (gate.isCancelled) {
      recorder.error(`${preview ? "preview" : "update"} canceled`);
    }
    return outputs;
  } catch (error) {
    recorder.error(error instanceof Error ? error.message : String(error));
    return {};
  } finally {
    gate.close();
    if (gate.ended !== "engine") {
      await providers?.close();
    }
    server.forceShutdown();
  }
}

async function work(parts: PhaseParts): Promise<PropertyMap> {
  const { base, kind, snapshot } = parts;
  switch (kind) {
    case "update":
      return runUpdate(parts);
    case "refresh":
      await refreshResources(parts);
      break;
    case "destroy":
      await deleteResources(parts, base.resources, new Set());
      await snapshot.write();
  }
  return snapshot.state().resources.find(({ type }) => type === stackType)?.outputs ?? {};
}

/** A default provider that the state knows is needed again in all likelihood: it starts while the program does. */
function startEarly({ base, kind, config }: PhaseSettings, providers: Providers): void {
  const old = base.resources.find(({ urn }) => isDefaultProvider(urn));
  if (kind === "update" && old !== undefined && equalValues(old.inputs, config)) {
    providers.load(`${old.urn}::${old.id}`, old.inputs);
  }
}

function warnOfPending({ base, preview, recorder, kind }: PhaseSettings): void {
  const pending = base.pendingOperations;
  if (pending.length === 0 || preview || kind === "refresh") {
    return;
  }
  const list = pending
    .map(({ type, resource }) => `  * ${resource.urn}, interrupted while ${type}\n`)
    .join("");
  recorder.diagnose({
    severity: "warning",
    message:
      `Attempting to deploy or update resources with ${pending.length} pending operations from previous deployment.\n${list}` +
      "These resources are in an unknown state because the engine was interrupted while waiting for changes to these " +
      "resources to complete. You should confirm whether or not the operations listed completed successfully by " +
      "checking the state of the appropriate provider.",
  });
}

/** Binds a free port of the loopback interface; the server answers at once. */
function listen(server: grpc.Server): Promise<string> {
  return new Promise((resolvePort, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolvePort(`127.0.0.1:${port}`) : reject(error),
    );
  });
}
