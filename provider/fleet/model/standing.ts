import type { Sim } from "../../hologram/model";

/**
 * What a SIM's state means for a fleet. Names are an open set (Hologram's help centre, "SIM states"; its API blueprint
 * has others): what is not recognised and has a device counts as active, because claiming it again would cost money.
 */
export type Standing =
  /** Never claimed: listed inventory without a device, or `INACTIVE`. */
  | "unclaimed"
  /** In Test Mode, not yet bought. */
  | "test"
  | "active"
  /** Paused by a member of the team; still billed. */
  | "pausedByUser"
  /** Paused by Hologram, for lack of funds or at a limit. Reported, not fought. */
  | "pausedByHologram"
  /** Deactivated: gone for ever. */
  | "dead";

export function standingOf(sim: Sim): Standing {
  const state = sim.state.toUpperCase();
  if (/^DEAD|DEACTIVAT/.test(state)) return "dead";
  if (sim.testMode) return "test";
  if (sim.deviceId === undefined || state === "INACTIVE") return "unclaimed";
  if (/^FROZEN|^PAUSED?-(PENDING-)?SYS/.test(state)) return "pausedByHologram";
  if (/^PAUSE/.test(state)) return "pausedByUser";
  return "active";
}

/** Bought and not gone: it is billed, whether it runs or is paused. */
export function isBilled(standing: Standing): boolean {
  return standing === "active" || standing === "pausedByUser" || standing === "pausedByHologram";
}

/** A change of its state is on its way; until it is through, Hologram locks the state. */
export function isChanging(sim: Sim): boolean {
  return /PENDING/i.test(sim.state);
}
