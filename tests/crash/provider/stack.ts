/**
 * A stack, driven as Pulumi's engine drives it (pkg/resource/deploy/step_generator.go and step.go): a preview phase and
 * an update phase, each with provider processes of its own, over the same public methods that the engine calls. All that
 * crosses the boundary must be plain JSON, as it would have to be on the wire.
 */
import assert from "node:assert/strict";
import { PROVIDER_TEXT } from "../../../provider/resources/providerText";
import { cross, withProvider } from "../../harness/provider/providerBoundary";
import { type Provider, urnOf } from "../../harness/provider/providerHarness";
import type { AccountView, Step, Values } from "../judge/command";
import { announce, announceEnd } from "./announce";
import { Died, type Life } from "./machine";

/** One resource of a program. */
export interface Declared {
  readonly name: string;
  readonly args: Values;
  /** Which explicit provider; 0 is the default one. */
  readonly provider: number;
  /** Is registered only when the resources before it are done. */
  readonly waits: boolean;
}

/** A resource as the engine keeps it. */
export interface Resource {
  readonly name: string;
  readonly id: string;
  readonly provider: number;
  inputs: Values;
  outputs: Values;
  /** The last create or update ended part-way: the next `up` calls `update` even where `diff` finds nothing. */
  failed: boolean;
}

export interface Options {
  readonly refreshes?: boolean;
  /** Resources to replace whatever `diff` says. */
  readonly replaces?: readonly string[];
  /** Only these; undefined: all. */
  readonly targets?: readonly string[];
  readonly parallel?: boolean;
  /** The inputs of the saved plan; with it another outcome of `check` is refused. */
  readonly plan?: ReadonlyMap<string, Values>;
}

/** What one phase did and said. */
export class Phase {
  /** What `check` made of the inputs, by resource. */
  readonly checked = new Map<string, Values>();
  /** The account at that moment. */
  readonly looks = new Map<string, AccountView>();
  readonly steps: Step[] = [];
  /** Failures of checks, errors, and reasons of what ended part-way. */
  readonly errors: string[] = [];

  constructor(private readonly look: () => AccountView) {}

  keep(name: string, inputs: Values): void {
    this.checked.set(name, inputs);
    this.looks.set(name, this.look());
  }
}

/** Who carries out the calls of one phase. */
export interface Processes {
  readonly life: Life;
  /** The process of an explicit provider, or of the default one. */
  of(provider: number): Provider;
  /** Wraps every call of a method that may change something: a process can die when it comes back. */
  returned(): void;
}

export class Stack {
  resources: Resource[] = [];
  /** Replaced, and still to be deleted. */
  condemned: Resource[] = [];

  find(name: string): Resource | undefined {
    return this.resources.find((resource) => resource.name === name);
  }

  /** The preview phase: nothing of it is kept. */
  async preview(
    program: readonly Declared[],
    processes: Processes,
    options: Options,
    phase: Phase,
  ): Promise<void> {
    const copy = new Stack();
    copy.resources = this.resources.map((each) => ({ ...each }));
    copy.condemned = [...this.condemned];
    const work = new Work(copy, phase, processes, options, true);
    if (options.refreshes) await work.refresh();
    if (phase.errors.length === 0) await work.register(program);
  }

  /** The update phase. Rejects with `Died` when its processes do; what had come back until then is kept. */
  async update(
    program: readonly Declared[],
    processes: Processes,
    options: Options,
    phase: Phase,
  ): Promise<void> {
    const work = new Work(this, phase, processes, options, false);
    if (options.refreshes) await work.refresh();
    if (phase.errors.length > 0) return;
    await work.register(program);
    if (phase.errors.length > 0) return;
    const isMeant = ({ name }: Resource): boolean => options.targets?.includes(name) ?? true;
    const gone = this.resources.filter(({ name }) => !program.some((each) => each.name === name));
    for (const resource of [...this.condemned, ...gone.reverse()].filter(isMeant))
      await work.remove(resource);
  }

  async refresh(processes: Processes, phase: Phase): Promise<void> {
    await new Work(this, phase, processes, {}, false).refresh();
  }

  async destroy(processes: Processes, phase: Phase): Promise<void> {
    const work = new Work(this, phase, processes, {}, false);
    for (const resource of [...this.condemned, ...[...this.resources].reverse()]) await work.remove(resource);
  }
}

/** A step that has been decided. */
interface Decided {
  readonly op: "same" | "create" | "update" | "replace";
  readonly declared: Declared;
  readonly inputs: Values;
  readonly old: Resource | undefined;
  readonly forced: boolean;
}

