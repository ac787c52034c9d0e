/** A program whose fleets come from the environment, so that a test changes them between two operations. */
import * as pulumi from "@pulumi/pulumi";
import * as hologram from "pulumi-hologram";

/** One `SimActivation` of the program. */
export interface Fleet {
  readonly name: string;
  /** As a program would write them; wrong ones too, for tests of what is refused. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Names of arguments that are wrapped as secrets. */
  readonly secrets?: readonly string[];
  /** Names of arguments that are not known before the update. */
  readonly unknown?: readonly string[];
  /** Name of one of the program's groups. */
  readonly parent?: string;
  /** Name of one of the program's providers. */
  readonly provider?: string;
  readonly options?: pulumi.CustomResourceOptions;
}

/** What the program declares; the JSON text of it stands in `FLEETS`. */
export interface FleetProgram {
  /** Components that fleets can have for a parent. */
  readonly groups?: readonly string[];
  readonly providers?: readonly { readonly name: string; readonly args: hologram.ProviderArgs }[];
  readonly fleets: readonly Fleet[];
}

class Group extends pulumi.ComponentResource {
  constructor(name: string) {
    super("tests:index:Group", name);
  }
}

const program: FleetProgram = JSON.parse(process.env.FLEETS ?? '{"fleets":[]}');
const groups = new Map((program.groups ?? []).map((name) => [name, new Group(name)]));
const providers = new Map(
  (program.providers ?? []).map(({ name, args }) => [name, new hologram.Provider(name, args)]),
);
const fleets = program.fleets.map((fleet): readonly [string, hologram.SimActivation] => [
  fleet.name,
  new hologram.SimActivation(fleet.name, argsOf(fleet), optionsOf(fleet)),
]);

function argsOf({ args, secrets = [], unknown = [] }: Fleet): hologram.SimActivationArgs {
  // Only during the update: an output that no preview can know.
  const late = (value: unknown): unknown =>
    pulumi.runtime.isDryRun() ? new hologram.Provider("late").id.apply(() => value) : value;
  const wrapped = Object.entries(args).map(([key, value]): [string, unknown] => [
    key,
    secrets.includes(key) ? pulumi.secret(value) : unknown.includes(key) ? late(value) : value,
  ]);
  const declared: hologram.SimActivationArgs = { plan: 0 };
  Reflect.deleteProperty(declared, "plan");
  return Object.assign(declared, Object.fromEntries(wrapped));
}

function optionsOf({ parent, provider, options }: Fleet): pulumi.CustomResourceOptions {
  const group = groups.get(parent ?? "");
  const explicit = providers.get(provider ?? "");
  return {
    ...options,
    ...(group === undefined ? {} : { parent: group }),
    ...(explicit === undefined ? {} : { provider: explicit }),
  };
}

/** Known during a preview. */
export const previews = Object.fromEntries(fleets.map(([name, fleet]) => [name, fleet.preview]));
/** Known after an update. */
export const results = Object.fromEntries(
  fleets.map(([name, { iccids, deviceIds, linkIds, simCount, order, unfinished, lost, orgId }]) => [
    name,
    { iccids, deviceIds, linkIds, simCount, order, unfinished, lost, orgId },
  ]),
);
