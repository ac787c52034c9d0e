import { Option } from "commander";
import { ACCOUNT_HELP, ending, type Subcommand, withStacks } from "./command";
import type { DevicesOptions, Format } from "./devices/runDevices";

/** Lists the SIMs that stacks hold, for those who install the hardware. */
export const devices: Subcommand = (program) => {
  const command = program
    .command("devices")
    .summary("list the SIMs that stacks hold, with ids and names")
    .description(
      "Lists the SIMs that stacks hold: ICCID, device id, link id, and the device's name in the account. Reads only.",
    );
  withStacks(command, "Its SIMs are listed in the order of the files")
    .addOption(
      new Option("--format <format>", "how to print them").choices(FORMATS).default("table" satisfies Format),
    )
    .addHelpText("after", `${ACCOUNT_HELP}\n${NAMES}`)
    .action(
      ending(async (options: DevicesOptions) =>
        (await import("./devices/runDevices.js")).runDevices(options),
      ),
    );
};

const FORMATS = ["table", "csv", "json"] as const satisfies readonly Format[];

const NAMES = `
Without HOLOGRAM_API_KEY names are left empty. Import CSV into spreadsheets with
ICCIDs as text: as numbers they lose their last digits.

Exit codes: 0 listed; 2 wrong use, or no answer.`;
