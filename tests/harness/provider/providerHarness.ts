import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { dynamic } from "@pulumi/pulumi";
import { handler } from "../../../provider/dynamic";
import { Session } from "../../../provider/dynamic/host/session";
import { PartialFailure } from "../../../provider/dynamic/wire/partialFailure";
import { CommandNotes, commandOf, type Note } from "../../../provider/journal/commandNotes";
import { journalFolder } from "../../../provider/journal/folder";
import { PROVIDER_TEXT, SIM_ACTIVATION_TYPE } from "../../../provider/resources/providerText";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../provider/testing/emulator";
import { DEFAULT_KEY } from "../../../provider/testing/emulator/control/testControls";
import { attempt, cross, withProvider } from "./providerBoundary";
import { Timeline } from "./providerClock";
import { Report, type Values } from "./providerReport";
import { EngineLog } from "./providerRows";

/** Where the provider tells what it does: an engine's log at an address. */
export type RowLog = Pick<EngineLog, "address" | "lines" | "close">;

/** A resource as the engine keeps it. */
export interface Resource {
  readonly name: string;
  readonly id: string;
  inputs: Values;
  outputs: Values;
  /** The last create or update ended part-way: the next `up` calls `update` even where `diff` finds nothing. */
  failed: boolean;
}

export type Program = Readonly<Record<string, Values>>;

export interface OperationOptions {
  /** In the provider process of the operation before; otherwise, as with the engine, each has its own. */
  readonly sameProcess?: boolean;
  /** Resources to replace whatever `diff` says, as `up --replace` does. */
  readonly replace?: readonly string[];
  /** `up --skip-preview`: the update phase alone. */
  readonly skipPreview?: boolean;
  /** What happens to the account between the preview phase and the update phase of one `up`. */
  readonly between?: () => unknown;
}

export type Provider = Required<
  Pick<dynamic.ResourceProvider, "configure" | "check" | "diff" | "create" | "read" | "update" | "delete">
>;

/**
 * Drives the dynamic provider in this process as Pulumi's engine would, against an emulated account: which method is
 * called when, with which inputs and outputs, and what is kept of the answers (pkg/resource/deploy/step_generator.go
 * and step.go). All that crosses the boundary must be plain JSON, as it would have to be on the wire.
 */
export class FleetHarness {
  readonly timeline: Timeline;
  readonly environment: Record<string, string | undefined>;
  /** Stack configuration, or the arguments of an explicit provider. */
  config: Readonly<Record<string, string>> = {};
  readonly resources: Resource[] = [];
  private readonly pendingDeletes: Resource[] = [];
  private process: Provider | undefined;
  private commands = 0;

  protected constructor(
    readonly emulator: Emulator,
    protected readonly log: RowLog,
    timeline: Timeline,
  ) {
    this.timeline = timeline;
    this.environment = {
      HOLOGRAM_API_KEY: ownKey(emulator),
      HOLOGRAM_BASE_URL: emulator.url,
      HOLOGRAM_JOURNAL: mkdtempSync(join(tmpdir(), "hologram-journal-")),
    };
    process.argv.push(log.address);
  }

  /** States settle at once unless the behaviour says otherwise. `clockAheadMs`: how far the account's clock is ahead. */
  static async start({
    clockAheadMs = 0,
    ...options
  }: EmulatorOptions & { readonly clockAheadMs?: number } = {}): Promise<FleetHarness> {
    const timeline = new Timeline();
    const behaviour = { settleReads: 0, ...options.behaviour };
    const clock = { ...timeline.emulator, now: () => timeline.emulator.now() + clockAheadMs };
    const emulator = await startEmulator({ clock, ...options, behaviour });
    return new FleetHarness(emulator, await EngineLog.start(), timeline);
  }

  async close(): Promise<void> {
    const place = process.argv.lastIndexOf(this.log.address);
    if (place >= 0) process.argv.splice(place, 1);
    this.log.close();
    await this.emulator.close();
    rmSync(this.journal, { recursive: true, force: true });
  }

  /** The journal's folder: another one is another machine. */
  get journal(): string {
    return this.environment.HOLOGRAM_JOURNAL ?? "";
  }

  /** `pulumi preview` of a program of one resource, `fleet`. */
  preview(inputs: Values, options?: OperationOptions): Promise<Report> {
    return this.previewProgram({ fleet: inputs }, options);
  }

  /** `pulumi up` of a program of one resource, `fleet`. What is reported is its update phase. */
  up(inputs: Values, options?: OperationOptions): Promise<Report> {
    return this.upProgram({ fleet: inputs }, options);
  }

  previewProgram(program: Program, options: OperationOptions = {}): Promise<Report> {
    this.beginCommand();
    return this.previewPhase(program, options);
  }

