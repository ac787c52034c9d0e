// node needs-approval.mjs plan.json 100
// Prints true when a saved plan spends more than so many US dollars at once, or when nobody can tell; else false. What
// SIMs cost that are moved to another plan nobody can tell: Hologram charges an upgrade pro rata.
import { readFileSync } from "node:fs";

const [file, limit] = process.argv.slice(2);
if (!file || !limit) fail("needs-approval.mjs takes a saved plan and a limit in US dollars: plan.json 100");
const previews = Object.entries(plansIn(file))
  .filter(([urn]) => urn.includes("hologram:SimActivation::"))
  // What is deleted has no goal and activates nothing; what stays the same shows the preview of an earlier change.
  .filter(([, { goal, steps }]) => goal && steps.some((step) => step !== "same"))
  .map(([, { state }]) => state.preview ?? {});
const cents = previews.map(({ dueNow = Number.POSITIVE_INFINITY }) => Math.round(dueNow * 100));
const dollars = sum(cents) / 100;
const moved = sum(previews.map(({ changePlan = Number.POSITIVE_INFINITY }) => changePlan));

process.stderr.write(
  `This activates SIMs for about $${dollars.toFixed(2)}; above $${limit} it needs approval.\n`,
);
if (moved > 0) {
  const sims = moved === 1 ? "1 SIM" : `${Number.isFinite(moved) ? moved : "nobody knows how many"} SIMs`;
  process.stderr.write(
    `It changes the plan of ${sims}, for a charge that nobody can tell, and needs approval.\n`,
  );
}
// Not "more than": a limit that is no number asks for approval too.
process.stdout.write(`${!(dollars <= Number(limit)) || moved > 0}\n`);

function sum(numbers) {
  return numbers.reduce((all, each) => all + each, 0);
}

function plansIn(path) {
  try {
    const plans = JSON.parse(readFileSync(path, "utf8"))?.resourcePlans;
    if (plans instanceof Object) return plans;
  } catch (error) {
    fail(`${path} cannot be read: ${error.message}`);
  }
  return fail(`${path} is not a plan; write it with pulumi preview --save-plan ${path}`);
}

function fail(sentence) {
  process.stderr.write(`${sentence}.\n`);
  process.exit(2);
}
