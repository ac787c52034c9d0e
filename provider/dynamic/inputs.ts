import { z } from "zod";
import type { Declaration, DeclaredSims, Limits, OnRelease } from "../fleet/declaration";
import { listOf, rangeOf } from "../fleet/declaration";
import type { Preview, UnverifiedPreview } from "../fleet/preview";
import { isUnknown, type Props } from "./values";

/** The inputs of one `SimActivation`, validated, with their defaults. What is not known yet in a preview is absent. */
export interface FleetInputs {
  readonly sims: DeclaredSims | undefined;
  readonly plan: number | undefined;
  readonly zone: string;
  readonly orgId: number | undefined;
  readonly expectedSims: number | undefined;
  readonly limits: Limits;
  readonly tagId: number | undefined;
  readonly invalidatePreflightSims: boolean | undefined;
  readonly adopt: "matching" | "always";
  readonly onRelease: OnRelease;
  readonly waitForLiveSeconds: number;
  /** Names of the inputs that are not known yet. */
  readonly unknown: readonly string[];
  /** Worth saying, and no reason to stop. */
  readonly notes: readonly string[];
}

export type Parsed = { readonly inputs: FleetInputs } | { readonly problems: readonly string[] };

/** Reads and validates what a program declared. Each problem is one sentence that names the input and the SIM. */
export function parseInputs(props: Props): Parsed {
  const declared = Object.entries(props).filter(([key, value]) => isDeclared(key) && value !== undefined);
  const unknown = declared.filter(([, value]) => isUnknown(value)).map(([key]) => key);
  const known = Object.fromEntries(declared.filter(([key]) => !unknown.includes(key)));
  const result = shape.safeParse(known);
  const problems = result.success ? [] : problemsOf(result.error, known);
  problems.push(...problemsTogether(known, unknown));
  if (!result.success || problems.length > 0) return { problems: [...new Set(problems)] };

  const { simRange, sims, overageLimit, threshold, smsLimit, ...rest } = result.data;
  const limits: Limits = dropUndefined({ overageLimit, threshold, smsLimit });
  const notes = sims === undefined ? [] : notesOnList(sims);
  const declaredSims = simRange !== undefined ? rangeOf(...bounds(simRange)) : sims && listOf(sims);
  return {
    inputs: {
      sims: declaredSims,
      plan: rest.plan,
      zone: rest.zone,
      orgId: rest.orgId,
      expectedSims: rest.expectedSims,
      limits,
      tagId: rest.tagId,
      invalidatePreflightSims: rest.invalidatePreflightSims,
      adopt: rest.adopt,
      onRelease: rest.onRelease,
      waitForLiveSeconds: rest.waitForLiveSeconds,
      unknown,
      notes,
    },
  };
}

/** The core's view of the inputs, once everything in it is known. */
export function declarationOf(inputs: FleetInputs): Declaration | undefined {
  const { sims, plan, zone, limits } = inputs;
  if (sims === undefined || plan === undefined || inputs.unknown.includes("zone")) return undefined;
  const { tagId, invalidatePreflightSims, expectedSims } = inputs;
  return { sims, plan, zone, limits, ...dropUndefined({ tagId, invalidatePreflightSims, expectedSims }) };
}

/** The `preview` that `check` wrote into the inputs, read back. */
export function previewIn(props: Props): Preview | UnverifiedPreview | undefined {
  const verified = previewShape.safeParse(props.preview);
  if (verified.success) return dropUndefined(verified.data);
  const unverified = z.object({ unverified: z.string() }).safeParse(props.preview);
  return unverified.success ? unverified.data : undefined;
}

/** Keys of the engine's machinery, and what `check` writes itself. `null` marks a secret selection (resources). */
export function isDeclared(key: string): boolean {
  return !key.startsWith("__") && !written.has(key);
}

const written: ReadonlySet<string> = new Set(["preview", "iccids", "unfinished", "lost"]);

const NUMBER = /^[1-9]\d{17,21}$/;
const numberHint = "18 to 22 digits, as text, without a leading zero";
const MOST_SIMS = 1_000_000;

const positive = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const limit = z.number().int().min(-1).max(Number.MAX_SAFE_INTEGER);

const shape = z.strictObject({
  simRange: z
    .string()
    .superRefine((text, context) => {
      for (const message of rangeProblems(text)) context.addIssue({ code: "custom", message });
    })
    .optional(),
  sims: z
    .array(z.unknown())
    .min(1)
    .max(MOST_SIMS)
    .superRefine((sims, context) => {
      for (const message of listProblems(sims)) context.addIssue({ code: "custom", message });
    })
    .transform((sims) => sims.filter((sim) => typeof sim === "string"))
    .optional(),
  plan: positive.optional(),
  zone: z.string().trim().min(1).max(64).default("global"),
  orgId: positive.optional(),
  expectedSims: positive.optional(),
  overageLimit: limit.optional(),
  threshold: limit.optional(),
  smsLimit: limit.optional(),
  tagId: positive.optional(),
  invalidatePreflightSims: z.boolean().optional(),
  adopt: z.enum(["matching", "always"]).default("matching"),
  onRelease: z.enum(["keep", "pause", "deactivate"]).default("keep"),
  waitForLiveSeconds: z.number().int().min(0).max(86_400).default(0),
});