  async upProgram(program: Program, options: OperationOptions = {}): Promise<Report> {
    this.beginCommand();
    if (!options.skipPreview) {
      const { process } = this;
      const report = await this.previewPhase(program, { ...options, sameProcess: false });
      if (options.sameProcess) this.process = process;
      if (!report.succeeded) return report;
      await options.between?.();
    }
    return this.operation(options, async (report, provider) => {
      const steps: Promise<void>[] = [];
      const condemned: Resource[] = [];
      this.announce(program, false);
      await this.register(report, provider, program, options, false, (step) => {
        if (step.op === "replace") condemned.push(step.old);
        steps.push(this.carryOut(report, provider, step));
      });
      await Promise.all(steps);
      condemned.push(...this.pendingDeletes.splice(0));
      if (!report.succeeded) {
        // What was replaced before a failure is deleted by the next update.
        this.pendingDeletes.push(...condemned.filter((old) => !this.resources.includes(old)));
        return;
      }
      this.note({ kind: "end", isPreview: false, atMs: 0 });
      condemned.push(...this.resources.filter(({ name }) => !(name in program)));
      for (const resource of condemned) await this.remove(report, provider, resource);
    });
  }

  private previewPhase(program: Program, options: OperationOptions): Promise<Report> {
    return this.operation(options, async (report, provider) => {
      this.announce(program, true);
      await this.register(report, provider, program, options, true);
      this.note({ kind: "end", isPreview: true, atMs: 0 });
    });
  }

  /** What the constructors of a program note when it runs. */
  private announce(program: Program, isPreview: boolean): void {
    for (const [name, { simRange, sims, eidRange }] of Object.entries(program)) {
      const declared = simRange ?? sims ?? eidRange;
      const known = typeof declared === "string" || Array.isArray(declared) ? { sims: declared } : {};
      this.note({ kind: "fleet", isPreview, urn: urnOf(name), atMs: 0, ...known });
    }
  }

  private note(note: Note): void {
    try {
      new CommandNotes(journalFolder(this.environment), commandOf(this.environment) ?? "").write(note);
    } catch {
      // As in a program: a journal that cannot be written stops nobody.
    }
  }

  /** Each command has a name of its own, which all its processes share. */
  private beginCommand(): void {
    this.environment.PULUMI_LOG_OTLP_ENDPOINT = `127.0.0.1:${++this.commands}`;
  }

  /** `pulumi refresh`. `report.changes` names what the engine would show as changed. */
  refresh(options: OperationOptions = {}): Promise<Report> {
    this.beginCommand();
    return this.operation(options, async (report, provider) => {
      for (const resource of this.resources) {
        await attempt(report, async () => {
          const read = await provider.read(resource.id, cross(resource.outputs));
          const outputs = withProvider(read.props, resource.outputs);
          const inputs =
            read.inputs === undefined ? resource.inputs : withProvider(read.inputs, resource.outputs);
          // Swapped roles: what was read stands for the old side, the program's old inputs for the new.
          const answer = await provider.diff(resource.id, cross(outputs), cross(resource.inputs));
          report.steps.push({ name: resource.name, op: answer.changes ? "update" : "same" });
          Object.assign(resource, { inputs, outputs, failed: false });
        });
      }
    });
  }

  /** `pulumi destroy`. */
  destroy(options: OperationOptions = {}): Promise<Report> {
    this.beginCommand();
    return this.operation(options, async (report, provider) => {
      for (const resource of [...this.resources].reverse()) await this.remove(report, provider, resource);
    });
  }

  find(name = "fleet"): Resource | undefined {
    return this.resources.find((resource) => resource.name === name);
  }

  outputs(name = "fleet"): Values {
    const resource = this.find(name);
    assert(resource, `state holds no ${name}`);
    return resource.outputs;
  }

  /** Throws away what the next operation would remember of the last: a provider process of its own. */
  newProcess(): Provider {
    this.process = this.startProcess();
    const { configure } = this.process;
    const get = (key: string): string | undefined => this.config[key];
    const require = (key: string): string => get(key) ?? assert.fail(`${key} is not configured`);
    void configure({ config: { get, require } });
    return this.process;
  }

  /** What a provider process is made of. */
  protected startProcess(): Provider {
    return methodsOf(new Session(this.environment, this.timeline.provider));
  }

  private async operation(
    options: OperationOptions,
    work: (report: Report, provider: Provider) => Promise<void>,
  ): Promise<Report> {
    const report = new Report();
    const [request, line] = [this.emulator.requests.length, this.log.lines.length];
    const provider = options.sameProcess && this.process ? this.process : this.newProcess();
    await work(report, provider);
    report.requests = this.emulator.requests.slice(request);
    report.lines = this.log.lines.slice(line);
    return report;
  }

  /** `check`, `diff` and the decision, one resource after the other; steps begin while the next is being decided. */
  private async register(
    report: Report,
    provider: Provider,
    program: Program,
    options: OperationOptions,
    isPreview: boolean,
    begin: (step: Decided) => void = () => undefined,
  ): Promise<void> {
    for (const [name, declared] of Object.entries(program)) {
      await attempt(report, async () => {
        const step = await this.decide(report, provider, name, { ...declared, __dry: isPreview }, options);
        if (step === undefined) return;
        report.steps.push({ name, op: step.op });
        begin(step);
      });
      if (!report.succeeded) return;
    }
  }

