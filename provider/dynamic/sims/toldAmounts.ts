import type { Approval } from "../../fleet/model/approval";
import type { OnRelease } from "../../fleet/model/declaration";
import { FleetError } from "../../fleet/model/fleetErrors";
import type { Amount } from "../../fleet/model/journal";
import { amountOf, untoldOf } from "../../fleet/plan/openWork";
import type { Preview, UnverifiedPreview } from "../../fleet/plan/preview";
import { addAmounts, beyondCaps, noAmount } from "../../fleet/run/caps";
import { hintsFor } from "../host/hints";
import type { Session } from "../host/session";
import type { FleetInputs } from "../inputs/parse";
import { rowOf } from "../wire/hiddenInputs";
import { previewIn } from "../wire/previewInput";
import type { FleetState } from "../wire/state";
import type { Props } from "../wire/values";

/** What the fleet would spend by what its preview tells. */
export function amountTold(
  { activate = 0, dueNow = 0, release = 0 }: Preview | UnverifiedPreview,
  onRelease: OnRelease,
): Amount {
  return { activations: activate, dueNow, deactivations: onRelease === "deactivate" ? release : 0 };
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
export function countOpen(session: Session, news: Props, state: FleetState, inputs: FleetInputs): void {
  const open = untoldOf(state, inputs, false);
  if (open === undefined) return;
  const { urn = "" } = rowOf(news);
  const preview = previewIn(news);
  const told = preview === undefined ? noAmount : amountTold(preview, state.onRelease);
  const own = addAmounts(told, amountOf(openOnRoll(open, told, state), state.onRelease));
  const cap = countAgainstCaps(session, urn, own, { isPriced: open.price !== undefined, counts: true });
  if (cap !== undefined) throw new FleetError(`${cap}; nothing was sent`);
}

/** A check that could not look has told all activations of SIMs that are not on the roll, open or not. */
function openOnRoll(open: Approval, told: Amount, { roll }: FleetState): Approval {
  if (told.activations === 0) return open;
  const { unnamed: _, ...named } = open;
  const onRoll = new Set(roll);
  const activate = [...open.sims.activate].filter((iccid) => onRoll.has(iccid));
  return { ...named, sims: { ...open.sims, activate: new Set(activate) } };
}
