/** An OpenAPI document as a judge of answers: finds the operation of a request, and what is wrong with an answer to it. */
import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";
import { z } from "zod";

const schema = z.union([z.boolean(), z.record(z.string(), z.unknown())]);
const content = z.record(
  z.string(),
  z.object({ schema: schema.optional(), example: z.unknown().optional() }),
);
const parameter = z.looseObject({
  $ref: z.string().optional(),
  name: z.string().optional(),
  in: z.string().optional(),
});
const response = z.looseObject({ $ref: z.string().optional(), content: content.optional() });
const operation = z.looseObject({
  operationId: z.string(),
  parameters: z.array(parameter).optional(),
  requestBody: z.looseObject({ $ref: z.string().optional(), content: content.optional() }).optional(),
  responses: z.record(z.string(), response),
});
const METHODS = ["get", "post", "put", "delete"] as const;
const pathItem = z.looseObject({
  parameters: z.array(parameter).optional(),
  ...Object.fromEntries(METHODS.map((method) => [method, operation.optional()])),
});
const document = z.looseObject({ paths: z.record(z.string(), pathItem), components: z.looseObject({}) });

export interface Operation {
  readonly id: string;
  readonly method: string;
  /** As in the document, named parts in braces. */
  readonly path: string;
  /** Names in the query, those not played among them. */
  readonly query: readonly string[];
  /** Names in a JSON body, those not played among them. */
  readonly body: readonly string[];
  /** Of query and body. */
  readonly notPlayed: readonly string[];
  /** A JSON body that shows how it is used. */
  readonly example: unknown;
}

export class OpenApi {
  readonly operations: readonly Operation[];
  readonly #document: z.output<typeof document>;
  readonly #validators = new Map<string, ValidateFunction>();
  readonly #ajv = new Ajv2020({ strict: false, allErrors: false });

  constructor(path: string) {
    const json: unknown = parse(readFileSync(path, "utf8"));
    this.#document = document.parse(json);
    addFormats.default(this.#ajv);
    this.#ajv.addSchema({ $id: "document", ...this.#document });
    this.operations = Object.entries(this.#document.paths).flatMap(([at, item]) =>
      METHODS.flatMap((method) => {
        const found = operation.optional().parse(item[method]);
        return found === undefined ? [] : [this.#operation(at, method, item.parameters ?? [], found)];
      }),
    );
  }

  /** The operation that a path such as `/devices/5/state` belongs to; a literal step goes before a named one. */
  find(method: string, path: string): Operation | undefined {
    const steps = path.split("?")[0]?.split("/") ?? [];
    const matches = this.operations.filter(
      (each) => each.method === method.toUpperCase() && covers(each.path.split("/"), steps),
    );
    return matches.sort((a, b) => named(a.path) - named(b.path))[0];
  }

  /** What is wrong with an answer; nothing where the document allows it. */
  problem(of: Operation, answer: { readonly status: number; readonly type: string; readonly text: string }) {
    const { status, type, text } = answer;
    const item = this.#document.paths[of.path];
    const { responses } = operation.parse(item?.[of.method.toLowerCase()]);
    const key = String(status) in responses ? String(status) : "default";
    const at =
      responses[key]?.$ref ?? `#/paths/${pointer(of.path)}/${of.method.toLowerCase()}/responses/${key}`;
    const media = type.split(";")[0] ?? "";
    const found = response.parse(this.#at(at));
    if (found.content === undefined) return text === "" ? undefined : `an answer ${status} with a body`;
    if (found.content[media] === undefined) return `an answer ${status} of type ${media}`;
    const value: unknown = media === "application/json" ? JSON.parse(text) : text;
    const validate = this.#validator(`document${at}/content/${pointer(media)}/schema`);
    return validate(value)
      ? undefined
      : `${status}: ${this.#ajv.errorsText(validate.errors)} in ${text.slice(0, 300)}`;
  }

  #validator($ref: string): ValidateFunction {
    const known = this.#validators.get($ref) ?? this.#ajv.compile({ $ref });
    this.#validators.set($ref, known);
    return known;
  }

  #operation(
    path: string,
    method: string,
    shared: z.output<typeof parameter>[],
    found: z.output<typeof operation>,
  ) {
    const parameters = [...shared, ...(found.parameters ?? [])].map((each) =>
      each.$ref === undefined ? each : parameter.parse(this.#at(each.$ref)),
    );
    const query = parameters.filter((each) => each.in === "query");
    const { requestBody } = found;
    const body =
      requestBody?.$ref === undefined
        ? requestBody
        : z.looseObject({ content }).parse(this.#at(requestBody.$ref));
    const media = body?.content?.["application/json"];
    const fields = this.#properties(media?.schema);
    const isLeftOut = (value: unknown) =>
      z.looseObject({ "x-not-played": z.literal(true) }).safeParse(value).success;
    return {
      id: found.operationId,
      method: method.toUpperCase(),
      path,
      query: query.flatMap(({ name }) => name ?? []),
      body: fields.map(([name]) => name),
      notPlayed: [
        ...query.filter(isLeftOut).flatMap(({ name }) => name ?? []),
        ...fields.filter(([, value]) => isLeftOut(value)).map(([name]) => name),
      ],
      example: media?.example,
    };
  }

  /** Properties of a schema and of those it is put together from. */
  #properties(value: unknown): [string, unknown][] {
    const form = z.looseObject({
      $ref: z.string().optional(),
      properties: z.record(z.string(), z.unknown()).optional(),
      allOf: z.array(z.unknown()).optional(),
    });
    const { $ref, properties = {}, allOf = [] } = form.parse(value ?? {});
    const referred = $ref === undefined ? [] : this.#properties(this.#at($ref));
    return [...Object.entries(properties), ...referred, ...allOf.flatMap((each) => this.#properties(each))];
  }

  #at(reference: string): unknown {
    let found: unknown = this.#document;
    for (const step of reference.slice("#/".length).split("/")) {
      const name = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
      found = z.looseObject({}).parse(found)[name];
    }
    return found;
  }
}

function covers(pattern: readonly string[], steps: readonly string[]): boolean {
  return (
    pattern.length === steps.length &&
    pattern.every((step, place) =>
      new RegExp(`^${step.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(steps[place] ?? ""),
    )
  );
}

const named = (path: string): number => path.split("{").length;

const pointer = (name: string): string =>
  encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"));
