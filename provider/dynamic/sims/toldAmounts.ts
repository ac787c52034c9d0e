import type { OnRelease } from "../../fleet/model/declaration";
import { FleetError } from "../../fleet/model/fleetErrors";
import type { Amount } from "../../fleet/model/journal";
import { amountOf, untoldOf } from "../../fleet/plan/openWork";
import type { Preview } from "../../fleet/plan/preview";
import { addAmounts, beyondCaps } from "../../fleet/run/caps";
import { hintsFor } from "../host/hints";
import type { Session } from "../host/session";
import type { FleetInputs } from "../inputs/parse";
import type { FleetState } from "../wire/state";

/** What the fleet would spend by what its preview tells. */
export function amountTold(preview: Preview, onRelease: OnRelease): Amount {
  return {
    activations: preview.activate,
    dueNow: preview.dueNow ?? 0,
    deactivations: onRelease === "deactivate" ? preview.release : 0,
  };
}

/**
 * Why `own`, with what the other fleets of the program have told, goes beyond a cap: the caps hold for a preview as for a
 * plan, and are named before anyone approves. Judged and, where it `counts`, counted in one step, because fleets are
 * checked side by side.
 */
export function countAgainstCaps(
  session: Session,
  urn: string,
  own: Amount,
  { isPriced, counts }: { readonly isPriced: boolean; readonly counts: boolean },
): string | undefined {
  if (own.activations + own.deactivations === 0) return undefined;
  const settings = session.settings();
  const total = session.program.othersTold(urn).reduce(addAmounts, own);
  if (counts) session.program.count(urn, own);
  return beyondCaps(total, settings, hintsFor(settings), isPriced);
}

/** Open work was announced by an earlier preview. It counts against the caps of this run even if `check` did not repeat it. */
export function countOpen(session: Session, urn: string, state: FleetState, inputs: FleetInputs): void {
  const open = untoldOf(state, inputs, false);
  if (open === undefined) return;
  const own = amountOf(open, state.onRelease);
  const cap = countAgainstCaps(session, urn, own, { isPriced: open.price !== undefined, counts: true });
  if (cap !== undefined) throw new FleetError(`${cap}; nothing was sent`);
}
