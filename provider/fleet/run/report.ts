import type { Outcome, Undone } from "../apply/apply";
import { releaseSentence } from "../apply/simStates";
import type { Reporter } from "../model/account";
import type { OnRelease } from "../model/declaration";
import { countUndone, nameSome, summarizeReasons } from "../model/fleetErrors";
import { countOfSims, formatCount, formatDollars } from "../model/money";
import { doubtEndsAtMs } from "../model/record";
import { dueOf } from "./caps";
import type { RunContext } from "./context";
import type { Decision } from "./decision";

export interface Report {
  readonly decision: Decision;
  readonly outcome: Outcome;
  /** What was found and not done, because no preview told of it. */
  readonly leftAlone: readonly string[];
  readonly onRelease: OnRelease;
  /** SIMs that bore another tag, or none, before. */
  readonly retagged: number;
}

/** The lines that stay on the row. */
export function reportOutcome(
  { report, hints, journal }: RunContext,
  { decision, outcome, leftAlone, onRelease, retagged }: Report,
): void {
  const { done, requests, lost, remarks } = outcome;
  const { wanted, leaving } = decision;
  if (done.activate > 0) {
    const due = dueOf(wanted.price, done.activate);
    const about = due === 0 ? "" : `, about ${formatDollars(due)}`;
    const inRequests = `${requests} ${requests === 1 ? "request" : "requests"}`;
    report.info(`activated ${countOfSims(done.activate)} in ${inRequests}${about}`);
  }
  if (done.adopt > 0) {
    report.info(
      `adopted ${countOfSims(done.adopt)} that ${done.adopt === 1 ? "was" : "were"} active already`,
    );
  }
  if (done.changePlan > 0) report.info(`changed the plan of ${countOfSims(done.changePlan)}`);
  if (done.changeLimits > 0) report.info(`set the limits of ${countOfSims(done.changeLimits)}`);
  if (retagged > 0) report.info(`changed the tag of ${countOfSims(retagged)}`);
  if (done.resume > 0) report.info(`resumed ${countOfSims(done.resume)}`);
  if (done.release > 0) report.info(releaseSentence(done.release, onRelease));
  if (leaving.handedOver.length > 0) {
    report.info(`${countOfSims(leaving.handedOver.length)} left to another fleet of the program`);
  }
  if (leaving.deferred.length > 0) {
    report.warn(
      `${countOfSims(leaving.deferred.length)} not released yet (onRelease: ${onRelease}): ` +
        (journal.isKept
          ? `SIMs are not paused while only a part of the program is known; ${hints.runWhole}`
          : "without a journal that can be written no SIM is paused or deactivated in an update; name a folder that can " +
            "in HOLOGRAM_JOURNAL, and run the command again"),
    );
  }
  tellStanding(report, { lost, back: wanted.back, pausedByHologram: wanted.pausedByHologram });
  for (const each of leftAlone) report.warn(`${each}; ${hints.lookAgain}`);
  const remark = journal.remark();
  for (const each of remark === undefined ? remarks : [...remarks, remark]) report.warn(each);
}

/** What became of SIMs on record without this program's doing, by ICCID. */
export function tellStanding(
  report: Reporter,
  { lost, back, pausedByHologram }: Record<"lost" | "back" | "pausedByHologram", readonly string[]>,
): void {
  if (lost.length > 0) {
    report.warn(`${countOfSims(lost.length)} lost (deactivated, or moved away): ${nameSome(lost)}`);
  }
  if (back.length > 0) report.info(`${countOfSims(back.length)} back: ${nameSome(back)}`);
  if (pausedByHologram.length > 0) {
    report.warn(
      `${countOfSims(pausedByHologram.length)} paused by Hologram, for lack of funds or at a limit: ` +
        nameSome(pausedByHologram),
    );
  }
}

/** The reasons of a change that ended part-way: a summary first, then what happened to which SIMs. */
export function failureReasons(
  { account, claimSettleSeconds, hints }: RunContext,
  outcome: Outcome,
  unfinished: readonly Undone[],
): string[] {
  const entering = unfinished.filter(({ kind }) => kind === "activate" || kind === "adopt");
  const count = (fate: Undone["fate"]): number => entering.filter((each) => each.fate === fate).length;
  const certain = outcome.done.activate + outcome.done.adopt;
  const phrases = [
    certain + entering.length > 0 ? `${formatCount(certain)} certain` : "",
    ...(["doubtful", "refused", "untouched"] as const).map((fate) =>
      count(fate) > 0 ? `${formatCount(count(fate))} ${fate === "untouched" ? "not sent" : fate}` : "",
    ),
    outcome.done.release > 0 ? `${formatCount(outcome.done.release)} released` : "",
  ].filter((phrase) => phrase !== "");
  const now = account.clock.now();
  const ends = outcome.doubts.map((doubt) => doubtEndsAtMs(doubt, now, claimSettleSeconds));
  const next =
    ends.length === 0
      ? `${sentence(hints.goOn)}; SIMs that are active by then are not claimed again.`
      : `${sentence(hints.goOnAfter(new Date(Math.max(...ends)).toISOString()))}.`;
  const done = phrases.length === 0 ? "" : ` (${phrases.join(", ")})`;
  const advice = outcome.advice === undefined ? "" : `${outcome.advice} `;
  const summary = `${countOfSims(countUndone(unfinished))} not done${done}. ${advice}${next}`;
  return [summary, ...summarizeReasons(unfinished)];
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
