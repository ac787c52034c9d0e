import { ACCOUNT_HELP, ending, repeated, type Subcommand } from "./command";
import type { DoctorOptions } from "./doctor/runDoctor";

/** Looks at everything that a fleet depends on, and says what is wrong with it. */
export const doctor: Subcommand = (program) => {
  program
    .command("doctor")
    .summary("check this machine, the settings and the account")
    .description(
      "Checks what a fleet depends on: Node.js, the package, the Pulumi CLI, the address, the key, organizations, plans and balance. Takes ten seconds at most, reads only, and spends nothing.",
    )
    .option("--program <folder>", "folder of the Pulumi program (default: this one)")
    .option(
      "--sims <iccids>",
      "ask whether these SIMs could be activated; separated by commas, or repeated",
      repeated,
    )
    .option("--sim-range <first-last>", "ask whether the SIMs of this range could be activated")
    .option("--json", "print JSON")
    .option(
      "--report <file>",
      "write the account's answers to a file, every number, name and key in them replaced, to attach to an issue",
    )
    .addHelpText("after", `${ACCOUNT_HELP}\n${NOTES}`)
    .action(
      ending(async (options: DoctorOptions) => (await import("./doctor/runDoctor.js")).runDoctor(options)),
    );
};

const NOTES = `
SIMs are asked about with the account's own preview of an activation, in a form
that it cannot take for an activation: without a plan and a zone.

Exit codes: 0 nothing is bad; 1 something is; 2 wrong use.`;
