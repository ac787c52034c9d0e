import { type ParseArgsConfig, parseArgs } from "node:util";

/** A subcommand of `pulumi-hologram`, in a file of its own that is loaded when it is asked for. */
export interface Command {
  /** What `--help` shows. */
  readonly usage: string;
  /** Does the work with the arguments after the command's name, and tells the exit code. */
  run(args: readonly string[]): Promise<number>;
}

/** A command line that cannot be followed: one sentence, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Reads the options of a subcommand; other arguments, and options that it does not have, are a `UsageError`. */
export function readOptions<O extends NonNullable<ParseArgsConfig["options"]>>(
  args: readonly string[],
  options: O,
) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    // The first sentence says what is wrong; the rest explains how positional arguments are escaped.
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${message.split(". ")[0] ?? message}.`.replace(/\.\.$/, "."));
  }
}
