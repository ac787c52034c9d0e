import { statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { messageOf } from "../../fleet/model/fleetErrors";
import type { ClaimTarget } from "../../hologram/model";
import { systemClock } from "../../util/clock";
import { readSimRange, readSims } from "../account/simOptions";
import { CommandError, type ExitCode, isFailure } from "../command";
import { Progress } from "../terminal/progress";
import { DEADLINES, diagnose } from "./diagnose";
import { reportText } from "./issueReport";
import { asJson, asText } from "./verdictText";

/** The options of `pulumi-hologram doctor`, as the command line gives them. */
export interface DoctorOptions {
  readonly program?: string;
  readonly sims?: readonly string[];
  readonly simRange?: string;
  readonly json?: true;
  readonly report?: string;
}

/** `pulumi-hologram doctor`: 1 where something is bad. */
export async function runDoctor(options: DoctorOptions): Promise<ExitCode> {
  if (options.program !== undefined && !statSync(options.program, { throwIfNoEntry: false })?.isDirectory())
    throw new CommandError(`--program takes a folder, and ${options.program} is none.`);
  const progress = new Progress();
  const { verdicts, answers } = await diagnose({
    environment: process.env,
    clock: systemClock,
    folder: options.program ?? process.cwd(),
    target: targetOf(options),
    deadlines: DEADLINES,
    progress: (what) => progress.progress(what),
  });
  if (options.report !== undefined) {
    try {
      await writeFile(options.report, reportText(verdicts, answers), { flag: "wx" });
    } catch (error) {
      if (isFailure(error, "EEXIST"))
        throw new CommandError(`${options.report} is there already, and was not changed: name a new file.`);
      throw new CommandError(`${options.report} cannot be written: ${messageOf(error)}.`);
    }
  }
  progress.clear();
  process.stdout.write(options.json ? asJson(verdicts) : asText(verdicts, process.stdout));
  if (options.report !== undefined)
    progress.info(
      `${options.report} holds the answers, with every number, name and key replaced. Read it before you attach it.`,
    );
  return verdicts.some(({ level }) => level === "bad") ? 1 : 0;
}

/** What a claim would be asked for; ICCIDs as programs write them. */
function targetOf({ sims, simRange }: DoctorOptions): ClaimTarget | undefined {
  if (sims !== undefined && simRange !== undefined)
    throw new CommandError("--sims and --sim-range are two ways to say the same: give one of them.");
  if (simRange !== undefined) return { simRange: readSimRange(simRange) };
  if (sims === undefined) return undefined;
  const iccids = readSims(sims);
  if (iccids.length > 2_500)
    throw new CommandError(`--sims takes 2,500 ICCIDs at most, and these are ${iccids.length}.`);
  return { sims: iccids };
}
