import { Selection } from "../../fleet/numbers/selection";
import type { Sim } from "../../hologram/model";
import type { StackRecord } from "./states";

/** What one stack has of one organization. */
export interface Coverage {
  /** Name of the stack. */
  readonly name: string;
  /** Declared or held by it. */
  holds(sim: Sim): boolean;
  /** Declared by it, and lost by its record. */
  lost(sim: Sim): boolean;
}

/**
 * What a stack holds in one organization: a SIM that was moved out of a fleet's organization is the fleet's no more, and
 * neither is one that its record calls lost. By device too: on eSIMs the printed ICCID can vanish.
 */
export function coverageOf({ name, fleets }: StackRecord, orgId: number): Coverage {
  const here = fleets.filter((fleet) => fleet.orgId === undefined || fleet.orgId === orgId);
  const each = here.map(({ selection, held, lost }) => {
    const devices = new Set(held.map(({ deviceId }) => deviceId));
    const gone = Selection.ofList(lost);
    const isDeclared = ({ iccid, eid }: Sim): boolean =>
      selection.has(iccid) || (eid !== undefined && selection.has(eid));
    const isHeld = ({ deviceId }: Sim): boolean => deviceId !== undefined && devices.has(deviceId);
    return {
      holds: (sim: Sim): boolean => isHeld(sim) || (isDeclared(sim) && !gone.has(sim.iccid)),
      lost: (sim: Sim): boolean => !isHeld(sim) && isDeclared(sim) && gone.has(sim.iccid),
    };
  });
  return {
    name,
    holds: (sim: Sim): boolean => each.some((fleet) => fleet.holds(sim)),
    lost: (sim: Sim): boolean => each.some((fleet) => fleet.lost(sim)),
  };
}
