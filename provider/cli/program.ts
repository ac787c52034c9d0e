import { Argument, Command, CommanderError } from "commander";
import { CommandError, type Subcommand } from "./command";
import { completion } from "./completion";
import { declare } from "./declare";
import { devices } from "./devices";
import { doctor } from "./doctor";
import { emulator } from "./emulator";
import { orphans } from "./orphans";
import { packageManifest } from "./packageManifest";

/** Every subcommand, in the order of `--help`. */
const subcommands: readonly Subcommand[] = [doctor, declare, orphans, devices, emulator, completion];

/**
 * The command line. Commander, because it is the most used of its kind, has no dependency and one job: help, `--version`
 * and suggestions are its own, and its tree of commands can be read, from which completion and docs/cli.md are made.
 */
export function commandLine(): Command {
  const program = new Command("pulumi-hologram")
    .description("Looks after fleets of Hologram SIMs that Pulumi programs declare.")
    .version(packageManifest().version, "-v, --version", "show the version")
    .helpOption("-h, --help", "show help")
    .helpCommand(false)
    .addHelpText("after", EXIT_CODES)
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  for (const add of [...subcommands, help]) add(program);
  for (const command of program.commands) command.helpOption("-h, --help", "show help");
  return program;
}

/** Runs a command line and sets the exit code. Never throws: what went wrong is a sentence on standard error. */
export async function run(args: readonly string[]): Promise<void> {
  // `… | head` closes the pipe when it has seen enough; that is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    throw error;
  });
  try {
    await commandLine().parseAsync([...args], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return;
    // Without a command Commander has shown the help already.
    const isShown = error instanceof CommanderError && error.code === "commander.help";
    if (!isShown) process.stderr.write(`${sentenceOf(error)}\n`);
    process.exitCode = 2;
  }
}

/** Commander's own would answer an unknown name with the whole help. */
const help: Subcommand = (program) => {
  const names = [...program.commands.map((command) => command.name()), "help"];
  program
    .command("help")
    .summary("show help for a command")
    .description("Shows the commands, or the options of one.")
    .addArgument(new Argument("[command]", "the command").choices(names))
    .action((name?: string) => {
      (program.commands.find((command) => command.name() === name) ?? program).outputHelp();
    });
};

const EXIT_CODES = `
Exit codes: 0 good, or nothing found; 1 something found; 2 wrong use, or no answer.
Every command reads only, but \`emulator\`, which is an account on this machine.`;

/** Commander says "error: unknown option '--prot'\\n(Did you mean --port?)". */
function sentenceOf(error: unknown): string {
  if (error instanceof CommandError) return error.message;
  if (error instanceof CommanderError) {
    const [said = "", hint] = error.message.replace(/^error: /, "").split("\n");
    const sentence = `${said.charAt(0).toUpperCase()}${said.slice(1).replace(/\.?$/, ".")}`;
    return hint === undefined ? sentence : `${sentence} ${hint.replace(/^\((.*)\)$/, "$1")}`;
  }
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError
    ? `Internal error in pulumi-hologram: ${message}. Please report it.`
    : message;
}
