import type { ClaimTarget } from "../../../provider/hologram/model";
import type { Card } from "./worldTypes";

/** Why a card cannot be claimed. `takes`: whether this claim takes active SIMs again, and Test Mode SIMs. */
export function obstacle(
  card: Card | undefined,
  takes: { readonly active: boolean; readonly tests: boolean },
): string | undefined {
  if (card === undefined) return "SIM not found";
  if (card.state === "DEAD") return "SIM is deactivated";
  if (card.testMode) return takes.tests ? undefined : "SIM is in Test Mode";
  return card.deviceId !== undefined && !takes.active ? "SIM is already activated" : undefined;
}

export function isInRange(target: ClaimTarget, { iccid, eid }: Pick<Card, "iccid" | "eid">): boolean {
  const bounds = boundsOf(target);
  const number = "eidRange" in target ? eid : iccid;
  if (bounds === undefined || number === undefined) return false;
  return bounds.first <= BigInt(number) && BigInt(number) <= bounds.last;
}

/** How many numbers a range spans; undefined for a list. */
export function widthOf(target: ClaimTarget): bigint | undefined {
  const bounds = boundsOf(target);
  return bounds && bounds.last - bounds.first + 1n;
}

export function refusal(cause: "other" | "tooLarge" | "balance", message: string) {
  return { kind: "refused", cause, isRejected: true, message } as const;
}

function boundsOf(target: ClaimTarget): { first: bigint; last: bigint } | undefined {
  if ("sims" in target) return undefined;
  const range = "simRange" in target ? target.simRange : target.eidRange;
  const [first = "", last = ""] = range.split("-");
  return { first: BigInt(first), last: BigInt(last) };
}
