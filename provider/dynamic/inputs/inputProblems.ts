import type { z } from "zod";
import { type Props, quote } from "../wire/values";
import { inputShape, MOST_SIMS } from "./inputShape";

/** What no single input can tell. */
export function problemsTogether(known: Props, unknown: readonly string[]): string[] {
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

export function problemsOf(error: z.ZodError, known: Props): string[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") return issue.keys.map(unknownInput);
    const [input] = issue.path;
    const name = String(input);
    if (issue.code === "custom") return [`${name}: ${issue.message}`];
    return [`${name}: ${quote(known[name])} is not allowed here; ${expectation[name] ?? issue.message}`];
  });
}

function unknownInput(key: string): string {
  const near = Object.keys(inputShape.shape).find(
    (name) => name.toLowerCase() === key.toLowerCase().replaceAll("_", ""),
  );
  return `${quote(key)} is not an input of SimActivation${near === undefined ? "" : `; did you mean ${near}?`}`;
}

const expectation: Readonly<Record<string, string>> = {
  simRange: 'write "first-last" as text',
  eidRange: 'write "first-last" as text',
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
