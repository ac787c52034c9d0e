/** Fleets as data, so that a test changes them between two operations. */
import * as pulumi from "@pulumi/pulumi";
import * as hologram from "pulumi-hologram";

/** One `SimActivation` of the program. */
export interface Fleet {
  readonly name: string;
  /** As a program would write them; wrong ones too, for tests of what is refused. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Names of arguments that are wrapped as secrets. */
  readonly secrets?: readonly string[];
  /** Names of arguments that depend on the devices of the fleet before this one. */
  readonly late?: readonly string[];
  /** Names of fleets before it that it waits for. */
  readonly dependsOn?: readonly string[];
  /** Milliseconds that the program waits before it declares this one; it is not among the outputs then. */
  readonly afterMs?: number;
  /** Name of one of the program's groups. */
  readonly parent?: string;
  /** Name of one of the program's providers. */
  readonly provider?: string;
  readonly options?: pulumi.CustomResourceOptions;
}

/** What the program declares; its JSON text is in the file that the environment names in `FLEETS`. */
export interface FleetProgram {
  /** Components that fleets can have for a parent. */
  readonly groups?: readonly string[];
  readonly providers?: readonly { readonly name: string; readonly args: hologram.ProviderArgs }[];
  readonly fleets: readonly Fleet[];
  /** False: the stack has no outputs but the counts. */
  readonly outputs?: boolean | "previews";
}

/** Constructs what the program declares; answers its fleets by name. */
export function constructFleets(program: FleetProgram): ReadonlyMap<string, hologram.SimActivation> {
  const groups = new Map((program.groups ?? []).map((name) => [name, new Group(name)]));
  const providers = new Map(
    (program.providers ?? []).map(({ name, args }) => [name, new hologram.Provider(name, args)]),
  );
  const fleets = new Map<string, hologram.SimActivation>();
  const construct = (fleet: Fleet): void => {
    const before = [...fleets.values()].at(-1);
    const { parent, provider, dependsOn = [], options } = fleet;
    const around = {
      ...options,
      ...optional("parent", groups.get(parent ?? "")),
      ...optional("provider", providers.get(provider ?? "")),
      dependsOn: dependsOn.flatMap((name) => fleets.get(name) ?? []),
    };
    const args = argsOf(fleet, before?.deviceIds);
    // The type of the arguments is right only in programs that are.
    fleets.set(fleet.name, Reflect.construct(hologram.SimActivation, [fleet.name, args, around]));
  };
  for (const fleet of program.fleets) {
    if (fleet.afterMs === undefined) construct(fleet);
    else setTimeout(() => construct(fleet), fleet.afterMs);
  }
  return fleets;
}

class Group extends pulumi.ComponentResource {
  constructor(name: string) {
    super("tests:index:Group", name);
  }
}

function argsOf({ args, secrets = [], late = [] }: Fleet, before?: pulumi.Output<unknown>): object {
  const wrapped = Object.entries(args).map(([key, value]): [string, unknown] => [
    key,
    secrets.includes(key) ? pulumi.secret(value) : late.includes(key) ? before?.apply(() => value) : value,
  ]);
  return Object.fromEntries(wrapped);
}

function optional<Value>(key: string, value: Value | undefined): Readonly<Record<string, Value>> {
  return value === undefined ? {} : { [key]: value };
}
