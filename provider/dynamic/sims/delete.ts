import { FleetError } from "../../fleet/model/fleetErrors";
import { releaseFleet } from "../../fleet/run/releaseFleet";
import type { RowReporter } from "../host/engineLog";
import type { Session } from "../host/session";
import { readState } from "../wire/state";
import type { Props } from "../wire/values";
import { NOT_OURS } from "./update";

/**
 * Releases every SIM of the fleet as the recorded `onRelease` says; `keep`, the default, sends nothing. SIMs that
 * another declaration covers are spared: a rename, a new parent and a replace delete after they created.
 */
export async function remove(session: Session, props: Props, report: RowReporter): Promise<void> {
  const state = readState(props);
  if (state === undefined) throw new FleetError(NOT_OURS);
  const { record, onRelease, orgId, declared } = state;
  const program = session.program.inDelete();
  if (state.uncounted !== undefined && onRelease !== "keep") throw new FleetError(UNNAMED);
  await releaseFleet({ record, onRelease, declared }, program, report, () =>
    session.context(orgId, program, report),
  );
}

const UNNAMED =
  "the last update, by an older version of this package, ended part-way and state does not name its SIMs; " +
  "nothing was released. Run `pulumi refresh` first, then go on";