  private async decide(
    report: Report,
    provider: Provider,
    name: string,
    declared: Values,
    options: OperationOptions,
  ): Promise<Decided | undefined> {
    const news = cross({ ...declared, __provider: PROVIDER_TEXT, __urn: urnOf(name) });
    const old = this.find(name);
    const checked = await provider.check(cross(old?.inputs ?? {}), news);
    let inputs = cross(checked.inputs);
    report.checked[name] = inputs;
    for (const { property, reason } of checked.failures ?? []) {
      assert.equal(property, "", "a failure that names a property prints its whole value");
      report.failures.push(reason);
    }
    if (!report.succeeded) return undefined;
    if (old === undefined) return { op: "create", name, inputs };
    const answer = await provider.diff(old.id, cross(old.outputs), inputs);
    assert.equal(
      typeof answer.changes,
      "boolean",
      "the engine would compare __provider and prices by itself",
    );
    assert.equal(answer.deleteBeforeReplace, false);
    if (answer.replaces?.length || options.replace?.includes(name)) {
      inputs = cross((await provider.check({}, news)).inputs);
      report.checked[name] = inputs;
      return { op: "replace", name, inputs, old };
    }
    return { op: answer.changes || old.failed ? "update" : "same", name, inputs, old };
  }

  private async carryOut(report: Report, provider: Provider, step: Decided): Promise<void> {
    const { name, inputs } = step;
    await attempt(report, async () => {
      switch (step.op) {
        case "same":
          // The new inputs are stored beside the old outputs.
          step.old.inputs = inputs;
          return;
        case "update": {
          const { old } = step;
          const failure = await this.partly(report, async () => {
            const { outs } = await provider.update(old.id, cross(old.outputs), cross(inputs));
            Object.assign(old, { inputs, outputs: withProvider(outs, inputs), failed: false });
          });
          // An update that ended part-way keeps the old inputs beside the new outputs.
          if (failure) Object.assign(old, { outputs: cross(failure.properties), failed: true });
          return;
        }
        case "create":
        case "replace": {
          const failure = await this.partly(report, async () => {
            const { id, outs } = await provider.create(cross(inputs));
            assert(typeof id === "string" && id !== "");
            const outputs = withProvider(outs, inputs);
            this.put(step, { name, id, inputs, outputs, failed: false });
          });
          if (!failure) return;
          const outputs = cross(failure.properties);
          this.put(step, { name, id: failure.id, inputs, outputs, failed: true });
        }
      }
    });
  }

  private put(step: Decided, resource: Resource): void {
    const place = step.op === "replace" ? this.resources.indexOf(step.old) : -1;
    if (place >= 0) this.resources.splice(place, 1, resource);
    else this.resources.push(resource);
  }

  /** Returns the failure of an operation that ended part-way; other errors go through. */
  private async partly(report: Report, work: () => Promise<void>): Promise<PartialFailure | undefined> {
    try {
      await work();
      return undefined;
    } catch (error) {
      if (!(error instanceof PartialFailure)) throw error;
      assert(typeof error.id === "string" && error.id !== "");
      assert.equal(error.properties.__provider, PROVIDER_TEXT);
      report.reasons.push(...error.reasons);
      report.payloads.push(Buffer.byteLength(JSON.stringify([error.id, error.properties, error.reasons])));
      return error;
    }
  }

  private async remove(report: Report, provider: Provider, resource: Resource): Promise<void> {
    await attempt(report, async () => {
      report.steps.push({ name: resource.name, op: "delete" });
      await provider.delete(resource.id, cross(resource.outputs));
      const place = this.resources.indexOf(resource);
      if (place >= 0) this.resources.splice(place, 1);
    });
  }
}

type Decided =
  | { readonly op: "create"; readonly name: string; readonly inputs: Values }
  | {
      readonly op: "same" | "update" | "replace";
      readonly name: string;
      readonly inputs: Values;
      readonly old: Resource;
    };

/** The provider's own methods, every one of them. */
export function methodsOf(session: Session): Provider {
  const { configure, check, diff, create, read, update, delete: remove } = handler(session);
  assert(configure && check && diff && read && update && remove);
  return { configure, check, diff, create, read, update, delete: remove };
}

let keys = 0;

/**
 * What a process learns of an account goes by address and key, and the port may be that of an earlier test. Accounts
 * with keys of their own keep them.
 */
function ownKey(emulator: Emulator): string {
  if (emulator.apiKey !== DEFAULT_KEY) return emulator.apiKey;
  const key = `${DEFAULT_KEY}-${++keys}`;
  emulator.addKey({ key, role: "admin", orgIds: [emulator.orgId] });
  return key;
}

export function urnOf(name: string): string {
  return `urn:pulumi:test::harness::${SIM_ACTIVATION_TYPE}::${name}`;
}
