import type { Range } from "../../fleet/numbers/range";
import { compareNumbers } from "../../fleet/numbers/selection";
import { endsInCheckDigit } from "../../hologram/spelling";

/** SIMs that follow each other so closely that no other can lie between them. */
export interface Run extends Range {
  readonly iccids: readonly string[];
}

/**
 * Parts ICCIDs, ascending, into runs. `listed` is everything that the account shows, ascending.
 *
 * A range in a program must hold what is declared and nothing else, today and when new cards come. That nothing is listed
 * between two numbers does not say so: inventory need not be listed, and a card may belong to somebody else. So two cards
 * are of one run only where their numbers leave no room: they differ by one; or their last digits are check digits
 * (or all the same) and the numbers before those differ by one.
 */
export function runsOf(iccids: readonly string[], listed: readonly string[]): Run[] {
  const runs: string[][] = [];
  const isFollowed = followed(listed);
  for (const iccid of iccids) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run !== undefined && before !== undefined && isFollowed(before, iccid)) run.push(iccid);
    else runs.push([iccid]);
  }
  return runs.map((run) => ({ iccids: run, first: run[0] ?? "", last: run.at(-1) ?? "" }));
}

/** `8944…0 to 8944…9 (100 SIMs)`, or the one ICCID. */
export function describeRun({ first, last, iccids }: Run): string {
  return iccids.length === 1 ? first : `${first} to ${last} (${iccids.length} SIMs)`;
}

/** Whether a number is the very next that can be a card after another. */
function followed(listed: readonly string[]): (before: string, iccid: string) => boolean {
  const places = new Map(listed.map((iccid, place) => [iccid, place]));
  return (before, iccid) => {
    const place = places.get(before);
    if (place === undefined || listed[place + 1] !== iccid || before.length !== iccid.length) return false;
    const gap = BigInt(iccid) - BigInt(before);
    if (gap === 1n) return true;
    if (bodyOf(iccid) - bodyOf(before) !== 1n) return false;
    if (endsInCheckDigit(before) && endsInCheckDigit(iccid)) return true;
    // Numbers in steps of ten; unless cards beside them show that here every number is a card.
    const neighbours = [listed[place - 1], listed[place + 2]];
    return gap === 10n && neighbours.every((each) => each === undefined || isFar(each, before, iccid));
  };
}

function isFar(neighbour: string, before: string, iccid: string): boolean {
  const nearest = compareNumbers(neighbour, before) < 0 ? before : iccid;
  const gap = BigInt(neighbour) - BigInt(nearest);
  return neighbour.length !== nearest.length || gap <= -10n || gap >= 10n;
}

function bodyOf(iccid: string): bigint {
  return BigInt(iccid.slice(0, -1));
}
