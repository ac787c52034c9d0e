import { z } from "zod";
import { isUnknown, type Props, quote } from "../wire/values";
import { type Field, type Fields, fields, type Zod } from "./fields";

/** The values of a table of inputs once they are validated. What is not declared, or not known yet, is undefined. */
export type Values<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends { readonly default: unknown }
    ? z.output<SchemaOf<F[K]>>
    : z.output<SchemaOf<F[K]>> | undefined;
};

export type Reading<F extends Fields> =
  /** `unknown`: the names of what is not known yet in a preview. */
  | { readonly values: Values<F>; readonly unknown: readonly string[] }
  | { readonly problems: readonly string[] };

/** Everything that follows from a table of inputs, so that a new input is one entry of it. */
export class InputTable<F extends Fields> {
  #built: z.ZodType<Values<F>> | undefined;

  readonly #table: F;
  readonly #type: string;

  /** `type`: what the resource is called in messages. */
  constructor(table: F, type = "SimActivation") {
    this.#table = table;
    this.#type = type;
  }

  /**
   * Validates what a program declared. Each problem is one sentence that names the input. Keys for which `isDeclared`
   * is false are no inputs and are passed over.
   */
  read(props: Props, isDeclared: (key: string) => boolean): Reading<F> {
    const declared = Object.entries(props).filter(([key, value]) => isDeclared(key) && value !== undefined);
    const unknown = declared.filter(([, value]) => isUnknown(value)).map(([key]) => key);
    const known = Object.fromEntries(declared.filter(([key]) => !unknown.includes(key)));
    this.#built ??= this.#shape();
    const result = this.#built.safeParse(known);
    const problems = result.success ? [] : problemsOf(result.error, known, this.#table, this.#type);
    for (const [name, { required }] of Object.entries<Field>(this.#table)) {
      if (required !== undefined && !declared.some(([key]) => key === name))
        problems.push(`${name}: required, ${required}`);
    }
    return result.success && problems.length === 0 ? { values: result.data, unknown } : { problems };
  }

  /** The inputs that have a default, as they came out: what `check` writes beside the program's own. */
  defaulted(values: Props): Props {
    return this.#pick(values, ({ default: value }) => value !== undefined);
  }

  /** The inputs that outputs repeat. Reads stored outputs as well. */
  echo(values: Props): Props {
    return this.#pick(values, ({ output }) => output === "declared");
  }

  /** Names of the inputs, selections apart, in which stored outputs differ from what is declared now. */
  changed(outputs: Props, values: Props): string[] {
    return Object.entries<Field>(this.#table)
      .filter(([name, { compare }]) => differs(compare, outputs[name] ?? undefined, values[name]))
      .map(([name]) => name);
  }

  #shape(): z.ZodType<Values<F>>;
  #shape(): z.ZodType<object> {
    return z.strictObject(schemasOf(this.#table));
  }

  #pick(values: Props, isWanted: (field: Field) => boolean): Props {
    const names = Object.entries<Field>(this.#table).filter(([, field]) => isWanted(field));
    return Object.fromEntries(names.map(([name]) => [name, values[name]]));
  }
}

export const inputTable = new InputTable(fields);

/** The schema of each input where it may be absent: with its default, or optional. For look-ups that take the same. */
export function schemasOf<F extends Fields>(of: F): Schemas<F>;
export function schemasOf(of: Fields): Readonly<Record<string, z.ZodType>> {
  return Object.fromEntries(
    Object.entries(of).map(([name, { schema, default: value }]) => {
      return [name, value === undefined ? schema(z).optional() : schema(z).default(value)];
    }),
  );
}

/** Each issue as a sentence that begins with the input and ends with what to write. */
export function problemsOf(
  error: z.ZodError,
  known: Props,
  of: Fields = fields,
  type = "SimActivation",
): string[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownInput(key, of, type));
    const [input] = issue.path;
    const name = String(input);
    if (issue.code === "custom") return [`${name}: ${issue.message}`];
    return [`${name}: ${quote(known[name])} is not allowed here; ${of[name]?.expects ?? issue.message}`];
  });
}

type SchemaOf<T> = T extends { readonly schema: (zod: Zod) => infer S extends z.ZodType } ? S : never;

type Schemas<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends { readonly default: unknown }
    ? z.ZodDefault<SchemaOf<F[K]>>
    : z.ZodOptional<SchemaOf<F[K]>>;
};

function differs(compare: Field["compare"], recorded: unknown, declared: unknown): boolean {
  switch (compare) {
    case "selection":
      return false;
    case "value":
      return recorded !== declared;
    case "name":
      return recorded !== undefined && lowered(recorded) !== lowered(declared);
    case "whenDeclared":
      return declared !== undefined && recorded !== declared;
  }
}

function lowered(value: unknown): unknown {
  return typeof value === "string" ? value.toLowerCase() : value;
}

function unknownInput(key: string, of: Fields, type: string): string {
  const near = Object.keys(of).find((name) => name.toLowerCase() === key.toLowerCase().replaceAll("_", ""));
  return `${quote(key)} is not an input of ${type}${near === undefined ? "" : `; did you mean ${near}?`}`;
}
