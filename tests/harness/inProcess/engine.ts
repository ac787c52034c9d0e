/**
 * An engine for stories of whole programs without any process of their own: the real constructors and the real provider
 * in this process, on a clock that the test moves. It knows what these stories need of Pulumi's engine (saved plans and
 * targets too), and is held to the other engines by the stories that run on all of them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Session } from "../../../provider/dynamic/host/session";
import type {
  ConfigValue,
  Diagnostic,
  Engine,
  OperationOptions,
  RunResult,
  StackHandle,
  StackOptions,
} from "../../../provider/testing/engine";
import type { FleetProgram } from "../programs/declaredFleets";
import { Timeline } from "../provider/providerClock";
import { methodsOf, type Provider } from "../provider/providerHarness";
import type { Values } from "../provider/providerReport";
import { EngineLog } from "../provider/providerRows";
import { type Kept, readPlan, savePlan, stateOf } from "./kept";
import { Phase } from "./phase";

/** An engine whose stacks live on a clock of its own. */
export interface InProcessEngine extends Engine {
  readonly timeline: Timeline;
}

export function inProcessEngine(): InProcessEngine {
  const timeline = new Timeline();
  return {
    ...{ kind: "embedded", version: "in one process", timeline },
    stack: async (options) => new InProcessStack(options, timeline),
  };
}

/** Puts a resource into a stack of this engine, as if another package, or an older one, had left it. */
export function inject(stack: StackHandle, kept: Kept): void {
  if (!(stack instanceof InProcessStack)) throw new Error("a stack of another engine");
  stack.inject([kept]);
}

type Kind = "preview" | "up" | "refresh" | "destroy";

let commands = 0;

class InProcessStack implements StackHandle {
  #kept: readonly Kept[] = [];
  #env: Readonly<Record<string, string>>;
  #config: Readonly<Record<string, ConfigValue>>;

  constructor(
    private readonly options: StackOptions,
    private readonly timeline: Timeline,
  ) {
    this.#env = options.env ?? {};
    this.#config = options.config ?? {};
  }

  preview(options?: OperationOptions): Promise<RunResult> {
    return this.#operate("preview", options);
  }

  up(options?: OperationOptions): Promise<RunResult> {
    return this.#operate("up", options);
  }

  refresh(options?: OperationOptions): Promise<RunResult> {
    return this.#operate("refresh", options);
  }

  destroy(options?: OperationOptions): Promise<RunResult> {
    return this.#operate("destroy", options);
  }

  inject(kept: readonly Kept[]): void {
    this.#kept = kept;
  }

