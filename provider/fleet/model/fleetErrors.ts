import { HologramError } from "../../hologram/errors";
import type { RefusalCause } from "../../hologram/model";
import { shortened } from "../../util/shortened";
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

/**
 * What was not done, for a report that stays small: a line for each reason, most frequent first, and ten SIMs over all of
 * them; then how many others there are. Reasons beyond ten are among those.
 */
export function summarizeReasons(undone: readonly Refusal[]): string[] {
  const groups = byReason(undone);
  const shown = groups.slice(0, NAMED_IN_MESSAGES);
  const told = new Set<string>();
  let left = NAMED_IN_MESSAGES;
  // The smaller ones first: what they leave of their share is for the larger ones.
  const lines = shown.toReversed().map(([reason, group], index) => {
    const names = namesOf(group).slice(0, Math.floor(left / (shown.length - index)));
    left -= names.length;
    for (const each of [reason, ...names]) told.add(each);
    return lineOf(shortened(reason, LONGEST_REASON), names.join(", "));
  });
  const more = countUndone(undone.filter(({ iccid, reason }) => !told.has(iccid ?? reason)));
  const [last = "", ...others] = lines;
  if (more === 0) return lines.reverse();
  if (others.length === 0) return [`${last} and ${more} more`];
  const rest = groups.length > shown.length ? ", for other reasons too" : "";
  return [...lines.reverse(), `and ${more} more${rest}`];
}

/** A SIM that several things were not done to is one SIM that is not done. */
export function countUndone(undone: readonly Refusal[]): number {
  return namesOf(undone).length + undone.filter(({ iccid }) => iccid === undefined).length;
}

/** One line per reason, most frequent first, each with the SIMs it concerns, ascending: "SIM not found: 8944…, 8944… and 3 more". */
export function groupByReason(refusals: readonly Refusal[]): string[] {
  return byReason(refusals).map(([reason, group]) => lineOf(reason, nameSome(namesOf(group))));
}

/** A preview never activates. One that is answered as if it had is the end of whatever goes on. */
export function looksActivated(iccids: readonly string[]): string {
  return (
    `Hologram answered a preview with device ids, as if it had activated ${nameSome(iccids)}. ` +
    "Nothing further was sent. Look at these SIMs and at the balance in the dashboard before you go on"
  );
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

/** Of a server's words. */
const LONGEST_REASON = 250;

function byReason(refusals: readonly Refusal[]): [string, Refusal[]][] {
  return [...Map.groupBy(refusals, ({ reason }) => reason)].sort(([, a], [, b]) => b.length - a.length);
}

function lineOf(reason: string, names: string): string {
  return names === "" ? reason : `${reason}: ${names}`;
}

function namesOf(refusals: readonly Refusal[]): string[] {
  return ascendingUnique(refusals.flatMap(({ iccid }) => iccid ?? []));
}