const previewShape = z.object({
  activate: z.number(),
  adopt: z.number(),
  resume: z.number(),
  changePlan: z.number(),
  changeLimits: z.number(),
  release: z.number(),
  unchanged: z.number(),
  simCount: z.number(),
  monthlyCost: z.number().optional(),
  monthlyCostBefore: z.number().optional(),
  dueNow: z.number().optional(),
  summary: z.string(),
  unverified: z.string().optional(),
  drift: z.array(z.string()).optional(),
});

function bounds(simRange: string): [string, string] {
  const [first = "", last = ""] = simRange.split("-").map((bound) => bound.trim());
  return [first, last];
}

function rangeProblems(text: string): string[] {
  if (text.split("-").length !== 2)
    return [`${quote(text)} is not a range: write "first-last", both ICCIDs included`];
  const [first, last] = bounds(text);
  const bad = [first, last].filter((bound) => !NUMBER.test(bound));
  if (bad.length > 0) return bad.map((bound) => `${quote(bound)} is not an ICCID: ${numberHint}`);
  if (first.length !== last.length) {
    return [
      `the bounds ${first} and ${last} have ${first.length} and ${last.length} digits; they must have as many`,
    ];
  }
  return first > last ? [`the range ends before it begins: ${first} is greater than ${last}`] : [];
}

function listProblems(sims: readonly unknown[]): string[] {
  const bad = sims.flatMap((sim, index) =>
    typeof sim === "string" && NUMBER.test(sim) ? [] : [{ sim, index }],
  );
  const named = bad.slice(0, 3).map(({ sim, index }) => {
    const what = typeof sim === "number" ? "a number loses digits of an ICCID; write it as text" : numberHint;
    return `element ${index + 1}, ${quote(sim)}, is not an ICCID: ${what}`;
  });
  return bad.length > 3 ? [...named, `and ${bad.length - 3} more elements are not ICCIDs`] : named;
}

/** What no single input can tell. */
function problemsTogether(known: Props, unknown: readonly string[]): string[] {
  const named = ["simRange", "sims", "eidRange"].filter((key) => key in known || unknown.includes(key));
  const problems: string[] = [];
  if (named.length === 0)
    problems.push("declare the SIMs: exactly one of simRange, sims and eidRange is required");
  if (named.length > 1)
    problems.push(`${named.join(" and ")} exclude each other: declare exactly one of them`);
  if (!("plan" in known) && !unknown.includes("plan")) problems.push("plan: required, the id of a data plan");
  const { threshold, overageLimit } = known;
  if (typeof threshold === "number" && typeof overageLimit === "number" && overageLimit >= 0) {
    if (threshold >= overageLimit) {
      problems.push(`threshold: ${threshold} bytes must be below overageLimit, ${overageLimit} bytes`);
    }
  }
  return problems;
}

function problemsOf(error: z.ZodError, known: Props): string[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") return issue.keys.map(unknownInput);
    const [input] = issue.path;
    const name = String(input);
    if (issue.code === "custom") return [`${name}: ${issue.message}`];
    return [`${name}: ${quote(known[name])} is not allowed here; ${expectation[name] ?? issue.message}`];
  });
}

function unknownInput(key: string): string {
  if (key === "eidRange")
    return "eidRange: EID ranges are not supported in this version; declare the ICCIDs instead";
  const near = Object.keys(shape.shape).find(
    (name) => name.toLowerCase() === key.toLowerCase().replaceAll("_", ""),
  );
  return `${quote(key)} is not an input of SimActivation${near === undefined ? "" : `; did you mean ${near}?`}`;
}

const expectation: Readonly<Record<string, string>> = {
  simRange: 'write "first-last" as text',
  sims: `write a list of 1 to ${MOST_SIMS} ICCIDs, each as text`,
  plan: "write the id of a data plan, a whole number above 0",
  zone: 'write the name of a zone of the plan, such as "global"',
  orgId: "write the id of an organization, a whole number above 0",
  expectedSims: "write how many SIMs the selection holds, a whole number above 0",
  overageLimit: "write bytes as a whole number, or -1 for no limit",
  threshold: "write bytes as a whole number, or -1 for none",
  smsLimit: "write SMS per cycle as a whole number, or -1 for no limit",
  tagId: "write the id of a tag, a whole number above 0",
  invalidatePreflightSims: "write true or false",
  adopt: 'write "matching" or "always"',
  onRelease: 'write "keep", "pause" or "deactivate"',
  waitForLiveSeconds: "write seconds as a whole number from 0 to 86400",
};

function notesOnList(sims: readonly string[]): string[] {
  const repeated = sims.length - new Set(sims).size;
  return repeated === 0
    ? []
    : [`sims: ${repeated} of the ${sims.length} entries are repeated and count once`];
}

/** A value as it may appear in a message: short, on one line. */
function quote(value: unknown): string {
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 40)}… (${text.length} characters)` : text;
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> } & {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
};

/** The same object without the keys that have no value. */
export function dropUndefined<T extends object>(value: T): Defined<T>;
export function dropUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}
