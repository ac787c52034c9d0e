import type { z } from "zod";
import { EID, ICCID, listProblems, rangeProblems, type SimNumberKind, spelledRange } from "./simNumbers";

/**
 * One input of `SimActivation`. Validation, messages, defaults, echo in the outputs, comparison and registration follow
 * from its entry in `fields`; `InputTable` derives them. Zod is handed in and never imported here, because the program
 * reads the keys of this table and must not load it.
 */
export interface Field<Schema extends z.ZodType = z.ZodType> {
  /** The values that are allowed, and what they are turned into. Absence is not its business. */
  readonly schema: (zod: Zod) => Schema;
  /** What to write instead of a value that is not allowed: the end of a message. */
  readonly expects: string;
  /** Taken where a program does not declare the input. */
  readonly default?: unknown;
  /** What an input that must be declared is: the message where it is missing. */
  readonly required?: string;
  /**
   * `declared`: outputs repeat the input. `resolved`: operations write the output themselves, because the account has a
   * say in it. `none`: there is no such output.
   */
  readonly output: "declared" | "resolved" | "none";
  /**
   * What makes an update of an edit. `value`: any other value, and its removal. `name`: the same without regard to
   * letter case. `whenDeclared`: another value; its removal leaves what is recorded. `selection`: which SIMs it comes
   * to, which `diff` compares with the record.
   */
  readonly compare: "value" | "name" | "whenDeclared" | "selection";
}

export type Fields = Readonly<Record<string, Field>>;

export type Zod = typeof z;

/** How many entries a list may have. */
const MOST_SIMS = 1_000_000;

/** Every input of `SimActivation`, in the order in which the reference shows them. */
export const fields = {
  simRange: {
    schema: (zod) => range(zod, ICCID),
    expects: 'write "first-last" as text',
    output: "declared",
    compare: "selection",
  },
  sims: {
    schema: (zod) => list(zod),
    expects: `write a list of 1 to ${MOST_SIMS} ICCIDs, each as text`,
    // Its SIMs are the output `iccids`; a second list would double the state.
    output: "none",
    compare: "selection",
  },
  eidRange: {
    schema: (zod) => range(zod, EID),
    expects: 'write "first-last" as text',
    output: "declared",
    compare: "selection",
  },
  plan: {
    schema: (zod) => positive(zod),
    expects: "write the id of a data plan, a whole number above 0",
    required: "the id of a data plan",
    output: "declared",
    compare: "value",
  },
  zone: {
    schema: (zod) => zod.string().trim().min(1).max(64),
    expects: 'write the name of a zone of the plan, such as "global"',
    default: "global",
    output: "declared",
    compare: "name",
  },
  orgId: {
    schema: (zod) => positive(zod),
    expects: "write the id of an organization, a whole number above 0",
    output: "resolved",
    compare: "whenDeclared",
  },
  expectedSims: {
    schema: (zod) => positive(zod),
    expects: "write how many SIMs the selection holds, a whole number above 0",
    output: "declared",
    compare: "value",
  },
  overageLimit: {
    schema: (zod) => limit(zod),
    expects: "write bytes as a whole number, or -1 for no limit",
    output: "declared",
    compare: "value",
  },
  threshold: {
    schema: (zod) => limit(zod),
    expects: "write bytes as a whole number, or -1 for none",
    output: "declared",
    compare: "value",
  },
  smsLimit: {
    schema: (zod) => limit(zod),
    expects: "write SMS per cycle as a whole number, or -1 for no limit",
    output: "declared",
    compare: "value",
  },
  tagId: {
    schema: (zod) => positive(zod),
    expects: "write the id of a tag, a whole number above 0",
    output: "declared",
    compare: "value",
  },
  invalidatePreflightSims: {
    schema: (zod) => zod.boolean(),
    expects: "write true or false",
    output: "declared",
    compare: "value",
  },
  adopt: {
    schema: (zod) => zod.enum(["matching", "always"]),
    expects: 'write "matching" or "always"',
    default: "matching",
    output: "declared",
    compare: "value",
  },
  onRelease: {
    schema: (zod) => zod.enum(["keep", "pause", "deactivate"]),
    expects: 'write "keep", "pause" or "deactivate"',
    default: "keep",
    output: "declared",
    compare: "value",
  },
  waitForLiveSeconds: {
    schema: (zod) => zod.number().int().min(0).max(86_400),
    expects: "write seconds as a whole number from 0 to 86400",
    default: 0,
    output: "declared",
    compare: "value",
  },
} as const satisfies Fields;

/** The keys of the inputs that are outputs too, as a resource registers them: the SDK resolves no output without one. */
export function registrationKeys(of: Fields = fields): Readonly<Record<string, undefined>> {
  const repeated = Object.entries(of).filter(([, { output }]) => output !== "none");
  return Object.fromEntries(repeated.map(([name]) => [name, undefined]));
}

function positive(zod: Zod) {
  return zod.number().int().positive().max(Number.MAX_SAFE_INTEGER);
}

function limit(zod: Zod) {
  return zod.number().int().min(-1).max(Number.MAX_SAFE_INTEGER);
}

function range(zod: Zod, kind: SimNumberKind) {
  return zod
    .string()
    .superRefine((text, context) => {
      for (const message of rangeProblems(text, kind)) context.addIssue({ code: "custom", message });
    })
    .transform(spelledRange);
}

function list(zod: Zod) {
  return zod
    .array(zod.unknown())
    .min(1)
    .max(MOST_SIMS)
    .superRefine((sims, context) => {
      for (const message of listProblems(sims)) context.addIssue({ code: "custom", message });
    })
    .transform((sims) => sims.filter((sim) => typeof sim === "string"));
}
