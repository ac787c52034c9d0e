import { HologramError } from "../../hologram/errors";
import type { RefusalCause } from "../../hologram/model";
import { ascendingUnique } from "../numbers/selection";

/** A sentence for the user: what happened, to which SIMs, what was and was not done, what to do now. */
export class FleetError extends Error {
  override readonly name = "FleetError";
}

/** Something that certainly cannot be done, found before anything was spent. Without `iccid` it concerns the fleet. */
export interface Refusal {
  readonly iccid?: string;
  readonly reason: string;
}

/** How many SIMs a message names before it says "and 37 more". */
export const NAMED_IN_MESSAGES = 10;

/** "a, b, c and 37 more" */
export function nameSome(names: readonly string[], most = NAMED_IN_MESSAGES): string {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** One line per reason, most frequent first, each with the SIMs it concerns, ascending: "SIM not found: 8944…, 8944… and 3 more". */
export function groupByReason(refusals: readonly Refusal[]): string[] {
  const groups = Map.groupBy(refusals, ({ reason }) => reason);
  return [...groups]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([reason, group]) => {
      const names = ascendingUnique(group.flatMap(({ iccid }) => iccid ?? []));
      return names.length === 0 ? reason : `${reason}: ${nameSome(names)}`;
    });
}

/** The server's words about a whole request, as a reason. */
export function refusalOf(words: string): string {
  return `Hologram refused the request: "${words.replace(/[.\s]+$/, "")}"`;
}

/** What to do about a refused request, as a sentence, where the cause is known. */
export function adviceFor(cause: RefusalCause): string | undefined {
  switch (cause) {
    case "balance":
      return "Top up the organization's balance.";
    case "role":
      return "Activating takes an API key of a user with the role Manager, Admin or Owner.";
    case "key":
      return "Set HOLOGRAM_API_KEY to a key that is valid.";
    case "rateLimit":
      return "It was tried for five minutes; try again later.";
    case "tooLarge":
    case "other":
      return undefined;
  }
}

/** The sentence of an error, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether an error is a sentence for the user. Anything else is a fault of this package. */
export function isRefusal(error: unknown): error is FleetError | HologramError {
  return error instanceof FleetError || error instanceof HologramError;
}

/** The same as a reason that stands beside SIMs. A fault of this package says that it is one. */
export function reasonOf(error: unknown): string {
  return isRefusal(error) ? error.message : `${INTERNAL_ERROR}: ${messageOf(error)}`;
}

export const INTERNAL_ERROR = "internal error in pulumi-hologram";
