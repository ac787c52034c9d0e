/** Pause, resume and deactivate: what each does to a SIM, and which SIMs refuse it. */

import { inTestMode, isDead, isInactive } from "./activation";
import type { Account } from "./emulatedAccount";
import type { SimRow } from "./pack";

/** The words of the API; `deactivate` is for ever. */
export type StateCommand = "pause" | "live" | "deactivate";

export type StateChangeResult =
  | { readonly kind: "changed" }
  /** The SIM is in that state already. */
  | { readonly kind: "unchanged" }
  | { readonly kind: "refused"; readonly reason: string };

/** The states a command passes through and ends in. */
export const COMMANDED: Readonly<
  Record<StateCommand, { readonly through: string; readonly settled: string }>
> = {
  pause: { through: "PAUSED-PENDING-USER", settled: "PAUSED-USER" },
  live: { through: "LIVE-PENDING", settled: "LIVE" },
  deactivate: { through: "DEAD-PENDING", settled: "DEAD" },
};

/** Begins the change; it settles as the behaviour says, or at once with `immediately`. */
export function changeState(
  account: Account,
  row: SimRow,
  command: StateCommand,
  { immediately }: { readonly immediately: boolean },
): StateChangeResult {
  const { through, settled } = COMMANDED[command];
  const from = account.stateOf(row);
  const reason = stateRefusal(account, row, command);
  if (reason !== undefined) return { kind: "refused", reason };
  if (from === settled) return { kind: "unchanged" };
  account.remember(row);
  if (immediately) row.state = settled;
  else account.begin(row, through, settled);
  row.history ??= [];
  row.history.push({ at: account.clock.now(), from, to: row.state, reason: "USER" });
  account.changed = true;
  return { kind: "changed" };
}

/** Why a SIM takes the command in no state it is in now. */
export function stateRefusal(account: Account, row: SimRow, command: StateCommand): string | undefined {
  const from = account.stateOf(row);
  if (row.pending !== undefined) return `SIM state is locked (${from}). Contact support`;
  if (isDead(row)) return "SIM is deactivated";
  if (inTestMode(row) || isInactive(row) || row.deviceId === undefined) {
    return `SIM is not active (${from})`;
  }
  if (command === "live" && from.startsWith("PAUSED-SYS")) {
    return "SIM was paused by Hologram. Contact support";
  }
  return undefined;
}
