import { FleetError } from "../../fleet/model/fleetErrors";
import { amountOf, untoldOf } from "../../fleet/plan/openWork";
import { addAmounts, beyondCaps } from "../../fleet/run/caps";
import { hintsFor } from "../host/hints";
import type { Session } from "../host/session";
import type { FleetInputs } from "../inputs/parse";
import type { FleetState } from "../wire/state";

/** Open work was announced by an earlier preview. It counts against the caps of this run even if `check` did not repeat it. */
export function countOpen(session: Session, urn: string, state: FleetState, inputs: FleetInputs): void {
  const open = untoldOf(state, inputs, false);
  if (open === undefined) return;
  const own = amountOf(open, state.onRelease);
  if (own.activations + own.deactivations === 0) return;
  session.program.count(urn, own);
  const settings = session.settings();
  const total = session.program.othersTold(urn).reduce(addAmounts, own);
  const cap = beyondCaps(total, settings, hintsFor(settings), open.price !== undefined);
  if (cap !== undefined) throw new FleetError(`${cap}; nothing was sent`);
}