/** The work of one phase. */
class Work {
  constructor(
    private readonly stack: Stack,
    private readonly phase: Phase,
    private readonly processes: Processes,
    private readonly options: Options,
    private readonly dry: boolean,
  ) {}

  async refresh(): Promise<void> {
    for (const resource of this.stack.resources) {
      await this.attempt(async () => {
        const provider = this.processes.of(resource.provider);
        const read = await this.call(() => provider.read(resource.id, cross(resource.outputs)));
        const outputs = withProvider(read.props, resource.outputs);
        const inputs =
          read.inputs === undefined ? resource.inputs : withProvider(read.inputs, resource.outputs);
        // Swapped roles: what was read stands for the old side, the program's old inputs for the new.
        await this.call(() => provider.diff(resource.id, cross(outputs), cross(resource.inputs)));
        Object.assign(resource, { inputs, outputs, failed: false });
      });
    }
  }

  /** `check`, `diff` and the decision, one resource after the other; steps begin while the next is being decided. */
  async register(program: readonly Declared[]): Promise<void> {
    const { options, phase } = this;
    const begun: Promise<void>[] = [];
    const decided: Decided[] = [];
    const carryOut = async (): Promise<void> => {
      for (const step of decided.splice(0)) await this.carryOut(step);
      await Promise.all(begun.splice(0));
    };
    for (const each of program) announce(urnOf(each.name), each.args, this.dry);
    for (const each of program) {
      if (each.waits) {
        if (!this.dry) await carryOut();
        if (phase.errors.length > 0) return;
      }
      if (options.targets !== undefined && !options.targets.includes(each.name)) continue;
      await this.attempt(async () => {
        const step = await this.decide(each);
        if (step === undefined || this.dry) return;
        if (options.parallel) begun.push(this.carryOut(step));
        else decided.push(step);
      });
      if (phase.errors.length > 0) break;
    }
    if (!this.dry) await carryOut();
    announceEnd(this.dry);
  }

  async remove(resource: Resource): Promise<void> {
    const step = this.begin(resource.name, "delete", false);
    await this.attempt(async () => {
      const provider = this.processes.of(resource.provider);
      await this.call(() => provider.delete(resource.id, cross(resource.outputs)));
      this.stack.resources = this.stack.resources.filter((each) => each !== resource);
      this.stack.condemned = this.stack.condemned.filter((each) => each !== resource);
      step.end = "done";
    }, step);
  }

  private async decide(declared: Declared): Promise<Decided | undefined> {
    const { name, args } = declared;
    const { options, phase, stack, dry } = this;
    const provider = this.processes.of(declared.provider);
    const hidden = { __provider: PROVIDER_TEXT, __urn: urnOf(name), __dry: dry };
    const news = cross({ ...args, ...hidden });
    const old = stack.find(name);
    const inputs = await this.check(name, provider, old?.inputs ?? {}, news);
    if (inputs === undefined) return undefined;
    if (old === undefined) return this.bound({ op: "create", declared, inputs, old, forced: false });
    const answer = await this.call(() => provider.diff(old.id, cross(old.outputs), inputs));
    assert.equal(
      typeof answer.changes,
      "boolean",
      "the engine would compare __provider and prices by itself",
    );
    assert.notEqual(answer.deleteBeforeReplace, true);
    const forced = options.replaces?.includes(name) ?? false;
    if (!answer.replaces?.length && !forced) {
      const op = answer.changes || old.failed ? "update" : "same";
      return this.bound({ op, declared, inputs, old, forced });
    }
    const again = await this.check(name, provider, {}, news);
    if (again === undefined) return undefined;
    phase.keep(name, again);
    return this.bound({ op: "replace", declared, inputs: again, old, forced });
  }

  private async check(
    name: string,
    provider: Provider,
    olds: Values,
    news: Values,
  ): Promise<Values | undefined> {
    const { inputs, failures = [] } = await this.call(() => provider.check(cross(olds), news));
    const checked = cross(inputs);
    for (const { property, reason } of failures) {
      assert.equal(property, "", "a failure that names a property prints its whole value");
      this.phase.errors.push(reason);
    }
    if (failures.length > 0) return undefined;
    this.phase.keep(name, checked);
    return checked;
  }

