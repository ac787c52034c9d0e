/** One phase of a command, preview or not, as Pulumi's engine would go through it. */
import assert from "node:assert/strict";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { PartialFailure } from "../../../provider/dynamic/wire/partialFailure";
import { PROVIDER_TEXT, SIM_ACTIVATION_TYPE } from "../../../provider/resources/providerText";
import type { Diagnostic, Step, StepOp } from "../../../provider/testing/engine";
import type { FleetProgram } from "../programs/declaredFleets";
import { cross, withProvider } from "../provider/providerBoundary";
import type { Provider } from "../provider/providerHarness";
import type { Values } from "../provider/providerReport";
import { type Kept, type SavedPlan, violation } from "./kept";
import { type Registered, type Registration, runProgram } from "./program";

export interface PhaseSettings {
  readonly preview: boolean;
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  /** A provider process of this phase for each provider resource; these are its settings. */
  readonly startProvider: (config: Readonly<Record<string, string>>) => Provider;
  readonly replace: ReadonlySet<string>;
  /** Only these are looked at; all when empty. */
  readonly targets: ReadonlySet<string>;
  readonly plan: SavedPlan | undefined;
}

/** A report above some 13 MB is lost with the whole resource; this is the bound that the package keeps. */
const MOST_BYTES = 4_000_000;

/** Raised to end a phase; what is to be said has been said. */
class Stop extends Error {}

