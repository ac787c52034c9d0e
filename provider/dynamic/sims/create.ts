import { nothingHeld } from "../../fleet/model/declaration";
import { FleetError, groupByReason } from "../../fleet/model/errors";
import { printRange } from "../../fleet/numbers/range";
import type { RowReporter } from "../host/progress";
import type { Session } from "../host/session";
import { declarationOf, echoOf, type FleetInputs, parseInputs } from "../inputs/parse";
import { partialFailure } from "../wire/partialFailure";
import { previewIn } from "../wire/preview";
import { writeState } from "../wire/state";
import type { PlainObject, Props } from "../wire/values";
import { type Changed, carryOut } from "./change";
import { reasonsOf } from "./telling";

export interface CreateResult {
  readonly id: string;
  readonly outs: PlainObject;
}

/**
 * Activates the fleet. Idempotent: SIMs that are active already are taken over, so a create that died half-way is
 * finished by the next one. Ends part-way as a partial failure that keeps what was activated.
 */
export async function create(session: Session, props: Props, report: RowReporter): Promise<CreateResult> {
  const inputs = knownInputs(props);
  const declaration = declarationOf(inputs);
  if (declaration === undefined) throw new FleetError("nothing was sent: an input has no value");
  const id = resourceId(inputs, props);
  const settings = session.settings();
  const orgId = await session.resolveOrganization(settings, inputs.orgId, report);
  const account = await session.account(settings, orgId, report);
  const instance = session.newInstance();
  session.checked.belongsTo(declaration.sims, instance);

  const preview = previewIn(props) ?? { unverified: "the inputs carry no preview" };
  const bounds = { preview, unfinished: 0, continuing: 0, edited: true, caps: session.caps(settings) };
  const { onRelease } = inputs;
  const change = { account, settings, declaration, instance, held: nothingHeld, onRelease, bounds };
  const changed = await carryOut({ ...change, spared: () => [], doubtfulUntil: undefined }, session, report);
  refuseEmpty(changed);

  const { outcome } = changed;
  const outs = writeState({ ...outcome, echo: echoOf(inputs), orgId, instance, preview, urn: props.__urn });
  if (outcome.unfinished.length > 0) throw partialFailure(id, props, outs, reasonsOf(outcome));
  return { id, outs };
}

/** Reads checked inputs; the check has passed, so a problem here means that they were changed since. */
export function knownInputs(props: Props): FleetInputs {
  const parsed = parseInputs(props);
  if ("inputs" in parsed) return parsed.inputs;
  throw new FleetError(`nothing was sent: ${parsed.problems.join("; ")}`);
}

/** A create that came to nothing, for certain, leaves nothing in state: the next `up` begins afresh. */
function refuseEmpty({ outcome, steps }: Changed): void {
  if (outcome.held.length > 0 || outcome.counts.doubtful > 0) return;
  const reasons = groupByReason(outcome.unfinished).join("; ");
  const why = reasons || steps.unverified || "the range holds no SIM that could be activated";
  const advice = outcome.advice === undefined ? "" : `. ${outcome.advice}`;
  throw new FleetError(`nothing was activated: ${why}${advice}`);
}

/**
 * Readable, made from the first declaration, known before the first request, never parsed. A secret selection (marked
 * by a null) does not appear in it.
 */
function resourceId(inputs: FleetInputs, props: Props): string {
  const { sims } = inputs;
  if (props.iccids === null || sims === undefined) return `sims-on-plan-${inputs.plan}`;
  if (sims.form !== "list") return printRange(sims);
  const [first, last] = [sims.iccids[0], sims.iccids.at(-1)];
  return sims.iccids.length === 1 ? `${first}` : `${first}-to-${last}-${sims.iccids.length}-sims`;
}
