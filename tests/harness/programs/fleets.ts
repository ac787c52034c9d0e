/** A program whose fleets come from a file, so that a test changes them between two operations. */
import { readFileSync } from "node:fs";
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
  readonly outputs?: boolean;
}

class Group extends pulumi.ComponentResource {
  constructor(name: string) {
    super("tests:index:Group", name);
  }
}

const program: FleetProgram = JSON.parse(readFileSync(process.env.FLEETS ?? "", "utf8"));
const groups = new Map((program.groups ?? []).map((name) => [name, new Group(name)]));
const providers = new Map(
  (program.providers ?? []).map(({ name, args }) => [name, new hologram.Provider(name, args)]),
);
const fleets: (readonly [string, hologram.SimActivation])[] = [];
for (const fleet of program.fleets) {
  const args = argsOf(fleet, fleets.at(-1)?.[1].deviceIds);
  // The type of the arguments is right only in programs that are.
  fleets.push([fleet.name, Reflect.construct(hologram.SimActivation, [fleet.name, args, optionsOf(fleet)])]);
}

function argsOf({ args, secrets = [], late = [] }: Fleet, before?: pulumi.Output<unknown>): object {
  const wrapped = Object.entries(args).map(([key, value]): [string, unknown] => [
    key,
    secrets.includes(key) ? pulumi.secret(value) : late.includes(key) ? before?.apply(() => value) : value,
  ]);
  return Object.fromEntries(wrapped);
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

const shown = program.outputs === false ? [] : fleets;
/** Known during a preview. */
export const previews = Object.fromEntries(shown.map(([name, fleet]) => [name, fleet.preview]));
/** Known after an update. */
export const results = Object.fromEntries(
  shown.map(([name, { iccids, deviceIds, linkIds, simCount, unfinished, lost, orgId }]) => [
    name,
    { iccids, deviceIds, linkIds, simCount, unfinished, lost, orgId },
  ]),
);
export const counts = Object.fromEntries(fleets.map(([name, { simCount }]) => [name, simCount]));