/** `check`, `diff` and the decision one resource after the other; steps begin while the next is being decided. */
export class Phase {
  readonly steps: Step[] = [];
  readonly errors: Diagnostic[] = [];
  /** What `check` made of the inputs, by URN. */
  readonly planned: Record<string, { op: StepOp; inputs: Values }> = {};
  #kept: Kept[];
  readonly #seen = new Set<string>();
  readonly #running: Promise<unknown>[] = [];
  readonly #providers = new Map<string, Provider>();
  readonly #settingsOf = new Map<string, Readonly<Record<string, string>>>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly settings: PhaseSettings,
    kept: readonly Kept[],
  ) {
    this.#kept = [...kept];
  }

  get kept(): readonly Kept[] {
    return this.#kept;
  }

  get failed(): boolean {
    return this.errors.length > 0;
  }

  async update(program: FleetProgram): Promise<void> {
    const { settings } = this;
    try {
      await runProgram(program, settings, (registration) => this.#register(registration));
    } catch (error) {
      if (!(error instanceof Stop)) this.#error(error);
    }
    await this.#turn;
    await Promise.allSettled(this.#running);
    if (this.failed || settings.targets.size > 0) return;
    await this.#deleteAll(this.#kept.filter((each) => each.delete || !this.#seen.has(each.registration.urn)));
  }

  async refresh(): Promise<void> {
    for (const old of this.#kept) {
      const { registration, id, inputs, outputs } = old;
      const provider = this.#providerOf(registration.provider);
      try {
        const read = await provider.read(id, cross(outputs));
        const found = withProvider(read.props, outputs);
        const wanted = read.inputs === undefined ? inputs : withProvider(read.inputs, outputs);
        // Swapped roles: what was read stands for the old side, the program's old inputs for the new.
        const answer = await provider.diff(id, cross(found), cross(inputs));
        this.#note(registration, answer.changes ? "update" : "same");
        this.#put(old, { ...old, inputs: wanted, outputs: found, initErrors: [] });
      } catch (error) {
        this.#error(error, registration.urn);
      }
    }
  }

  async destroy(): Promise<void> {
    await this.#deleteAll(this.#kept);
  }

  async #register(registration: Registration): Promise<Registered> {
    if (registration.type !== SIM_ACTIVATION_TYPE) return this.#around(registration);
    const { targets } = this.settings;
    const turn = this.#turn.then(() => {
      if (this.failed) throw new Stop();
      return this.#decide(registration);
    });
    this.#turn = turn.catch(() => undefined);
    const begin = await turn;
    if (this.failed) throw new Stop();
    if (targets.size > 0 && !targets.has(registration.urn)) return begin();
    const step = begin();
    this.#running.push(step);
    return step;
  }

  /** Components and provider resources. */
  async #around({ urn, custom, inputs }: Registration): Promise<Registered> {
    const id = custom ? "provider" : "";
    const texts = Object.entries(inputs).map(([key, value]) => [key, String(Object(value).value ?? value)]);
    this.#settingsOf.set(`${urn}::${id}`, Object.fromEntries(texts));
    return { id, outputs: inputs };
  }

  /** Answers the work that is to be done. */
  async #decide(registration: Registration): Promise<() => Promise<Registered>> {
    const { urn, aliases } = registration;
    const known = [urn, ...aliases];
    const old = this.#kept.find((each) => !each.delete && known.includes(each.registration.urn));
    this.#seen.add(urn);
    if (old !== undefined) this.#seen.add(old.registration.urn);
    const { targets, preview } = this.settings;
    if (targets.size > 0 && !targets.has(urn)) {
      return async () => ({ id: old?.id ?? "", outputs: old?.outputs ?? registration.inputs });
    }
    const { op, inputs } = await this.#judge(registration, old);
    this.#note(registration, op);
    this.planned[urn] = { op, inputs };
    const wrong = this.settings.plan && violation(this.settings.plan, urn, { op, inputs }, old?.inputs ?? {});
    if (wrong !== undefined) throw this.#stop(wrong, urn);
    if (preview) {
      return async () => ({ id: op === "create" ? "" : (old?.id ?? ""), outputs: inputs });
    }
    return () => this.#carryOut(op, registration, inputs, old);
  }

  async #judge(registration: Registration, old: Kept | undefined): Promise<{ op: StepOp; inputs: Values }> {
    const { urn } = registration;
    const provider = this.#providerOf(registration.provider);
    const olds = old?.inputs ?? {};
    const ignored = Object.fromEntries(
      registration.ignoreChanges.flatMap((key) => (key in olds ? [[key, olds[key]]] : [])),
    );
    const news = cross({ ...registration.inputs, ...ignored });
    const checked = async (from: Values): Promise<Values> => {
      const { inputs, failures = [] } = await provider.check(cross(from), news);
      const reasons = failures.map(({ property, reason }) => {
        assert.equal(property, "", "a failure that names a property prints its whole value");
        return this.#stop(reason, urn);
      });
      if (reasons[0] !== undefined) throw reasons[0];
      return cross(inputs);
    };
    try {
      if (old === undefined) return { op: "create", inputs: await checked({}) };
      if (this.settings.replace.has(urn)) return { op: "replace", inputs: await checked({}) };
      const inputs = await checked(olds);
      const answer = await provider.diff(old.id, cross(old.outputs), inputs);
      assert.equal(typeof answer.changes, "boolean", "the engine would compare by itself");
      assert.equal(answer.deleteBeforeReplace, false);
      if (answer.replaces?.length) {
        if (old.registration.protect && registration.protect) {
          throw this.#stop(`unable to replace resource "${urn}": it is currently marked for protection`, urn);
        }
        return { op: "replace", inputs: await checked({}) };
      }
      return { op: answer.changes || old.initErrors.length > 0 ? "update" : "same", inputs };
    } catch (error) {
      if (error instanceof Stop || error instanceof assert.AssertionError) throw error;
      this.#error(error, urn);
      throw new Stop();
    }
  }

  async #carryOut(
    op: StepOp,
    registration: Registration,
    inputs: Values,
    old: Kept | undefined,
  ): Promise<Registered> {
    const { urn } = registration;
    const provider = this.#providerOf(registration.provider);
    const whole = { registration, inputs, initErrors: [], delete: false };
    try {
      if (op === "same" && old !== undefined) {
        // The new inputs are stored beside the old outputs.
        this.#put(old, { ...old, registration, inputs });
        return old;
      }
      if (op === "update" && old !== undefined) {
        const { outs } = await provider.update(old.id, cross(old.outputs), cross(inputs));
        const outputs = withProvider(outs, inputs);
        this.#put(old, { ...whole, id: old.id, outputs });
        return { id: old.id, outputs };
      }
      const { id, outs } = await provider.create(cross(inputs));
      assert(typeof id === "string" && id !== "");
      const outputs = withProvider(outs, inputs);
      this.#create({ ...whole, id, outputs }, old);
      return { id, outputs };
    } catch (error) {
      if (!(error instanceof PartialFailure)) {
        this.#error(error, urn);
        throw new Stop();
      }
      assert.equal(error.properties.__provider, PROVIDER_TEXT);
      const bytes = onTheWire({ ...error.properties, reasons: error.reasons });
      assert(bytes <= MOST_BYTES, `the report of the failure takes ${bytes} bytes: the engine would lose it`);
      const partly = { ...whole, id: error.id, outputs: cross(error.properties), initErrors: error.reasons };
      // An update that ended part-way keeps the old inputs beside the new outputs.
      if (op === "update" && old !== undefined) this.#put(old, { ...partly, inputs: old.inputs });
      else this.#create(partly, old);
      throw this.#stop(error.reasons.join("\n"), urn);
    }
  }

  async #deleteAll(condemned: readonly Kept[]): Promise<void> {
    for (const each of [...condemned].reverse()) {
      const { registration, id, outputs } = each;
      this.#note(registration, each.delete ? "delete-replaced" : "delete");
      if (this.settings.preview) continue;
      try {
        await this.#providerOf(registration.provider).delete(id, cross(outputs));
        this.#kept = this.#kept.filter((kept) => kept !== each);
      } catch (error) {
        this.#error(error, registration.urn);
      }
    }
  }

  #providerOf(reference: string): Provider {
    const found =
      this.#providers.get(reference) ??
      this.settings.startProvider(reference === "" ? this.settings.config : this.#explicit(reference));
    this.#providers.set(reference, found);
    return found;
  }

  #explicit(reference: string): Readonly<Record<string, string>> {
    return this.#settingsOf.get(reference) ?? assert.fail(`no provider ${reference} in the program`);
  }

  #create(created: Kept, old: Kept | undefined): void {
    if (old !== undefined) this.#put(old, { ...old, delete: true });
    this.#kept.push(created);
  }

  #put(old: Kept, changed: Kept): void {
    this.#kept = this.#kept.map((each) => (each === old ? changed : each));
  }

  #note({ urn, type, name }: Registration, op: StepOp): void {
    this.steps.push({ op, urn, type, name });
  }

  #stop(message: string, urn: string): Stop {
    this.errors.push({ severity: "error", message, urn });
    return new Stop(message);
  }

  #error(error: unknown, urn?: string): void {
    if (error instanceof assert.AssertionError) throw error;
    assert(error instanceof Error, "what is thrown must be an Error, or the engine waits for ever");
    this.errors.push({ severity: "error", message: error.message, ...(urn === undefined ? {} : { urn }) });
  }
}

/** Bytes of a report in the trailer of an answer: protobuf, as base64. */
function onTheWire(properties: Values): number {
  const message = Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)));
  return Math.ceil((message.serializeBinary().byteLength * 4) / 3);
}
