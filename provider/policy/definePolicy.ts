import {
  type EnforcementLevel,
  type PolicyConfigSchema,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
  validateResourceOfType,
  validateStackResourcesOfType,
} from "@pulumi/policy";
import { z } from "zod";
import { quote } from "../dynamic/wire/values";
import { SimActivation } from "../resources/simActivation";
import { type SeenFleet, seenFleet } from "./fleets";

/** Everything about a policy except its judgement. The schema Pulumi checks and the types users see derive from it. */
export interface PolicyText<Name extends string, Shape extends z.ZodRawShape> {
  readonly name: Name;
  /** One sentence for people; the documentation shows it. */
  readonly description: string;
  /** The level where the user configures none. */
  readonly level: "advisory" | "mandatory";
  /** The settings, each with `describe`. A setting without a default is needed: until it is there, the policy is silent. */
  readonly config: z.ZodObject<Shape>;
}

/** For a policy without settings. */
export const noSettings = z.object({});

/** The settings of a policy as a user writes them: none is required. */
export type Settings<Shape extends z.ZodRawShape> = {
  readonly [Key in keyof z.input<z.ZodObject<Shape>>]?: AsReadonly<z.input<z.ZodObject<Shape>>[Key]>;
};

/** A policy with its settings, from which `PolicyConfiguration` is made. */
export interface Configurable<Name extends string, Shape extends z.ZodRawShape> {
  readonly name: Name;
  /** The level where the user configures none. */
  readonly enforcementLevel: EnforcementLevel;
  /** Applies defaults to the user's configuration. Throws a `ConfigurationError` for a setting that does not exist. */
  readonly readSettings: (given: Settings<Shape>) => SettingsRead<Shape>;
}

/** The settings with their defaults; or the first one that is missing, and has none. */
export type SettingsRead<Shape extends z.ZodRawShape> =
  | { readonly settings: z.output<z.ZodObject<Shape>> }
  | { readonly missing: string };

/** A policy that judges each fleet by itself. */
export type FleetPolicy<Name extends string, Shape extends z.ZodRawShape> = ResourceValidationPolicy &
  Configurable<Name, Shape>;

/** A policy that judges all fleets of a stack together. */
export type StackPolicy<Name extends string, Shape extends z.ZodRawShape> = StackValidationPolicy &
  Configurable<Name, Shape>;

/** One problem with a stack; `urn` names the resource it is reported on. */
export interface StackViolation {
  readonly message: string;
  readonly urn?: string;
}

/** A setting the policy does not have, or a value it does not take. Fails the preview at every level. */
class ConfigurationError extends Error {
  constructor(sentence: string) {
    super(sentence);
    // The policy host prints the stack of an error if it has one.
    this.stack = sentence;
  }
}

/** Makes a policy that judges each `SimActivation`. `judge` returns the problem with one, or undefined. */
export function definePolicy<const Name extends string, Shape extends z.ZodRawShape>(
  text: PolicyText<Name, Shape> & {
    readonly judge: (fleet: SeenFleet, settings: z.output<z.ZodObject<Shape>>) => string | undefined;
  },
): FleetPolicy<Name, Shape> {
  const base = configurable(text);
  return {
    ...base,
    validateResource: validateResourceOfType(SimActivation, (_inputs, args, report) => {
      const read = base.readSettings(args.getConfig());
      if ("missing" in read) return args.notApplicable(notConfigured(read.missing));
      const message = text.judge(seenFleet(args), read.settings);
      if (message !== undefined) report(message);
    }),
  };
}

/** Makes a policy that judges all fleets of a stack: after the preview and, in an update, at its end. */
export function defineStackPolicy<const Name extends string, Shape extends z.ZodRawShape>(
  text: PolicyText<Name, Shape> & {
    readonly judge: (
      fleets: readonly SeenFleet[],
      settings: z.output<z.ZodObject<Shape>>,
    ) => readonly StackViolation[];
  },
): StackPolicy<Name, Shape> {
  const base = configurable(text);
  return {
    ...base,
    validateStack: validateStackResourcesOfType(SimActivation, (_outputs, args, report) => {
      const read = base.readSettings(args.getConfig());
      if ("missing" in read) return args.notApplicable(notConfigured(read.missing));
      for (const { message, urn } of text.judge(args.resources.map(seenFleet), read.settings)) {
        report(message, urn);
      }
    }),
  };
}

function configurable<Name extends string, Shape extends z.ZodRawShape>({
  name,
  description,
  level,
  config,
}: PolicyText<Name, Shape>) {
  return {
    name,
    description,
    enforcementLevel: level,
    configSchema: schemaOf(config),
    readSettings: (given: object) => readSettings(name, config, given),
  };
}

/**
 * The CLI checks types and ranges against this before it calls the policy. The SDK sends `properties` but not
 * `additionalProperties`, so a setting that does not exist gets through to the policy: see `readSettings`.
 */
function schemaOf(config: z.ZodObject): PolicyConfigSchema {
  // As JSON, because that is what goes over the wire and the two packages type JSON Schema differently.
  const properties = JSON.stringify(z.toJSONSchema(config, { io: "input" }).properties ?? {});
  return { properties: JSON.parse(properties) };
}

/** Unknown settings are checked first: a misspelled setting is why the right one is missing. */
function readSettings<Shape extends z.ZodRawShape>(
  name: string,
  config: z.ZodObject<Shape>,
  given: object,
): SettingsRead<Shape> {
  const known = Object.keys(config.shape);
  const unknown = Object.keys(given).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    const has = known.length > 0 ? `it has ${known.join(", ")}` : "it has none";
    throw new ConfigurationError(
      `the policy ${name} has no setting ${unknown.map(quote).join(", ")}; ${has}. ${CORRECT_IT}`,
    );
  }
  const read = config.safeParse(given);
  if (read.success) return { settings: read.data };
  const [issue] = read.error.issues;
  const setting = String(issue?.path[0]);
  const value = new Map(Object.entries(given)).get(setting);
  if (value === undefined) return { missing: setting };
  throw new ConfigurationError(
    `${setting} of the policy ${name} cannot be ${quote(value)}: ${issue?.message}. ${CORRECT_IT}`,
  );
}

const CORRECT_IT = "Correct the policy configuration.";

function notConfigured(setting: string): string {
  return `${setting} is not configured`;
}

/** Lists may be read-only. */
export type AsReadonly<Value> = Value extends readonly (infer Item)[] ? readonly Item[] : Value;