  async export() {
    return stateOf(this.#kept);
  }

  async exportText(): Promise<string> {
    return JSON.stringify(stateOf(this.#kept));
  }

  async setConfig(config: Readonly<Record<string, ConfigValue>>): Promise<void> {
    this.#config = config;
  }

  setEnv(env: Readonly<Record<string, string>>): void {
    this.#env = env;
  }

  async kill(): Promise<boolean> {
    return false;
  }

  async cancel(): Promise<void> {}

  async close(): Promise<void> {}

  async #operate(kind: Kind, options: OperationOptions = {}): Promise<RunResult> {
    const flags = flagsOf(options);
    const skips = options.preview === false || kind === "refresh";
    const previews = kind === "preview" ? [true] : skips ? [false] : [true, false];
    // What the CLI gives all processes of one command, and to each command anew.
    const command = { PULUMI_LOG_OTLP_ENDPOINT: `127.0.0.1:${40_000 + commands++}` };
    const phases: Played[] = [];
    for (const preview of previews) {
      const played = await this.#phase(kind, preview, options, command);
      phases.push(played);
      if (!preview) this.#kept = played.phase.kept;
      if (played.phase.failed) break;
    }
    const last = phases.at(-1);
    if (last === undefined) throw new Error("a command has a phase");
    if (flags.savePlan !== undefined && !last.phase.failed) savePlan(flags.savePlan, last.phase.planned);
    writeFileSync(join(this.options.directory, "state.json"), await this.exportText());
    return {
      ok: !last.phase.failed,
      steps: last.phase.steps,
      calls: [],
      outputs: outputsOf(last.phase, this.#kept),
      diagnostics: [...last.lines, ...last.phase.errors],
      text: phases.map(textOf).join("\n"),
    };
  }

  async #phase(
    kind: Kind,
    preview: boolean,
    options: OperationOptions,
    command: Readonly<Record<string, string>>,
  ): Promise<Played> {
    const log = await EngineLog.start();
    const own = process.env;
    const env = { ...own, ...this.#env, ...command };
    process.env = env;
    process.argv.push(log.address);
    try {
      const { plan, targets, refresh } = flagsOf(options);
      const settings = Object.entries(this.#config);
      const phase = new Phase(
        {
          preview,
          config: Object.fromEntries(
            settings.map(([key, value]) => [key, typeof value === "string" ? value : value.value]),
          ),
          secretKeys: settings.flatMap(([key, value]) => (typeof value === "string" ? [] : [key])),
          startProvider: (config) => startProvider(env, this.timeline, config),
          replace: new Set(options.replace),
          targets: new Set(targets),
          plan: plan === undefined ? undefined : readPlan(plan),
        },
        this.#kept,
      );
      if (kind === "refresh" || refresh) await phase.refresh();
      if (kind === "destroy") await phase.destroy();
      else if (kind !== "refresh" && !phase.failed) await phase.update(this.#program());
      return { phase, lines: [...log.lines] };
    } finally {
      process.argv.splice(process.argv.lastIndexOf(log.address), 1);
      process.env = own;
      log.close();
    }
  }

  #program(): FleetProgram {
    return JSON.parse(readFileSync(this.#env.FLEETS ?? "", "utf8"));
  }
}

interface Played {
  readonly phase: Phase;
  readonly lines: readonly Diagnostic[];
}

/** What a provider process of one phase is made of. */
function startProvider(
  env: NodeJS.ProcessEnv,
  timeline: Timeline,
  config: Readonly<Record<string, string>>,
): Provider {
  const provider = methodsOf(new Session(env, timeline.provider));
  const get = (key: string): string | undefined => config[key];
  const require = (key: string): string => get(key) ?? "";
  void provider.configure({ config: { get, require } });
  return provider;
}

function flagsOf({ args = [] }: OperationOptions) {
  const after = (flag: string): string[] =>
    args.flatMap((arg, place) => (arg === flag ? (args[place + 1] ?? []) : []));
  return {
    plan: after("--plan")[0],
    savePlan: after("--save-plan")[0],
    targets: after("--target"),
    refresh: args.includes("--refresh"),
  };
}

/** `previews` and `results`, as the program exports them. */
function outputsOf(phase: Phase, kept: readonly Kept[]): RunResult["outputs"] {
  const byName = (each: (urn: string, name: string) => Values | undefined) =>
    Object.fromEntries(
      phase.steps.flatMap(({ urn, name }) => {
        const found = each(urn, name);
        return found === undefined ? [] : [[name, found]];
      }),
    );
  const preview = byName((urn) => {
    const value = phase.planned[urn]?.inputs.preview;
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  });
  const results = byName(
    (urn) => kept.find((each) => each.registration.urn === urn && !each.delete)?.outputs,
  );
  return JSON.parse(JSON.stringify({ previews: preview, results }));
}

/** Rows with the newest line about each, then what stays. */
function textOf({ phase, lines }: Played): string {
  const rows = phase.steps.map(({ op, urn, name }) => {
    const row = lines.findLast((line) => line.ephemeral === true && line.urn === urn);
    return `${op} ${name} ${row?.message ?? ""}`;
  });
  const lasting = lines.filter(({ ephemeral }) => ephemeral !== true).map(({ message }) => message);
  return [...rows, ...lasting, ...phase.errors.map(({ message }) => message)].join("\n");
}
