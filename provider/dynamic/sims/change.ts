import { type Approval, approveNothing } from "../../fleet/model/approval";
import type { Declaration } from "../../fleet/model/declaration";
import { FleetError } from "../../fleet/model/fleetErrors";
import { type FleetRecord, heldSims } from "../../fleet/model/record";
import { isVerified, priceTold, type UnverifiedPreview } from "../../fleet/plan/preview";
import type { RunContext } from "../../fleet/run/context";
import type { Changed, FleetChange } from "../../fleet/run/decision";
import { failureReasons } from "../../fleet/run/report";
import { defined } from "../../util/defined";
import { declarationOf, type Echo, type FleetInputs, parseInputs } from "../inputs/parse";
import { hiddenInputsOf, rowOf } from "../wire/hiddenInputs";
import { approvalIn, digestOf } from "../wire/packedApproval";
import { type PartialFailure, partialFailure } from "../wire/partialFailure";
import { previewIn } from "../wire/previewInput";
import { type NewState, writeState } from "../wire/state";
import type { PlainObject, Props } from "../wire/values";

/** Checked inputs, as create and update read them. */
export interface CheckedInputs {
  readonly inputs: FleetInputs;
  readonly declaration: Declaration;
  readonly told: FleetChange["told"];
  /** ICCIDs that the declaration comes to; absent where no preview could tell. */
  readonly roll: readonly string[] | undefined;
}

/** `former`: what the declaration came to before. An approval names the SIMs that leave against it. */
export function checkedInputs(props: Props, former: readonly string[], zoneWas?: string): CheckedInputs {
  const parsed = parseInputs(props);
  // The check has passed, so a problem here means that the inputs were changed since.
  if ("problems" in parsed) throw new FleetError(`nothing was sent: ${parsed.problems.join("; ")}`);
  const { inputs } = parsed;
  const declaration = declarationOf(inputs, zoneWas);
  if (declaration === undefined) throw new FleetError("nothing was sent: an input has no value");
  const { roll } = hiddenInputsOf(props, inputs.sims);
  const preview = previewIn(props) ?? { unverified: "the inputs carry no preview" };
  const approval = approvalIn(props, { roll: roll ?? [], leaving: former });
  const told = isVerified(preview) ? (approval ?? approveNothing(declaration)) : untold(preview, approval);
  return { inputs, declaration, told, roll };
}

/** What a preview told that could not look. Inputs of an older package carry no approval beside it. */
function untold(preview: UnverifiedPreview, approval: Approval | undefined): CheckedInputs["told"] {
  const { unverified, activate } = preview;
  const price = approval === undefined ? priceTold(preview) : approval.price;
  const { changePlan, changeLimits } = approval?.sims ?? {};
  return { unverified, ...defined({ activate, price, changePlan, changeLimits }) };
}

/** Outputs after an operation that did all that was approved. */
export function outputsAfter(
  record: FleetRecord,
  { echo, roll, props, orgId, changed }: Written,
): PlainObject {
  const state: NewState = {
    echo,
    orgId,
    record,
    roll,
    unfinished: changed?.unfinished ?? [],
    preview: previewIn(props) ?? { unverified: "the inputs carry no preview" },
    order: changed?.outcome.order,
    applied: digestOf(props),
    row: rowOf(props),
  };
  return writeState(state);
}

/** What outputs are made of, beside the record. Inputs and roll are those that the engine keeps beside the outputs. */
export interface Written {
  readonly echo: Echo;
  readonly roll: readonly string[] | undefined;
  readonly orgId: number;
  /** The new inputs, whether the engine keeps them or not. */
  readonly props: Props;
  readonly changed?: Changed;
}

/** The same where something approved is not done: the resource fails, and the record keeps what is certain and open. */
export function partWay(
  id: string,
  context: RunContext,
  changed: Changed,
  written: Omit<Written, "changed">,
): PartialFailure {
  const { record, outcome, unfinished } = changed;
  const outs = outputsAfter(record, { ...written, changed });
  const reasons = failureReasons(context, outcome, unfinished);
  return partialFailure(id, { inputs: written.props, outs, sims: heldSims(record), reasons });
}
