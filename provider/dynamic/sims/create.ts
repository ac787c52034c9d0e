import { FleetError, summarizeReasons } from "../../fleet/model/fleetErrors";
import { emptyRecord } from "../../fleet/model/record";
import { changeFleet } from "../../fleet/run/changeFleet";
import type { Changed } from "../../fleet/run/decision";
import type { RowReporter } from "../host/engineLog";
import type { Session } from "../host/session";
import { echoOf, type FleetInputs } from "../inputs/parse";
import { rowOf } from "../wire/hiddenInputs";
import { previewIn } from "../wire/previewInput";
import type { PlainObject, Props } from "../wire/values";
import { checkedInputs, outputsAfter, partWay } from "./change";

export interface CreateResult {
  readonly id: string;
  readonly outs: PlainObject;
}

/**
 * Activates the fleet. Idempotent: SIMs that are active already are taken over, so a create that died half-way is
 * finished by the next one. Ends part-way as a partial failure that keeps what was activated.
 */
export async function create(session: Session, props: Props, report: RowReporter): Promise<CreateResult> {
  const { inputs, declaration, told, roll } = checkedInputs(props, []);
  const { urn = "" } = rowOf(props);
  const context = await session.context(inputs.orgId, session.program.inUpdate(urn), report);
  const { onRelease } = inputs;
  const changed = await changeFleet(context, { declaration, record: emptyRecord, told, roll, onRelease });
  refuseEmpty(changed, previewIn(props)?.unverified);

  const id = resourceId(inputs, props);
  const written = { echo: echoOf(inputs), roll, orgId: context.account.orgId, props };
  if (changed.unfinished.length > 0) throw partWay(id, context, changed, written);
  return { id, outs: outputsAfter(changed.record, { ...written, changed }) };
}

/** A create that came to nothing, for certain, leaves nothing in state: the next `up` begins afresh. */
function refuseEmpty({ record, outcome, unfinished }: Changed, unverified: string | undefined): void {
  if (record.sims.length + record.lost.length + record.doubts.length > 0) return;
  const nothing = unverified ?? "the selection holds no SIM that could be activated";
  const why = summarizeReasons(unfinished).join("; ") || nothing;
  const advice = outcome.advice === undefined ? "" : `. ${outcome.advice}`;
  throw new FleetError(`nothing was activated: ${why}${advice}`);
}

/**
 * Readable, made from the first declaration, known before the first request, never parsed. A secret selection does not
 * appear in it.
 */
function resourceId({ sims, plan }: FleetInputs, props: Props): string {
  if (rowOf(props).isSecret || sims === undefined) return `sims-on-plan-${plan}`;
  if (sims.form !== "list") return `${sims.first}-${sims.last}`;
  const [first, last] = [sims.iccids[0], sims.iccids.at(-1)];
  return sims.iccids.length === 1 ? `${first}` : `${first}-to-${last}-${sims.iccids.length}-sims`;
}
