/** Runs a program of fleets in this process: the real constructors, and the SDK's own machinery up to the request. */
import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { setMockOptions } from "@pulumi/pulumi/runtime/settings";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { constructFleets, type FleetProgram } from "../programs/declaredFleets";
import type { Values } from "../provider/providerReport";

const PROJECT = "fleets";
const STACK = "dev";

/** What the program asks the engine for. */
export interface Registration {
  readonly urn: string;
  readonly name: string;
  readonly type: string;
  readonly custom: boolean;
  readonly inputs: Values;
  /** `<urn>::<id>` of an explicit provider, or empty. */
  readonly provider: string;
  readonly dependencies: readonly string[];
  readonly protect: boolean;
  /** Earlier names. */
  readonly aliases: readonly string[];
  readonly ignoreChanges: readonly string[];
}

export interface Registered {
  readonly id: string;
  readonly outputs: Values;
}

export interface ProgramSettings {
  readonly preview: boolean;
  readonly config: Readonly<Record<string, string>>;
  /** Keys of secret configuration. */
  readonly secretKeys: readonly string[];
}

/**
 * Resolves when every resource of the program is registered, or rejects once `register` has thrown: as with an engine, a
 * resource that fails is answered only when all is over, and what waits for it never comes to `register`.
 */
export async function runProgram(
  program: FleetProgram,
  { preview, config, secretKeys }: ProgramSettings,
  register: (registration: Registration) => Promise<Registered>,
): Promise<void> {
  const { fleets, groups = [], providers = [] } = program;
  const expected = fleets.length + groups.length + providers.length;
  if (expected === 0) return;
  const over = deferred();
  let isOver = false;
  try {
    await new Promise<void>((done, failed) => {
      let answered = 0;
      const answer = async (registration: Registration): Promise<Registered> => {
        if (isOver) return { id: "", outputs: registration.inputs };
        try {
          const registered = await register(registration);
          answered += 1;
          if (answered === expected) done();
          return registered;
        } catch (error) {
          failed(error);
          await over.promise;
          return { id: "", outputs: registration.inputs };
        }
      };
      setMockOptions(new Monitor(answer), PROJECT, STACK, preview);
      pulumi.runtime.setAllConfig({ ...config }, [...secretKeys]);
      try {
        constructFleets(program);
      } catch (error) {
        failed(error);
      }
    });
  } finally {
    // Nothing of this program may come to the next one's engine.
    isOver = true;
    over.resolve();
    const last = Math.max(0, ...fleets.map(({ afterMs = 0 }) => afterMs));
    await new Promise((resolve) => setTimeout(resolve, last));
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
}

function deferred(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}

class Monitor extends MockMonitor {
  constructor(private readonly register: (registration: Registration) => Promise<Registered>) {
    super({ newResource: ({ id }) => ({ id, state: {} }), call: () => ({}) });
  }

  override async registerResource(
    request: RegisterResourceRequest,
    answer: (error: Error | null, response: RegisterResourceResponse) => void,
  ): Promise<void> {
    const registration = registrationOf(request);
    const { id, outputs } = await this.register(registration);
    const object = Struct.fromJavaScript(JSON.parse(JSON.stringify(outputs)));
    answer(null, new RegisterResourceResponse().setUrn(registration.urn).setId(id).setObject(object));
  }
}

function registrationOf(request: RegisterResourceRequest): Registration {
  const [type, name] = [request.getType(), request.getName()];
  const parentType = request.getParent().split("::")[2];
  const inputs = request.getObject()?.toJavaScript() ?? {};
  return {
    ...{ urn: urnOf(name, parentType === undefined ? type : `${parentType}$${type}`), name, type },
    custom: request.getCustom(),
    inputs,
    provider: request.getProvider(),
    dependencies: request.getDependenciesList(),
    protect: request.getProtect() ?? false,
    aliases: request.getAliasesList().map((alias) => alias.getUrn() || urnOf(aliasName(alias, name), type)),
    ignoreChanges: request.getIgnorechangesList(),
  };
}

function aliasName(alias: { getSpec(): { getName(): string } | undefined }, name: string): string {
  return alias.getSpec()?.getName() || name;
}

function urnOf(name: string, type: string): string {
  return `urn:pulumi:${STACK}::${PROJECT}::${type}::${name}`;
}