  /** A saved plan refuses other inputs than it was made from; what is as it was before is not bound (seen with Pulumi 3.255). */
  private bound(step: Decided): Decided | undefined {
    const { name } = step.declared;
    const { plan } = this.options;
    if (plan === undefined || this.dry) return step;
    const [planned, olds] = [plan.get(name) ?? {}, step.op === "replace" ? {} : (step.old?.inputs ?? {})];
    const different = Object.keys(step.inputs).filter((key) => {
      if (key === "__dry" || same(step.inputs[key], planned[key])) return false;
      return !same(step.inputs[key], olds[key]);
    });
    if (different.length === 0) return step;
    this.phase.errors.push(`resource ${name} violates plan: properties changed: ${different.join(", ")}`);
    return undefined;
  }

  private async carryOut(decided: Decided): Promise<void> {
    const { op, declared, inputs, old, forced } = decided;
    const step = this.begin(declared.name, op, forced);
    await this.attempt(async () => {
      if (op === "same" && old !== undefined) {
        // The new inputs are stored beside the old outputs.
        old.inputs = inputs;
        step.end = "done";
      } else if (op === "update" && old !== undefined) {
        step.end = await this.update(declared, inputs, old);
      } else {
        step.end = await this.create(declared, inputs, old);
      }
    }, step);
  }

  private async update({ provider }: Declared, inputs: Values, old: Resource): Promise<Step["end"]> {
    const { update } = this.processes.of(provider);
    const partly = await this.partly(async () => {
      const { outs } = await this.call(() => update(old.id, cross(old.outputs), cross(inputs)));
      Object.assign(old, { inputs, outputs: withProvider(outs, inputs), failed: false });
    });
    if (partly === undefined) return "done";
    // An update that ended part-way keeps the old inputs beside the new outputs.
    Object.assign(old, { outputs: cross(partly.properties), failed: true });
    return "partly";
  }

  private async create(
    { name, provider }: Declared,
    inputs: Values,
    old: Resource | undefined,
  ): Promise<Step["end"]> {
    const { stack } = this;
    const { create } = this.processes.of(provider);
    const put = (id: string, outputs: Values, failed: boolean): void => {
      if (old !== undefined) stack.condemned.push(old);
      const others = stack.resources.filter((each) => each !== old);
      stack.resources = [...others, { name, id, provider, inputs, outputs, failed }];
    };
    const partly = await this.partly(async () => {
      const { id, outs } = await this.call(() => create(cross(inputs)));
      assert(typeof id === "string" && id !== "");
      put(id, withProvider(outs, inputs), false);
    });
    if (partly === undefined) return "done";
    put(partly.id, cross(partly.properties), true);
    return "partly";
  }

  private begin(name: string, op: Step["op"], forced: boolean): { end: Step["end"] } {
    const step: Step & { end: Step["end"] } = { name, op, forced, end: "under way" };
    this.phase.steps.push(step);
    return step;
  }

  /** Returns the failure of an operation that ended part-way; other errors go through. */
  private async partly(work: () => Promise<void>): Promise<Partly | undefined> {
    try {
      await work();
      return undefined;
    } catch (error) {
      if (!isPartly(error)) throw error;
      assert(error.id !== "");
      assert.equal(error.properties.__provider, PROVIDER_TEXT);
      this.phase.errors.push(...error.reasons);
      return error;
    }
  }

  /** Does one step; an error of it is written down, as the engine would show it. */
  private async attempt(work: () => Promise<void>, step?: { end: Step["end"] }): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof assert.AssertionError || error instanceof Died) throw error;
      assert(error instanceof Error, "what is thrown must be an Error, or the engine waits for ever");
      this.phase.errors.push(error.message);
      if (step !== undefined) step.end = "failed";
    }
  }

  private async call<T>(work: () => Promise<T>): Promise<T> {
    const { life } = this.processes;
    if (life.isOver) throw new Died();
    const watch = setTimeout(() => life.end(new assert.AssertionError({ message: HANGS })), LONGEST_CALL_MS);
    const answer = await Promise.race([work(), life.died]).finally(() => clearTimeout(watch));
    this.processes.returned();
    if (life.isOver) throw new Died();
    return answer;
  }
}

/** Waits go by the clock of the story, so nothing takes long. */
const LONGEST_CALL_MS = 20_000;
const HANGS = "a call of the provider does not come back";

/** What the provider process makes an `ErrorResourceInitFailed` of. */
interface Partly extends Error {
  readonly id: string;
  readonly properties: Values;
  readonly reasons: readonly string[];
}

function isPartly(error: unknown): error is Partly {
  return error instanceof Error && "id" in error && "properties" in error && "reasons" in error;
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
