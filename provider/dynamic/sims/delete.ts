import { patienceOf } from "../../fleet/apply/settling";
import { release, releaseSentence } from "../../fleet/apply/simStates";
import type { HeldSim, OnRelease } from "../../fleet/model/declaration";
import { FleetError, groupByReason } from "../../fleet/model/errors";
import { countOfSims } from "../../fleet/model/money";
import { recall } from "../../fleet/observe/readRecorded";
import type { RowReporter } from "../host/progress";
import type { Session } from "../host/session";
import { type FleetState, readState } from "../wire/state";
import type { Props } from "../wire/values";
import { reserveDeactivations } from "./change";
import { NOT_OURS } from "./update";

/**
 * Releases every SIM of the fleet as the recorded `onRelease` says; `keep`, the default, sends nothing. SIMs that
 * another declaration covers are spared: a rename, a new parent and a replace delete after they created. Idempotent:
 * SIMs that are gone already count as released, and a delete that failed half-way is simply called again.
 */
export async function remove(session: Session, props: Props, report: RowReporter): Promise<void> {
  const state = readState(props);
  if (state === undefined) throw new FleetError(NOT_OURS);
  const others = session.checked.othersThan(state.instance);
  const mine = (sims: readonly HeldSim[]): HeldSim[] =>
    sims.filter(({ iccid }) => !others.some((selection) => selection.has(iccid)));

  if (state.onRelease === "keep") {
    const count = state.held.kind === "listed" ? mine(state.held.sims).length : state.held.count;
    if (count > 0) report.info(releaseSentence(count, "keep"));
  } else {
    await releaseAll(session, state, state.onRelease, mine, report, others.length === 0);
  }
  session.checked.forget(state.instance);
}

async function releaseAll(
  session: Session,
  state: FleetState,
  onRelease: Exclude<OnRelease, "keep">,
  mine: (sims: readonly HeldSim[]) => HeldSim[],
  report: RowReporter,
  isAlone: boolean,
): Promise<void> {
  if (state.held.kind === "listed" && mine(state.held.sims).length === 0) return;
  const settings = session.settings();
  const account = await session.account(settings, state.orgId, report);
  const known = state.held.kind === "listed" ? state.held.sims : await readBack();
  if (known === undefined) return;
  const sims = mine(known);
  if (onRelease === "deactivate") reserveDeactivations(sims.length, settings, session);
  const { done, failed } = await release(account, sims, onRelease, report, patienceOf(settings));
  if (done.length > 0) report.info(releaseSentence(done.length, onRelease));
  if (failed.length === 0) return;
  throw new FleetError(
    `${countOfSims(failed.length)} of ${sims.length} could not be released (onRelease: ${onRelease}): ` +
      `${groupByReason(failed).join("; ")}. ${done.length > 0 ? "The others are done; run" : "Run"} the command again to go on.`,
  );

  /** After a failure too large for its report, the record holds a range and no list. */
  async function readBack(): Promise<readonly HeldSim[] | undefined> {
    const found = await recall(account, state.held);
    if (found !== undefined) return found.sims;
    const why = "the last update ended part-way and state does not list its SIMs";
    if (!isAlone) {
      // A rename, most likely: what holds them now cannot be told from what nobody declares any more.
      report.warn(`${why}: none is released, those that no other fleet declares stay active and billed`);
      return undefined;
    }
    throw new FleetError(
      `${why}; nothing was released. ` +
        "Run `pulumi up` first, which reads them back from the program, then destroy.",
    );
  }
}
