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

/** What a policy is, apart from its judgement. The schema that Pulumi checks and the types of users derive from it. */
export interface PolicyText<Name extends string, Shape extends z.ZodRawShape> {
  readonly name: Name;
  /** One sentence for people; the documentation shows it. */
  readonly description: string;
  /** The level where the user configures none. */
  readonly level: "advisory" | "mandatory";
  /** The settings, each with `describe`. A setting without default is needed: the policy says nothing until it is there. */
  readonly config: z.ZodObject<Shape>;
}

/** For a policy that there is nothing to set of. */
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
  /** What the configuration of a user comes to. Throws a `ConfigurationError` for a setting that there is not. */
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

/** What is wrong with a stack; `urn` names the resource that it is said of. */
export interface StackViolation {
  readonly message: string;
  readonly urn?: string;
}

/** A setting that the policy does not have, or a value that it does not take. Ends the preview at every level. */
class ConfigurationError extends Error {
  constructor(sentence: string) {
    super(sentence);
    // The policy host shows users the stack of an error where there is one.
    this.stack = sentence;
  }
}

/** A policy for each `SimActivation`. `judge` answers what is wrong with one, or undefined. */
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

/** A policy for all fleets of a stack, judged after the preview and, in an update, at its end. */
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
 * The CLI checks types and ranges by this before it asks the policy. It never hears of `additionalProperties` (the SDK
 * sends `properties` alone), so a setting that there is not reaches the policy: see `readSettings`.
 */
function schemaOf(config: z.ZodObject): PolicyConfigSchema {
  // As it goes over the wire; the types of the two packages spell JSON Schema differently.
  const properties = JSON.stringify(z.toJSONSchema(config, { io: "input" }).properties ?? {});
  return { properties: JSON.parse(properties) };
}

/** An unknown setting comes first: it is why the one that was meant is missing. */
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
