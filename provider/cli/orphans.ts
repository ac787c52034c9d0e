import { ACCOUNT_HELP, ending, type Subcommand, withStacks } from "./command";
import type { OrphansOptions } from "./orphans/runOrphans";

/** Lists SIMs that are billed, active or paused, and declared in none of the given stacks; and those declared in two. */
export const orphans: Subcommand = (program) => {
  const command = program
    .command("orphans")
    .summary("list SIMs that are billed and in no stack")
    .description(
      "Lists SIMs that are billed (active or paused) but declared in none of the stacks, with what they cost, and SIMs that are declared in more than one. Reads only.",
    );
  withStacks(command, "Give every stack that has fleets in the organization")
    .option("--json", "print JSON")
    .addHelpText("after", `${ACCOUNT_HELP}\n${WHICH_ORGANIZATIONS}`)
    .action(
      ending(async (options: OrphansOptions) =>
        (await import("./orphans/runOrphans.js")).runOrphans(options),
      ),
    );
};

const WHICH_ORGANIZATIONS = `
Without HOLOGRAM_ORG_ID the organizations of the stacks' fleets are looked at,
or the key's only one.

Exit codes: 0 nothing found; 1 something found; 2 wrong use, or no answer.`;
