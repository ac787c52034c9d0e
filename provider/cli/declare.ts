import { ACCOUNT_HELP, ending, repeated, repeatedIds, type Subcommand, withStacks } from "./command";
import type { DeclareOptions } from "./declare/runDeclare";

/** Writes a program for what is active in the account already. */
export const declare: Subcommand = (program) => {
  const command = program
    .command("declare")
    .summary("write a program for the SIMs that are active already")
    .description(
      "Reads the account and prints a TypeScript program that declares the SIMs which are active: its preview adopts them, and nothing is charged. Reads only.",
    )
    .option("--out <folder>", "write a project that runs to this folder, instead of printing the program")
    .option("--org <id>", "only SIMs of this organization; may be repeated", repeatedIds)
    .option("--plan <id>", "only SIMs on this data plan; may be repeated", repeatedIds)
    .option("--tag <name>", "only SIMs with this tag, by name or id; may be repeated", repeated)
    .option("--sim-range <first-last>", "only SIMs with ICCIDs in this range, both ends included")
    .option("--include-paused", "declare SIMs that a person paused as well: the first `up` resumes them");
  withStacks(command, "SIMs that one of them declares are left out")
    .addHelpText("after", `${ACCOUNT_HELP}\n${NOTES}`)
    .action(
      ending(async (options: DeclareOptions) =>
        (await import("./declare/runDeclare.js")).runDeclare(options),
      ),
    );
};

const NOTES = `
Without --org and HOLOGRAM_ORG_ID every organization that the key sees is read.

Exit codes: 0 written; 2 wrong use, or no answer.`;
