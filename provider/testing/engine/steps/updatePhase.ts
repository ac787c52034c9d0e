/** The update: runs the program, does what it registers, then deletes what it did not register. */

import { Bail } from "../decide/providerQueries";
import type { ResourceState } from "../engineContract";
import { type Program, startProgram } from "../processes/programProcess";
import { addMonitorService } from "../protocol/monitor";
import { isSecret, openSecrets, type PropertyMap } from "../protocol/propertyValues";
import { stackType } from "../protocol/urn";
import { condemnedResources, deleteResources } from "./deletePhase";
import type { PhaseParts } from "./phaseParts";
import { type Chain, Registrar } from "./registrar";
import { StepFailed, Stopped } from "./stepErrors";

/** How long a program may take to end once its monitor is shut down. */
const programEndMilliseconds = 5000;

/** Runs the phase; resolves with the stack outputs. */
export async function runUpdate(parts: PhaseParts): Promise<PropertyMap> {
  const { gate, recorder, runner, snapshot } = parts;
  const states = new Map<string, ResourceState>();
  const registered = deferred();
  const over = deferred();
  let outputs: PropertyMap | undefined;

  const start = async (urn: string, chain: Chain): Promise<ResourceState> => {
    const state = await gate.run(chain);
    states.set(urn, state);
    return state;
  };
  const registrar = new Registrar(parts, runner, start);
  /** A registration that fails is not answered before everything is over: the program would go on without it. */
  const answered = <T>(work: Promise<T>): Promise<T> => {
    const closed = gate.closed
      .then(() => over.promise)
      .then(() => Promise.reject(new Bail("the operation is over")));
    const reported = work.catch((error) => {
      if (!(error instanceof Bail) && !(error instanceof StepFailed) && !(error instanceof Stopped)) {
        recorder.error(error instanceof Error ? error.message : String(error));
      }
      gate.close();
      return closed;
    });
    return Promise.race([reported, closed]);
  };

  addMonitorService(parts.server, parts.preview, {
    register: (goal) => answered(registrar.register(goal)),
    read: (goal, id) => answered(registrar.read(goal, id)),
    outputs: async (urn, values) => {
      const state = states.get(urn);
      if (state?.type === stackType) {
        outputs = values;
      } else if (state !== undefined) {
        snapshot.change(state, { outputs: values });
        await snapshot.write();
      }
    },
    complete: () => {
      registered.resolve();
      return over.promise;
    },
  });
  const program = startTheProgram(parts);
  gate.onEnd(async (end) => {
    if (end === "provider") {
      return false;
    }
    await program.kill();
    return true;
  });
  await Promise.race([
    registered.promise,
    gate.closed,
    program.ended.then((reason) => programEnded(parts, reason)),
  ]);
  await gate.idle();
  if (!gate.isClosed) {
    await deleteResources(
      parts,
      condemnedResources(parts, (urn) => registrar.isOperated(urn)),
      registrar.deleted,
    );
  }
  const old = parts.base.resources.find(({ type }) => type === stackType)?.outputs ?? {};
  const failed = gate.isClosed || gate.hasFailed || recorder.failed;
  // After a failure an output may be missing for any reason, so the old value stays.
  const final = failed ? { ...old, ...outputs } : (outputs ?? old);
  const stack = [...states.values()].find(({ type }) => type === stackType);
  if (stack !== undefined) {
    snapshot.change(stack, { outputs: final });
  }
  await snapshot.write();
  over.resolve();
  await endProgram(program);
  return final;
}

function startTheProgram(parts: PhaseParts): Program {
  const { config, recorder } = parts;
  const texts = Object.entries(openSecrets(config)).map(([key, value]) => [key, String(value)]);
  return startProgram({
    program: parts.program,
    project: parts.project,
    stack: parts.stack,
    root: parts.directory,
    address: parts.address,
    preview: parts.preview,
    parallel: parts.parallel,
    config: Object.fromEntries(texts),
    secretKeys: Object.keys(config).filter((key) => isSecret(config[key])),
    env: parts.env,
    print: (message) => recorder.diagnose({ severity: "info", message }),
  });
}

function programEnded({ gate, recorder }: PhaseParts, reason: string | undefined): void {
  if (reason === undefined) {
    return;
  }
  recorder.failed = true;
  if (reason !== "reported" && !gate.isClosed) {
    recorder.error(`an unhandled error occurred: ${reason}`);
  }
  gate.close();
}

async function endProgram(program: Program): Promise<void> {
  const timer = setTimeout(() => program.kill(), programEndMilliseconds);
  await program.ended;
  clearTimeout(timer);
}

function deferred(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}
