import type { Outcome } from "../../fleet/apply/apply";
import { releaseSentence } from "../../fleet/apply/simStates";
import type { Reporter } from "../../fleet/model/account";
import type { OnRelease } from "../../fleet/model/declaration";
import { groupByReason, nameSome } from "../../fleet/model/errors";
import { countOfSims, formatCount, formatDollars, toDollars } from "../../fleet/model/money";
import { dueNow } from "../../fleet/observe/price";
import type { Plan } from "../../fleet/plan/plan";

/** The reasons of a change that ended part-way: a summary first, then what happened to which SIMs. */
export function reasonsOf(outcome: Outcome): string[] {
  const { claimed, adopted, doubtful, refused, untouched, waiting, released } = outcome.counts;
  const claims = waiting === 0 && doubtful + refused + untouched + claimed + adopted > 0;
  const phrases = [
    claims ? `${formatCount(claimed + adopted)} certain` : "",
    doubtful > 0 ? `${formatCount(doubtful)} doubtful` : "",
    refused > 0 ? `${formatCount(refused)} refused` : "",
    untouched > 0 ? `${formatCount(untouched)} not sent` : "",
    waiting > 0 ? `${formatCount(outcome.held.length)} held, ${formatCount(waiting)} waiting` : "",
    released > 0 ? `${formatCount(released)} released` : "",
  ].filter((phrase) => phrase !== "");
  const next =
    outcome.doubtfulUntil === undefined
      ? "Run `pulumi up` again to go on; SIMs that are active by then are not claimed again."
      : `Run \`pulumi up\` after ${new Date(outcome.doubtfulUntil).toISOString()} to go on; before that it only reads.`;
  const done = phrases.length === 0 ? "" : ` (${phrases.join(", ")})`;
  const advice = outcome.advice === undefined ? "" : `${outcome.advice} `;
  const summary = `${countOfSims(outcome.unfinished.length)} not done${done}. ${advice}${next}`;
  return [
    summary,
    ...groupByReason(outcome.unfinished)
      .slice(0, MOST_REASONS)
      .map((line) => line.slice(0, 500)),
  ];
}

/** The whole report of a failed operation stays small: its payload travels in a header. */
const MOST_REASONS = 5;

/** The lines that stay on the row. */
export function say(outcome: Outcome, steps: Plan, onRelease: OnRelease, report: Reporter): void {
  const { claimed, requests, adopted, planChanged, limitsChanged, resumed, released } = outcome.counts;
  if (claimed > 0) {
    const cost = steps.price && dueNow(steps.price, claimed);
    const about = cost === undefined ? "" : `, about ${formatDollars(toDollars(cost))}`;
    report.info(
      `activated ${countOfSims(claimed)} in ${requests} ${requests === 1 ? "request" : "requests"}${about}`,
    );
  }
  if (adopted > 0) report.info(`adopted ${countOfSims(adopted)} that were active already`);
  if (planChanged > 0) report.info(`changed the plan of ${countOfSims(planChanged)}`);
  if (limitsChanged > 0) report.info(`set the limits of ${countOfSims(limitsChanged)}`);
  if (resumed > 0) report.info(`resumed ${countOfSims(resumed)}`);
  if (released > 0) report.info(releaseSentence(released, onRelease));
  if (outcome.lost.length > 0) {
    report.warn(
      `${countOfSims(outcome.lost.length)} lost (deactivated, or moved away): ${nameSome(outcome.lost)}`,
    );
  }
  if (steps.pausedByHologram.length > 0) {
    report.warn(
      `${countOfSims(steps.pausedByHologram.length)} paused by Hologram, for lack of funds or at a limit: ` +
        nameSome(steps.pausedByHologram),
    );
  }
  for (const remark of outcome.remarks) report.warn(remark);
}
