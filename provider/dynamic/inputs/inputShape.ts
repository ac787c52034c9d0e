import { z } from "zod";
import { quote } from "../wire/values";

const ICCID: NumberKind = {
  name: "ICCID",
  pattern: /^[1-9]\d{17,21}$/,
  hint: "18 to 22 digits, as text, without a leading zero",
};
/** GSMA SGP.02: an EID has 32 digits. Hologram's pages give the layout of a range and no example. */
const EID: NumberKind = { name: "EID", pattern: /^[1-9]\d{31}$/, hint: "32 digits, as text" };

interface NumberKind {
  readonly name: string;
  readonly pattern: RegExp;
  readonly hint: string;
}

/** How many entries a list may have. */
export const MOST_SIMS = 1_000_000;

const positive = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const limit = z.number().int().min(-1).max(Number.MAX_SAFE_INTEGER);

export const inputShape = z.strictObject({
  simRange: range(ICCID).optional(),
  eidRange: range(EID).optional(),
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

export function boundsOf(range: string): [string, string] {
  const [first = "", last = ""] = range.split("-").map((bound) => bound.trim());
  return [first, last];
}

function range(kind: NumberKind) {
  return z.string().superRefine((text, context) => {
    for (const message of rangeProblems(text, kind)) context.addIssue({ code: "custom", message });
  });
}

function rangeProblems(text: string, { name, pattern, hint }: NumberKind): string[] {
  if (text.split("-").length !== 2)
    return [`${quote(text)} is not a range: write "first-last", both ${name}s included`];
  const [first, last] = boundsOf(text);
  const bad = [first, last].filter((bound) => !pattern.test(bound));
  if (bad.length > 0) return bad.map((bound) => `${quote(bound)} is not an ${name}: ${hint}`);
  if (first.length !== last.length) {
    return [
      `the bounds ${first} and ${last} have ${first.length} and ${last.length} digits; they must have as many`,
    ];
  }
  return first > last ? [`the range ends before it begins: ${first} is greater than ${last}`] : [];
}

function listProblems(sims: readonly unknown[]): string[] {
  const bad = sims.flatMap((sim, index) =>
    typeof sim === "string" && ICCID.pattern.test(sim) ? [] : [{ sim, index }],
  );
  const named = bad.slice(0, 3).map(({ sim, index }) => {
    const what = typeof sim === "number" ? "a number loses digits of an ICCID; write it as text" : ICCID.hint;
    return `element ${index + 1}, ${quote(sim)}, is not an ICCID: ${what}`;
  });
  return bad.length > 3 ? [...named, `and ${bad.length - 3} more elements are not ICCIDs`] : named;
}
