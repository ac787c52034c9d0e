import { ICCID, listProblems, rangeProblems, spelledRange } from "../../dynamic/inputs/simNumbers";
import { CommandError } from "../command";

/** The range that `--sim-range` gives, in its one spelling: what a program may write, and refused in the same words. */
export function readSimRange(text: string): string {
  refuse("--sim-range", rangeProblems(text, ICCID));
  return spelledRange(text);
}

/** The ICCIDs that `--sims` gives, separated by commas or repeated. */
export function readSims(texts: readonly string[]): readonly string[] {
  const iccids = texts.flatMap((text) => text.split(",")).map((text) => text.trim());
  refuse("--sims", listProblems(iccids));
  return iccids;
}

function refuse(option: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new CommandError(`${option}: ${problems.join("; ")}.`);
}
